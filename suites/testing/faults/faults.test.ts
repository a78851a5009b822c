import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startReference, type Reference } from '../../../reference/server.ts'
import { loadSpec } from '../../../spec/compiler/compile.ts'
import type { Spec } from '../../../spec/model.ts'
import type { Case, CaseOutcome, Endpoint, Family } from '../../case.ts'
import { deriveCases } from '../../run/derive.ts'
import { buildProbeZip, FLAVOURS, type Flavour } from '../../probes/flavours.ts'
import { openSession } from '../../run/session.ts'
import { FAULTS } from './catalogue.ts'
import { CONSTANT_SERVERS } from './constants.ts'
import type { Behaviour } from './fault.ts'
import { HARMLESS } from './harmless.ts'
import { startFaultyProxy } from './proxy.ts'

let spec: Spec
let reference: Reference
let cases: ReadonlyMap<string, Case>

beforeAll(async () => {
  spec = loadSpec()
  reference = await startReference({ spec, transitionMs: 15 })
  cases = new Map(deriveCases(spec).map(one => [one.id, one]))
})
afterAll(() => reference.close())

function endpointAt(url: string, requestTimeoutMs: number): Endpoint {
  return {
    run: 'lc-faults',
    name: 'faulty',
    url,
    region: 'us-east-1',
    accountId: '000000000000',
    role: 'arn:aws:iam::000000000000:role/lambdacheck',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    capabilities: { sqs: true },
    actions: {},
    probe: {
      runtime: 'nodejs20.x',
      handler: 'index.handler',
      zipFile: Buffer.from(buildProbeZip('nodejs')).toString('base64'),
      runs: true,
    },
    flavours: Object.fromEntries(
      Object.entries(FLAVOURS).map(([flavour, { handler, runtimes }]) => [
        flavour,
        {
          runtime: runtimes[1],
          handler,
          zipFile: Buffer.from(buildProbeZip(flavour as Flavour)).toString('base64'),
          runs: true,
        },
      ]),
    ),
    probes: {},
    limits: { concurrency: 8, rate: 0, requestTimeoutMs, maxResponseBytes: 10_000_000 },
    expectedFailures: [],
  }
}

/** Names differ from run to run: the numbers of a layer's versions outlive the layer. */
let runs = 0

const passThrough: Behaviour = (_, forward) => forward()

/** The outcomes of cases on a server that behaves so, by id. */
async function run(
  behaviour: Behaviour,
  ids: readonly string[],
  times: { readonly request?: number; readonly each?: number } = {},
): Promise<ReadonlyMap<string, CaseOutcome>> {
  const proxy = await startFaultyProxy({ spec, target: reference.url, behaviour })
  const session = openSession({
    spec,
    endpoint: endpointAt(proxy.url, times.request ?? 15_000),
    seed: 7,
    runs: 8,
    caseTimeoutMs: times.each ?? 75_000,
    prefix: `lc-faults-${(++runs).toString(36)}`,
    signal: new AbortController().signal,
  })
  const outcomes = new Map<string, CaseOutcome>()
  const left = [...ids]
  const work = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const one = cases.get(id)
      if (one === undefined) throw new Error(`there is no case ${id}`)
      const open = session.openCase()
      outcomes.set(
        id,
        await one.run(open.context).catch((error: unknown) => ({
          verdict: 'inconclusive' as const,
          reason: String(error),
          runs: 0,
          exchanges: [],
        })),
      )
      if (times.request === undefined) await open.close()
    }
  }
  try {
    await Promise.all(Array.from({ length: 6 }, work))
    if (times.request === undefined) await session.cleanUp()
  } finally {
    await session.close()
    await proxy.close()
  }
  return outcomes
}

const caughtBy = (fault: (typeof FAULTS)[number]): readonly string[] => Object.values(fault.caught).flat()

describe('the catalogue of faults', () => {
  test('each has an id of its own and is to be noticed by some case of the family it names', () => {
    expect(new Set(FAULTS.map(fault => fault.id)).size).toBe(FAULTS.length)
    for (const fault of FAULTS) {
      expect(caughtBy(fault), fault.id).not.toEqual([])
      for (const [family, ids] of Object.entries(fault.caught))
        for (const id of ids) expect(cases.get(id)?.family, `${fault.id}: ${id}`).toBe(family)
    }
  })

  test('a pass of every family is refuted by at least one fault', () => {
    const families = new Set([...cases.values()].map(one => one.family))
    const refuted = new Set(FAULTS.flatMap(fault => Object.keys(fault.caught) as Family[]))
    expect([...families].filter(family => !refuted.has(family))).toEqual([])
  })

  test('what notices a fault passes where there is none', { timeout: 120_000 }, async () => {
    const outcomes = await run(passThrough, [...new Set(FAULTS.flatMap(caughtBy))])
    for (const [id, { verdict, reason, actual }] of outcomes)
      expect({ id, verdict, reason, actual }).toEqual({ id, verdict: 'pass' })
  })

  // A fault that shows by chance (which record overtakes, which messages meet in a batch) gets a second chance to show
  // itself.
  test.concurrent.each(FAULTS)('$id: $wrong', { timeout: 200_000, retry: 1 }, async fault => {
    const outcomes = await run(fault.behaviour(), caughtBy(fault))
    for (const [id, { verdict, reason, exchanges }] of outcomes) {
      expect({ id, verdict, reason }).toEqual({ id, verdict: 'fail', reason: expect.any(String) as string })
      expect(exchanges.length, id).toBeGreaterThan(0)
    }
  })
})

describe('servers that answer every request alike', () => {
  test.each(Object.keys(CONSTANT_SERVERS))('%s passes nothing', { timeout: 240_000 }, async name => {
    const behaviour = (CONSTANT_SERVERS[name] as () => Behaviour)()
    const all = [...cases.values()]
      .filter((one, at) => ['law', 'model', 'property', 'valid'].includes(one.family) || at % 20 === 0)
      .map(one => one.id)
    // Where nothing is answered, waiting is all there is: a few cases show it.
    const silent = name === 'always a hang' || name === 'always a reset'
    const ids = silent ? all.filter((_, at) => at % 8 === 0) : all
    const outcomes = await run(behaviour, ids, { request: silent ? 25 : 2000, each: 1500 })
    expect([...outcomes].filter(([, outcome]) => outcome.verdict === 'pass').map(([id]) => id)).toEqual([])
  })
})

describe('servers that differ in what nothing forbids', () => {
  test.concurrent.each(Object.keys(HARMLESS))('%s: nothing fails', { timeout: 240_000 }, async name => {
    const behaviour = (HARMLESS[name] as () => Behaviour)()
    const ids = [...cases.values()]
      .filter(
        (one, at) =>
          (one.family === 'law' && at % 2 === 0) || (one.family === 'property' && at % 7 === 0) || at % 25 === 0,
      )
      .map(one => one.id)
    const outcomes = await run(behaviour, ids)
    expect(
      [...outcomes]
        .filter(([, outcome]) => outcome.verdict === 'fail')
        .map(([id, { reason, expected, actual }]) => ({ id, reason, expected, actual })),
    ).toEqual([])
  })
})
