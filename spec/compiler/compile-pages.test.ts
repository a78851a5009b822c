import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compilePages, digestOf } from './compile-pages.ts'
import { compiledNotes, edited, NOTES } from './fixtures/notes.ts'

const { spec } = compiledNotes()
const NOTE_LINES = NOTES.find(page => page.file === 'behaviour/notes.md')!.text.split('\n')
const CREATE_LINES = NOTES.find(page => page.file === 'api/CreateNote.md')!.text.split('\n')

/** The text of a page from where a part of the specification says that it stands. */
const textAt = (
  lines: readonly string[],
  { line, column }: { readonly line: number; readonly column: number },
): string => lines[line - 1]!.slice(column - 1)

test('an action is read with all that its page says', () => {
  const action = spec.actions['CreateNote']!
  expect(action).toMatchObject({
    name: 'CreateNote',
    method: 'POST',
    path: '/2021-11-01/notes',
    profile: 'functions',
    guide: 'API_CreateNote',
    edition: '2021-11',
    summary: 'Writes a note.',
    needs: [],
    covers: ['note-create'],
    example: { NoteName: { $tag: 'unique', value: 'note' } },
    errors: [{ name: 'ConflictException', status: 409, when: 'a note has that name already', origin: 'guide' }],
    provocations: [
      {
        error: 'ConflictException',
        level: 'must',
        origin: 'guide',
        needs: ['note'],
        capabilities: [],
        covers: ['note-name-unique'],
        request: { NoteName: '$note.NoteName' },
      },
    ],
  })
  expect(
    action.request.map(({ name, in: place, type, required, since }) => [name, place, type, required, since]),
  ).toEqual([
    ['NoteName', 'body', { kind: 'string' }, true, undefined],
    ['Text', 'body', { kind: 'string' }, false, undefined],
    ['Labels', 'body', { kind: 'list', of: { kind: 'string' } }, false, undefined],
    ['Mark', 'body', { kind: 'ref', type: 'Mark' }, false, undefined],
    ['Color', 'body', { kind: 'string' }, false, '2023-04'],
  ])
  expect(action.request[2]!.constraints).toMatchObject([
    { kind: 'items', min: 0, max: 5, on: 'self', origin: 'guide' },
    { kind: 'items', min: 0, max: 10, on: 'self', origin: 'recorded' },
    { kind: 'length', min: 1, max: 16, on: 'each', origin: 'guide' },
  ])
  expect(action.responses).toMatchObject([
    {
      status: 201,
      members: [{ name: 'NoteName', required: true }, { name: 'Text' }, { name: 'Mark' }, { name: 'Revision' }],
    },
  ])
  expect(spec.actions['GetNote']!.responses[0]!.members[4]).toMatchObject({
    name: 'ReadAt',
    in: 'header',
    wireName: 'Last-Read',
  })
  expect(spec.actions['ListNotes']!.pagination).toEqual({
    marker: 'Marker',
    size: 'MaxItems',
    next: 'NextMarker',
    items: 'Notes',
  })
})

test('a condition in the heading of a response selects it', () => {
  const pages = edited('api/CreateNote.md', [
    '## Response 201\n',
    '## Response 202 (Text: later, Color: red)\n\n## Response 201\n',
  ])
  const { spec: changed, errors } = compilePages(pages)
  expect(errors).toEqual([])
  expect(changed.actions['CreateNote']!.responses).toMatchObject([
    { status: 202, when: { Text: 'later', Color: 'red' }, members: [] },
    { status: 201 },
  ])
})

test('a bar in a cell is written with a backslash, and read without', () => {
  const { spec: changed, errors } = compilePages(
    edited(
      'api/CreateNote.md',
      ['`pattern [a-z-]+`', '`pattern [a-z]+\\|[0-9]\\|-` `length 1..9`'],
      ['`length 1..64` `pattern', '`pattern'],
    ),
  )
  expect(errors).toEqual([])
  const [pattern, length] = changed.actions['CreateNote']!.request[0]!.constraints
  expect(pattern).toMatchObject({ kind: 'pattern', pattern: '[a-z]+|[0-9]|-' })
  expect(length!.source.column).toBe(CREATE_LINES[13]!.indexOf('`length') + 2 + '`pattern [a-z]+\\|[0-9]\\|-` '.length)
})

