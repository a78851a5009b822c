import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRunFolder } from './run-folder.ts'

let project: string
beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'lambdacheck-folder-'))
})
afterEach(() => rmSync(project, { recursive: true, force: true }))

test('what killed runs have left is removed; what belongs to running ones, or to nobody, stays', () => {
  const parent = path.join(project, '.lambdacheck')
  const { pid: ended } = spawnSync(process.execPath, ['-e', ''])
  const former = ['run-AbC_12', `run-${ended}-abcdef`]
  const others = [`run-${process.ppid}-abcdef`, 'run-of-somebody', 'notes', 'run-', 'run-1234567']
  for (const name of [...former, ...others]) {
    mkdirSync(path.join(parent, name), { recursive: true })
    writeFileSync(path.join(parent, name, 'plan.json'), '{}')
  }
  const folder = createRunFolder(project)
  expect(path.dirname(folder)).toBe(parent)
  expect(readdirSync(parent).sort()).toEqual([...others, path.basename(folder)].sort())
})

test('where the project cannot be written, it is with the other temporary files', () => {
  writeFileSync(path.join(project, '.lambdacheck'), 'a file')
  const folder = createRunFolder(project)
  expect(existsSync(folder)).toBe(true)
  expect(folder.startsWith(project)).toBe(false)
  rmSync(folder, { recursive: true })
})
