import { describe, expect, test } from 'vitest'
import { startReference } from '../../../reference/server.ts'
import type { CaseOutcome } from '../../case.ts'
import { createGate } from '../../wire/pace.ts'
import { faultyEndpoint, knownCases, runCases } from './run-cases.ts'
import { SANDBOX_FAULTS, type SandboxFault } from './sandbox.ts'

const known = knownCases()
const caughtByAny = [...new Set(SANDBOX_FAULTS.flatMap(fault => fault.caught))]

/** Endpoints at one time: each starts many processes, with folders of their own. */
const gate = createGate(4)

/** The outcomes of cases on an embedded endpoint that is wrong in this way. */
async function run(
  { intercept, record }: Pick<SandboxFault, 'intercept' | 'record'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CaseOutcome>> {
  const reference = await startReference({
    spec: known.spec,
    transitionMs: 15,
    ...(intercept && { intercept }),
    ...(record && { interceptRecord: record }),
  })
  const endpoint = faultyEndpoint(reference.url, 40_000, {
    run: 'lc-sandbox',
    capabilities: { sqs: true, journal: true },
  })
  try {
    return await runCases({ ...known, endpoint, ids, caseTimeoutMs: 150_000 })
  } finally {
    await reference.close()
  }
}

describe('faults inside of execution environments', () => {
  test('each has an id of its own, and is noticed by MUST cases', () => {
    expect(new Set(SANDBOX_FAULTS.map(fault => fault.id)).size).toBe(SANDBOX_FAULTS.length)
    for (const { caught } of SANDBOX_FAULTS)
      for (const id of caught) expect({ id, level: known.cases.get(id)?.clause.level }).toEqual({ id, level: 'must' })
  })

  // A machine that is busy for a moment makes processes late: each has a second try.
  test.concurrent('what notices a fault passes where there is none', { timeout: 600_000 }, async () => {
    for (const [id, { verdict, reason, actual }] of await gate(() => run({}, caughtByAny)))
      expect({ id, verdict, reason, actual }).toEqual({ id, verdict: 'pass' })
  })

  test.concurrent.each(SANDBOX_FAULTS)('$id: $wrong', { timeout: 600_000 }, async fault => {
    for (const [id, { verdict, reason, expected, actual }] of await gate(() => run(fault, fault.caught))) {
      expect({ id, verdict, reason }).toEqual({ id, verdict: 'fail', reason: expect.any(String) as string })
      expect(`${reason} ${expected} ${actual}`, id).toMatch(fault.told)
    }
  })
})
