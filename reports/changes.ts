/** What has changed from one run to a later one: the baseline of an endpoint that is not certified yet. */
import type { CaseResult, Evidence, Finding } from './evidence.ts'

/** What changed from one run of an endpoint to the next. */
export interface Comparison {
  /** Fail now, and did something else before. */
  readonly newlyFailing: readonly CaseResult[]
  /** Passed before, and are now neither passed nor failed: skipped, unsupported or inconclusive. */
  readonly lost: readonly CaseResult[]
  /** Failed before, and pass now. */
  readonly fixed: readonly CaseResult[]
  /** Cases that the earlier run did not have. */
  readonly added: readonly CaseResult[]
  /** Cases that the later run does not have although it ran everything. */
  readonly gone: readonly CaseResult[]
  readonly stillFailing: number
  readonly newFindings: readonly Finding[]
  readonly fixedFindings: readonly Finding[]
  /** True when the later run shows something that the earlier one does not excuse. */
  readonly worse: boolean
  /** One sentence for people. */
  readonly sentence: string
}

/**
 * Compares by case id and by the fingerprint of findings. Cases that are new and fail count against the later run, as
 * does a run that did not end: what it did not reach cannot be called no worse.
 */
export function compareEvidence(before: Evidence, after: Evidence): Comparison {
  const earlier = new Map(before.results.map(result => [result.id, result]))
  const later = new Set(after.results.map(result => result.id))
  const newlyFailing: CaseResult[] = []
  const lost: CaseResult[] = []
  const fixed: CaseResult[] = []
  const added: CaseResult[] = []
  let stillFailing = 0
  for (const now of after.results) {
    const then = earlier.get(now.id)
    if (then === undefined) added.push(now)
    else if (now.verdict === 'fail') {
      if (then.verdict === 'fail') stillFailing++
      else newlyFailing.push(now)
    } else if (now.verdict === 'pass') {
      if (then.verdict === 'fail') fixed.push(now)
    } else if (then.verdict === 'pass') lost.push(now)
  }
  // What a run was not asked for is not gone.
  const whole = !after.partial && (after.narrowed?.length ?? 0) === 0
  const gone = whole ? before.results.filter(result => !later.has(result.id)) : []
  const known = openFingerprints(before)
  const current = openFingerprints(after)
  const newFindings = [...current].flatMap(([fingerprint, finding]) => (known.has(fingerprint) ? [] : [finding]))
  const fixedFindings = [...known].flatMap(([fingerprint, finding]) => (current.has(fingerprint) ? [] : [finding]))
  const addedFailing = added.filter(one => one.verdict === 'fail').length
  const against = [
    ...count(newlyFailing.length, 'case newly fails', 'cases newly fail'),
    ...count(addedFailing, 'new case fails', 'new cases fail'),
    ...count(lost.length, 'case that passed could not be tested', 'cases that passed could not be tested'),
    ...count(newFindings.length, 'new lint finding', 'new lint findings'),
    ...(after.partial ? ['the run did not come to its end'] : []),
  ]
  const inFavour = [
    ...count(fixed.length, 'case is fixed', 'cases are fixed'),
    ...count(fixedFindings.length, 'lint finding is gone', 'lint findings are gone'),
  ]
  const verdict = against.length === 0 ? 'No worse than before' : 'Worse than before'
  const details = [...against, ...inFavour]
  return {
    newlyFailing,
    lost,
    fixed,
    added,
    gone,
    stillFailing,
    newFindings,
    fixedFindings,
    worse: against.length > 0,
    sentence: details.length === 0 ? `${verdict}: nothing changed.` : `${verdict}: ${details.join(', ')}.`,
  }
}

function openFingerprints(evidence: Evidence): Map<string, Finding> {
  return new Map(
    evidence.findings
      .filter(finding => finding.suppressed === undefined)
      .map(finding => [finding.fingerprint, finding]),
  )
}

function count(n: number, one: string, many: string): string[] {
  return n === 0 ? [] : [`${n} ${n === 1 ? one : many}`]
}
