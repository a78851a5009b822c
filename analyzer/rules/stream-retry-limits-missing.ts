import { defineRule } from '../engine/rule.ts'
import { polledEvents } from '../services/polled-events.ts'
import { daysKept, isStream } from '../services/streams.ts'

/** A stream whose shard stands still behind one bad record for as long as the stream keeps it. */
export const rule = defineRule({
  id: 'stream-retry-limits-missing',
  ...polledEvents((event, { report }, fn) => {
    if (!isStream(event)) return
    const endless = ['MaximumRetryAttempts', 'MaximumRecordAgeInSeconds'].every(name => {
      const setting = event.property(name)
      return setting.isAbsent || setting.number() === -1
    })
    if (!endless) return
    const days = daysKept(event)
    report({
      at: event,
      message:
        `${event.id} retries a failing batch without end: one bad record holds up its shard until it expires, ` +
        `after ${days === 1 ? 'a day' : `up to ${days} days`}`,
      help: 'Set MaximumRetryAttempts or MaximumRecordAgeInSeconds, and a destination for what is given up',
      related: fn ? [{ at: fn, message: `${fn.id} reads the stream` }] : [],
    })
  }),
})
