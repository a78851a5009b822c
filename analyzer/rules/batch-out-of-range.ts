import { defineRule } from '../engine/rule.ts'
import { reportOutside } from '../services/event-source-range.ts'

/** A batch size that Lambda refuses. */
export const rule = defineRule({
  id: 'batch-out-of-range',
  fn(fn, context) {
    for (const event of fn.events) {
      if (event.invocation === 'poll')
        reportOutside(event, 'BatchSize', [[1, context.quota('batch-size-max')]], 'records', context)
    }
  },
})
