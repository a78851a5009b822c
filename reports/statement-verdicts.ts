/** What several cases, or several runs, say of one statement of the guide together. */
import type { Verdict } from './evidence.ts'

/** What speaks of a statement, before what is silent: a case that was skipped takes nothing from one that passed. */
const MOST_TELLING: readonly Verdict[] = ['fail', 'pass', 'inconclusive', 'unsupported', 'skipped']

/** Verdicts by statement. */
export interface StatementVerdicts {
  readonly [id: string]: Verdict
}

/** All that is said of each statement as one verdict. */
export function joinStatements(said: Iterable<readonly [id: string, verdict: Verdict]>): StatementVerdicts {
  const joined = new Map<string, Verdict>()
  for (const [id, verdict] of said) {
    const known = joined.get(id)
    if (known === undefined || MOST_TELLING.indexOf(verdict) < MOST_TELLING.indexOf(known)) joined.set(id, verdict)
  }
  return Object.fromEntries(joined)
}
