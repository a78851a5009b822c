import { setValue } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { declaredQueue } from '../services/queues.ts'

/** What the guide advises: throttled deliveries count as receives too. */
const ADVISED = 5

/** A queue that gives up on a message so early that throttling alone can send good ones to the dead letter queue. */
export const rule = defineRule({
  id: 'sqs-max-receive-count-low',
  fn(fn, { report }) {
    for (const event of fn.events) {
      const queue = declaredQueue(event)
      const count = queue?.property('RedrivePolicy', 'maxReceiveCount')
      const times = count?.number()
      if (!queue || !count || times === undefined || times >= ADVISED) continue
      const edit = setValue(count, ADVISED)
      report({
        at: count,
        message:
          `${queue.id} gives a message up after ${times} receive${times === 1 ? '' : 's'}: ` +
          `throttling of ${fn.id} alone can use them up`,
        help:
          `Take ${ADVISED} or more, so that messages which only waited for capacity are not lost among ` +
          'the bad ones',
        related: [{ at: event, message: `${fn.id} reads from the queue here` }],
        fixes: edit ? [{ description: `Set maxReceiveCount to ${ADVISED}`, kind: 'suggestion', edits: [edit] }] : [],
      })
    }
  },
})
