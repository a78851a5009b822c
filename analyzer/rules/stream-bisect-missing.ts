import { setEntry } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { isStream } from '../services/streams.ts'

/** A stream where one bad record takes its whole batch along. */
export const rule = defineRule({
  id: 'stream-bisect-missing',
  fn(fn, { report }) {
    for (const event of fn.events) {
      if (!isStream(event) || event.property('BatchSize').number() === 1) continue
      const bisect = event.property('BisectBatchOnFunctionError')
      if (
        !(bisect.isAbsent || bisect.boolean() === false) ||
        !event.property('FunctionResponseTypes').isAbsent ||
        event.property('BatchSize').isUnknown
      )
        continue
      const edit = setEntry(event.properties, 'BisectBatchOnFunctionError', true)
      report({
        at: event,
        message:
          `${event.id} retries a failing batch whole: one bad record has all the others processed again, ` +
          'and given up with it',
        help:
          'Set BisectBatchOnFunctionError, or let the function report the failed items (FunctionResponseTypes: ' +
          '[ReportBatchItemFailures])',
        related: [{ at: fn, message: `${fn.id} reads the stream` }],
        fixes: edit ? [{ description: 'Split failing batches', kind: 'suggestion', edits: [edit] }] : [],
      })
    }
  },
})
