import { defineRule } from '../engine/rule.ts'
import { polledEvents } from '../services/polled-events.ts'
import { reportOutside } from '../services/event-source-range.ts'

/** A batch size that Lambda refuses. */
export const rule = defineRule({
  id: 'batch-out-of-range',
  ...polledEvents((event, context) => {
    reportOutside(event, 'BatchSize', [[1, context.quota('batch-size-max')]], 'records', context)
  }),
})
