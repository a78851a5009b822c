import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { compileSpec, loadSpec, ownPagesFolder, readPageTexts, wholeSpec } from './compile.ts'
import { compilePages } from './compile-pages.ts'
import { compiledNotes, edited, NOTES } from './fixtures/notes.ts'
import { readKept, writeKept } from '../../base/kept-file.ts'
import { keyOf } from './spec-cache.ts'
import { formatPageError } from './report.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-pages-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
  writeFileSync(path.join(folder, file), text)
}

const own = compileSpec(ownPagesFolder())

test("the project's own pages have no errors", () => {
  expect(own.errors.map(error => formatPageError(error, 'spec/'))).toEqual([])
})

test('the own pages describe every action and type of the guide', () => {
  const { actions, types, clauses } = own.spec
  expect(Object.values(actions).filter(action => action.guide?.startsWith('API_'))).toHaveLength(58)
  expect(Object.values(types).filter(type => type.guide?.startsWith('API_')).length).toBeGreaterThanOrEqual(36)
  for (const action of Object.values(actions))
    expect(clauses.some(clause => clause.id === `${action.name}.answer`)).toBe(true)
})

test('a folder is read with all its pages, without its readme and its grammar', () => {
  for (const { file, text } of NOTES) write(file, text)
  write('README.md', 'No page.')
  write('api/README.md', 'No page either.')
  write('GRAMMAR.md', 'Nor this.')
  write('other.txt', 'Nor this.')
  expect(readPageTexts(folder).map(({ file }) => file)).toEqual(NOTES.map(({ file }) => file).toSorted())
  expect(compileSpec(folder)).toEqual(compiledNotes())
})

test('what is loaded is what is compiled, and is loaded once', () => {
  expect(loadSpec()).toEqual(own.spec)
  expect(loadSpec()).toBe(loadSpec())
})

test('a specification with errors is refused with all of them', () => {
  expect(wholeSpec(compiledNotes())).toEqual(compiledNotes().spec)
  const wrong = compilePages(edited('quotas.md', ['| note-text |', '| Note |'], ['| 1000 |', '| all |']))
  expect(() => wholeSpec(wrong)).toThrow(
    /^the specification has 2 errors:\nspec\/quotas\.md:11:3: .*\nspec\/quotas\.md:12:\d+: `all` is no number$/,
  )
})

test('a specification is kept for just the pages of which it was made', () => {
  const file = path.join(folder, 'deep', 'spec.json')
  const root = path.dirname(ownPagesFolder())
  const { spec } = compiledNotes()
  const key = keyOf(NOTES, root)
  expect(readKept(file, key)).toBeUndefined()
  writeKept(file, key, spec)
  expect(readKept(file, key)).toEqual(spec)
  const changed = keyOf(edited('quotas.md', ['| 1000 |', '| 1001 |']), root)
  expect(changed).not.toBe(key)
  expect(readKept(file, changed)).toBeUndefined()
  // Half a file, or another file, counts as nothing.
  writeFileSync(file, readFileSync(file).subarray(0, 500))
  expect(readKept(file, key)).toBeUndefined()
  for (const other of ['{}', gzipSync('{}')]) {
    writeFileSync(file, other)
    expect(readKept(file, key)).toBeUndefined()
  }
})

test('where nothing can be written nothing is kept, and nobody is told', () => {
  write('file', 'in the way')
  const file = path.join(folder, 'file', 'spec.json')
  expect(() => writeKept(file, 'key', compiledNotes().spec)).not.toThrow()
  expect(readKept(file, 'key')).toBeUndefined()
})

test('the published schema describes it, and nothing more', () => {
  const schema = JSON.parse(readFileSync(path.join(ownPagesFolder(), 'spec.schema.json'), 'utf8')) as object
  const validate = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false }).compile(
    schema,
  )
  for (const { spec } of [own, compiledNotes()]) {
    const data: unknown = JSON.parse(JSON.stringify(spec))
    validate(data)
    expect(validate.errors ?? []).toEqual([])
  }
  const { spec } = compiledNotes()
  for (const wrong of [
    { ...spec, schemaVersion: 2 },
    { ...spec, more: 1 },
    { ...spec, digest: 'short' },
    { ...spec, clauses: [{ ...spec.clauses[0]!, level: 'always' }] },
    { ...spec, quotas: [{ ...spec.quotas[0]!, source: { file: 'quotas.md', line: 0, column: 1 } }] },
  ]) {
    expect(validate(wrong)).toBe(false)
  }
})
