import { defineRule } from '../engine/rule.ts'
import { declaredQueue } from '../services/queues.ts'

/** A queue whose messages are tried again until they expire, because nothing takes the bad ones out. */
export const rule = defineRule({
  id: 'sqs-queue-without-redrive',
  fn(fn, { report }) {
    for (const event of fn.events) {
      const queue = declaredQueue(event)
      if (!queue?.property('RedrivePolicy').isAbsent) continue
      report({
        at: queue,
        message:
          `${queue.id} has no dead letter queue: a message that ${fn.id} cannot process comes back ` +
          'until it expires',
        help: 'Give the queue a RedrivePolicy with a deadLetterTargetArn and a maxReceiveCount of at least 5',
        related: [{ at: event, message: `${fn.id} reads from it here` }],
      })
    }
  },
})
