import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { watchLint } from './lint-watch.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'lambdacheck-lint-watch-'))
  writeFileSync(path.join(root, 'app.mjs'), 'export const handler = async () => {}\n')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('lints at once, again after a change and for a file that comes or goes, and not without one', async () => {
  const stop = new AbortController()
  const rounds: number[] = []
  let quiet = 0
  const ended = watchLint({
    root,
    paths: ['.'],
    signal: stop.signal,
    async again() {
      rounds.push(rounds.length)
      return rounds.length
    },
  })
  const until = async (count: number): Promise<void> => {
    while (rounds.length < count) await new Promise(resolve => setTimeout(resolve, 20))
  }
  await until(1)
  await new Promise(resolve => setTimeout(resolve, 1200))
  quiet = rounds.length
  expect(quiet).toBe(1)
  writeFileSync(path.join(root, 'app.mjs'), 'export const handler = async () => { return 1 }\n')
  await until(2)
  writeFileSync(path.join(root, 'template.yaml'), 'Resources: {}\n')
  await until(3)
  rmSync(path.join(root, 'template.yaml'))
  await until(4)
  stop.abort()
  expect(await ended).toBe(4)
})
