import { expect, test } from 'vitest'
import { errorsOf, compiledNotes, NOTES, README, WRONG } from './fixtures/notes.ts'

const block = (info: string): readonly string[] =>
  new RegExp(`^\`\`\`text ${info}\\n([\\s\\S]*?)\`\`\`$`, 'm').exec(README)![1]!.trim().split('\n')

test('the examples are whole pages of every kind, and together a specification without an error', () => {
  expect(errorsOf(NOTES)).toEqual([])
  const folders = new Set(NOTES.map(({ file }) => file.replace(/[^/]*$/, '')))
  expect(folders).toEqual(new Set(['', 'api/', 'types/', 'resources/', 'behaviour/', 'rules/', 'ledger/']))
})

test('the page that is wrong has the errors that are printed below it', () => {
  expect(WRONG).toHaveLength(1)
  expect(errorsOf([...NOTES, ...WRONG])).toEqual(block('errors'))
})

test('the clauses that are named are those that follow', () => {
  const ids = compiledNotes().spec.clauses.map(clause => clause.id)
  expect(ids).toEqual(expect.arrayContaining([...block('clauses')]))
})
