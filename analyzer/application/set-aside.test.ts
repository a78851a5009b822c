import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { discover } from './discover.ts'
import { noteOfSetAside } from './set-aside.ts'

const TEMPLATE = 'Resources: {Jobs: {Type: AWS::SQS::Queue}}\n'
let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lambdacheck-set-aside-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(...files: readonly (readonly [path: string, text: string])[]): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}
const templates = (...paths: readonly string[]): readonly string[] =>
  discover(root, paths.length ? paths : ['.']).templates.map(file => file.path)

it('fixtures and snapshots of tests are not looked at, and the note says so', () => {
  write(['template.yaml', TEMPLATE], ['test/fixtures/bad.yaml', TEMPLATE], ['test/x.js.snapshot/x.template.json', '{}'])
  expect(templates()).toEqual(['template.yaml'])
  expect(noteOfSetAside(root, discover(root))).toMatch(/^test\/fixtures: fixtures and snapshots of tests were not read/)
})

it('whoever names them has them read', () => {
  write(['test/fixtures/bad.yaml', TEMPLATE])
  expect(templates('test/fixtures')).toEqual(['test/fixtures/bad.yaml'])
  expect(templates('test/fixtures/bad.yaml')).toEqual(['test/fixtures/bad.yaml'])
  expect(discover(join(root, 'test/fixtures')).templates).toHaveLength(1)
})

it('fixtures without a template are not worth a word', () => {
  write(['template.yaml', TEMPLATE], ['fixtures/users.json', '[{"name": "a"}]'])
  expect(noteOfSetAside(root, discover(root))).toBeUndefined()
})

it('they are read where there is nothing else', () => {
  write(['test/fixtures/bad.yaml', TEMPLATE], ['test/fixtures/deep/__fixtures__/worse.yaml', TEMPLATE])
  write(['package.json', '{}'])
  expect(templates()).toEqual(['test/fixtures/bad.yaml'])
  rmSync(join(root, 'test/fixtures/bad.yaml'))
  expect(templates()).toEqual(['test/fixtures/deep/__fixtures__/worse.yaml'])
  expect(discover(root).setAside).toEqual([])
})

it('templates in folders of tests are inputs of tests', () => {
  write(['template.yaml', TEMPLATE], ['tests/resources/stack.json', '{"Resources": {}}'], ['tests/app.py', 'x = 1'])
  write(['integration_tests/a.yaml', TEMPLATE], ['lib/a-stack-snapshot.json', '{}'], ['x/snapshots/b.json', '{}'])
  write(['lib/package.json', '{}'], ['lib/test/stack.yaml', TEMPLATE])
  expect(templates()).toEqual(['template.yaml'])
  expect(templates('tests/resources')).toEqual(['tests/resources/stack.json'])
  expect(discover(root).python).toHaveLength(1)
  expect(noteOfSetAside(root, discover(root))).toMatch(/tests were not read/)
})

it('an environment of that name is none', () => {
  write(['package.json', '{}'], ['envs/test/template.yaml', TEMPLATE])
  write(['stacks/go.mod', ''], ['stacks/test/template.yaml', TEMPLATE], ['stacks/prod/template.yaml', TEMPLATE])
  expect(templates()).toEqual(['envs/test/template.yaml', 'stacks/prod/template.yaml', 'stacks/test/template.yaml'])
})

it('what pip installed beside the code of a function is nobody’s own', () => {
  write(
    ['src/app.py', ''],
    ['src/sqlite_utils/db.py', ''],
    ['src/six.py', ''],
    ['src/sqlite_utils-3.17.dist-info/RECORD', 'sqlite_utils/db.py,sha256=x,1\n../../bin/sqlite-utils,,\n'],
    ['src/six-1.16.0.dist-info/RECORD', 'six.py,sha256=x,1\n'],
    ['src/own/__init__.py', ''],
  )
  expect(discover(root).python.map(file => file.path)).toEqual(['src/app.py', 'src/own/__init__.py'])
})
