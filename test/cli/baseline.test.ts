import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startReference, type Reference } from '../../reference/server.ts'
import { constantServer, CONSTANT_ANSWERS } from './bad-servers.ts'
import { ensureBuilt } from './built.ts'
import { runCli } from './run-cli.ts'

let cwd: string
let good: Reference
let bad: Awaited<ReturnType<typeof constantServer>>
beforeAll(async () => {
  await ensureBuilt()
  cwd = mkdtempSync(path.join(tmpdir(), 'lambdacheck-baseline-'))
  good = await startReference()
  bad = await constantServer(CONSTANT_ANSWERS['an echo']!)
}, 120_000)
afterAll(async () => {
  await good.close()
  await bad.close()
  rmSync(cwd, { recursive: true, force: true })
})

test('a run is held against an earlier one: no worse ends well, worse does not', { timeout: 120_000 }, async () => {
  const args = ['certify', '--profile', 'tags', '--seed', '3', '--runs', '2']
  const onBad = [...args, '--endpoint', bad.url]
  const onGood = [...args, '--endpoint', good.url]
  expect((await runCli([...onBad, '--out', 'bad'], { cwd })).code).toBe(1)
  expect((await runCli([...onGood, '--out', 'good'], { cwd })).code).toBe(0)

  const same = await runCli([...onBad, '--baseline', 'bad', '--out', 'bad'], { cwd })
  expect(same.code, same.stderr).toBe(0)
  expect(same.stderr).toContain('Against the baseline: ')
  expect(readFileSync(path.join(cwd, 'bad', 'junit.xml'), 'utf8')).toMatch(/<testsuites [^>]*failures="0" errors="0"/)
  expect(readFileSync(path.join(cwd, 'bad', 'summary.md'), 'utf8')).toContain('No worse than before: nothing changed.')
  const better = await runCli([...onGood, '--baseline', 'bad', '--out', 'again'], { cwd })
  expect(better.code, better.stderr).toBe(0)
  const worse = await runCli([...onBad, '--baseline', path.join('good', 'evidence.json'), '--out', 'worse'], { cwd })
  expect(worse.code, worse.stderr).toBe(1)
  expect(worse.stdout).toContain('WORSE THAN THE BASELINE')

  const site = await runCli(['site', '.', '--out', 'site'], { cwd })
  expect(site, site.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('begin with index.html') })
  expect(readFileSync(path.join(cwd, 'site', 'index.html'), 'utf8')).toContain('Lambda endpoints')
  expect((await runCli(['site', 'site'], { cwd })).code).toBe(2)
})

test('a baseline that cannot be read ends in one message, before anything is sent', async () => {
  const end = await runCli(['certify', '--endpoint', good.url, '--baseline', 'nothing-here.json'], { cwd })
  expect(end.code).toBe(2)
  expect(end.stderr).toContain('nothing-here.json')
  expect(end.stderr).not.toContain('at ')
})