test('a property is read with its heading, its prose and its steps', () => {
  expect(spec.properties.map(property => property.id)).toEqual(['notes.text-kept', 'notes.race'])
  expect(spec.properties[0]).toMatchObject({
    level: 'must',
    profile: 'functions',
    title: 'A note keeps its text',
    statement: 'Whatever the text, it is read as it was written, also through the list.',
    covers: ['note-text-kept'],
    origin: 'guide',
    needs: [],
    forAll: { text: { $tag: 'member', value: 'CreateNote.Text' } },
    given: { note: { note: { Text: '$text' } } },
    when: [{ call: { action: 'GetNote', request: { NoteName: '$note.NoteName' } }, as: 'first' }],
    then: [
      { returns: { Text: '$text', Mark: { $tag: 'absent', value: null } } },
      { call: { action: 'ListNotes', request: {} } },
    ],
  })
  expect(spec.properties[1]).toMatchObject({
    level: 'should',
    origin: 'recorded',
    runs: 1,
    then: [{ exactly: 1, parallel: [{ fails: 'ConflictException 409' }, {}] }],
  })
})

test('arguments of tags are text or values, as the tag has it', () => {
  const values = (yaml: string): unknown => {
    const pages = edited('behaviour/notes.md', [
      '    returns: {Text: $text, Revision: $first.Revision, Mark: !absent}',
      `    returns: {Revision: ${yaml}}`,
    ])
    const compiled = compilePages(pages)
    expect(compiled.errors).toEqual([])
    return (compiled.spec.properties[0]!.then[0]!.returns as { readonly Revision: unknown }).Revision
  }
  expect(values('!not 5')).toMatchObject({ $tag: 'not', value: 5 })
  expect(values("!not '5'")).toMatchObject({ $tag: 'not', value: '5' })
  expect(values('!not null')).toMatchObject({ $tag: 'not', value: null })
  expect(values('!not true')).toMatchObject({ $tag: 'not', value: true })
  expect(values('!not -1.5e3')).toMatchObject({ $tag: 'not', value: -1500 })
  expect(values('!matches 1.0')).toMatchObject({ $tag: 'matches', value: '1.0' })
  expect(values('!between 1..9')).toMatchObject({ $tag: 'between', value: '1..9' })
  expect(values('!oneOf [!absent , null, {a: !length 3}]')).toMatchObject({
    $tag: 'oneOf',
    value: [{ $tag: 'absent' }, null, { a: { $tag: 'length', value: 3 } }],
  })
})

test('what a request about a member says beside it', () => {
  const setting = '```request with=Mark needs=note\nText: $note.Text\n```\n\n'
  const { spec, errors } = compilePages(edited('api/CreateNote.md', ['## Response 201', `${setting}## Response 201`]))
  expect(errors).toEqual([])
  expect(spec?.actions['CreateNote']?.settings).toMatchObject([
    { member: 'Mark', needs: ['note'], request: { Text: '$note.Text' } },
  ])
  expect(spec?.actions['CreateNote']?.provocations).toHaveLength(1)
})

