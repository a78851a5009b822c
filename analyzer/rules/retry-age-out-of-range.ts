import { defineRule } from '../engine/rule.ts'
import { polledEvents } from '../services/polled-events.ts'
import { reportOutside } from '../services/event-source-range.ts'

/** Retry attempts or a record age that Lambda refuses. -1 means without end. */
export const rule = defineRule({
  id: 'retry-age-out-of-range',
  ...polledEvents((event, context) => {
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
  }),
})
