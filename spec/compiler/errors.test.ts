import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compilePages, type PageText } from './compile-pages.ts'
import { edited, errorsOf, NOTES } from './fixtures/notes.ts'
import { WRONG_PAGES, type WrongPage } from './fixtures/wrong-pages.ts'
import { formatPageError } from './report.ts'

const pagesOf = ({ file, changes }: WrongPage): readonly PageText[] => edited(file, ...changes)
const compiled = Object.entries(WRONG_PAGES).map(([mistake, wrong]) => ({
  mistake,
  wrong,
  pages: pagesOf(wrong),
  errors: compilePages(pagesOf(wrong)).errors,
}))

test('every mistake is told: where it is, what it is, and what was probably meant', async () => {
  const told = compiled.map(
    ({ mistake, errors }) => `# ${mistake}\n${errors.map(error => formatPageError(error)).join('\n')}\n`,
  )
  await expect(told.join('\n')).toMatchFileSnapshot('./fixtures/wrong-pages.txt')
})

test.each(compiled)(
  '$mistake: an error, on the page that has it, at a place that is there',
  ({ wrong, pages, errors }) => {
    expect(errors.map(error => error.file)).toContain(wrong.file)
    expectPlaces(errors, pages)
  },
)

test('a page that cannot be read hides no error of another', () => {
  for (const { wrong, errors } of compiled.filter((_, index) => index % 5 === 0)) {
    if (wrong.file === 'rules/note-name-literal.md') continue
    const alone = errors.map(error => formatPageError(error))
    const together = errorsOf(
      pagesOf(wrong).map(page =>
        page.file === 'rules/note-name-literal.md' ? { ...page, text: page.text.replace('---', '') } : page,
      ),
    )
    expect(together).toEqual(
      [...alone, expect.stringMatching(/^rules\/note-name-literal\.md:1:1: a page begins with front matter/)].toSorted(
        byFile,
      ),
    )
  }
})

const byFile = (a: unknown, b: unknown): number =>
  String(typeof a === 'string' ? a : 'rules').split(':')[0]! <
  String(typeof b === 'string' ? b : 'rules').split(':')[0]!
    ? -1
    : 0

test('things that are there twice are told with the place of the first', () => {
  const again = NOTES.find(page => page.file === 'types/Mark.md')!
  expect(errorsOf([...NOTES, { file: 'types/more/Mark.md', text: again.text }])).toEqual([
    'types/more/Mark.md:1:1: the type `Mark` is there already, in types/Mark.md:1',
  ])
})

test('resources that need each other are told', () => {
  const note = edited('resources/note.md', ['guide: API_CreateNote', 'guide: API_CreateNote\nneeds: other'])
  const other = note
    .find(page => page.file === 'resources/note.md')!
    .text.replace('resource: note', 'resource: other')
    .replace('| note | NoteName', '| other | NoteName')
    .replace('needs: other', 'needs: note')
    .replace('$note', '$other')
  expect(errorsOf([...note, { file: 'resources/other.md', text: other }])).toEqual([
    'resources/note.md:1:1: the resource needs itself: note needs other needs note',
    'resources/other.md:1:1: the resource needs itself: other needs note needs other',
  ])
})

test('whatever becomes of a page, the compiler gives errors with places, and never gives up', () => {
  const bits = [
    '|',
    '`',
    '```',
    '---',
    '\n',
    '{',
    '}',
    '[',
    ']',
    ':',
    '!',
    '$',
    '"',
    '\\',
    '#',
    '- ',
    '!absent',
    '$note',
    'each',
    '..',
    '\t',
    '&a',
    '*a',
    '<<',
    '__proto__: 1',
    'constructor',
    '\u2028',
    '😀',
    '\r',
  ]
  const mutation = fc.record({ at: fc.nat(), cut: fc.nat({ max: 12 }), put: fc.constantFrom('', ...bits) })
  fc.assert(
    fc.property(
      fc.nat({ max: NOTES.length - 1 }),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      (index, mutations) => {
        const page = NOTES[index]!
        const text = mutations.reduce((before, { at, cut, put }) => {
          const from = at % (before.length + 1)
          return before.slice(0, from) + put + before.slice(from + cut)
        }, page.text)
        const pages = NOTES.map((one, i) => (i === index ? { ...one, text } : one))
        const { errors, spec } = compilePages(pages)
        expectPlaces(errors, pages)
        expect(JSON.parse(JSON.stringify(spec))).toEqual(spec)
      },
    ),
    { numRuns: 150 },
  )
})

/** Lines are those of the file, and columns lie in them or just behind their end. */
function expectPlaces(errors: ReturnType<typeof compilePages>['errors'], pages: readonly PageText[]): void {
  for (const { file, line, column, message } of errors) {
    const lines = pages.find(page => page.file === file)!.text.split(/\r\n|\r|\n/)
    expect(lines.length, `${file}:${line}: ${message}`).toBeGreaterThanOrEqual(line)
    expect(line).toBeGreaterThanOrEqual(1)
    expect(column).toBeGreaterThanOrEqual(1)
    expect(lines[line - 1]!.length + 1, `${file}:${line}:${column}: ${message}`).toBeGreaterThanOrEqual(column)
  }
}
