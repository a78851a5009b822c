import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command, CommanderError } from 'commander'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { compilePages } from '../../spec/compiler/compile-pages.ts'
import { byClass, coverageOf } from '../../spec/compiler/coverage.ts'
import { compiledNotes, edited, NOTES } from '../../spec/compiler/fixtures/notes.ts'
import { brokenText, coverageText } from './spec-coverage.ts'
import { showText } from './spec-show.ts'
import { checkText, registerSpec } from './spec.ts'

const { spec } = compiledNotes()

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-spec-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  vi.restoreAllMocks()
  process.exitCode = undefined
})

function writePages(pages: typeof NOTES): void {
  for (const { file, text } of pages) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), text)
  }
}

async function run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = ''
  let err = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(text => Boolean((out += String(text))))
  vi.spyOn(process.stderr, 'write').mockImplementation(text => Boolean((err += String(text))))
  const program = new Command().exitOverride()
  registerSpec(program)
  for (const command of program.commands)
    for (const inner of [command, ...command.commands]) inner.copyInheritedSettings(program)
  try {
    process.exitCode = undefined
    await program.parseAsync(['spec', ...args], { from: 'user' })
    return { code: Number(process.exitCode ?? 0), out, err }
  } catch (error) {
    if (error instanceof CommanderError) return { code: error.exitCode, out, err }
    throw error
  } finally {
    vi.restoreAllMocks()
  }
}

test('check counts what is there, and exits with 0', async () => {
  writePages(NOTES)
  expect(await run('check', folder)).toEqual({
    code: 0,
    out: 'no errors: 4 actions, 2 types, 1 resource, 2 properties, 2 quotas, 1 rule, 5 ledger entries; 45 clauses\n',
    err: '',
  })
})

test('check lists every error with a path that can be followed, and exits with 1', async () => {
  writePages(
    edited('quotas.md', ['| note-text |', '| Note |']).map(page =>
      page.file === 'behaviour/errors.md' ? { ...page, text: 'Nothing' } : page,
    ),
  )
  const { code, out, err } = await run('check', folder)
  const relative = path.relative('', folder)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err.split('\n')).toEqual([
    expect.stringMatching(/behaviour\/errors\.md:1:1: a page begins with front matter/),
    `${relative}/quotas.md:11:3: \`Note\` is no id of a quota; write small letters, digits and \`-\``,
    '2 errors in 2 pages',
    '',
  ])
})

test('check without a folder looks at the own pages', async () => {
  const { code, out } = await run('check')
  expect(code).toBe(0)
  expect(out).toMatch(/^no errors: 6\d actions/)
})

test('check of no folder, or of one without pages, is a mistake of the command line', async () => {
  expect(await run('check', path.join(folder, 'nowhere'))).toEqual({
    code: 2,
    out: '',
    err: `lambdacheck spec: ${folder}/nowhere is no folder that can be read\n`,
  })
  expect(await run('check', folder)).toMatchObject({
    code: 2,
    err: expect.stringContaining(`there are no pages in ${folder}`),
  })
})

test('the paths of errors begin where the command was given', () => {
  const errors = [{ file: 'quotas.md', line: 1, column: 2, message: 'wrong' }]
  expect(checkText(spec, errors, '.').err).toBe('quotas.md:1:2: wrong\n1 error in 1 page\n')
  expect(checkText(spec, errors, '..\\pages').err).toMatch(/^\.\.\/pages\/quotas\.md:1:2: wrong\n/)
})

test('show says what a clause says, where, and what it covers', () => {
  expect(showText(spec, 'CreateNote.error.ConflictException')).toEqual({
    text: `CreateNote.error.ConflictException
CreateNote: answers ConflictException (409) when a note has that name already.
must · error · profile functions · source guide
spec/api/CreateNote.md:37
covers
  note-name-unique (API_CreateNote): A second note of the same name is refused.
`,
  })
  expect(showText(spec, 'CreateNote.request.Color.enum')).toMatchObject({
    text: expect.stringContaining('may · enum · profile functions · source guide · since 2023-04\n'),
  })
})

