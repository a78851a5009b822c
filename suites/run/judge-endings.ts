/** When all cases are over: what each ending of the endpoint came of that none of them has explained. */
import type { Case } from '../case.ts'
import { type CaseRun, endsAtAnyOf, runAlone, type RunCaseOptions } from './run-case.ts'

/** A case that was judged again. */
export interface Revised {
  readonly one: Case
  readonly run: CaseRun
}

/** Looking for cases may take so long in all, and so many are looked at for each ending. */
const LOOKING_MS = 90_000
const MOST_CASES = 60

/**
 * Runs again what had just been judged when the endpoint ended: a case at which it ends, with no other beside it,
 * fails. Where nobody knows what it ended of, what ran then and seemed to hold is open, so that no such endpoint is
 * certified.
 */
export async function judgeEndings(options: RunCaseOptions): Promise<readonly Revised[]> {
  const { suspects, signal } = options
  const until = Date.now() + LOOKING_MS
  const tried = new Map<Case, CaseRun | undefined>()
  /** Half of them at a time, as long as the endpoint ends at any. */
  const look = async (cases: readonly Case[]): Promise<void> => {
    const [one] = cases
    if (one === undefined || signal.aborted || Date.now() > until) return
    if (cases.length === 1) {
      const run = await runAlone(one, options, suspects.endings().count)
      tried.set(one, run.endedAlone === true ? run : undefined)
    } else if (await endsAtAnyOf(cases, options)) {
      await look(cases.slice(0, cases.length / 2))
      await look(cases.slice(cases.length / 2))
    } else for (const innocent of cases) tried.set(innocent, undefined)
  }
  const open: Revised[] = []
  for (const { justOver, beside, how, isExplained } of suspects.inCompany()) {
    await look(justOver.filter(one => !tried.has(one)).slice(0, MOST_CASES))
    if (isExplained || justOver.some(one => tried.get(one) !== undefined)) continue
    const reason = `the endpoint ended while this ran beside others, and does not when it runs alone: it ${how}`
    open.push(...beside.map(one => ({ one, run: left(reason) })))
  }
  const guilty = [...tried].flatMap(([one, run]) => (run === undefined ? [] : [{ one, run }]))
  return [...open, ...guilty]
}

function left(reason: string): CaseRun {
  return { outcome: { verdict: 'inconclusive', reason, runs: 0, exchanges: [] }, durationMs: 0, left: [] }
}
