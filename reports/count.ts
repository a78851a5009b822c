import type { CaseResult, Verdict } from './evidence.ts'

/** How many of the results ended in each verdict. */
export function countVerdicts(results: readonly Pick<CaseResult, 'verdict'>[]): { [verdict in Verdict]: number } {
  const counts = { pass: 0, fail: 0, unsupported: 0, skipped: 0, inconclusive: 0 }
  for (const { verdict } of results) counts[verdict]++
  return counts
}