test('every part knows where it stands', () => {
  const [first] = spec.properties
  expect(textAt(NOTE_LINES, first!.source)).toMatch(/^```property id=notes\.text-kept/)
  expect(textAt(NOTE_LINES, first!.when[0]!.source)).toMatch(/^GetNote: \{NoteName/)
  expect(textAt(NOTE_LINES, (first!.forAll['text'] as { source: { line: number; column: number } }).source)).toBe(
    '!member CreateNote.Text',
  )
  expect(
    textAt(NOTE_LINES, (first!.then[0]!.returns as { Mark: { source: { line: number; column: number } } }).Mark.source),
  ).toBe('!absent}')
  const action = spec.actions['CreateNote']!
  expect(textAt(CREATE_LINES, action.request[2]!.source)).toMatch(/^Labels \|/)
  expect(
    action.request[2]!.constraints.map(constraint => textAt(CREATE_LINES, constraint.source).split('`')[0]),
  ).toEqual(['items 0..5', 'recorded items 0..10', 'each length 1..16'])
  expect(textAt(CREATE_LINES, action.errors[0]!.source)).toMatch(/^ConflictException \|/)
  expect(textAt(CREATE_LINES, action.provocations[0]!.source)).toMatch(/^```request error/)
  expect(textAt(CREATE_LINES, action.responses[0]!.source)).toBe('Response 201')
})

test('a fence inside a list knows its columns as well', () => {
  const pages = edited('behaviour/notes.md', [
    '```property id=notes.race level=should source=recorded runs=1\n',
    '- In a list:\n\n  ```property id=notes.race level=should source=recorded runs=1\n',
  ])
  const indented = pages.map(page => {
    if (page.file !== 'behaviour/notes.md') return page
    const [before, after] = page.text.split('- In a list:') as [string, string]
    return {
      ...page,
      text: `${before}- In a list:${after.replace(/^(?=given|then| {2,}-| {6,}\w| {4}exactly| {2}other|```$)/gm, '  ')}`,
    }
  })
  const compiled = compilePages(indented)
  expect(compiled.errors).toEqual([])
  const lines = indented.find(page => page.file === 'behaviour/notes.md')!.text.split('\n')
  expect(textAt(lines, compiled.spec.properties[1]!.then[0]!.source)).toBe('parallel:')
  expect(textAt(lines, compiled.spec.properties[1]!.then[0]!.parallel![0]!.source)).toMatch(/^CreateNote: /)
})

/** Moves every place on one page up again. */
function movedUp(value: unknown, file: string, lines: number): unknown {
  if (Array.isArray(value)) return value.map(one => movedUp(one, file, lines))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => {
    const here = (value as { file?: string; page?: string }).file === file || (value as { page?: string }).page === file
    return [key, key === 'line' && here && one > 1 ? (one as number) - lines : movedUp(one, file, lines)]
  })
  return Object.fromEntries(entries)
}

test('lines of prose move the places behind them, and change nothing else', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...NOTES.filter(page => page.file.endsWith('.md') && !page.file.startsWith('rules/'))),
      fc.integer({ min: 1, max: 5 }),
      ({ file }, lines) => {
        const moved = compilePages(
          NOTES.map(page =>
            page.file === file
              ? { file, text: page.text.replace(/^---\n([\s\S]*?)\n---\n/, front => `${front}${'\n'.repeat(lines)}`) }
              : page,
          ),
        )
        expect(moved.errors).toEqual([])
        expect(movedUp({ ...moved.spec, digest: spec.digest }, file, lines)).toEqual(spec)
      },
    ),
    { numRuns: 20 },
  )
})

test('line ends and a byte order mark make no difference, nor does the order of the pages', () => {
  for (const change of [(text: string) => text.replaceAll('\n', '\r\n'), (text: string) => `\uFEFF${text}`]) {
    expect(compilePages(NOTES.map(({ file, text }) => ({ file, text: change(text) })))).toEqual({ spec, errors: [] })
  }
  expect(compilePages(NOTES.toReversed())).toEqual({ spec, errors: [] })
})

test('the digest is of the pages: another text or another name is another digest', () => {
  expect(spec.digest).toMatch(/^[0-9a-f]{64}$/)
  expect(spec.digest).toBe(digestOf(NOTES))
  expect(digestOf(edited('behaviour/notes.md', ['Whatever the text', 'Whatever a text']))).not.toBe(spec.digest)
  expect(
    digestOf(NOTES.map(page => ({ ...page, file: page.file.replace('behaviour/notes', 'behaviour/note') }))),
  ).not.toBe(spec.digest)
})

test('the edition is the latest that any page, member or constraint speaks of', () => {
  expect(spec.edition).toBe('2023-04')
  expect(
    compilePages(edited('types/Mark.md', ['`range 1..5`', '`range 1..5` `model since=2024-02 range 1..9`'])).spec
      .edition,
  ).toBe('2024-02')
})
