/** When all cases are over: what each ending of the endpoint came of that none of them has explained. */
import type { Case } from '../case.ts'
import { type CaseRun, runAlone, type RunCaseOptions } from './run-case.ts'

/** A case that was judged again. */
export interface Revised {
  readonly one: Case
  readonly run: CaseRun
}

/** Looking for cases may take so long in all, and so many for each ending. */
const LOOKING_MS = 90_000
const MOST_CASES = 20

/**
 * Runs what had just been judged when the endpoint ended, each case alone: it fails where the endpoint ends again.
 * Where nobody knows what it ended of, what ran then and seemed to hold is open, so that no such endpoint is certified.
 */
export async function judgeEndings(options: RunCaseOptions): Promise<readonly Revised[]> {
  const { suspects, signal } = options
  const until = Date.now() + LOOKING_MS
  const revised: Revised[] = []
  const tried = new Map<Case, { readonly isGuilty: boolean }>()
  const tryAlone = async (one: Case): Promise<void> => {
    const before = suspects.endings().count
    const run = await runAlone(one, options, before)
    const isGuilty = suspects.endings().count > before
    tried.set(one, { isGuilty })
    if (isGuilty) revised.push({ one, run })
  }
  for (const { justOver, beside, how, isExplained } of suspects.inCompany()) {
    for (const one of justOver.slice(0, MOST_CASES))
      if (!tried.has(one) && !signal.aborted && Date.now() < until) await tryAlone(one)
    if (isExplained || justOver.some(one => tried.get(one)?.isGuilty === true)) continue
    const reason = `the endpoint ended while this ran beside others, and does not when it runs alone: it ${how}`
    for (const one of beside) revised.push({ one, run: left(reason) })
  }
  return revised
}

function left(reason: string): CaseRun {
  return { outcome: { verdict: 'inconclusive', reason, runs: 0, exchanges: [] }, durationMs: 0, left: [] }
}
