import { removeEntry } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { polledEvents } from '../services/polled-events.ts'

/** Settings of streams that mean nothing for a queue. */
const STREAM_ONLY = [
  'StartingPosition',
  'StartingPositionTimestamp',
  'BisectBatchOnFunctionError',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'ParallelizationFactor',
  'TumblingWindowInSeconds',
  'DestinationConfig',
] as const

/** A queue with settings of a stream: Lambda refuses the mapping. */
export const rule = defineRule({
  id: 'sqs-stream-only-options',
  ...polledEvents((event, { report }) => {
    if (event.kind !== 'sqs') return
    for (const name of STREAM_ONLY) {
      const setting = event.property(name)
      if (!setting.possible().some(one => one.isKnown)) continue
      const edit = removeEntry(setting)
      report({
        at: setting.keyLoc ?? setting,
        message: `${event.id} sets ${name}, which only streams have: Lambda refuses it for a queue`,
        help:
          name === 'DestinationConfig' || name === 'MaximumRetryAttempts'
            ? 'How often a message is tried and where it goes then is said by the RedrivePolicy of the queue'
            : 'Take the setting away',
        fixes: edit ? [{ description: `Take ${name} away`, kind: 'suggestion', edits: [edit] }] : [],
      })
    }
  }),
})
