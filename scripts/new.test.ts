import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'
import { afterAll, describe, expect, test } from 'vitest'
import { compilePages } from '../spec/compiler/compile-pages.ts'
import { ownPagesFolder, readPageTexts } from '../spec/compiler/compile.ts'
import { newFiles, writeNew } from './new.ts'

const root = mkdtempSync(path.join(tmpdir(), 'lambdacheck-new-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Errors of the own pages together with new ones. */
function errorsWith(files: { readonly [path: string]: string }): readonly string[] {
  const added = Object.entries(files).flatMap(([file, text]) =>
    file.startsWith('spec/') ? [{ file: file.slice('spec/'.length), text }] : [],
  )
  expect(added.length).toBeGreaterThan(0)
  return compilePages([...readPageTexts(ownPagesFolder()), ...added]).errors.map(error => error.message)
}

describe('what is written to start from', () => {
  test('a rule: a page that compiles, and a file of that id', () => {
    const files = newFiles('rule', 'sqs-policy-missing')
    expect(errorsWith(files)).toEqual([])
    expect(files['analyzer/rules/sqs-policy-missing.ts']).toContain("id: 'sqs-policy-missing'")
  })

  test('a page: one that compiles', () => {
    expect(errorsWith(newFiles('page', 'PutFunctionTodo'))).toEqual([])
  })

  test('an endpoint: on the loopback interface', () => {
    const text = newFiles('endpoint', 'my-emulator')['endpoints/my-emulator.yaml'] ?? ''
    expect(parse(text)).toMatchObject({ name: 'my-emulator', url: 'http://127.0.0.1:0' })
  })
})

test('a wrong kind or name is refused with what is right', () => {
  expect(() => newFiles('rules', 'x')).toThrow(/^usage: npm run new rule\|page\|endpoint NAME$/)
  expect(() => newFiles('toString', 'x')).toThrow(/^usage/)
  expect(() => newFiles('rule', undefined)).toThrow(/^usage/)
  expect(() => newFiles('rule', '../../x')).toThrow(/write it like sqs-policy-missing$/)
  expect(() => newFiles('page', 'get-alias')).toThrow(/write it like PutFunctionConcurrency$/)
})

test('nothing that is there is written over', () => {
  writeNew(root, { 'a/one.md': 'first' })
  expect(() => writeNew(root, { 'b.md': 'new', 'a/one.md': 'second' })).toThrow('a/one.md is there already')
  expect(readFileSync(path.join(root, 'a/one.md'), 'utf8')).toBe('first')
  expect(() => readFileSync(path.join(root, 'b.md'))).toThrow(/ENOENT/)
})
