/** The time that a run may take, divided. */
import type { CaseOutline } from '../case.ts'

/** Milliseconds since the epoch. */
export interface Bounds {
  /** No case begins or goes on after it. */
  readonly cases: number
  /** By then the suites have deleted what they made, as far as the endpoint lets them. */
  readonly suites: number
  /** By then what the suites left has been looked for and deleted. */
  readonly end: number
}

const LEAST_MS = 1000
const MOST_MS = 20_000
/** Of the whole, for cleaning up; of this, for the suites. */
const SHARE = 0.2
const SUITES_SHARE = 0.6

/** When a run of a budget has to stop beginning cases, end its suites, and be over. Milliseconds since the epoch. */
export function boundsOf(start: number, budgetMs: number): Bounds {
  const tidying = Math.min(MOST_MS, Math.max(LEAST_MS, budgetMs * SHARE))
  const cases = start + Math.max(0, budgetMs - tidying)
  return { cases, suites: cases + tidying * SUITES_SHARE, end: start + budgetMs }
}

/** Milliseconds from now until `time`, not less than `least` and not more than `most`. */
export function timeUntil(time: number, least: number, most: number, now = Date.now()): number {
  return Math.max(least, Math.min(most, time - now))
}

/** Seconds of waiting for which the time of a case is enough, with its calls, and with what tidies up. */
const USUAL_WAITS = 40

/**
 * Milliseconds that a case may take: what its page says, and never less than what its waits need where the endpoint uses
 * all of each. One that is quick takes no longer for it, and one that fails ends with the wait that was in vain.
 */
export function timeOfCase({ timeMs = 0, waits = 0 }: Pick<CaseOutline, 'timeMs' | 'waits'>, usualMs: number): number {
  return Math.max(timeMs, usualMs * Math.max(1, waits / USUAL_WAITS))
}