test('show says of a ledger entry what covers it, or why nothing does', () => {
  expect(showText(spec, 'note-text-kept')).toEqual({
    text: `note-text-kept
The text of a note is kept as it is.
must · state · dynamic · page notes-overview of the guide
spec/ledger/notes.yaml:13
covered by
  notes.text-kept (must) spec/behaviour/notes.md:11
`,
  })
  expect(showText(spec, 'note-storage')).toMatchObject({
    text: expect.stringContaining('\nnot testable: where a service keeps its data cannot be seen from outside\n'),
  })
  const { spec: open } = compilePages(edited('behaviour/notes.md', [' covers=note-text-kept', '']))
  expect(showText(open, 'note-text-kept')).toMatchObject({
    text: expect.stringMatching(/\nopen: no clause covers it\n$/),
  })
})

test('show knows actions, types, resources and rules by their names', () => {
  expect(showText(spec, 'GetNote')).toEqual({
    text: `GetNote  GET /2021-11-01/notes/{NoteName}
Reads a note.
profile functions · edition 2021-11 · page API_GetNote of the guide
spec/api/GetNote.md:1
needs: note
request
  NoteName: string, required in uri \`length 1..64\`
response 200
  NoteName: string, required \`echo\`
  Text: string, required
  Mark: Mark
  Revision: string, required \`format uuid\`
  ReadAt: timestamp in header Last-Read \`format iso8601\`
errors
  NotFoundException 404: there is no such note
clauses
  GetNote.answer (must) spec/api/GetNote.md:1
  GetNote.request.NoteName.length (must) spec/api/GetNote.md:14
  GetNote.error.NotFoundException (must) spec/api/GetNote.md:33
`,
  })
  expect(showText(spec, 'Mark')).toEqual({
    text: `Mark
How much a note matters.
edition 2021-11 · page API_Mark of the guide
spec/types/Mark.md:1
members
  Weight: integer, required \`range 1..5\`
  Reasons: map of string to string \`entries 0..3\` \`key pattern [a-z]+\` \`each length 0..100\`
used by: CreateNote, GetNote
`
      .replace('entries 0..3', 'entries ..3')
      .replace('length 0..100', 'length ..100'),
  })
  expect(showText(spec, 'note')).toMatchObject({
    text: expect.stringMatching(
      /^note\n[^]*\nkey: NoteName\ncreate: CreateNote\nread: GetNote\ndelete: DeleteNote\nlist: ListNotes\nclauses\n {2}note\.law\.create-twice/,
    ),
  })
  expect(showText(spec, 'note-name-literal')).toMatchObject({ text: expect.stringContaining('rule.note-name-literal') })
})

test('show of something unknown proposes what was meant, without its control characters', () => {
  expect(showText(spec, 'GetNotes')).toEqual({ problem: 'nothing is called `GetNotes`; did you mean GetNote?' })
  expect(showText(spec, 'constructor')).toEqual({ problem: 'nothing is called `constructor`' })
  expect(showText(spec, '\u001b[31m\n')).toEqual({ problem: 'nothing is called `\uFFFD[31m\uFFFD`' })
})

test('show exits with 0 for what is there and with 2 for what is not', async () => {
  expect(await run('show', 'GetAlias')).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/^GetAlias {2}GET \/2015-03-31\/functions/),
  })
  expect(await run('show', 'GetAlais')).toEqual({
    code: 2,
    out: '',
    err: 'lambdacheck spec: nothing is called `GetAlais`; did you mean GetAlias?\n',
  })
})

test('coverage counts the statements of every page', () => {
  expect(coverageText(coverageOf(spec))).toBe(
    [
      'page of the guide        whole         part         open not testable        whole   with parts',
      'API_CreateNote               2            0            0            0        100 %        100 %',
      'notes-overview               2            0            0            1        100 %        100 %',
      'in all                       4            0            0            1        100 %        100 %',
      '',
    ].join('\n'),
  )
})

