import { setValue } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { polledEvents } from '../services/polled-events.ts'

/** A DynamoDB stream that is to be read from a point in time, which only other sources know. */
export const rule = defineRule({
  id: 'ddb-at-timestamp',
  ...polledEvents((event, { report }) => {
    const position = event.kind === 'dynamodb' ? event.property('StartingPosition') : undefined
    if (position?.string() !== 'AT_TIMESTAMP') return
    const edit = setValue(position, 'TRIM_HORIZON')
    report({
      at: position,
      message: `${event.id} cannot start AT_TIMESTAMP: streams of DynamoDB know LATEST and TRIM_HORIZON only`,
      help: 'TRIM_HORIZON begins with the oldest record, at most 24 hours old; skip what is too old in the function',
      fixes: edit ? [{ description: 'Start at TRIM_HORIZON', kind: 'suggestion', edits: [edit] }] : [],
    })
  }),
})
