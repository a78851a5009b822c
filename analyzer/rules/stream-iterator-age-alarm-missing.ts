import { defineRule } from '../engine/rule.ts'
import { hasAlarm } from '../services/alarms.ts'
import { isStream } from '../services/streams.ts'

/** A stream that nobody is told about when its function falls behind. */
export const rule = defineRule({
  id: 'stream-iterator-age-alarm-missing',
  fn(fn, { app, report }) {
    const event = fn.events.find(isStream)
    if (!event || hasAlarm(app, fn, 'IteratorAge')) return
    report({
      at: event,
      message: `No alarm tells when ${fn.id} falls behind its stream`,
      help:
        'Add an AWS::CloudWatch::Alarm on IteratorAge (AWS/Lambda, Maximum), such as above 30000 ms: ' +
        'it rises first when a shard is stuck',
      related: [{ at: fn, message: `${fn.id} reads the stream` }],
    })
  },
})
