import { defineRule } from '../engine/rule.ts'
import { reportOutside } from '../services/event-source-range.ts'

/** Retry attempts or a record age that Lambda refuses. -1 means without end. */
export const rule = defineRule({
  id: 'retry-age-out-of-range',
  fn(fn, context) {
    for (const event of fn.events) {
      if (event.invocation !== 'poll') continue
      reportOutside(event, 'MaximumRetryAttempts', [[-1, context.quota('record-retries-max')]], 'attempts', context)
      reportOutside(
        event,
        'MaximumRecordAgeInSeconds',
        [
          [-1, -1],
          [context.quota('record-age-min'), context.quota('record-age-max')],
        ],
        'seconds',
        context,
      )
    }
  },
})
