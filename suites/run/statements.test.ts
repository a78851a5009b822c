import { expect, test } from 'vitest'
import { compiledNotes } from '../../spec/compiler/fixtures/notes.ts'
import { resultOf } from '../../reports/fixtures/evidence.ts'
import { statementVerdicts } from './statements.ts'

const { spec } = compiledNotes()

test('a statement has the verdict of the cases that are about it, and one that no case is about has none', () => {
  const results = [
    resultOf({ id: 'a', clause: { id: 'CreateNote.answer' }, verdict: 'pass' }),
    resultOf({ id: 'b', clause: { id: 'CreateNote.answer' }, verdict: 'fail' }),
    resultOf({ id: 'c', clause: { id: 'notes.text-kept' }, verdict: 'pass' }),
    resultOf({ id: 'd', clause: { id: 'notes.text-kept' }, verdict: 'skipped' }),
    resultOf({ id: 'e', clause: { id: 'GetNote.answer' }, verdict: 'fail' }),
  ]
  expect(statementVerdicts(spec, results)).toEqual({ 'note-create': 'fail', 'note-text-kept': 'pass' })
})
