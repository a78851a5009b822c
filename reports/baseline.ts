/** A run held against an earlier one: what is known is excused, what is new is not, and every report says so. */
import { compareEvidence } from './changes.ts'
import type { Baseline, CaseResult, Evidence } from './evidence.ts'

/** The evidence with how it stands beside an earlier run of the same endpoint. It has no digest until it is written. */
export function withBaseline(evidence: Evidence, before: Evidence): Evidence {
  const { newlyFailing, added, lost, fixed, worse, sentence } = compareEvidence(before, evidence)
  const news = new Set([...newlyFailing, ...added.filter(one => one.verdict === 'fail')].map(idOf))
  const { digest: _, ...rest } = evidence
  return {
    ...rest,
    baseline: {
      ...(before.digest !== undefined && { digest: before.digest }),
      startedAt: before.startedAt,
      version: before.tool.version,
      worse,
      sentence,
      known: evidence.results.filter(result => result.verdict === 'fail' && !news.has(result.id)).map(idOf),
      news: [...news],
      lost: lost.map(idOf),
      fixed: fixed.map(idOf),
    },
  }
}

const idOf = ({ id }: CaseResult): string => id

/** What of a run an earlier one excuses. */
export interface Excused {
  /** A failure that was one then, or a case that could not be judged then either. */
  has(result: CaseResult): boolean
  /** Newly failing, or no longer to be judged. */
  isNew(result: CaseResult): boolean
}

/** Without a baseline nothing is excused, and nothing is new. */
export function excusedBy(baseline: Baseline | undefined): Excused {
  if (baseline === undefined) return { has: () => false, isNew: () => false }
  const known = new Set(baseline.known)
  const against = new Set([...baseline.news, ...baseline.lost])
  return {
    has: ({ id, verdict }) => known.has(id) || (verdict !== 'pass' && verdict !== 'fail' && !against.has(id)),
    isNew: ({ id }) => against.has(id),
  }
}
