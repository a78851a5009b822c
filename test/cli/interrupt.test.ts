import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, request as send } from 'node:http'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isRunning } from '../../base/is-running.ts'
import { startReference, type Reference } from '../../reference/server.ts'
import type { Evidence } from '../../reports/evidence.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { newRunName, profileOf } from '../../suites/ownership.ts'
import { testEndpoint } from '../../suites/testing/endpoint.ts'
import { createClient } from '../../suites/wire/client.ts'
import { serving } from './bad-servers.ts'
import { builtFolder } from './built-folder.ts'
import { ROOT, runCli, startCli } from './run-cli.ts'

const here = builtFolder('interrupt')
let reference: Reference
beforeAll(async () => {
  reference = await startReference()
}, 120_000)
afterAll(async () => {
  await reference.close()
})

const place = (): string => mkdtempSync(path.join(here.root, 'p-'))

const reportOf = (cwd: string): Evidence =>
  JSON.parse(readFileSync(path.join(cwd, 'lambdacheck-report', 'evidence.json'), 'utf8')) as Evidence

/** Names of functions, layers and mappings of any run that are on the endpoint. */
async function leftovers(): Promise<readonly string[]> {
  const spec = loadSpec()
  const client = createClient({
    endpoint: { url: reference.url, region: 'us-east-1', ...ANYBODY },
  })
  const lists = await Promise.all(
    ['ListFunctions', 'ListLayers', 'ListEventSourceMappings', 'ListCodeSigningConfigs'].map(name =>
      client.call(spec.actions[name]!, {}),
    ),
  )
  await client.close()
  expect(lists.map(one => one.status)).toEqual([200, 200, 200, 200])
  return lists.flatMap(one => JSON.stringify(one.json).match(/lambdacheck-[\w-]+|csc-\w+/g) ?? [])
}

test('a run that comes to its end leaves nothing on the endpoint', { timeout: 120_000 }, async () => {
  const cwd = place()
  const end = await runCli(
    ['certify', '--endpoint', reference.url, '--profile', 'tags,layers', '--seed', '1', '--runs', '2'],
    { cwd },
  )
  expect(end.code, end.stdout).toBe(0)
  expect(reportOf(cwd).requests).toBeGreaterThan(200)
  expect(await leftovers()).toEqual([])
  expect(readdirSync(path.join(cwd, '.lambdacheck'))).toEqual([])
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends a run in order: cleaned up, written down, 130',
  { timeout: 120_000 },
  async signal => {
    const cwd = place()
    const run = startCli(['certify', '--endpoint', reference.url, '--seed', '1', '--runs', '50'], { cwd })
    await run.saw(/^\d+\/\d+/m)
    run.kill(signal)
    const end = await run.end
    expect(end.stderr).toContain('Stopping')
    expect(end.code).toBe(130)
    const evidence = reportOf(cwd)
    expect(evidence.partial).toBe(true)
    expect(evidence.results.filter(one => one.verdict === 'inconclusive').length).toBeGreaterThan(100)
    expect(evidence.profiles.some(one => one.certified)).toBe(false)
    expect(await leftovers()).toEqual([])
    expect(readdirSync(path.join(cwd, '.lambdacheck'))).toEqual([])
  },
)

test('the second Ctrl-C ends it at once, and what was learnt stays', { timeout: 120_000 }, async () => {
  let silent = false
  // The embedded endpoint, until it says nothing more.
  const door = createServer((incoming, outgoing) => {
    if (silent) return
    const inner = send(
      `${reference.url}${incoming.url}`,
      { method: incoming.method, headers: incoming.headers },
      answer => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(outgoing)
      },
    )
    inner.on('error', () => outgoing.destroy())
    incoming.pipe(inner)
  })
  const server = await serving(door, () => 0)
  try {
    const cwd = place()
    const run = startCli(['certify', '--endpoint', server.url, '--seed', '1'], { cwd })
    await run.saw(/^\d+\/\d+/m)
    silent = true
    run.kill('SIGINT')
    await run.saw(/Stopping/)
    await new Promise(resolve => setTimeout(resolve, 300))
    const second = performance.now()
    run.kill('SIGINT')
    const end = await run.end
    expect(performance.now() - second).toBeLessThan(3000)
    expect(end.code).toBe(130)
    expect(end.stderr).toContain('lambdacheck clean')
    const journal = path.join(cwd, 'lambdacheck-report', 'evidence.jsonl')
    expect(existsSync(journal)).toBe(true)
    const rendered = await runCli(['report', 'render', journal, '--format', 'json'], { cwd })
    expect(rendered.code).toBe(0)
    expect((JSON.parse(rendered.stdout) as Evidence).partial).toBe(true)
  } finally {
    await server.close()
  }
})

test('clean deletes what a killed run has left', { timeout: 120_000 }, async () => {
  const cwd = place()
  const run = startCli(['certify', '--endpoint', reference.url, '--seed', '1', '--runs', '50'], { cwd })
  await run.saw(/^\d+\/\d+/m)
  run.kill('SIGKILL')
  await run.end
  expect((await leftovers()).length).toBeGreaterThan(0)
  const clean = (...args: readonly string[]) => runCli(['clean', '--endpoint', reference.url, ...args], { cwd })
  const before = await leftovers()

  const shown = await clean('--dry-run')
  expect(shown.code, shown.stderr).toBe(0)
  expect(shown.stdout).toMatch(/^ {2}function lambdacheck-/m)
  const unasked = await clean()
  expect(unasked.code).toBe(2)
  expect(unasked.stderr).toContain('nothing was deleted: there is no terminal to ask on. Say --yes')
  expect(await leftovers()).toEqual(before)

  const end = await clean('--yes')
  expect(end.code, end.stderr).toBe(0)
  expect(end.stdout).toMatch(/deleted function lambdacheck-/)
  expect(await leftovers()).toEqual([])
  const again = await clean()
  expect(again.code).toBe(0)
  expect(again.stdout).toContain('Nothing of ours')
})

