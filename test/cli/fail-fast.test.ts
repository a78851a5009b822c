import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startReference, type Reference } from '../../reference/server.ts'
import type { Evidence } from '../../reports/evidence.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { refusal } from '../../suites/testing/faults/fault.ts'
import { startFaultyProxy, type FaultyProxy } from '../../suites/testing/faults/proxy.ts'
import { requester } from '../support/reference-client.ts'
import { builtFolder } from './built-folder.ts'
import { runCli } from './run-cli.ts'

const here = builtFolder('fail-fast')
let reference: Reference
let proxy: FaultyProxy
beforeAll(async () => {
  reference = await startReference()
  proxy = await startFaultyProxy({
    spec: loadSpec(),
    target: reference.url,
    behaviour: async ({ action }, forward) =>
      action === 'UntagResource' ? refusal(500, 'ServiceException') : forward(),
  })
}, 120_000)
afterAll(async () => {
  await proxy.close()
  await reference.close()
})

test('the first failure ends the run, says so, certifies nothing and leaves nothing', {
  timeout: 120_000,
}, async () => {
  const args = [
    'certify',
    '--endpoint',
    proxy.url,
    '--profile',
    'tags',
    '--profile',
    'aliases',
    '--runs',
    '5',
    '--fail-fast',
  ]
  const end = await runCli(args, { cwd: here.root })
  expect(end.code, end.stderr).toBe(1)
  const report = readFileSync(path.join(here.root, 'lambdacheck-report/evidence.json'), 'utf8')
  const evidence = JSON.parse(report) as Evidence
  const failed = evidence.results.filter(one => one.verdict === 'fail')
  expect(failed.length).toBeGreaterThan(0)
  expect(evidence.partial).toBe(true)
  expect(evidence.results.filter(one => one.verdict === 'inconclusive').length).toBeGreaterThan(20)
  expect(evidence.profiles.some(one => one.certified)).toBe(false)
  expect(evidence.notes.join('\n')).toContain(`--fail-fast ended it at ${failed[0]!.id}`)
  const { json } = await requester(reference.url)('GET /2015-03-31/functions/', { region: 'us-east-1' })
  expect(json.Functions).toEqual([])
})
