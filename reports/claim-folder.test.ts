import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { claimFolder, refuseClaimed } from './claim-folder.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lambdacheck-claim-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

it('keeps a second run out until the first has left', () => {
  const leave = claimFolder(dir)
  const message = new RegExp(`another run \\(process ${process.pid}\\) is writing there\\. Choose another folder`)
  expect(() => claimFolder(dir)).toThrow(message)
  expect(() => refuseClaimed(dir)).toThrow(message)
  leave()
  expect(readdirSync(dir)).toEqual([])
  claimFolder(dir)()
})

it('takes what a dead run, another machine or nobody holds', () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  for (const text of [
    JSON.stringify({ pid: dead, host: hostname() }),
    '{"pid":1,"host":"other.test"}',
    '',
    'null',
    '[]',
  ]) {
    writeFileSync(join(dir, '.lambdacheck-run'), text)
    expect(() => refuseClaimed(dir)).not.toThrow()
    claimFolder(dir)()
  }
})