test('coverage by class has a row for each class, and one for statements of none', () => {
  const classed = NOTES.map(page =>
    page.file === 'ledger/notes.yaml'
      ? { ...page, text: page.text.replace(/(id: note-text-kept\n)/, '$1  class: running\n') }
      : page,
  )
  const { spec: known, errors } = compilePages(classed)
  expect(errors).toEqual([])
  expect(coverageText(byClass(coverageOf(known)), { heading: 'class of statements' })).toBe(
    [
      'class of statements           whole         part         open not testable        whole   with parts',
      'running                           1            0            0            0        100 %        100 %',
      '(these together)                  1            0            0            0        100 %        100 %',
      'covered from the first            3            0            0            1        100 %        100 %',
      'in all                            4            0            0            1        100 %        100 %',
      '',
    ].join('\n'),
  )
  const { errors: unknown } = compilePages(
    classed.map(page => ({ ...page, text: page.text.replace('class: running', 'class: runing') })),
  )
  expect(unknown.map(one => one.message)).toEqual([expect.stringContaining('unknown class of statements `runing`')])
})

test('coverage of a run counts what ran alone, and says what does not hold', () => {
  const [covering] = coverageOf(spec).flatMap(page => page.entries.flatMap(one => one.clauses))
  const id = covering!.id
  const pages = coverageOf(spec, new Set([id]))
  const standing = pages.flatMap(page => page.entries.map(one => one.standing))
  expect(standing.filter(one => one === 'whole').length).toBeLessThan(4)
  expect(standing).toContain('whole')
  expect(brokenText(pages, new Map([[id, `${id}#case`]]))).toMatch(/^does not hold: \S+ \(\w+\): .* \S+#case\n/)
  expect(brokenText(pages, new Map())).toBe('')
})

test('coverage lists what is open or tested in part when asked, and calls nothing whole that is not', () => {
  const { spec: open, errors } = compilePages(
    edited('behaviour/notes.md', [' covers=note-text-kept', '']).map(page =>
      page.file === 'ledger/notes.yaml'
        ? {
            ...page,
            text: page.text
              .replace('  kind: lint\n', '  kind: lint\n  part: names in templates\n')
              .replace('A text of a note', 'A text')
              .replace(/(id: note-text-kept\n)/, '$1  why: needs a second reader\n'),
          }
        : page,
    ),
  )
  expect(errors).toEqual([])
  const text = coverageText(coverageOf(open), { open: true })
  expect(text).toBe(
    [
      'page of the guide        whole         part         open not testable        whole   with parts',
      'notes-overview               0            1            1            1          0 %         50 %',
      '    note-text-kept (must, dynamic): The text of a note is kept as it is.',
      '        needs a second reader',
      '    note-name-from-environment (should, static): Names of notes come from the environment.',
      '        not tested: names in templates',
      'in all                       2            1            1            1         50 %         75 %',
      '',
    ].join('\n'),
  )
  const many = Array.from({ length: 1000 }, (_, index) => ({
    entry: spec.ledger[0]!,
    standing: index === 0 ? ('open' as const) : ('whole' as const),
    clauses: [],
  }))
  expect(coverageText([{ page: 'x', entries: many }])).toMatch(/^x +999 +0 +1 +0 +99 % +99 %$/m)
  expect(coverageText([{ page: 'x', entries: [] }])).toMatch(/^x +0 +0 +0 +0 +- +-$/m)
})

test('coverage of the own pages', async () => {
  const { code, out } = await run('coverage')
  expect(code).toBe(0)
  expect(out).toMatch(/^in all +\d+ +\d+ +\d+ +\d+ +\d+ % +\d+ %$/m)
})

test('--json prints the whole specification', async () => {
  const { code, out } = await run('--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ schemaVersion: 1, actions: { Invoke: { name: 'Invoke' } } })
})

test('a question gets the help, and a command that there is not gets a proposal, with exit code 2', async () => {
  const question = await run()
  expect(question.code).toBe(2)
  expect(question.err).toContain('check [folder]')
  expect(await run('chek')).toEqual({
    code: 2,
    out: '',
    err: 'lambdacheck spec: there is no command `chek`; did you mean check?\n',
  })
})
