import { expect, test } from 'vitest'
import type { Clause } from '../model.ts'
import { compilePages, type PageText } from './compile-pages.ts'
import { compiledNotes, edited, NOTES } from './fixtures/notes.ts'

const clausesOf = (pages: readonly PageText[]): readonly Clause[] => {
  const { spec, errors } = compilePages(pages)
  expect(errors).toEqual([])
  return spec.clauses
}
const { clauses } = compiledNotes().spec
const clause = (id: string, all = clauses): Clause | undefined => all.find(one => one.id === id)

test('each statement is a clause, with a sentence, and the line on which it stands', () => {
  expect(
    clauses
      .map(({ id, kind, level, page, line, text }) => `${id} | ${kind} ${level} | ${page}:${line} | ${text}`)
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "CreateNote.answer | answer must | api/CreateNote.md:1 | CreateNote: a valid request is answered with 201 and the documented members.
    CreateNote.request.NoteName.required | required must | api/CreateNote.md:14 | CreateNote: NoteName is required.
    CreateNote.request.NoteName.type | type must | api/CreateNote.md:14 | CreateNote: NoteName must be text.
    CreateNote.request.NoteName.length | length must | api/CreateNote.md:14 | CreateNote: NoteName must have between 1 and 64 characters.
    CreateNote.request.NoteName.pattern | pattern must | api/CreateNote.md:14 | CreateNote: NoteName must match [a-z-]+.
    CreateNote.request.Text.type | type must | api/CreateNote.md:15 | CreateNote: Text must be text.
    CreateNote.request.Text.length | length must | api/CreateNote.md:15 | CreateNote: Text must have at most 4096 characters.
    CreateNote.request.Labels.type | type must | api/CreateNote.md:16 | CreateNote: Labels must be a list.
    CreateNote.request.Labels.items | items must | api/CreateNote.md:16 | CreateNote: Labels must hold at most 5 elements or hold at most 10 elements (seen in practice).
    CreateNote.request.Labels.[].length | length must | api/CreateNote.md:16 | CreateNote: each element of Labels must have between 1 and 16 characters.
    CreateNote.request.Labels.[].type | type must | api/CreateNote.md:16 | CreateNote: each element of Labels must be text.
    CreateNote.request.Mark.type | type must | api/CreateNote.md:17 | CreateNote: Mark must be an object (Mark).
    CreateNote.request.Mark.Weight.required | required must | types/Mark.md:11 | CreateNote: Mark.Weight is required.
    CreateNote.request.Mark.Weight.type | type must | types/Mark.md:11 | CreateNote: Mark.Weight must be a whole number.
    CreateNote.request.Mark.Weight.range | range must | types/Mark.md:11 | CreateNote: Mark.Weight must be between 1 and 5.
    CreateNote.request.Mark.Reasons.type | type must | types/Mark.md:12 | CreateNote: Mark.Reasons must be a map.
    CreateNote.request.Mark.Reasons.entries | entries must | types/Mark.md:12 | CreateNote: Mark.Reasons must hold at most 3 entries.
    CreateNote.request.Mark.Reasons.{key}.pattern | pattern must | types/Mark.md:12 | CreateNote: each key of Mark.Reasons must match [a-z]+.
    CreateNote.request.Mark.Reasons.{}.length | length must | types/Mark.md:12 | CreateNote: each value of Mark.Reasons must have at most 100 characters.
    CreateNote.request.Mark.Reasons.{}.type | type must | types/Mark.md:12 | CreateNote: each value of Mark.Reasons must be text.
    CreateNote.request.Color.type | type may | api/CreateNote.md:18 | CreateNote: Color must be text.
    CreateNote.request.Color.enum | enum may | api/CreateNote.md:18 | CreateNote: Color must be one of red, green, sky blue.
    CreateNote.request.syntax | syntax must | api/CreateNote.md:1 | CreateNote: a body that is not JSON is refused.
    CreateNote.request.faults | faults must | api/CreateNote.md:1 | CreateNote: a request with two faults is refused for one of them or for both.
    CreateNote.error.ConflictException | error must | api/CreateNote.md:37 | CreateNote: answers ConflictException (409) when a note has that name already.
    DeleteNote.answer | answer must | api/DeleteNote.md:1 | DeleteNote: a valid request is answered with 204.
    DeleteNote.request.NoteName.length | length must | api/DeleteNote.md:14 | DeleteNote: NoteName must have between 1 and 64 characters.
    GetNote.answer | answer must | api/GetNote.md:1 | GetNote: a valid request is answered with 200 and the documented members.
    GetNote.request.NoteName.length | length must | api/GetNote.md:14 | GetNote: NoteName must have between 1 and 64 characters.
    GetNote.error.NotFoundException | error must | api/GetNote.md:33 | GetNote: answers NotFoundException (404) when there is no such note.
    ListNotes.answer | answer must | api/ListNotes.md:1 | ListNotes: a valid request is answered with 200 and the documented members.
    ListNotes.request.MaxItems.type | type should | api/ListNotes.md:15 | ListNotes: MaxItems must be a whole number.
    ListNotes.request.MaxItems.range | range must | api/ListNotes.md:15 | ListNotes: MaxItems must be between 1 and 50.
    note.law.create-twice | law must | resources/note.md:16 | note: creating it a second time (CreateNote) is answered with ConflictException.
    note.law.read-written | law must | resources/note.md:17 | note: what is given when it is created is what GetNote answers afterwards.
    note.law.read-unknown | law must | resources/note.md:18 | note: GetNote of one that does not exist is answered with NotFoundException.
    note.law.delete-unknown | law may | resources/note.md:19 | note: DeleteNote of one that does not exist is answered with success or NotFoundException.
    note.law.read-deleted | law must | resources/note.md:20 | note: GetNote after it was deleted is answered with NotFoundException.
    note.law.list-items | law must | resources/note.md:21 | note: ListNotes lists every one once, under Notes[].NoteName, at every page size.
    note.model | model must | resources/note.md:11 | note: any sequence of CreateNote, GetNote, DeleteNote, ListNotes answers as a model of the resource does.
    notes.text-kept | property must | behaviour/notes.md:11 | A note keeps its text. Whatever the text, it is read as it was written, also through the list.
    notes.race | property should | behaviour/notes.md:29 | A name is given once. Of many that want it at one time, one gets it.
    quota.note-text | quota must | quotas.md:11 | The text of a note: 4096 characters (CreateNote.Text).
    quota.notes | quota may | quotas.md:12 | Notes of an account: 1000 notes (account.notes).
    rule.note-name-literal | rule should | rules/note-name-literal.md:1 | A note's name written into the code: The name differs from stage to stage, and belongs into the environment."
  `)
})

test('what an action covers is covered by its answer, what a type covers by the answers that it is part of', () => {
  const all = clausesOf(edited('types/Mark.md', ['guide: API_Mark', 'guide: API_Mark\ncovers: note-text-kept']))
  expect(clause('CreateNote.answer', all)!.covers).toEqual(['note-create', 'note-text-kept'])
  expect(clause('GetNote.answer', all)!.covers).toEqual(['note-text-kept'])
  expect(clause('ListNotes.answer', all)!.covers).toEqual([])
  expect(clause('CreateNote.error.ConflictException', all)!.covers).toEqual(['note-name-unique'])
})

test('what a topic covers is covered by its properties, what a law or a quota covers by itself', () => {
  const topic = clausesOf(
    edited('behaviour/notes.md', ['guide: notes-overview', 'guide: notes-overview\ncovers: note-create']),
  )
  expect(['notes.text-kept', 'notes.race'].map(id => clause(id, topic)!.covers)).toEqual([
    ['note-text-kept', 'note-create'],
    ['note-create'],
  ])
  const law = clausesOf(
    edited(
      'resources/note.md',
      [
        '| Law | Answer | Source |\n| --- | --- | --- |',
        '| Law | Answer | Source | Covers |\n| --- | --- | --- | --- |',
      ],
      ['ConflictException | guide |', 'ConflictException | guide | note-name-unique |'],
      ['| read written | succeeds | guide |', '| read written | succeeds | guide | |'],
      ['| read unknown | NotFoundException | guide |', '| read unknown | NotFoundException | guide | |'],
      ['recorded |', 'recorded | |'],
      ['| read deleted | NotFoundException | guide |', '| read deleted | NotFoundException | guide | |'],
      ['Notes[].NoteName | guide |', 'Notes[].NoteName | guide | |'],
    ),
  )
  expect(clause('note.law.create-twice', law)!.covers).toEqual(['note-name-unique'])
})

test('what the guide does not say, no clause demands', () => {
  const recorded = clausesOf(edited('types/Mark.md', ['`range 1..5`', '`recorded range 1..5`']))
  expect(clause('CreateNote.request.Mark.Weight.range', recorded)).toMatchObject({ level: 'may', origin: 'recorded' })
  const both = clausesOf(edited('types/Mark.md', ['`range 1..5`', '`recorded range 1..7` `range 1..5`']))
  expect(clause('CreateNote.request.Mark.Weight.range', both)).toMatchObject({
    level: 'must',
    origin: 'guide',
    text: 'CreateNote: Mark.Weight must be between 1 and 7 (seen in practice) or be between 1 and 5.',
  })
  // All that is below a member is known from where the member is known.
  const member = clausesOf(
    edited('api/CreateNote.md', [
      '| Mark | body | [Mark](../types/Mark.md) | no | |\n| Color',
      '| Mark | body | [Mark](../types/Mark.md) | no | `model` `since=2022-02` |\n| Color',
    ]),
  )
  for (const { id, level, origin, since } of member.filter(one => one.id.startsWith('CreateNote.request.Mark')))
    expect([id, level, origin, since]).toEqual([id, 'may', 'model', '2022-02'])
  // And all of an action that the guide does not have.
  const action = clausesOf(edited('api/CreateNote.md', ['guide: API_CreateNote', 'edition: 2022-04']))
  for (const { id, level, origin, since } of action.filter(one => one.id.startsWith('CreateNote.request'))) {
    expect([id, level, origin, since]).toEqual([id, 'may', 'model', id.includes('Color') ? '2023-04' : '2022-04'])
  }
  expect(clause('CreateNote.answer', action)).toMatchObject({ level: 'must', since: '2022-04' })
  expect(clause('CreateNote.error.ConflictException', action)).toMatchObject({
    level: 'may',
    origin: 'model',
    since: '2022-04',
  })
})

test('a constraint that nothing can break is no clause', () => {
  const all = clausesOf(
    edited('api/CreateNote.md', [
      '| Text | body | string | no | `length 0..4096` |',
      '| Text | body | string | no | `length 0..` |',
    ]),
  )
  expect(clause('CreateNote.request.Text.length', all)).toBeUndefined()
})

test('a type that holds itself ends', () => {
  const all = clausesOf(
    edited('types/Mark.md', ['| Weight | integer', '| Inner | list of [Mark](Mark.md) | no | |\n| Weight | integer']),
  )
  expect(all.filter(one => one.path?.includes('Inner')).map(one => one.id)).toEqual([
    'CreateNote.request.Mark.Inner.type',
    'CreateNote.request.Mark.Inner.[].type',
  ])
})

test('capabilities come from the page, from the resources that are needed, and from the fence', () => {
  const pages = edited('resources/note.md', ['guide: API_CreateNote', 'guide: API_CreateNote\ncapabilities: sqs'])
    .map(page =>
      page.file === 'api/GetNote.md'
        ? { ...page, text: page.text.replace('needs: note', 'needs: note\ncapabilities: invoke') }
        : page,
    )
    .map(page =>
      page.file === 'behaviour/notes.md'
        ? { ...page, text: page.text.replace('level=should', 'level=should needs=logs') }
        : page,
    )
  const all = clausesOf(pages)
  expect(clause('GetNote.answer', all)!.needs).toEqual(['invoke', 'sqs'])
  expect(clause('CreateNote.error.ConflictException', all)!.needs).toEqual(['sqs'])
  expect(clause('CreateNote.answer', all)!.needs).toEqual([])
  expect(clause('note.law.create-twice', all)!.needs).toEqual(['sqs'])
  expect(clause('notes.race', all)!.needs).toEqual(['logs', 'sqs'])
})

test('ids are unique, and the paths are those of the request', () => {
  expect(new Set(clauses.map(clause => clause.id)).size).toBe(clauses.length)
  for (const one of clauses.filter(each => each.path !== undefined))
    expect(one.id).toBe([one.action, 'request', ...one.path!, one.kind].join('.'))
})

test('a second provocation needs an id, and the first keeps its own', () => {
  const all = clausesOf(
    NOTES.map(page =>
      page.file === 'api/GetNote.md'
        ? {
            ...page,
            text: `${page.text}\n\`\`\`request error=NotFoundException id=short level=may\nNoteName: a\n\`\`\`\n`,
          }
        : page,
    ),
  )
  expect(all.filter(one => one.id.startsWith('GetNote.error')).map(({ id, level }) => [id, level])).toEqual([
    ['GetNote.error.NotFoundException', 'must'],
    ['GetNote.error.NotFoundException.short', 'may'],
  ])
})
