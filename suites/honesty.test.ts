import { afterEach, describe, expect, test } from 'vitest'
import { eachAtOnce } from '../base/each-at-once.ts'
import { loadSpec } from '../spec/compiler/compile.ts'
import type { Case, CaseOutcome } from './case.ts'
import { deriveCases } from './run/derive.ts'
import { outcomeOfNotSent } from './run/run-case.ts'
import { openSession } from './run/session.ts'
import { type ConstantAnswer, type ConstantServer, startConstantServer } from './testing/constant-server.ts'
import { testEndpoint } from './testing/endpoint.ts'

const spec = loadSpec()
const cases = deriveCases(spec)

let server: ConstantServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

async function runAll(
  url: string,
  chosen: readonly Case[],
  options: { readonly requestTimeoutMs?: number; readonly runs?: number; readonly hasty?: boolean } = {},
): Promise<Map<string, CaseOutcome>> {
  const limits = {
    concurrency: 16,
    rate: 0,
    requestTimeoutMs: options.requestTimeoutMs ?? 2000,
    maxResponseBytes: 1_000_000,
  }
  const session = openSession({
    spec,
    endpoint: testEndpoint(url, { limits }),
    seed: 1,
    runs: options.runs ?? 2,
    caseTimeoutMs: options.hasty ? 1500 : 5000,
    prefix: 'lambdacheck-honesty',
    signal: new AbortController().signal,
  })
  const outcomes = new Map<string, CaseOutcome>()
  // The hasty ones do little but wait.
  await eachAtOnce(chosen, options.hasty ? 64 : 16, async one => {
    const open = session.openCase()
    outcomes.set(one.id, await one.run(open.context).catch(notSent))
    if (!options.hasty) await open.close()
  })
  await session.close()
  return outcomes
}

/** A server that tells no names is asked to change nothing. */
function notSent(error: unknown): CaseOutcome {
  const outcome = outcomeOfNotSent(error)
  if (outcome === undefined) throw error
  return outcome
}

const passing = (outcomes: Map<string, CaseOutcome>): readonly string[] =>
  [...outcomes].filter(([, outcome]) => outcome.verdict === 'pass').map(([id]) => id)

const json = { 'content-type': 'application/json' }
/**
 * `part`: waiting and deleting would tell nothing more, so they are cut short. `few`: who is busy is waited for, time and
 * again.
 */
type Asked = 'all' | 'part' | 'few'

const ANSWERS: { readonly [name: string]: ConstantAnswer & { readonly asked: Asked } } = {
  '400 with an error body': {
    asked: 'all',
    status: 400,
    headers: { ...json, 'x-amzn-errortype': 'InvalidParameterValueException' },
    body: '{"Type":"User","message":"no"}',
  },
  '404 with an error body': {
    asked: 'all',
    status: 404,
    headers: { ...json, 'x-amzn-errortype': 'ResourceNotFoundException' },
    body: '{"Type":"User","Message":"not found"}',
  },
  '409 with an error body': {
    asked: 'part',
    status: 409,
    headers: { ...json, 'x-amzn-errortype': 'ResourceConflictException' },
    body: '{"Type":"User","message":"no"}',
  },
  '404 without a name': { asked: 'part', status: 404, body: 'not found' },
  '200 {}': { asked: 'all', status: 200, headers: json, body: '{}' },
  '201 {}': { asked: 'all', status: 201, headers: json, body: '{}' },
  '204 without a body': { asked: 'part', status: 204 },
  '500 with an error body': {
    asked: 'part',
    status: 500,
    headers: { ...json, 'x-amzn-errortype': 'ServiceException' },
    body: '{"Type":"Server","Message":"no"}',
  },
  'empty 200': { asked: 'part', status: 200 },
  'HTML 200': { asked: 'part', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>hello</html>' },
  redirect: { asked: 'part', status: 302, headers: { location: 'http://127.0.0.1:9/' } },
  '429 with an error body': {
    asked: 'few',
    status: 429,
    headers: { ...json, 'x-amzn-errortype': 'TooManyRequestsException' },
    body: '{"Type":"User","message":"slow down"}',
  },
}

/** Of these each case has a way of its own; of the others, which are many of a kind, a part will do. */
const EACH_ITS_OWN: ReadonlySet<string> = new Set(['law', 'model', 'property', 'valid'])
const partOf = (every: number): readonly Case[] =>
  cases.filter((one, at) => EACH_ITS_OWN.has(one.family) || at % every === 0)

describe('a server with one answer for everything passes nothing', () => {
  for (const [name, answer] of Object.entries(ANSWERS)) {
    const { asked } = answer
    const chosen = asked === 'few' ? cases.filter((_, at) => at % 150 === 0) : partOf(asked === 'all' ? 1 : 5)
    test.concurrent(name, { timeout: 240_000 }, async () => {
      const server = await startConstantServer(answer)
      const outcomes = await runAll(server.url, chosen, { hasty: asked === 'part' })
      await server.close()
      expect(outcomes.size).toBe(chosen.length)
      expect(passing(outcomes)).toEqual([])
    })
  }

  test('200 with members of many actions passes only reads that are truly met', { timeout: 120_000 }, async () => {
    server = await startConstantServer({
      status: 200,
      headers: json,
      body: '{"Functions":[],"Aliases":[],"Layers":[],"Versions":[],"FunctionName":"x","State":"Active"}',
    })
    const passed = passing(await runAll(server.url, cases))
    // An empty list is a documented answer to who asks for the functions of an account.
    expect(passed.filter(id => !/^(ListFunctions\.|ListLayers\.|list-functions\.)/.test(id))).toEqual([])
    expect(passed.filter(id => /#(one-fault|error|law|model)/.test(id))).toEqual([])
  })

  for (const answer of ['hang', 'reset'] as const) {
    test(answer, { timeout: 120_000 }, async () => {
      server = await startConstantServer(answer)
      const chosen = partOf(20).filter((_, at) => at % 8 === 0)
      const outcomes = await runAll(server.url, chosen, { requestTimeoutMs: 60, runs: 1, hasty: true })
      expect([...new Set([...outcomes.values()].map(one => one.verdict))]).toEqual(['inconclusive'])
    })
  }

  test('nobody listening', { timeout: 120_000 }, async () => {
    const outcomes = await runAll(
      'http://127.0.0.1:9',
      cases.filter((_, at) => at % 10 === 0),
      { runs: 1 },
    )
    expect([...new Set([...outcomes.values()].map(one => one.verdict))]).toEqual(['inconclusive'])
  })
})
