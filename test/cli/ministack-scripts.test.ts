/** What a report of MiniStack prints shows the same failures by itself: scripts, and the commands as they are pasted. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CaseResult, Evidence } from '../../reports/evidence.ts'
import { scriptName } from '../../reports/script.ts'
import { freePort } from '../../suites/endpoint/free-port.ts'
import { requester } from '../support/reference-client.ts'
import { ensureBuilt } from './built.ts'
import { paste } from './paste.ts'
import { ROOT, runCli } from './run-cli.ts'

const execute = promisify(execFile)
const bin = path.join(ROOT, '.venv/bin')
const REQUIRED = process.env['LAMBDACHECK_REQUIRE_EMULATORS'] === '1'
const installed = (program: string): boolean => REQUIRED || existsSync(path.join(bin, program))
const KEYS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_DEFAULT_REGION: 'us-east-1' }
/** Faults that it surely has, one of each sort: a status, a fault that is accepted, an error that does not come, a value. */
const CLAUSES = [
  'CreateCodeSigningConfig.answer',
  'ListFunctions.request.MaxItems.range',
  'PublishVersion.error.InvalidParameterValueException.other-code',
  'alias.list-by-version',
]

let folder: string
let url: string
let ministack: ChildProcess | undefined
let failures: readonly CaseResult[] = []

describe.skipIf(!installed('ministack'))('MiniStack', () => {
  beforeAll(async () => {
    await ensureBuilt()
    folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-ministack-'))
    url = await startMiniStack()
    const clauses = CLAUSES.flatMap(one => ['--clause', one])
    const end = await runCli(['certify', '--endpoint', url, ...clauses, '--runs', '2', '--keep'], {
      cwd: folder,
      env: KEYS,
    })
    expect(end.code, end.stderr).toBe(1)
    const report = readFileSync(path.join(folder, 'lambdacheck-report/evidence.json'), 'utf8')
    failures = (JSON.parse(report) as Evidence).results.filter(one => one.verdict === 'fail')
    expect(failures.length).toBeGreaterThan(2)
  }, 300_000)
  afterAll(() => {
    ministack?.kill()
    rmSync(folder, { recursive: true, force: true })
  })

  test('each script fails as the run did, and leaves no function', { timeout: 120_000 }, async () => {
    const before = await functionsAt(url)
    for (const one of failures) {
      const file = path.join(folder, 'lambdacheck-report/reproduce', scriptName(one.id))
      const env = { PATH: process.env['PATH'] ?? '', LAMBDACHECK_URL: url, ...KEYS }
      const end = await execute(process.execPath, [file], { env }).then(
        ({ stdout }) => ({ code: 0, out: stdout }),
        (error: { code: number; stdout: string; stderr: string }) => ({
          code: error.code,
          out: error.stdout + error.stderr,
        }),
      )
      expect(end.code, `${one.id}\n${end.out}`).toBe(1)
    }
    expect(await functionsAt(url)).toEqual(before)
  })

  test('curl gets the status of the report', { timeout: 60_000 }, async () => {
    const printed = failures.filter(one => one.reproduce?.curl !== undefined)
    expect(printed.length).toBeGreaterThan(2)
    for (const one of printed) {
      const out = await paste(one.reproduce?.curl ?? '', KEYS)
      const [, status] = /HTTP\/1\.1 (\d+)/.exec(out) ?? []
      expect(status, `${one.id}\n${out.slice(0, 500)}`).toBe(String(one.exchanges.at(-1)?.response?.status))
    }
  })

  test.skipIf(!installed('aws'))(
    'the AWS command line gets an answer where one came',
    { timeout: 90_000 },
    async () => {
      const printed = failures.filter(
        one => one.reproduce?.aws !== undefined && (one.exchanges.at(-1)?.response?.status ?? 500) < 300,
      )
      expect(printed.length).toBeGreaterThan(1)
      for (const one of printed)
        expect(await paste(`${one.reproduce?.aws} | cat`, KEYS), one.id).not.toMatch(/error|usage:/i)
    },
  )
})

test.skipIf(installed('ministack'))('SKIPPED: MiniStack is not installed: see endpoints/README.md', ctx => ctx.skip())

async function functionsAt(at: string): Promise<readonly string[]> {
  const { json } = await requester(at)('GET /2015-03-31/functions/', { region: 'us-east-1' })
  return (json.Functions as { FunctionName: string }[]).map(one => one.FunctionName).sort()
}

/** Its address, as soon as it lists functions. */
async function startMiniStack(): Promise<string> {
  const port = await freePort()
  const at = `http://127.0.0.1:${port}`
  ministack = spawn(path.join(bin, 'ministack'), [], {
    cwd: folder,
    env: { PATH: `${bin}:${process.env['PATH']}`, HOME: folder, BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port) },
    stdio: 'ignore',
  })
  for (let attempt = 0; attempt < 300; attempt++) {
    const there = await functionsAt(at).catch(() => undefined)
    if (there !== undefined) return at
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error('MiniStack does not answer')
}
