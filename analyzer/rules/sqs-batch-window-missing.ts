import { setEntry } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { polledEvents } from '../services/polled-events.ts'
import { isFifo } from '../services/queues.ts'

/** A batch of more than ten messages, with no time to gather it: Lambda refuses the mapping. */
export const rule = defineRule({
  id: 'sqs-batch-window-missing',
  ...polledEvents((event, { quota, report }) => {
    const most = quota('batch-size-without-window')
    if (event.kind !== 'sqs' || isFifo(event)) return
    const size = event.property('BatchSize')
    const records = Math.max(...size.possible().map(one => one.number() ?? 0))
    const window = event.property('MaximumBatchingWindowInSeconds')
    const isMissing = window.possible().every(one => one.isAbsent || one.number() === 0)
    if (records <= most || !isMissing) return
    const edit = setEntry(event.properties, 'MaximumBatchingWindowInSeconds', 1)
    report({
      at: size,
      message:
        `${event.id} asks for batches of ${records} messages without a batching window: ` +
        `more than ${most} need a window of at least one second`,
      help: 'Lambda refuses such a mapping. Set MaximumBatchingWindowInSeconds to 1 or more',
      related: window.isAbsent ? [] : [{ at: window, message: 'the window is 0 here' }],
      fixes: edit ? [{ description: 'Gather batches for one second', kind: 'fix', edits: [edit] }] : [],
    })
  }),
})
