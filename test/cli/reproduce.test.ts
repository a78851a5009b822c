/** Failures stand alone: scripts, the command that runs them, printed commands, and what `--keep` leaves. */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startReference, type Reference } from '../../reference/server.ts'
import type { CaseResult, Evidence } from '../../reports/evidence.ts'
import { scriptName } from '../../reports/script.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { refusal, withJson } from '../../suites/testing/faults/fault.ts'
import { startFaultyProxy, type FaultyProxy } from '../../suites/testing/faults/proxy.ts'
import { createSigner } from '../../suites/wire/sign.ts'
import { requester } from '../support/reference-client.ts'
import { builtFolder } from './built-folder.ts'
import { paste } from './paste.ts'
import { ROOT, runCli } from './run-cli.ts'

const execute = promisify(execFile)
const bin = path.join(ROOT, '.venv/bin')
const withCli = process.env['LAMBDACHECK_REQUIRE_EMULATORS'] === '1' || existsSync(path.join(bin, 'aws'))
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: SECRET }

const here = builtFolder('reproduce')
let report: string
let reference: Reference
let proxy: FaultyProxy
let evidence: Evidence
beforeAll(async () => {
  report = path.join(here.root, 'lambdacheck-report')
  reference = await startReference({ transitionMs: 5 })
  proxy = await startFaultyProxy({
    spec: loadSpec(),
    target: reference.url,
    // One of each sort: an action that breaks, a value that is wrong, a fault that is accepted, an error that does not come.
    behaviour: async ({ action }, forward) => {
      if (action === 'UntagResource') return refusal(500, 'ServiceException')
      if (action === 'GetAlias') return withJson(await forward(), value => ({ ...value, Description: 'of another' }))
      const given = await forward()
      if (action === 'UpdateAlias' && given.status === 412) return refusal(404, 'ResourceNotFoundException')
      if (action === 'CreateAlias' && given.status === 400)
        return {
          ...given,
          status: 201,
          headers: { 'content-type': 'application/json' },
          body: Buffer.from('{"AliasArn":"a:b","Name":"b"}'),
        }
      return given
    },
  })
  const actions = ['GetAlias', 'UpdateAlias', 'CreateAlias', 'UntagResource'].flatMap(one => ['--action', one])
  const args = ['certify', '--endpoint', proxy.url, ...actions, '--runs', '2', '--keep']
  const end = await runCli(args, { cwd: here.root, env: KEYS })
  expect(end.code, end.stderr).toBe(1)
  evidence = JSON.parse(readFileSync(path.join(report, 'evidence.json'), 'utf8')) as Evidence
}, 400_000)
afterAll(async () => {
  await proxy.close()
  await reference.close()
})

const failures = (): readonly CaseResult[] => evidence.results.filter(one => one.verdict === 'fail')

/** Of every family and status that came, two. */
function sample(): readonly CaseResult[] {
  const seen = new Map<string, number>()
  return failures().filter(one => {
    const kind = `${one.family} ${one.clause.kind} ${one.exchanges.at(-1)?.response?.status}`
    seen.set(kind, (seen.get(kind) ?? 0) + 1)
    return (seen.get(kind) ?? 0) <= 2
  })
}

async function runScript(id: string, url: string): Promise<{ readonly code: number; readonly out: string }> {
  const file = path.join(report, 'reproduce', scriptName(id))
  const env = { PATH: process.env['PATH'] ?? '', LAMBDACHECK_URL: url, ...KEYS }
  return execute(process.execPath, [file], { env }).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: error.stdout + error.stderr,
    }),
  )
}

async function functionsLeft(): Promise<readonly string[]> {
  const { json } = await requester(reference.url)('GET /2015-03-31/functions/', { region: 'us-east-1' })
  return (json.Functions as { FunctionName: string }[]).map(one => one.FunctionName)
}

