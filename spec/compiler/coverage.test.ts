import { expect, test } from 'vitest'
import { compilePages } from './compile-pages.ts'
import { coverageOf } from './coverage.ts'
import { compiledNotes, edited, NOTES } from './fixtures/notes.ts'

const standings = (spec: Parameters<typeof coverageOf>[0]): unknown =>
  Object.fromEntries(
    coverageOf(spec).map(({ page, entries }) => [
      page,
      Object.fromEntries(
        entries.map(({ entry, standing, clauses }) => [entry.id, [standing, ...clauses.map(clause => clause.id)]]),
      ),
    ]),
  )

test('says of every statement what covers it, static ones by rules too', () => {
  expect(standings(compiledNotes().spec)).toEqual({
    API_CreateNote: {
      'note-create': ['whole', 'CreateNote.answer'],
      'note-name-unique': ['whole', 'CreateNote.error.ConflictException'],
    },
    'notes-overview': {
      'note-text-kept': ['whole', 'notes.text-kept'],
      'note-name-from-environment': ['whole', 'rule.note-name-literal'],
      'note-storage': ['not testable'],
    },
  })
})

test('what nothing covers is open', () => {
  const { spec, errors } = compilePages(edited('behaviour/notes.md', [' covers=note-text-kept', '']))
  expect(errors).toEqual([])
  expect(standings(spec)).toMatchObject({ 'notes-overview': { 'note-text-kept': ['open'] } })
})

test('entries that say the same are covered together, in a circle too', () => {
  const entry = (id: string, sameAs: string): string =>
    `- id: ${id}\n  page: elsewhere\n  statement: The same.\n  level: must\n  kind: state\n  how: dynamic\n  sameAs: ${sameAs}\n`
  const ledger = entry('one', 'two') + entry('two', 'note-create') + entry('three', 'four') + entry('four', 'three')
  const { spec, errors } = compilePages(
    NOTES.map(page => (page.file === 'ledger/notes.yaml' ? { ...page, text: page.text + ledger } : page)),
  )
  expect(errors).toEqual([])
  expect(standings(spec)).toMatchObject({
    API_CreateNote: { 'note-create': ['whole', 'CreateNote.answer'] },
    elsewhere: {
      one: ['whole', 'CreateNote.answer'],
      two: ['whole', 'CreateNote.answer'],
      three: ['open'],
      four: ['open'],
    },
  })
})
