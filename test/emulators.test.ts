/**
 * What was found by hand at three real emulators is found by a run: faults that they surely have fail, and what they do right passes.
 * docs/verification.md says how each was checked.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Evidence } from '../reports/evidence.ts'
import { builtFolder } from './cli/built-folder.ts'
import { ROOT, runCli } from './cli/run-cli.ts'

/** Where CI has installed them, a missing emulator is a failure. */
const REQUIRED = process.env['LAMBDACHECK_REQUIRE_EMULATORS'] === '1'

interface Emulator {
  readonly name: string
  readonly program: string
  /** Cases whose failure was repeated by hand; the versions are pinned. */
  readonly fails: readonly string[]
  readonly passes: readonly string[]
}

const EMULATORS: readonly Emulator[] = [
  {
    name: 'ministack',
    program: '.venv/bin/ministack',
    fails: [
      'PublishVersion.error.InvalidParameterValueException.other-code#error',
      'CreateCodeSigningConfig.answer#valid',
      'ListFunctions.request.MaxItems.range#one-fault.below-min',
      'invoke.sync.invalid-json#property',
      // Reason codes of active functions are there, and empty.
      'ListFunctions.answer#valid',
    ],
    passes: ['GetFunction.error.ResourceNotFoundException.unknown-function#error', 'alias.law.create-twice#law'],
  },
  {
    name: 'moto',
    program: '.venv/bin/moto_server',
    fails: [
      'AddPermission.answer#valid',
      'alias.law.create-twice#law',
      'version.delete-in-alias#property',
      'CreateFunction.error.InvalidParameterValueException.no-package#error',
    ],
    passes: ['CreateAlias.answer#valid', 'GetFunction.error.ResourceNotFoundException.unknown-function#error'],
  },
  {
    name: 'serverless-offline',
    program: 'endpoints/serverless-offline/node_modules/.bin/osls',
    fails: [
      'Invoke.error.ResourceNotFoundException.unknown-version#error',
      'Invoke.error.InvalidRequestContentException.not-json#error',
      'invoke.dry-run#property',
      'async.discarded#property',
    ],
    passes: ['Invoke.error.ResourceNotFoundException.unknown-function#error', 'invoke.sync.default#property'],
  },
]

const isInstalled = ({ program }: Emulator): boolean => existsSync(path.join(ROOT, program))

const here = builtFolder('truth')

test.each(EMULATORS.filter(one => REQUIRED || isInstalled(one)))(
  '$name: what is wrong by hand is wrong in a run',
  { timeout: 120_000 },
  async emulator => {
    expect(isInstalled(emulator), `${emulator.program} is not installed`).toBe(true)
    const { name, fails, passes } = emulator
    const out = path.join(here.root, name)
    const clauses = [...fails, ...passes].flatMap(id => ['--clause', id])
    const end = await runCli(
      ['certify', '--endpoint', `endpoints/${name}.yaml`, '--seed', '1', ...clauses, '--out', out],
      { cwd: ROOT },
    )
    expect(end.code, end.stderr).toBe(1)
    const evidence = JSON.parse(readFileSync(path.join(out, 'evidence.json'), 'utf8')) as Evidence
    const verdicts = Object.fromEntries(evidence.results.map(one => [one.id, one.verdict]))
    expect(verdicts).toEqual(Object.fromEntries([...fails.map(id => [id, 'fail']), ...passes.map(id => [id, 'pass'])]))
    for (const one of evidence.results.filter(({ verdict }) => verdict === 'fail'))
      expect(one.reproduce?.curl, one.id).toContain(evidence.endpoint!.url)
    await expect(fetch(evidence.endpoint!.url), 'it still answers').rejects.toThrow()
  },
)

test.skipIf(true).each(EMULATORS.filter(one => !REQUIRED && !isInstalled(one)))(
  '$name is not installed: see endpoints/README.md',
  () => {},
)
