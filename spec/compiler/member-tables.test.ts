import { expect, test } from 'vitest'
import { compilePages } from './compile-pages.ts'
import { edited, NOTES } from './fixtures/notes.ts'

const get = (pages: Parameters<typeof compilePages>[0]) => {
  const { spec, errors } = compilePages(pages)
  return { members: spec.actions['GetNote']!.responses[0]!.members, errors: errors.map(error => error.message) }
}

test('a row `… all of` brings the members of a type, in its place', () => {
  const { members, errors } = get(NOTES)
  expect(errors).toEqual([])
  expect(members.map(member => member.name)).toEqual(['NoteName', 'Text', 'Mark', 'Revision', 'ReadAt'])
  expect(members[0]).toMatchObject({ in: 'body', required: true, constraints: [{ kind: 'echo' }] })
  expect(members[0]!.source.file).toBe('types/Note.md')
})

test('a row without a type adds to a member, one with a type takes its place, `except` leaves it out', () => {
  const { members, errors } = get(
    edited('api/GetNote.md', [
      '| | | | `echo NoteName` |\n',
      '| | | | `echo NoteName` |\n| NoteName | | | no | `length 1..9` |\n| Text | body | blob | no | |\n',
    ]),
  )
  expect(errors).toEqual([])
  expect(members[0]).toMatchObject({
    name: 'NoteName',
    type: { kind: 'string' },
    required: false,
    constraints: [{ kind: 'echo' }, { kind: 'length', max: 9 }],
  })
  expect(members[1]).toMatchObject({ name: 'Text', type: { kind: 'blob' }, required: false })
  expect(
    get(edited('api/GetNote.md', ['`echo NoteName`', '`except Text` `echo NoteName`'])).members.map(
      member => member.name,
    ),
  ).not.toContain('Labels')
})

test('`only` brings the members that it names, which `required` and `optional` make so', () => {
  const { members, errors } = get(
    edited('api/GetNote.md', [
      '… all of [Note](../types/Note.md) | | | | `echo NoteName` |',
      '… all of [CreateNote](CreateNote.md#request) | | | | `only NoteName Text Color` `optional NoteName Text` `required Color` |',
    ]),
  )
  expect(errors).toEqual([])
  expect(members.slice(0, 3).map(({ name, required }) => [name, required])).toEqual([
    ['NoteName', false],
    ['Text', false],
    ['Color', true],
  ])
  expect(members[0]?.source.file).toBe('api/GetNote.md')
  expect(members.map(({ name }) => name)).not.toContain('Labels')
})

test('a row describes several members of which it says the same', () => {
  const { members, errors } = get(
    edited('api/GetNote.md', [
      '| | | | `echo NoteName` |\n',
      '| | | | `echo NoteName` |\n| Head, Foot | body | string | no | `length 1..9` |\n| NoteName, Text | | | no | |\n',
    ]),
  )
  expect(errors).toEqual([])
  for (const name of ['Head', 'Foot'])
    expect(members.find(member => member.name === name)).toMatchObject({ constraints: [{ kind: 'length', max: 9 }] })
  expect(members.find(({ name }) => name === 'Text')?.required).toBe(false)
})

test('a constraint of one kind takes the place of the one that came with the member', () => {
  const { members } = get([
    ...edited('types/Note.md', [
      '| NoteName | string | yes | |',
      '| NoteName | string | yes | `length 1..64` |',
    ]).filter(page => page.file !== 'api/GetNote.md'),
    ...edited('api/GetNote.md', ['`echo NoteName` |\n', '|\n| NoteName | | | | `length 1..9` |\n']).filter(
      page => page.file === 'api/GetNote.md',
    ),
  ])
  expect(members[0]!.constraints).toMatchObject([{ kind: 'length', max: 9 }])
})

