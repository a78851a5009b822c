import { defineRule } from '../engine/rule.ts'
import { polledEvents } from '../services/polled-events.ts'
import { reportOutside } from '../services/event-source-range.ts'

/** A number of concurrent batches for a shard that Lambda refuses. */
export const rule = defineRule({
  id: 'parallelization-out-of-range',
  ...polledEvents((event, context) => {
    reportOutside(
      event,
      'ParallelizationFactor',
      [[1, context.quota('parallelization-max')]],
      'batches of a shard',
      context,
    )
  }),
})
