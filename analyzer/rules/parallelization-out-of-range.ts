import { defineRule } from '../engine/rule.ts'
import { reportOutside } from '../services/event-source-range.ts'

/** A number of concurrent batches for a shard that Lambda refuses. */
export const rule = defineRule({
  id: 'parallelization-out-of-range',
  fn(fn, context) {
    for (const event of fn.events) {
      if (event.invocation === 'poll')
        reportOutside(
          event,
          'ParallelizationFactor',
          [[1, context.quota('parallelization-max')]],
          'batches of a shard',
          context,
        )
    }
  },
})
