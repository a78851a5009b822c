import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startReference, type Reference } from '../../reference/server.ts'
import type { Evidence } from '../../reports/evidence.ts'
import { constantServer, CONSTANT_ANSWERS } from './bad-servers.ts'
import { builtFolder } from './built-folder.ts'
import { ROOT, runCli, startProgram, type CliEnd } from './run-cli.ts'

const here = builtFolder('certify')
let reference: Reference
beforeAll(async () => {
  reference = await startReference()
}, 120_000)
afterAll(async () => {
  await reference.close()
})

const place = (): string => mkdtempSync(path.join(here.root, 'p-'))
const reportOf = (cwd: string, out = 'lambdacheck-report'): Evidence =>
  JSON.parse(readFileSync(path.join(cwd, out, 'evidence.json'), 'utf8')) as Evidence
const verdictsOf = (evidence: Evidence): readonly string[] =>
  evidence.results.map(one => `${one.id} ${one.verdict} ${one.runs}`).sort()

test.concurrent('without an endpoint the embedded one is started, tested and stopped', {
  timeout: 120_000,
}, async () => {
  const cwd = place()
  const end = await runCli(['certify', '--profile', 'tags', '--seed', '7', '--runs', '3'], { cwd })
  expect(end.code, end.stdout).toBe(0)
  const evidence = reportOf(cwd)
  expect(evidence.endpoint?.name).toBe('embedded')
  expect(evidence.profiles.map(one => [one.profile, one.certified])).toEqual([['tags', true]])
  expect(evidence.options).toMatchObject({ seed: 7, runs: 3 })
  expect(readdirSync(path.join(cwd, 'lambdacheck-report')).sort()).toEqual([
    'badge.svg',
    'evidence.json',
    'junit.xml',
    'report.html',
    'results.sarif',
    'summary.md',
  ])
  await expect(fetch(evidence.endpoint!.url)).rejects.toThrow()
})

test.concurrent('the same seed gives the same cases and verdicts; another seed gives other examples', {
  timeout: 300_000,
}, async () => {
  const run = async (seed: string): Promise<Evidence> => {
    const cwd = place()
    await runCli(['certify', '--endpoint', reference.url, '--profile', 'versions', '--seed', seed, '--runs', '4'], {
      cwd,
    })
    return reportOf(cwd)
  }
  const [first, second, other] = [await run('11'), await run('11'), await run('12')]
  expect(verdictsOf(second)).toEqual(verdictsOf(first))
  expect(other.results.map(one => one.id).sort()).toEqual(first.results.map(one => one.id).sort())
})

test.concurrent('shards joined are the whole', { timeout: 300_000 }, async () => {
  const cwd = place()
  const args = ['certify', '--endpoint', reference.url, '--profile', 'tags,versions', '--seed', '3', '--runs', '2']
  const whole = await runCli([...args, '--out', 'whole'], { cwd })
  expect(whole.code, whole.stdout).toBe(0)
  for (const part of ['1', '2', '3']) {
    const end = await runCli([...args, '--shard', `${part}/3`, '--out', `part-${part}`], { cwd })
    expect(end.code, end.stdout).toBe(0)
    expect(reportOf(cwd, `part-${part}`).profiles.some(one => one.certified)).toBe(false)
    expect(reportOf(cwd, `part-${part}`).results.length).toBeGreaterThan(0)
  }
  const merged = await runCli(['report', 'merge', 'part-1', 'part-2', 'part-3', '--out', 'joined'], { cwd })
  expect(merged.code, merged.stdout + merged.stderr).toBe(0)
  expect(verdictsOf(reportOf(cwd, 'joined'))).toEqual(verdictsOf(reportOf(cwd, 'whole')))
  expect(reportOf(cwd, 'joined').profiles.every(one => one.certified)).toBe(true)
})

test.concurrent('a failure can be replayed by what it says', { timeout: 120_000 }, async () => {
  const cwd = place()
  // Takes whatever it is told, and tells it again.
  const server = await constantServer(CONSTANT_ANSWERS['an echo']!)
  try {
    await runCli(['certify', '--endpoint', server.url, '--action', 'ListFunctions', '--seed', '5', '--runs', '5'], {
      cwd,
    })
    const failure = reportOf(cwd).results.find(one => one.verdict === 'fail')
    expect(failure?.reproduce?.replay).toMatch(
      /^lambdacheck certify --endpoint http:\/\/127\.0\.0\.1:\d+ --runs 5 --clause \S+ --seed 5/,
    )
    const words = failure!
      .reproduce!.replay.split(' ')
      .slice(1)
      .map(word => word.replace(/^'|'$/g, ''))
    const replayed = await runCli([...words, '--out', 'replayed'], { cwd })
    expect(replayed.code).toBe(1)
    expect(reportOf(cwd, 'replayed').results.map(one => [one.id, one.verdict])).toEqual([[failure!.id, 'fail']])
  } finally {
    await server.close()
  }
})

test.concurrent('--json prints the evidence and nothing else', { timeout: 120_000 }, async () => {
  const cwd = place()
  const end = await runCli(['certify', '--endpoint', reference.url, '--action', 'GetAccountSettings', '--json'], {
    cwd,
  })
  expect(end.code).toBe(0)
  const { results } = JSON.parse(end.stdout) as Evidence
  expect(results.map(one => one.id)).toContain('GetAccountSettings.answer#valid')
  expect(new Set(results.map(one => one.verdict))).toEqual(new Set(['pass']))
})

