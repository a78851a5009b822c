import { addEntry } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { polledEvents } from '../services/polled-events.ts'

const NEEDS = new Set(['kinesis', 'dynamodb', 'msk', 'kafka'])

/** A stream without a place to start reading from: Lambda refuses the mapping. */
export const rule = defineRule({
  id: 'stream-starting-position-missing',
  ...polledEvents((event, { report }, fn) => {
    // The serverless framework has a default of its own.
    if (!NEEDS.has(event.kind) || event.declaredBy === 'serverless' || !event.property('StartingPosition').isAbsent)
      return
    const edits = ['TRIM_HORIZON', 'LATEST'].map(position => ({
      position,
      edit: addEntry(event.properties, 'StartingPosition', position),
    }))
    report({
      at: event,
      message: `${event.id} does not say where in the stream to start: StartingPosition is required`,
      help:
        'TRIM_HORIZON begins with the oldest record that is still there, LATEST with what comes after the ' +
        'mapping was made',
      related: fn ? [{ at: fn, message: `${fn.id} reads the stream` }] : [],
      fixes: edits.flatMap(({ position, edit }) =>
        edit
          ? [{ description: `Set StartingPosition to ${position}`, kind: 'suggestion' as const, edits: [edit] }]
          : [],
      ),
    })
  }),
})
