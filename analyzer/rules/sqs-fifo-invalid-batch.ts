import { removeEntry, setValue } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { polledEvents } from '../services/polled-events.ts'
import { isFifo } from '../services/queues.ts'

/** Settings that a FIFO queue does not take: Lambda refuses the mapping. */
export const rule = defineRule({
  id: 'sqs-fifo-invalid-batch',
  ...polledEvents((event, { quota, report }) => {
    const most = quota('batch-size-fifo-max')
    if (event.kind !== 'sqs' || !isFifo(event)) return
    const related = event.resource ? [{ at: event.resource, message: 'the queue is FIFO' }] : []
    const size = event.property('BatchSize')
    const records = Math.max(...size.possible().map(one => one.number() ?? 0))
    if (records > most) {
      const edit = setValue(size, most)
      report({
        at: size,
        message: `${event.id} asks for batches of ${records} messages: from a FIFO queue a batch has at most ${most}`,
        help: 'Lambda refuses such a mapping',
        related,
        fixes: edit ? [{ description: `Set BatchSize to ${most}`, kind: 'fix', edits: [edit] }] : [],
      })
    }
    const window = event.property('MaximumBatchingWindowInSeconds')
    const seconds = Math.max(...window.possible().map(one => one.number() ?? 0))
    if (seconds > 0) {
      const edit = removeEntry(window)
      report({
        at: window,
        message: `${event.id} asks for a batching window of ${seconds} s: FIFO queues have none`,
        help: 'Lambda refuses such a mapping',
        related,
        fixes: edit ? [{ description: 'Take the batching window away', kind: 'fix', edits: [edit] }] : [],
      })
    }
  }),
})
