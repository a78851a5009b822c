import { defineRule } from '../engine/rule.ts'

/** A dead letter queue on a function that only a queue feeds: no message of the queue ever gets there. */
export const rule = defineRule({
  id: 'sqs-dlq-on-function',
  fn(fn, { report }) {
    if (fn.deadLetter.isAbsent || fn.events.length === 0 || !fn.events.every(event => event.kind === 'sqs')) return
    report({
      at: fn.deadLetter,
      message:
        `Messages of its queue never get to the dead letter target of ${fn.id}: ` +
        'that is for events of asynchronous invocations alone',
      help: 'Give the queue a RedrivePolicy: it decides how often a message is tried and where it goes then',
      related: fn.events.map(event => ({ at: event, message: `${fn.id} is fed by this queue` })),
    })
  },
})
