/**
 * What would have to be mended once, so that a group of results goes: failures by their cause, ordered by how much of a
 * certificate each holds back. Pure; everything follows from results.
 */
import { groupBy } from '../base/group-by.ts'
import type { CaseResult, Evidence } from './evidence.ts'
import { diagnose, type Diagnosis } from './cause-of-result.ts'
import { groupUnvalidated } from './unvalidated.ts'
import { compareText } from '../base/compare-text.ts'

/** What would have to be mended once so that a group of failures goes. */
export interface Cause {
  /** Stable between runs: what is still to be mended has the same id. */
  readonly id: string
  /** What is wrong, one sentence without a full stop. Names in it are the endpoint's and the pages': to be escaped. */
  readonly title: string
  /**
   * Failures first, then what is not implemented, then what could not be judged for it; of each, in the order of the
   * ids. Never empty.
   */
  readonly results: readonly CaseResult[]
  readonly counts: { readonly fail: number; readonly unsupported: number; readonly inconclusive: number }
  /** Actions that it is seen at, sorted. */
  readonly actions: readonly string[]
  /** Profiles that are not certified for it, the most held back first: MUST cases of this cause, and of all causes. */
  readonly holds: readonly { readonly profile: string; readonly cases: number; readonly of: number }[]
  /**
   * Profiles' worth of certificates that it holds back: a profile that it holds back alone counts 1, half of one's
   * trouble 0.5.
   */
  readonly share: number
}

/**
 * Every result that speaks against the endpoint, in exactly one cause; what was expected to fail is left out. The
 * gravest cause comes first.
 */
export function causesOf({ results }: Pick<Evidence, 'results'>): readonly Cause[] {
  const against = results.filter(isAgainst).sort(byId)
  const needed = groupBy(against.filter(isMust), one => one.clause.profile)
  const diagnoses = diagnose(results, against)
  const unvalidated = groupUnvalidated(
    against.filter(one => diagnoses.get(one) === 'unvalidated'),
    results,
  )
  const found = new Map<string, { diagnosis: Diagnosis; results: CaseResult[] }>()
  for (const one of against) {
    const given = diagnoses.get(one)
    const diagnosis = given === 'unvalidated' ? unvalidated.get(one) : given
    if (diagnosis === undefined) continue
    const group = found.get(diagnosis.id)
    if (group === undefined) found.set(diagnosis.id, { diagnosis, results: [one] })
    else group.results.push(one)
  }
  return [...found.values()].map(group => causeOf(group.diagnosis, group.results, needed)).sort(byWeight)
}

const isMust = (one: CaseResult): boolean => one.clause.level === 'must'

function isAgainst({ verdict, expectedFailure }: CaseResult): boolean {
  return expectedFailure !== true && verdict !== 'pass' && verdict !== 'skipped'
}

function causeOf(
  { id, title }: Diagnosis,
  given: readonly CaseResult[],
  needed: ReadonlyMap<string, readonly CaseResult[]>,
): Cause {
  const results = [...given].sort((one, other) => rank(one) - rank(other) || byId(one, other))
  const count = (verdict: CaseResult['verdict']): number => results.filter(result => result.verdict === verdict).length
  const holds = [...groupBy(results.filter(isMust), one => one.clause.profile)]
    .map(([profile, own]) => ({ profile, cases: own.length, of: needed.get(profile)?.length ?? own.length }))
    .sort((one, other) => other.cases / other.of - one.cases / one.of || compareText(one.profile, other.profile))
  return {
    id,
    title,
    results,
    counts: { fail: count('fail'), unsupported: count('unsupported'), inconclusive: count('inconclusive') },
    actions: [...new Set(results.flatMap(result => (result.action === undefined ? [] : [result.action])))].sort(),
    holds,
    share: holds.reduce((sum, { cases, of }) => sum + cases / of, 0),
  }
}

function rank({ verdict }: CaseResult): number {
  if (verdict === 'fail') return 0
  return verdict === 'unsupported' ? 1 : 2
}

function byWeight(one: Cause, other: Cause): number {
  return other.share - one.share || other.results.length - one.results.length || compareText(one.id, other.id)
}

function byId(one: CaseResult, other: CaseResult): number {
  return compareText(one.id, other.id)
}
