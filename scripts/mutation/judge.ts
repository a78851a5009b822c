/** Runs cases of the suites against an endpoint over HTTP, and says how they ended. */
import { randomInt } from 'node:crypto'
import type { Verdict } from '../../reports/evidence.ts'
import type { Spec } from '../../spec/model.ts'
import type { Case, Endpoint } from '../../suites/case.ts'
import { createBreaker } from '../../suites/run/breaker.ts'
import { runCase } from '../../suites/run/run-case.ts'
import { openSession } from '../../suites/run/session.ts'

export interface Judge {
  run(one: Case): Promise<{ readonly verdict: Verdict; readonly ms: number }>
  close(): Promise<void>
}

export interface JudgeOptions {
  readonly spec: Spec
  /** As asking the sound program showed it. */
  readonly endpoint: Endpoint
  readonly seed: number
  readonly runs: number
  readonly caseTimeoutMs: number
}

/** `url`: of the program that is judged, which may be a mutant of the one that was asked. */
export function openJudge({ spec, endpoint, seed, runs, caseTimeoutMs }: JudgeOptions, url: string): Judge {
  const end = new AbortController()
  const at: Endpoint = { ...endpoint, url }
  const session = openSession({
    spec,
    endpoint: at,
    seed,
    runs,
    caseTimeoutMs,
    prefix: `${endpoint.run}-${randomInt(36 ** 3).toString(36)}`,
    signal: end.signal,
  })
  return {
    async run(one) {
      const { outcome, durationMs } = await runCase(one, {
        endpoint: at,
        session,
        // Of a mutant that has died every case is to fail by itself.
        breaker: createBreaker(),
        caseTimeoutMs,
        cleanBy: Number.POSITIVE_INFINITY,
        signal: end.signal,
      })
      return { verdict: outcome.verdict, ms: durationMs }
    },
    async close() {
      end.abort(new Error('the mutant is judged'))
      await session.close()
    },
  }
}
