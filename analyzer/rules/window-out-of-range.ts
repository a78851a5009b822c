import { defineRule } from '../engine/rule.ts'
import { reportOutside } from '../services/event-source-range.ts'

/** A batching window or tumbling window that Lambda refuses. */
export const rule = defineRule({
  id: 'window-out-of-range',
  fn(fn, context) {
    for (const event of fn.events) {
      if (event.invocation !== 'poll') continue
      reportOutside(
        event,
        'MaximumBatchingWindowInSeconds',
        [[0, context.quota('batching-window-max')]],
        'seconds',
        context,
      )
      reportOutside(event, 'TumblingWindowInSeconds', [[0, context.quota('tumbling-window-max')]], 'seconds', context)
    }
  },
})
