/** What a run asks, as the command and the library choose it, and what both take when nothing is said. */
import { caseListOf } from '../reports/case-list.ts'
import { manifestFor } from '../suites/run/case-manifest.ts'
import { loadSpec } from '../spec/compiler/compile.ts'
import type { Prepared } from '../suites/run/certify.ts'
import { loadOutlines } from '../suites/run/outlines.ts'
import { type Selection, selectCases } from '../suites/run/select.ts'

/** The same run again asks the same. */
export const DEFAULT_SEED = 1
/** Generated examples for each case. */
export const DEFAULT_RUNS = 20
/** What a run may take in all when nobody says otherwise. */
export const DEFAULT_BUDGET_MS = 30 * 60_000
/** What one case may take; then it is inconclusive. */
export const CASE_TIMEOUT_MS = 60_000

/** The cases that are chosen, and the frozen list of the edition that they are of. */
export async function prepareCases(choice: Selection): Promise<Prepared> {
  const spec = loadSpec()
  const all = await loadOutlines(spec)
  const cases = selectCases(all, choice)
  const manifest = manifestFor(spec.edition, all)
  const caseList = caseListOf(all, new Set(cases.map(one => one.clause.profile)))
  return { spec, cases, caseList: { ...caseList, ...(manifest === undefined ? {} : { manifest }) } }
}