describe('each failure has a script', () => {
  test('that fails as the run did, passes where the fault is mended, and leaves nothing', {
    timeout: 120_000,
  }, async () => {
    expect(failures().length).toBeGreaterThan(10)
    const before = await functionsLeft()
    for (const one of sample()) {
      const broken = await runScript(one.id, proxy.url)
      expect(broken, `${one.id}\n${broken.out}`).toMatchObject({ code: 1 })
      const mended = await runScript(one.id, reference.url)
      expect(mended, `${one.id}\n${mended.out}`).toMatchObject({ code: 0 })
    }
    expect(await functionsLeft()).toEqual(before)
  })

  test('in which no credentials are', () => {
    const files = readdirSync(path.join(report, 'reproduce')).map(name => path.join(report, 'reproduce', name))
    expect(files.length).toBe(failures().filter(one => one.reproduce?.steps !== undefined).length)
    for (const file of [...files, path.join(report, 'evidence.json')])
      expect(readFileSync(file, 'utf8')).not.toContain(SECRET)
  })

  test('that signs as we do', async () => {
    const seen: {
      readonly method: string
      readonly url: string
      readonly headers: IncomingHttpHeaders
      readonly body: string
    }[] = []
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
      response.writeHead(404).end('{}')
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    try {
      for (const one of sample()) await runScript(one.id, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    } finally {
      server.close()
    }
    expect(seen.length).toBeGreaterThan(5)
    const signer = createSigner({
      region: 'us-east-1',
      service: 'lambda',
      credentials: { accessKeyId: KEYS.AWS_ACCESS_KEY_ID, secretAccessKey: SECRET },
    })
    for (const { method, url, headers, body } of seen) {
      const [pathname = '', query = ''] = url.split('?')
      const date = String(headers['x-amz-date']).replace(
        /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/,
        '$1-$2-$3T$4:$5:$6Z',
      )
      const signedNames = /SignedHeaders=([^,]+)/.exec(headers['authorization'] ?? '')?.[1]?.split(';') ?? []
      const given = Object.fromEntries(
        signedNames.filter(name => name !== 'host' && name !== 'x-amz-date').map(name => [name, String(headers[name])]),
      )
      const pairs = [...new URLSearchParams(query)]
      const expected = signer.sign(
        { method, path: pathname, query: pairs, headers: given, body },
        String(headers.host),
        pathname,
        new Date(date),
      )
      expect(headers['authorization']).toBe(expected['authorization'])
    }
  })
})

describe('lambdacheck reproduce', () => {
  test('runs one, on the endpoint of the run or on another', { timeout: 60_000 }, async () => {
    const [one] = sample()
    const again = await runCli(['reproduce', one!.id, '--endpoint', proxy.url], { cwd: here.root, env: KEYS })
    expect(again, again.stdout + again.stderr).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('It still fails.'),
    })
    const mended = await runCli(['reproduce', one!.id, '--endpoint', reference.url], { cwd: here.root, env: KEYS })
    expect(mended).toMatchObject({ code: 0, stdout: expect.stringContaining('It does not fail any more.') })
    const printed = await runCli(['reproduce', one!.id, '--print'], { cwd: here.root })
    expect(printed.stdout).toContain("import http from 'node:http'")
  })

  test('says what there is in place of a case that there is not', async () => {
    const end = await runCli(['reproduce', 'GetAlias.nothing'], { cwd: here.root })
    expect(end).toMatchObject({ code: 2, stderr: expect.stringContaining('the run has no case') })
    const passed = evidence.results.find(one => one.verdict === 'pass')
    expect((await runCli(['reproduce', passed!.id], { cwd: here.root })).stderr).toContain('did not fail')
  })
})

describe('what a report prints works as it is pasted, while --keep has left what it needs', () => {
  /** What deletes or makes something answers otherwise the second time. */
  const repeatable = (): readonly CaseResult[] =>
    sample().filter(one => /^(Get|List|Update|Tag|Untag)/.test(one.exchanges.at(-1)?.request.action ?? ''))

  test('curl', { timeout: 60_000 }, async () => {
    expect(repeatable().length).toBeGreaterThan(1)
    for (const { id, reproduce, exchanges } of repeatable()) {
      if (reproduce?.curl === undefined) continue
      const out = await paste(reproduce.curl, KEYS)
      expect(out, `${id}\n${reproduce.curl}\n${out}`).toContain(`HTTP/1.1 ${exchanges.at(-1)?.response?.status}`)
    }
  })

  test.runIf(withCli)('aws', { timeout: 120_000 }, async () => {
    for (const { id, reproduce, exchanges } of repeatable()) {
      if (reproduce?.aws === undefined) continue
      const out = await paste(`${reproduce.aws} | cat`, KEYS)
      const error = exchanges.at(-1)?.response?.headers['x-amzn-errortype']
      if (error === undefined) expect(out, `${id}\n${reproduce.aws}`).not.toMatch(/error|usage:/i)
      else expect(out, `${id}\n${reproduce.aws}`).toContain(`(${error})`)
    }
  })

  test('and clean removes it', { timeout: 60_000 }, async () => {
    expect((await functionsLeft()).length).toBeGreaterThan(0)
    expect(evidence.notes.join('\n')).toContain('lambdacheck clean --endpoint')
    expect((await runCli(['clean', '--endpoint', proxy.url, '--yes'], { cwd: here.root, env: KEYS })).code).toBe(0)
    expect(await functionsLeft()).toEqual([])
  })
})

test('--keep keeps nothing of an endpoint that ends with the run, and says so', async () => {
  const end = await runCli(['certify', '--keep', '--profile', 'tags'], { cwd: here.root })
  expect(end).toMatchObject({ code: 2, stderr: expect.stringContaining('--keep keeps nothing') })
})
