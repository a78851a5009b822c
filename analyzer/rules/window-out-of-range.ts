import { defineRule } from '../engine/rule.ts'
import { polledEvents } from '../services/polled-events.ts'
import { reportOutside } from '../services/event-source-range.ts'

/** A batching window or tumbling window that Lambda refuses. */
export const rule = defineRule({
  id: 'window-out-of-range',
  ...polledEvents((event, context) => {
    reportOutside(
      event,
      'MaximumBatchingWindowInSeconds',
      [[0, context.quota('batching-window-max')]],
      'seconds',
      context,
    )
    reportOutside(event, 'TumblingWindowInSeconds', [[0, context.quota('tumbling-window-max')]], 'seconds', context)
  }),
})