/** `script` of util-linux gives a program a terminal of its own. */
const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0

test.skipIf(!hasTerminal)('clean asks on a terminal, and does as it is told', { timeout: 60_000 }, async () => {
  const spec = loadSpec()
  const client = createClient({ endpoint: { url: reference.url, region: 'us-east-1', ...ANYBODY } })
  const FunctionName = `${newRunName()}-1-function-1`
  const { zipFile } = testEndpoint(reference.url).probe
  const base = { Runtime: 'nodejs22.x', Handler: 'index.handler', Role: 'arn:aws:iam::000000000000:role/r' }
  await client.call(spec.actions['CreateFunction']!, { FunctionName, ...base, Code: { ZipFile: zipFile } })
  await client.close()
  const command = [process.execPath, path.join(ROOT, 'bin/lambdacheck.js'), 'clean', '--endpoint', reference.url]
  const answered = (answer: string) =>
    new Promise<{ readonly code: number | null; readonly shown: string }>(resolve => {
      const child = spawn('script', ['-qefc', command.join(' '), '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] })
      let shown = ''
      child.stdout.on('data', (chunk: Buffer) => {
        shown += chunk.toString()
        if (shown.includes('[y/N]') && !child.stdin.writableEnded) child.stdin.end(`${answer}\n`)
      })
      child.on('close', code => resolve({ code, shown }))
    })
  const refused = await answered('n')
  expect(refused.shown).toMatch(new RegExp(`${FunctionName}[^]*Delete one thing\\? \\[y/N\\][^]*Nothing was deleted`))
  expect(refused.code).toBe(1)
  expect(await leftovers()).toContain(FunctionName)
  const agreed = await answered('y')
  expect(agreed.shown).toContain(`deleted function ${FunctionName}`)
  expect(agreed.code).toBe(0)
  expect(await leftovers()).toEqual([])
})

test('clean leaves what only looks like ours, and finds configurations whose publishers or description were changed', {
  timeout: 60_000,
}, async () => {
  const cwd = place()
  const spec = loadSpec()
  const client = createClient({ endpoint: { url: reference.url, region: 'us-east-1', ...ANYBODY } })
  const call = async (name: string, params: { readonly [member: string]: unknown }) => {
    const answer = await client.call(spec.actions[name]!, params)
    expect(answer.status, JSON.stringify(answer.error)).toBeLessThan(300)
    return answer.members
  }
  const run = newRunName()
  const theirs = ['team-lambdacheck-dashboard', 'lambdacheck-default', 'lambdacheck-prod1abc-api', `x-${run}-1`]
  const code = { ZipFile: testEndpoint(reference.url).probe.zipFile }
  const base = { Runtime: 'nodejs22.x', Handler: 'index.handler', Role: 'arn:aws:iam::000000000000:role/r', Code: code }
  for (const FunctionName of [...theirs, `${run}-1-function-1`]) await call('CreateFunction', { FunctionName, ...base })
  const config = async (profile: string, Description: string): Promise<string> => {
    const SigningProfileVersionArns = [`arn:aws:signer:us-east-1:000000000000:/signing-profiles/${profile}/abcdef1234`]
    const made = await call('CreateCodeSigningConfig', {
      AllowedPublishers: { SigningProfileVersionArns },
      Description,
    })
    return (made!['CodeSigningConfig'] as { CodeSigningConfigArn: string }).CodeSigningConfigArn
  }
  const theirConfigs = [
    await config('lambdacheck_prod', 'for lambdacheck-runs'),
    await config('releases', `about ${run}-1`),
  ]
  const ours = [await config('releases', `${run}-config-1`), await config(profileOf(run), 'something else')]

  const end = await runCli(['clean', '--endpoint', reference.url, '--yes'], { cwd })
  expect(end.code, end.stderr).toBe(0)
  const deleted = [`function ${run}-1-function-1`, ...ours.map(arn => `code-signing-config ${arn}`)]
  expect(end.stdout.trim().split('\n').sort()).toEqual(deleted.map(one => `deleted ${one}`).sort())

  for (const FunctionName of theirs) await call('DeleteFunction', { FunctionName })
  for (const CodeSigningConfigArn of theirConfigs) await call('DeleteCodeSigningConfig', { CodeSigningConfigArn })
  await client.close()
})

const ANYBODY = {
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  limits: { concurrency: 4, rate: 0, requestTimeoutMs: 5000, maxResponseBytes: 1e7 },
} as const

test('what was started is stopped, its children too, even when the run is killed', { timeout: 120_000 }, async () => {
  const cwd = place()
  // The shell starts a second process and waits for it: both have to go.
  writeFileSync(
    path.join(cwd, 'e.yaml'),
    `url: http://127.0.0.1:0\nstart:\n  command: sleep 4242 & echo child $! > child; echo serving on ${reference.url}; wait\n  ready: {log: 'serving on (?<url>\\S+)'}\n`,
  )
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const run = startCli(['certify', '--endpoint', 'e.yaml', '--profile', 'aliases', '--runs', '50'], { cwd })
    await run.saw(/Asking/)
    const child = Number(/child (\d+)/.exec(readFileSync(path.join(cwd, 'child'), 'utf8'))?.[1])
    expect(isRunning(child)).toBe(true)
    run.kill(signal)
    await run.end
    await expect.poll(() => isRunning(child), { timeout: 5000 }).toBe(false)
  }
  expect((await runCli(['clean', '--endpoint', reference.url, '--yes'], { cwd })).code).toBe(0)
})
