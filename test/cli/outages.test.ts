/** What happens to a run when answers are lost, nothing can be deleted, the endpoint is away for a while, or says "too many" to everything. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { startReference, type Reference } from '../../reference/server.ts'
import type { Evidence } from '../../reports/evidence.ts'
import { trySignals } from '../../scripts/hostile/signals.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { findOurs } from '../../suites/run/sweep.ts'
import { refusal, type Answered, type Behaviour } from '../../suites/testing/faults/fault.ts'
import { startFaultyProxy } from '../../suites/testing/faults/proxy.ts'
import { createClient } from '../../suites/wire/client.ts'
import { builtFolder } from './built-folder.ts'
import { runCli, type CliEnd } from './run-cli.ts'

const spec = loadSpec()
const here = builtFolder('outages')

interface Place {
  /** A run against the embedded endpoint, which is behind a proxy that behaves so. */
  certify(behaviour: Behaviour, ...args: readonly string[]): Promise<CliEnd & { readonly evidence: Evidence }>
  /** Names of what any run has left on the endpoint. */
  leftovers(): Promise<readonly string[]>
  clean(): Promise<CliEnd>
}

/** An endpoint of its own for each test, so that they wait side by side. */
async function place(onTestFinished: (done: () => Promise<void>) => void): Promise<Place> {
  const reference: Reference = await startReference()
  onTestFinished(() => reference.close())
  return {
    async certify(behaviour, ...args) {
      const proxy = await startFaultyProxy({ spec, target: reference.url, behaviour })
      const cwd = mkdtempSync(path.join(here.root, 'p-'))
      try {
        const end = await runCli(['certify', '--endpoint', proxy.url, ...args], { cwd })
        expect(readdirSync(cwd), end.stderr).toContain('lambdacheck-report')
        const text = readFileSync(path.join(cwd, 'lambdacheck-report', 'evidence.json'), 'utf8')
        return { ...end, evidence: JSON.parse(text) as Evidence }
      } finally {
        await proxy.close()
      }
    },
    async leftovers() {
      const limits = { concurrency: 4, rate: 0, requestTimeoutMs: 5000, maxResponseBytes: 1e7 }
      const endpoint = { url: reference.url, region: 'us-east-1' }
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
      const client = createClient({ endpoint: { ...endpoint, credentials, limits } })
      const { groups, unread } = await findOurs({ spec, client, endpoint, services: [], timeMs: 10_000 })
      await client.close()
      expect(unread).toEqual([])
      return groups.flat().map(one => one.name)
    },
    clean: () => runCli(['clean', '--endpoint', reference.url, '--yes'], { cwd: here.root }),
  }
}

/** Always the same for the same beginning. */
function dice(state: number): () => number {
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

test.concurrent('where every fifth answer is lost, nothing of ours is left', { timeout: 300_000 }, async ({
  onTestFinished,
}) => {
  const { certify, leftovers } = await place(onTestFinished)
  const roll = dice(6)
  let lost = 0
  const { evidence } = await certify(
    async (_, forward) => {
      const answer = await forward()
      if (roll() >= 0.2) return answer
      lost++
      return 'reset'
    },
    '--profile',
    'layers,code-signing,tags',
    '--runs',
    '2',
    '--budget',
    '4m',
  )
  expect(lost).toBeGreaterThan(50)
  expect(evidence.results.length).toBeGreaterThan(100)
  expect(await leftovers()).toEqual([])
  expect(evidence.notes.filter(note => note.includes('Could not be deleted'))).toEqual([])
})

const UNDELETING: readonly (readonly [string, Answered])[] = [
  ['is refused', refusal(500, 'ServiceException', 'no')],
  // Listed again and again, though the endpoint says that it is gone.
  ['does nothing', { status: 204, headers: {}, body: Buffer.alloc(0) }],
]
for (const [how, answer] of UNDELETING)
  test.concurrent(`where every deletion ${how}, the run ends in time and says what deletes it`, {
    timeout: 120_000,
  }, async ({ onTestFinished }) => {
    const { certify, leftovers, clean } = await place(onTestFinished)
    const end = await certify(
      async (request, forward) => (request.method === 'DELETE' ? answer : forward()),
      '--profile',
      'aliases,layers',
      '--budget',
      '15s',
    )
    expect(end.code).toBe(1)
    expect(end.ms).toBeLessThan(45_000)
    const left = end.evidence.notes.filter(note => note.startsWith('Could not be deleted: '))
    const there = await leftovers()
    expect(there.length).toBeGreaterThan(0)
    for (const one of there) expect(left.join('\n')).toContain(one)
    expect(left.join('\n')).toMatch(
      /It is deleted by: aws lambda delete-function --function-name lambdacheck-\S+ --endpoint-url http:\S+ --region us-east-1/,
    )
    const cleaned = await clean()
    expect(cleaned.code, cleaned.stderr).toBe(0)
    expect(await leftovers()).toEqual([])
  })

test.concurrent('an outage of some seconds is waited out, and nearly all is judged', { timeout: 400_000 }, async ({
  onTestFinished,
}) => {
  const { certify, leftovers } = await place(onTestFinished)
  let requests = 0
  let until = 0
  const { evidence } = await certify(
    async (_, forward) => {
      if (++requests === 600) until = Date.now() + 6000
      return Date.now() < until ? 'reset' : forward()
    },
    '--profile',
    'tags,layers',
    '--runs',
    '3',
  )
  expect(until).toBeGreaterThan(0)
  const unjudged = evidence.results.filter(one => one.verdict === 'inconclusive')
  expect(unjudged.map(one => `${one.id}: ${one.reason}`).slice(0, 3)).toEqual([])
  expect(evidence.results.filter(one => one.verdict === 'fail').map(one => one.id)).toEqual([])
  expect(await leftovers()).toEqual([])
})

test.concurrent('"too many requests" to everything but the first questions ends soon, in no verdict', {
  timeout: 400_000,
}, async ({ onTestFinished }) => {
  const { certify, clean } = await place(onTestFinished)
  let requests = 0
  const end = await certify(
    async (_, forward) => (++requests < 300 ? forward() : refusal(429, 'TooManyRequestsException', 'slow down')),
    '--runs',
    '2',
  )
  expect(end.code).toBe(1)
  expect(end.ms).toBeLessThan(200_000)
  const after = end.evidence.results.filter(one => one.reason?.includes('has stopped answering: it answers 429'))
  expect(after.length).toBeGreaterThan(500)
  expect(end.evidence.notes.join('\n')).toContain('What is left could not be looked for')
  const cleaned = await clean()
  expect(cleaned.code, cleaned.stderr).toBe(0)
})

test.concurrent('signals and kills at any moment end clean', { timeout: 400_000 }, async () => {
  const rows = await trySignals({ seed: 3, signals: 3, kills: 1, withinMs: 9000 })
  expect(rows.map(one => `${one.tried}: ${one.note}`).filter((_, index) => !rows[index]?.survived)).toEqual([])
})
