/** `certify --watch`: an endpoint is mended while it is watched. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startReference, type Reference } from '../../reference/server.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { refusal } from '../../suites/testing/faults/fault.ts'
import { startFaultyProxy, type FaultyProxy } from '../../suites/testing/faults/proxy.ts'
import { builtFolder } from './built-folder.ts'
import { startCli } from './run-cli.ts'

const here = builtFolder('watch')
let reference: Reference
let proxy: FaultyProxy
/** Actions that end in a fault of the server. */
const broken = new Set(['UntagResource', 'ListTags'])

beforeAll(async () => {
  reference = await startReference({ transitionMs: 5 })
  proxy = await startFaultyProxy({
    spec: loadSpec(),
    target: reference.url,
    behaviour: async ({ action }, forward) => (broken.has(action ?? '') ? refusal(500, 'ServiceException') : forward()),
  })
}, 120_000)
afterAll(async () => {
  await proxy.close()
  await reference.close()
})

const args = (...more: readonly string[]): readonly string[] => [
  'certify',
  '--endpoint',
  proxy.url,
  ...['--action', 'UntagResource', '--action', 'ListTags', '--runs', '2', '--watch'],
  ...more,
]

test('rounds go on until what failed is mended, one after the other', { timeout: 180_000 }, async () => {
  const run = startCli(args(), { cwd: here.root })
  await run.said(/(Watching \d+ failing cases?)/)
  await run.said(/(✘ \d+ fail)/)
  broken.delete('ListTags')
  await run.said(/(✔ ListTags\.answer#valid)/)
  broken.delete('UntagResource')
  const { code, stdout, stderr } = await run.end
  expect(code, `${stdout}\n${stderr}`).toBe(0)
  expect(stdout).toMatch(/✔ UntagResource\.answer#valid/)
  expect(stdout).toContain('Nothing of what failed fails any more')
})

test('Ctrl-C ends it, with what still fails', { timeout: 180_000 }, async () => {
  broken.clear()
  broken.add('UntagResource')
  const run = startCli(args('--out', 'other'), { cwd: here.root })
  await run.said(/(Watching \d+ failing cases?)/)
  run.kill('SIGINT')
  const { code, stdout } = await run.end
  expect([1, 130]).toContain(code)
  expect(stdout).not.toContain('Nothing of what failed fails any more')
})
