import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startReference } from '../../../reference/server.ts'
import { loadSpec } from '../../../spec/compiler/compile.ts'
import type { Spec } from '../../../spec/model.ts'
import type { Case, CaseOutcome, Endpoint } from '../../case.ts'
import { buildProbeZip } from '../../probes/flavours.ts'
import { deriveCases } from '../../run/derive.ts'
import { openSession } from '../../run/session.ts'
import { SANDBOX_FAULTS, type SandboxFault } from './sandbox.ts'

let spec: Spec
let cases: ReadonlyMap<string, Case>
let passed: ReadonlyMap<string, CaseOutcome>

const caughtByAny = [...new Set(SANDBOX_FAULTS.flatMap(fault => fault.caught))]

beforeAll(async () => {
  spec = loadSpec()
  cases = new Map(deriveCases(spec).map(one => [one.id, one]))
  passed = await run({}, caughtByAny)
}, 300_000)

let runs = 0

/** The outcomes of cases on an embedded endpoint that is wrong in this way. */
async function run(
  { intercept, record }: Pick<SandboxFault, 'intercept' | 'record'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CaseOutcome>> {
  const reference = await startReference({
    spec,
    transitionMs: 15,
    ...(intercept && { intercept }),
    ...(record && { interceptRecord: record }),
  })
  const endpoint: Endpoint = {
    run: 'lc-sandbox',
    name: 'faulty',
    url: reference.url,
    region: 'us-east-1',
    accountId: '000000000000',
    role: 'arn:aws:iam::000000000000:role/lambdacheck',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    capabilities: { sqs: true, journal: true },
    actions: {},
    probe: {
      runtime: 'nodejs20.x',
      handler: 'index.handler',
      zipFile: Buffer.from(buildProbeZip('nodejs')).toString('base64'),
      runs: true,
    },
    flavours: {},
    probes: {},
    limits: { concurrency: 8, rate: 0, requestTimeoutMs: 20_000, maxResponseBytes: 10_000_000 },
    expectedFailures: [],
  }
  const session = openSession({
    spec,
    endpoint,
    seed: 7,
    runs: 8,
    caseTimeoutMs: 40_000,
    prefix: `lc-sandbox-${(++runs).toString(36)}`,
    signal: new AbortController().signal,
  })
  const outcomes = new Map<string, CaseOutcome>()
  const left = [...ids]
  const work = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const open = session.openCase()
      outcomes.set(id, await (cases.get(id) as Case).run(open.context))
      await open.close()
    }
  }
  try {
    await Promise.all(Array.from({ length: 6 }, work))
    await session.cleanUp()
  } finally {
    await session.close()
    await reference.close()
  }
  return outcomes
}

afterAll(() => {
  cases = new Map()
})

describe('faults inside of execution environments', () => {
  test('each has an id of its own, and is noticed by cases of its level', () => {
    expect(new Set(SANDBOX_FAULTS.map(fault => fault.id)).size).toBe(SANDBOX_FAULTS.length)
    for (const { caught, level = 'must' } of SANDBOX_FAULTS)
      for (const id of caught) expect({ id, level: cases.get(id)?.clause.level }).toEqual({ id, level })
  })

  test('what notices a fault passes where there is none', () => {
    for (const [id, { verdict, reason, actual }] of passed)
      expect({ id, verdict, reason, actual }).toEqual({ id, verdict: 'pass' })
  })

  test.concurrent.each(SANDBOX_FAULTS)('$id: $wrong', { timeout: 240_000 }, async fault => {
    for (const [id, { verdict, reason, expected, actual }] of await run(fault, fault.caught)) {
      expect({ id, verdict, reason }).toEqual({ id, verdict: 'fail', reason: expect.any(String) as string })
      expect(`${reason} ${expected} ${actual}`, id).toMatch(fault.told)
    }
  })
})
