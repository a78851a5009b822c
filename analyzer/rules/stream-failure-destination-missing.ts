import { defineRule } from '../engine/rule.ts'
import { polledEvents } from '../services/polled-events.ts'
import { isStream } from '../services/streams.ts'

/** A stream that gives records up, and tells nobody which. */
export const rule = defineRule({
  id: 'stream-failure-destination-missing',
  ...polledEvents((event, { report }) => {
    if (!isStream(event) || !event.property('DestinationConfig', 'OnFailure').isAbsent) return
    const limit = ['MaximumRetryAttempts', 'MaximumRecordAgeInSeconds']
      .map(name => event.property(name))
      .find(setting => {
        const number = setting.number()
        return number !== undefined && number >= 0
      })
    if (!limit) return
    report({
      at: event,
      message:
        `${event.id} gives records up without a trace: it has a limit on retries and no destination for ` +
        'what failed',
      help:
        'Set DestinationConfig.OnFailure to a queue or topic: it gets shard and sequence numbers of what ' +
        'was skipped',
      related: [{ at: limit, message: `${limit.key ?? 'the limit'} is ${limit.number()}` }],
    })
  }),
})
