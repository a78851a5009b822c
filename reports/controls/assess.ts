/** Evidence held against a framework: a verdict for each control, and what it rests on. */
import { matchesGlob } from '../../base/glob.ts'
import type { Control, Framework } from '../../spec/model.ts'
import type { CaseResult, Evidence, Finding, LintedResource, RuleVerdicts } from '../evidence.ts'
import { isOneOf } from '../../base/is-one-of.ts'

/**
 * - `satisfied`: everything in scope passes, and nothing is unknown.
 * - `not-satisfied`: something fails.
 * - `in-part`: something passes; something else is unknown, accepted, or was not looked at.
 * - `not-assessed`: nothing was looked at, or nothing of it could be known.
 * - `not-applicable`: all of it was looked at, and there is nothing of the kind.
 * - `manual`: for a person.
 */
export type ControlStatus = 'satisfied' | 'not-satisfied' | 'in-part' | 'not-assessed' | 'not-applicable' | 'manual'

/** Every status of a control, in the order in which reports list them. */
export const STATUSES: readonly ControlStatus[] = [
  'not-satisfied',
  'in-part',
  'not-assessed',
  'manual',
  'satisfied',
  'not-applicable',
]

/** The statuses in words, as tables show them. */
export const STATUS_WORDS: { readonly [status in ControlStatus]: string } = {
  satisfied: 'satisfied',
  'not-satisfied': 'not satisfied',
  'in-part': 'in part',
  'not-assessed': 'not assessed',
  'not-applicable': 'not applicable',
  manual: 'manual',
}

/** One look at one thing: a rule at a resource, or a case of a clause at the endpoint. */
export interface Observation {
  readonly verdict: 'pass' | 'fail' | 'unknown' | 'not-applicable' | 'accepted'
  /** The rule or clause. */
  readonly check: string
  /** What was looked at: a resource, or the case. */
  readonly subject: string
  readonly place?: { readonly file: string; readonly line: number }
  /** Why it failed, is unknown or accepted. */
  readonly why?: string
  readonly by?: string
  readonly until?: string
  readonly findings: readonly Finding[]
}

/** How many observations have each verdict. */
export type Counts = { readonly [verdict in Observation['verdict']]: number }

/** One control with its status, why it has it, and everything that was observed for it. */
export interface AssessedControl {
  readonly control: Control
  readonly status: ControlStatus
  /** One sentence. */
  readonly why: string
  readonly counts: Counts
  /** Failures first. */
  readonly observations: readonly Observation[]
  /** Rules and clauses that were asked for and did not run. */
  readonly missing: readonly string[]
}

/** A framework with its controls assessed by one evidence. */
export interface ControlReport {
  readonly framework: Framework
  readonly evidence: Evidence
  readonly controls: readonly AssessedControl[]
  readonly statuses: { readonly [status in ControlStatus]: number }
  /** Every risk that somebody has accepted, once. */
  readonly accepted: readonly Observation[]
}

const VERDICTS: readonly Observation['verdict'][] = ['fail', 'unknown', 'accepted', 'pass', 'not-applicable']

/** Judges every control of a framework. Pure: the same evidence gives the same report. */
export function assessControls(framework: Framework, evidence: Evidence): ControlReport {
  const rules = new Map((evidence.lint?.rules ?? []).map(rule => [rule.rule, rule]))
  const findings = new Map(evidence.findings.map(finding => [finding.fingerprint, finding]))
  const controls = framework.controls.map(control => assess(control, evidence, rules, findings))
  const accepted = new Map(
    controls.flatMap(control =>
      control.observations
        .filter(({ verdict }) => verdict === 'accepted')
        .map(it => [`${it.check}\n${it.place?.file}\n${it.subject}`, it] as const),
    ),
  )
  return {
    framework,
    evidence,
    controls,
    statuses: Object.fromEntries(
      STATUSES.map(status => [status, controls.filter(control => control.status === status).length]),
    ) as ControlReport['statuses'],
    accepted: [...accepted.values()],
  }
}