test('tables of other actions are drawn on as well, and what stands in another place is refused', () => {
  const fromRequest = edited('api/GetNote.md', [
    '… all of [Note](../types/Note.md) | | | | `echo NoteName`',
    '… all of [CreateNote](CreateNote.md#request) | | | | `except Labels Mark`',
  ])
  const { members, errors } = get(fromRequest)
  expect(errors).toEqual([])
  expect(members.map(member => member.name)).toEqual(['NoteName', 'Text', 'Color', 'Mark', 'Revision', 'ReadAt'])
  const fromPath = edited('api/GetNote.md', [
    '… all of [Note](../types/Note.md) | | | | `echo NoteName`',
    '… all of [DeleteNote](DeleteNote.md#request) | | | |',
  ])
  expect(get(fromPath).errors).toContain('`NoteName` stands in uri, which is no place here; leave it out with `except`')
})

test.each([
  [
    '[Note](../types/Note.md) | | | | `echo NoteName`',
    '[Mark](../types/Note.md) | | | |',
    'the link reads `Mark` and leads to the page of `Note`',
  ],
  [
    '[Note](../types/Note.md)',
    '[Note](../types/Notes.md)',
    'the link leads to types/Notes.md, which is no page of a type or an action',
  ],
  ['`echo NoteName`', '`echo NotName`', 'Note has no member `NotName`; did you mean NoteName?'],
  [
    '`echo NoteName`',
    '`length 1..2`',
    'a row `… all of` has `only`, `except`, `required`, `optional`, and in an answer `echo`, with names of members: `except Tags Publish`',
  ],
  [
    '[Note](../types/Note.md) | |',
    '[Note](../types/Note.md) | body |',
    'a row `… all of` leaves this cell empty: each member has its own',
  ],
  [
    '… all of [Note](../types/Note.md)',
    '… all Note',
    'a row that takes members from elsewhere is written `… all of [Type](../types/Type.md)` or `… all of [Action](Action.md#request)`',
  ],
  [
    '[Note](../types/Note.md) | | | | `echo NoteName`',
    '[GetNote](GetNote.md#response-200) | | | |',
    'the table takes its members from itself',
  ],
  [
    '[Note](../types/Note.md) | | | | `echo NoteName`',
    '[ListNotes](ListNotes.md#response-201) | | | |',
    'api/ListNotes.md has no table under `#response-201`; did you mean response-200?',
  ],
])('%s in place of %s is an error', (right, wrong, message) => {
  expect(get(edited('api/GetNote.md', [right, wrong])).errors).toContain(message)
})

test('named constraints are those of the member that names them, at its line', () => {
  const { spec } = compilePages(NOTES)
  const [member] = spec.actions['DeleteNote']!.request
  expect(member!.constraints).toMatchObject([
    { kind: 'length', min: 1, max: 64, on: 'self', source: { file: 'api/DeleteNote.md' } },
  ])
  const each = edited('api/CreateNote.md', ['`each length 1..16`', 'each [note name](../constraints.md#note-name)'])
  const labels = compilePages(each).spec.actions['CreateNote']!.request.find(one => one.name === 'Labels')
  expect(labels!.constraints.find(constraint => constraint.on === 'each')).toMatchObject({
    kind: 'length',
    on: 'each',
    max: 64,
  })
})

test.each([
  [
    '[note name](../constraints.md#note-name)',
    '[note name](../constraints.md#not-name)',
    'there are no constraints named `note name` at constraints.md#not-name; did you mean note-name?',
  ],
  [
    '[note name](../constraints.md#note-name)',
    '[name](../constraints.md#note-name)',
    'the link reads `name` and leads to `Note name`',
  ],
  [
    '[note name](../constraints.md#note-name)',
    '[note name](../constraints.md#note-name) or so',
    '`or so` stands outside of a code span; every constraint is a code span of its own, such as `length 1..64`',
  ],
])('%s as %s is an error', (right, wrong, message) => {
  const { errors } = compilePages(edited('api/DeleteNote.md', [right, wrong]))
  expect(errors.map(error => error.message)).toContain(message)
})

test('a name without constraints, and one that is there twice, are errors', () => {
  const empty = compilePages(edited('constraints.md', ['- `length 1..64`', 'Nothing.']))
  expect(empty.errors.map(error => error.message)).toContain('under `## Note name` there is no constraint')
  const twice = compilePages(
    edited('constraints.md', ['- `length 1..64`', '- `length 1..64`\n\n## Note name\n\n- `length 2..`']),
  )
  expect(twice.errors.map(error => error.message)).toContain('constraints named `Note name` are there already')
})
