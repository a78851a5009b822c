/**
 * What the process that starts a run tells the workers that execute it: plain JSON in a file, but for the credentials,
 * which no file ever holds.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { groupInOrder } from '../../base/group-by.ts'
import type { Spec } from '../../spec/model.ts'
import type { CaseOutline, Endpoint } from '../case.ts'

/** What the workers of a run need to know. */
export interface Plan {
  readonly endpoint: Endpoint
  readonly spec: Spec
  readonly seed: number
  /** Generated examples per case. */
  readonly runs: number
  readonly caseTimeoutMs: number
  /** Milliseconds since the epoch after which no case begins or goes on; null: never. */
  readonly deadline: number | null
  /** By then the suites have cleaned up; null: when they are done. */
  readonly cleanBy: number | null
  /** Begins the names of all that is created; every suite adds a suffix of its own. */
  readonly prefix: string
  /** Ids of the cases that were chosen; null: all. */
  readonly cases: readonly string[] | null
  /** What failing cases made, and what they were lent, stays where it is. */
  readonly keep?: boolean
  /** Replays one counterexample of one case. */
  readonly path?: string
  /** `record`: outcomes are reported and nothing is thrown. `assert`: what fails, fails its test. */
  /** The command line that leads to this endpoint, for the replay of a failure. */
  readonly command: string
  readonly mode: 'record' | 'assert'
}

/** Under which Vitest's `provide` hands over the file of the plan. */
export const PLAN_KEY = 'lambdacheckPlan'
/** The same for the credentials: they reach a worker through memory or a pipe. */
export const CREDENTIALS_KEY = 'lambdacheckCredentials'

/** Without the credentials. */
export function writePlan(file: string, plan: Plan): void {
  const { credentials: _, ...endpoint } = plan.endpoint
  writeFileSync(file, JSON.stringify({ ...plan, endpoint }), { mode: 0o600 })
}

/** Reads the plan that the main process wrote. */
export function readPlan(file: string, credentials: Endpoint['credentials']): Plan {
  const plan = JSON.parse(readFileSync(file, 'utf8')) as Plan
  return { ...plan, endpoint: { ...plan.endpoint, credentials } }
}

/** The suite that a case belongs to: its action, else its resource, else the topic of its page. */
export function suiteOf(one: CaseOutline): string {
  return (
    one.action ?? one.clause.action ?? one.clause.resource ?? one.clause.page.replace(/^.*\//, '').replace(/\.md$/, '')
  )
}

/** Suites by name, in the order in which their first case comes. */
export function groupBySuite<T extends CaseOutline>(cases: readonly T[]): ReadonlyMap<string, readonly T[]> {
  return groupInOrder(cases, suiteOf)
}