function assess(
  control: Control,
  evidence: Evidence,
  rules: ReadonlyMap<string, RuleVerdicts>,
  findings: ReadonlyMap<string, Finding>,
): AssessedControl {
  const wanted = control.rules.filter(rule => !rules.has(rule))
  const results = control.clauses.length
    ? evidence.results.filter(result => control.clauses.some(glob => matchesGlob(glob, result.clause.id)))
    : []
  const unseen = control.clauses.filter(glob => !results.some(result => matchesGlob(glob, result.clause.id)))
  const missing = [...wanted, ...unseen]
  const observations = [
    ...control.rules.flatMap(rule => {
      const seen = observationsOf(rules.get(rule), evidence.lint?.resources ?? [], findings)
      return control.stricter?.includes(rule) ? seen.map(asOpen) : seen
    }),
    ...results.map(observationOf),
  ].sort((one, other) => VERDICTS.indexOf(one.verdict) - VERDICTS.indexOf(other.verdict))
  const counts = Object.fromEntries(
    VERDICTS.map(verdict => [verdict, observations.filter(observation => observation.verdict === verdict).length]),
  ) as Counts
  return { control, counts, observations, missing, ...judge(control, counts, missing, evidence) }
}

/** What a rule that asks for more finds does not break the control: a person has to look whether it does. */
function asOpen(seen: Observation): Observation {
  if (seen.verdict !== 'fail') return seen
  return { ...seen, verdict: 'unknown', why: `The rule asks for more than the control does: ${seen.why ?? ''}` }
}

function judge(
  control: Control,
  counts: Counts,
  missing: readonly string[],
  evidence: Evidence,
): { readonly status: ControlStatus; readonly why: string } {
  if (control.methods.includes('manual'))
    return { status: 'manual', why: control.limits ?? 'A person has to look at it.' }
  const unread = control.rules.length ? (evidence.lint?.unread.length ?? 0) : 0
  const holes = [
    ...(counts.unknown ? [`${counts.unknown} unknown`] : []),
    ...(counts.accepted ? [`${counts.accepted} accepted`] : []),
    ...(missing.length ? [`${missing.length} of its checks did not run`] : []),
    ...(unread ? [`${unread} parts of the project could not be read`] : []),
    ...(evidence.partial ? ['the run did not come to its end'] : []),
  ].join(', ')
  if (counts.fail) return { status: 'not-satisfied', why: `${counts.fail} of ${inScope(counts)} fail.` }
  if (counts.pass === 0 && counts.accepted === 0)
    return holes
      ? { status: 'not-assessed', why: `Nothing passed: ${holes}.` }
      : { status: 'not-applicable', why: 'Nothing of the kind was found.' }
  if (holes) return { status: 'in-part', why: `${counts.pass} of ${inScope(counts)} pass; ${holes}.` }
  return { status: 'satisfied', why: `All ${counts.pass} pass.` }
}

const inScope = (counts: Counts): number => counts.pass + counts.fail + counts.unknown + counts.accepted

function observationsOf(
  rule: RuleVerdicts | undefined,
  resources: readonly LintedResource[],
  findings: ReadonlyMap<string, Finding>,
): readonly Observation[] {
  if (!rule) return []
  const seen = (
    verdict: Observation['verdict'],
    at: number,
    more: Partial<Observation> = {},
    fingerprints: readonly string[] = [],
  ): Observation => {
    const resource = resources[at]
    return {
      verdict,
      check: rule.rule,
      subject: resource?.id ?? '?',
      ...(resource && { place: { file: resource.file, line: resource.line } }),
      findings: fingerprints.flatMap(fingerprint => findings.get(fingerprint) ?? []),
      ...more,
    }
  }
  return [
    ...rule.fail.map(one => {
      const found = one.findings.flatMap(fingerprint => findings.get(fingerprint)?.message ?? [])
      return seen('fail', one.resource, { why: found[0] ?? rule.title }, one.findings)
    }),
    ...rule.unknown.map(one => seen('unknown', one.resource, { why: one.why })),
    ...rule.accepted.map(({ resource, findings: of, ...terms }) =>
      seen(
        'accepted',
        resource,
        { why: terms.reason, ...(terms.by && { by: terms.by }), ...(terms.until && { until: terms.until }) },
        of,
      ),
    ),
    ...rule.pass.map(at => seen('pass', at)),
    ...rule.notApplicable.map(at => seen('not-applicable', at)),
  ]
}

function observationOf(result: CaseResult): Observation {
  const verdict = isOneOf(['pass', 'fail'], result.verdict) ? result.verdict : 'unknown'
  const accepted = verdict === 'fail' && result.expectedFailure === true
  const reason = result.reason ?? (verdict === 'pass' ? undefined : result.verdict)
  const why = accepted ? 'listed as an expected failure of the endpoint' : reason
  return {
    verdict: accepted ? 'accepted' : verdict,
    check: result.clause.id,
    subject: result.title || result.id,
    findings: [],
    ...(why !== undefined && { why }),
  }
}
