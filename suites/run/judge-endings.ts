/** When all cases are over: what each ending of the endpoint came of that none of them has explained. */
import type { Case } from '../case.ts'
import { type CaseRun, runAlone, type RunCaseOptions } from './run-case.ts'

/** A case that was judged again. */
export interface Revised {
  readonly one: Case
  readonly run: CaseRun
}

/** Looking for the case may take so long in all, and so many cases for each ending. */
const LOOKING_MS = 90_000
const MOST_CASES = 20

/**
 * Runs what had just been judged when the endpoint ended, each alone, until it ends again. Where it does not, nobody
 * knows what it ended of: what ran then and seemed to hold is open, so that no such endpoint is certified.
 */
export async function judgeEndings(options: RunCaseOptions): Promise<readonly Revised[]> {
  const { suspects, signal } = options
  const until = Date.now() + LOOKING_MS
  const revised: Revised[] = []
  const guilty = new Set<Case>()
  for (const { justOver, beside, how } of suspects.unexplained()) {
    let isExplained = false
    // It was run once, and ended it once: another ending may have another cause.
    for (const one of justOver.filter(one => !guilty.has(one)).slice(0, MOST_CASES)) {
      if (isExplained || signal.aborted || Date.now() > until) break
      const before = suspects.endings().count
      const run = await runAlone(one, options, before)
      if (suspects.endings().count === before) continue
      isExplained = true
      guilty.add(one)
      revised.push({ one, run })
    }
    if (isExplained || justOver.some(one => guilty.has(one))) continue
    const reason = `the endpoint ended while this ran beside others, and does not when it runs alone: it ${how}`
    for (const one of beside) revised.push({ one, run: left(reason) })
  }
  return revised
}

function left(reason: string): CaseRun {
  return { outcome: { verdict: 'inconclusive', reason, runs: 0, exchanges: [] }, durationMs: 0, left: [] }
}
