/** The tests that each part of the catalogue of faults has. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Reference, startReference } from '../../reference/server.ts'
import type { CaseOutcome } from '../../suites/case.ts'
import { keysOf } from '../../base/keys-of.ts'
import { FLAVOURS, probeFlavour } from '../../suites/probes/flavours.ts'
import type { Behaviour, Fault } from '../../suites/testing/faults/fault.ts'
import { startFaultyProxy } from '../../suites/testing/faults/proxy.ts'
import { faultyEndpoint, type KnownCases, knownCases, runCases } from '../../suites/testing/faults/run-cases.ts'

/** Runs cases behind a server that stands before the embedded endpoint of the file. */
export interface FaultyRuns extends KnownCases {
  run(behaviour: Behaviour, ids: readonly string[]): Promise<ReadonlyMap<string, CaseOutcome>>
}

const passThrough: Behaviour = (_, forward) => forward()

/** What a page gives a condition to come true, twice, and what making things takes on a busy machine. */
const EACH_MS = 150_000

/** One embedded endpoint for all tests of the file. */
export function faultyRuns(): FaultyRuns {
  const known = knownCases()
  let reference: Reference | undefined
  beforeAll(async () => {
    // Many cases are under way together, and what each one runs stays warm until it is over.
    reference = await startReference({ spec: known.spec, transitionMs: 15, maxEnvironments: 160, maxIdle: 80 })
  })
  afterAll(() => reference?.close())
  return {
    ...known,
    async run(behaviour, ids) {
      const proxy = await startFaultyProxy({ spec: known.spec, target: reference?.url ?? '', behaviour })
      try {
        return await runCases({
          ...known,
          endpoint: faultyEndpoint(proxy.url, 15_000, {
            run: 'lc-faults',
            capabilities: { sqs: true },
            flavours: flavours(),
          }),
          ids,
          caseTimeoutMs: EACH_MS,
        })
      } finally {
        await proxy.close()
      }
    },
  }
}

function flavours(): NonNullable<Parameters<typeof faultyEndpoint>[2]['flavours']> {
  return Object.fromEntries(
    keysOf(FLAVOURS).map(flavour => [flavour, probeFlavour(flavour, FLAVOURS[flavour].runtimes[1], true)]),
  )
}

/** Ids of the cases that notice a fault. */
export const caughtBy = (fault: Fault): readonly string[] => Object.values(fault.caught).flat()

/** Each of the faults is noticed by its cases, and these pass where there is no fault. */
export function describeFaults(what: string, faults: readonly Fault[]): void {
  describe(`faults in ${what}`, () => {
    const { run } = faultyRuns()

    test.concurrent('what notices a fault passes where there is none', { timeout: 600_000 }, async () => {
      const outcomes = await run(passThrough, [...new Set(faults.flatMap(caughtBy))])
      for (const [id, { verdict, reason, actual }] of outcomes)
        expect({ id, verdict, reason, actual }).toEqual({ id, verdict: 'pass' })
    })

    test.concurrent.each(faults)('$id: $wrong', { timeout: 400_000 }, async fault => {
      const outcomes = await run(fault.behaviour(), caughtBy(fault))
      for (const [id, { verdict, reason, exchanges }] of outcomes) {
        expect({ id, verdict, reason }).toEqual({ id, verdict: 'fail', reason: expect.any(String) as string })
        expect(exchanges.length, id).toBeGreaterThan(0)
      }
    })
  })
}