test.concurrent('what the budget leaves no time for is inconclusive', { timeout: 120_000 }, async () => {
  const cwd = place()
  const end = await runCli(['certify', '--endpoint', reference.url, '--runs', '50', '--budget', '4s'], { cwd })
  expect(end.code).toBe(1)
  const evidence = reportOf(cwd)
  expect(evidence.partial).toBe(true)
  // On a busy machine the time is over before the first suite has begun.
  const outOfTime = /^the (time for the run is over|suites did not end in time)$/
  expect(evidence.results.filter(one => outOfTime.test(one.reason ?? '')).length).toBeGreaterThan(100)
  expect(evidence.results.filter(one => one.verdict === 'fail')).toEqual([])
  expect(end.ms).toBeLessThan(40_000)
})

describe('configuration', () => {
  test.concurrent('expected failures, capabilities and what is expected to fail come from the file', {
    timeout: 120_000,
  }, async () => {
    const cwd = place()
    writeFileSync(
      path.join(cwd, 'lambdacheck.config.yaml'),
      `endpoints:
  mine: { url: ${JSON.stringify(reference.url)}, region: eu-north-1, capabilities: { invoke: false }, actions: { ListTags: unsupported }, expectedFailures: ['TagResource.*'] }
`,
    )
    mkdirSync(path.join(cwd, 'below'))
    await runCli(['certify', '--profile', 'tags,invoke', '--runs', '2'], { cwd: path.join(cwd, 'below') })
    const evidence = reportOf(path.join(cwd, 'below'))
    expect(evidence.endpoint).toMatchObject({ name: 'mine', region: 'eu-north-1' })
    // What runs code is skipped; that calls are answered is asked all the same.
    const verdictOf = (id: string): string | undefined => evidence.results.find(one => one.id === id)?.verdict
    expect(verdictOf('invoke.sync.round-trip#property')).toBe('skipped')
    expect(verdictOf('Invoke.error.ResourceNotFoundException.unknown-function#error')).toBe('pass')
    expect(evidence.results.filter(one => one.action === 'ListTags').every(one => one.verdict === 'unsupported')).toBe(
      true,
    )
    expect(
      evidence.results.filter(one => one.expectedFailure).every(one => one.clause.id.startsWith('TagResource.')),
    ).toBe(true)
    expect(evidence.results.some(one => one.expectedFailure)).toBe(true)
  })

  test.concurrent('the environment of AWS tools is honoured', { timeout: 120_000 }, async () => {
    const cwd = place()
    writeFileSync(path.join(cwd, 'aws-config'), '[profile lab]\nregion = sa-east-1\n')
    const env = {
      AWS_ENDPOINT_URL_LAMBDA: reference.url,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_PROFILE: 'lab',
      AWS_CONFIG_FILE: path.join(cwd, 'aws-config'),
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    }
    const end = await runCli(['certify', '--action', 'GetAccountSettings'], { cwd, env })
    expect(end.code, end.stderr).toBe(0)
    expect(reportOf(cwd).endpoint).toMatchObject({ url: reference.url, region: 'sa-east-1' })
    expect(readFileSync(path.join(cwd, 'lambdacheck-report', 'evidence.json'), 'utf8')).not.toContain(
      env.AWS_SECRET_ACCESS_KEY,
    )
  })
})

describe('compile', () => {
  /** A project that has installed the package. */
  function project(): string {
    const cwd = place()
    mkdirSync(path.join(cwd, 'node_modules'))
    symlinkSync(ROOT, path.join(cwd, 'node_modules', 'lambdacheck'))
    symlinkSync(path.join(ROOT, 'node_modules', 'vitest'), path.join(cwd, 'node_modules', 'vitest'))
    writeFileSync(path.join(cwd, 'package.json'), '{"type": "module"}')
    return cwd
  }

  function vitest(cwd: string, env: { readonly [name: string]: string }): Promise<CliEnd> {
    const program = path.join(ROOT, 'node_modules/vitest/vitest.mjs')
    return startProgram(program, ['run', '--config', 'suites/vitest.config.js', 'GetAccountSettings', 'ListTags'], {
      cwd,
      env,
    }).end
  }

  test.concurrent('writes suites that a Vitest of one’s own runs', { timeout: 120_000 }, async () => {
    const cwd = project()
    const end = await runCli(['compile', '--out', 'suites'], { cwd })
    expect(end.code).toBe(0)
    const files = readdirSync(path.join(cwd, 'suites'))
    expect(files).toContain('CreateFunction.test.js')
    expect(files.length).toBeGreaterThan(60)
    const good = await vitest(cwd, { LAMBDACHECK_ENDPOINT: reference.url, LAMBDACHECK_RUNS: '2' })
    expect(good.stdout + good.stderr).toMatch(/Test Files {2}2 passed/)
    expect(good.code).toBe(0)
  })

  test.concurrent('and that fail where the endpoint fails', { timeout: 120_000 }, async () => {
    const cwd = project()
    await runCli(['compile', '--out', 'suites'], { cwd })
    const server = await constantServer(CONSTANT_ANSWERS['404 with an error']!)
    try {
      const none = await vitest(cwd, { LAMBDACHECK_ENDPOINT: server.url })
      expect(none.stdout + none.stderr).toMatch(/no Lambda endpoint/)
      expect(none.code).not.toBe(0)
    } finally {
      await server.close()
    }
    const unknown = await vitest(cwd, {})
    expect(unknown.stdout + unknown.stderr).toMatch(/which endpoint\?/)
    expect(unknown.code).not.toBe(0)
  })
})
