import { defineRule } from '../engine/rule.ts'
import { isStream } from '../services/streams.ts'

/** A stream that gives records up, and tells nobody which. */
export const rule = defineRule({
  id: 'stream-failure-destination-missing',
  fn(fn, { report }) {
    for (const event of fn.events) {
      if (!isStream(event) || !event.property('DestinationConfig', 'OnFailure').isAbsent) continue
      const limit = ['MaximumRetryAttempts', 'MaximumRecordAgeInSeconds']
        .map(name => event.property(name))
        .find(setting => {
          const number = setting.number()
          return number !== undefined && number >= 0
        })
      if (!limit) continue
      report({
        at: event,
        message: `${event.id} gives records up without a trace: it has a limit on retries and no destination for what failed`,
        help: 'Set DestinationConfig.OnFailure to a queue or topic: it gets shard and sequence numbers of what was skipped',
        related: [{ at: limit, message: `${limit.key ?? 'the limit'} is ${limit.number()}` }],
      })
    }
  },
})
