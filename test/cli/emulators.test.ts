import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Evidence } from '../../reports/evidence.ts'
import { builtFolder } from './built-folder.ts'
import { ROOT, runCli } from './run-cli.ts'

/** Where CI has installed them, a missing emulator is a failure. */
const REQUIRED = process.env['LAMBDACHECK_REQUIRE_EMULATORS'] === '1'

const here = builtFolder('emulators')

/** Versions are pinned, so what they support is known. */
const EMULATORS = [
  {
    name: 'ministack',
    program: '.venv/bin/ministack',
    capabilities: { create: true, invoke: true, sqs: true },
    supported: ['CreateFunction', 'Invoke', 'ListFunctions'],
    unsupported: ['InvokeAsync'],
    passes: 60,
  },
  {
    name: 'moto',
    program: '.venv/bin/moto_server',
    capabilities: { create: true, invoke: false, sqs: true },
    supported: ['CreateFunction', 'ListFunctions'],
    unsupported: ['CreateCodeSigningConfig', 'GetAccountSettings'],
    passes: 40,
  },
  {
    name: 'serverless-offline',
    program: 'endpoints/serverless-offline/node_modules/.bin/osls',
    capabilities: { create: false, invoke: true, sqs: false },
    supported: ['Invoke'],
    unsupported: ['CreateFunction', 'ListFunctions'],
    passes: 3,
  },
]

test.concurrent.each(EMULATORS.filter(({ program }) => REQUIRED || existsSync(path.join(ROOT, program))))(
  '$name is started, asked, tested, judged and stopped',
  { timeout: 300_000 },
  async ({ name, program, capabilities, supported, unsupported, passes }) => {
    expect(existsSync(path.join(ROOT, program)), `${program} is not installed`).toBe(true)
    const out = path.join(here.root, name)
    // Out of ten seconds of tests nothing is learnt on a machine that is busy with other tests.
    const end = await runCli(
      ['certify', '--endpoint', `endpoints/${name}.yaml`, '--smoke', '--budget', '4m', '--seed', '1', '--out', out],
      { cwd: ROOT },
    )
    expect(end.stderr).not.toContain('error:')
    expect(end.code).toBe(1)
    const evidence = JSON.parse(readFileSync(path.join(out, 'evidence.json'), 'utf8')) as Evidence
    expect(evidence.endpoint?.name).toBe(name)
    expect(evidence.endpoint?.capabilities).toMatchObject(capabilities)
    for (const action of supported) expect(evidence.endpoint?.actions[action], action).toBe('supported')
    for (const action of unsupported) expect(evidence.endpoint?.actions[action], action).toBe('unsupported')
    expect(evidence.partial).toBe(false)
    expect(evidence.results.filter(one => one.verdict === 'pass').length).toBeGreaterThan(passes)
    expect(evidence.results.filter(one => one.reason?.includes('defect of lambdacheck'))).toEqual([])
    await expect(fetch(evidence.endpoint!.url)).rejects.toThrow()
  },
)

const missing = EMULATORS.filter(({ program }) => !REQUIRED && !existsSync(path.join(ROOT, program)))
test.skipIf(true).each(missing)('$name is not installed: see endpoints/README.md', () => {})
