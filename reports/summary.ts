/** What every report says first, worked out once: the verdict, the counts, and failures gathered by clause. */
import type { Level } from '../spec/model.ts'
import { type Cause, causesOf } from './causes.ts'
import { type Excused, excusedBy } from './baseline.ts'
import { caseListOf } from './case-list.ts'
import { certifyProfiles, holdsInPart, overallVerdict, type Overall } from './certify.ts'
import { countVerdicts } from './count.ts'
import { type Figures, figuresOf } from './figures.ts'
import { groupBy } from '../base/group-by.ts'
import type { CaseResult, ClauseRef, Evidence, Finding, ProfileVerdict, Verdict } from './evidence.ts'
import { compareText } from '../base/compare-text.ts'

/** The levels of clauses, the strictest first. */
export const LEVELS: readonly Level[] = ['must', 'should', 'may']

/** All results of one clause that ended in one verdict. */
export interface ClauseGroup {
  readonly clause: ClauseRef
  readonly verdict: Verdict
  readonly results: readonly CaseResult[]
}

/** A profile as reports show it. */
export interface StandingProfile extends ProfileVerdict {
  /** `in-part`: what ran holds, but the run was narrowed or did not end. `untested`: all MUST cases were skipped. */
  readonly standing: 'certified' | 'not-certified' | 'in-part' | 'untested' | 'no-must'
  /**
   * Why it is not certified, as far as the endpoint goes: what was asked for, and whether the run ended, is said once
   * for all.
   */
  readonly why?: string
  /** True when the counts of the profile say as much as `why`. */
  readonly plainFromCounts: boolean
}

/** What every report says first. */
export interface Summary {
  readonly overall: Overall
  /** What is said below the headline: beside a baseline, how the run stands to it comes first. */
  readonly lead: string
  /**
   * What an exit code goes by: no worse than the baseline, where there is one, else nothing that speaks against the
   * endpoint.
   */
  readonly acceptable: boolean
  /** What the baseline excuses. */
  readonly excused: Excused
  /** The verdict in two or three words, and how it is to be coloured. */
  readonly headline: { readonly text: string; readonly tone: 'good' | 'bad' | 'unsure' }
  /** True when an endpoint was tested; a run may be of lint alone. */
  readonly tested: boolean
  readonly counts: { readonly [verdict in Verdict]: number }
  /** Divergence and coverage. */
  readonly figures: Figures
  readonly byLevel: readonly { readonly level: Level; readonly counts: { readonly [verdict in Verdict]: number } }[]
  readonly profiles: readonly StandingProfile[]
  /** Names of actions that the endpoint does not implement, sorted. */
  readonly unsupportedActions: readonly string[]
  /**
   * What is to be mended: failures, what is not implemented and what could not be judged. What the baseline does not
   * excuse comes first, then what holds back most.
   */
  readonly causes: readonly Cause[]
  /**
   * What the baseline does not excuse first, then by strength of the clause, profile and id; expected failures last.
   */
  readonly failures: readonly ClauseGroup[]
  readonly inconclusive: readonly ClauseGroup[]
  /** Listed as expected failures, and yet they pass: the list is to be mended. */
  readonly unexpectedPasses: readonly CaseResult[]
  /** Errors first, then by place. */
  readonly findings: readonly Finding[]
  readonly suppressed: readonly Finding[]
  readonly severities: { readonly [severity in Finding['severity']]: number }
}

/** Evidence never changes, and several renderers write reports of one run. */
const summaries = new WeakMap<Evidence, Summary>()

/**
 * Sums up a run, once for all who ask. The verdicts of profiles are those of the evidence; the rest follows from its
 * results.
 */
export function summarize(evidence: Evidence): Summary {
  const known = summaries.get(evidence)
  if (known !== undefined) return known
  const summary = summaryOf(evidence)
  summaries.set(evidence, summary)
  return summary
}

function summaryOf(evidence: Evidence): Summary {
  const { results } = evidence
  const findings = [...evidence.findings].sort(byPlace)
  const open = findings.filter(finding => finding.suppressed === undefined)
  const overall = overallVerdict(results, evidence)
  const { baseline } = evidence
  const excused = excusedBy(baseline)
  return {
    overall,
    lead: baseline === undefined ? overall.sentence : `${baseline.sentence} ${overall.sentence}`,
    acceptable: baseline === undefined ? overall.acceptable : !baseline.worse,
    excused,
    headline: headlineOf(overall, evidence),
    tested: evidence.endpoint !== undefined || results.length > 0,
    counts: countVerdicts(results),
    figures: figuresOf(evidence),
    byLevel: LEVELS.map(level => ({
      level,
      counts: countVerdicts(results.filter(result => result.clause.level === level)),
    })).filter(({ counts }) => Object.values(counts).some(n => n > 0)),
    profiles: standings(evidence),
    unsupportedActions: unsupportedActions(evidence),
    causes: newestFirst(causesOf(evidence), ({ results: own }) => own.some(excused.isNew)),
    failures: newestFirst(groupByClause(results, 'fail'), group => group.results.some(excused.isNew)),
    inconclusive: groupByClause(results, 'inconclusive'),
    unexpectedPasses: results.filter(result => result.expectedFailure === true && result.verdict === 'pass'),
    findings: open,
    suppressed: findings.filter(finding => finding.suppressed !== undefined),
    severities: {
      error: open.filter(one => one.severity === 'error').length,
      warning: open.filter(one => one.severity === 'warning').length,
      info: open.filter(one => one.severity === 'info').length,
    },
  }
}

/** What is new before the rest, each in its order. */
function newestFirst<T>(all: readonly T[], isNew: (one: T) => boolean): readonly T[] {
  return [...all.filter(isNew), ...all.filter(one => !isNew(one))]
}

function headlineOf({ verdict, acceptable }: Overall, { narrowed, baseline }: Evidence): Summary['headline'] {
  if (baseline?.worse === true) return { text: 'Worse than the baseline', tone: 'bad' }
  if (verdict === 'certified') return { text: 'Certified', tone: 'good' }
  if (verdict === 'nothing-tested') return { text: 'Nothing tested', tone: 'unsure' }
  if (baseline !== undefined) return { text: 'No worse than the baseline', tone: 'good' }
  if (!acceptable) return { text: 'Not certified', tone: 'bad' }
  return { text: (narrowed?.length ?? 0) > 0 ? 'Passed in part' : 'Not certified, as expected', tone: 'unsure' }
}

/** The verdicts of the evidence, with how they stand. */
export function standings(evidence: Evidence): StandingProfile[] {
  const results = groupBy(evidence.results, one => one.clause.profile)
  const part = evidence.partial || (evidence.narrowed?.length ?? 0) > 0
  // Of a part, what speaks against the endpoint is said, not that it is a part.
  const caseList = part ? caseListOf(evidence.results) : evidence.caseList
  const scope = {
    partial: false,
    ...(caseList === undefined ? {} : { caseList }),
    ...(evidence.endpoint === undefined ? {} : { endpoint: evidence.endpoint }),
  }
  const why = new Map(certifyProfiles(evidence.results, scope).map(profile => [profile.profile, profile.reason]))
  return evidence.profiles.map(profile => {
    const standing = standingOf(profile, results.get(profile.profile) ?? [], evidence)
    const { fail, inconclusive, unsupported } = profile.mustCounts
    return {
      ...profile,
      standing,
      ...(standing === 'not-certified' ? { why: why.get(profile.profile) ?? profile.reason } : {}),
      plainFromCounts: fail + inconclusive + unsupported > 0,
    }
  })
}

function standingOf(
  profile: ProfileVerdict,
  results: readonly CaseResult[],
  evidence: Evidence,
): StandingProfile['standing'] {
  if (profile.certified) return 'certified'
  const { pass, fail, unsupported, skipped, inconclusive } = profile.mustCounts
  if (pass + fail + unsupported + inconclusive === 0)
    return skipped > 0 ? 'untested' : withoutResults(profile.profile, evidence)
  return holdsInPart(profile.profile, results, evidence) ? 'in-part' : 'not-certified'
}

/** A profile of which nothing came: the case list of the edition may still have MUST cases of it. */
function withoutResults(profile: string, { caseList }: Evidence): StandingProfile['standing'] {
  return (caseList?.profiles[profile]?.must ?? 0) > 0 ? 'not-certified' : 'no-must'
}

/** The results with one verdict, gathered by their clause. */
export function groupByClause(results: readonly CaseResult[], verdict: Verdict): ClauseGroup[] {
  const groups = new Map<string, { clause: ClauseRef; results: CaseResult[] }>()
  for (const result of results) {
    if (result.verdict !== verdict) continue
    const group = groups.get(result.clause.id)
    if (group === undefined) groups.set(result.clause.id, { clause: result.clause, results: [result] })
    else group.results.push(result)
  }
  return [...groups.values()].map(group => ({ ...group, verdict })).sort(byWeight)
}

/** The reason of a result where it says more than what was expected and what came. */
export function furtherReason({ reason, expected, actual }: CaseResult): string | undefined {
  if (reason === undefined || (expected === undefined && actual === undefined)) return reason
  return /^expected\b/i.test(reason) ? undefined : reason
}

/** What did not agree beside the most telling, which `expected` and `actual` say: one line each. */
export function furtherMismatches({ mismatches = [] }: CaseResult): readonly string[] {
  return mismatches
    .slice(1)
    .map(({ path, expected, actual }) => `${path === '' ? '' : `${path}: `}expected ${expected}, came ${actual}`)
}

/** What a cause holds back, in words: `aliases 4 of 12, versions 1 of 8`. */
export function heldBack({ holds }: Cause, most: number): string {
  const shown = holds
    .slice(0, most)
    .map(({ profile, cases, of }) =>
      cases === of ? `${profile} (all ${grouped(of)})` : `${profile} ${grouped(cases)} of ${grouped(of)}`,
    )
  const more = holds.length - shown.length
  return [...shown, ...(more > 0 ? [amount(more, 'more profile')] : [])].join(', ')
}

/** True when every result of the group is one that the endpoint file expects to fail. */
export function isExpected(group: ClauseGroup): boolean {
  return group.results.every(result => result.expectedFailure === true)
}

/** `1 case`, `2 cases`, with a thin grouping of thousands. */
export function amount(n: number, one: string, many = `${one}s`): string {
  return `${grouped(n)} ${n === 1 ? one : many}`
}

/** 12345 as `12,345`. */
export function grouped(n: number): string {
  return n.toLocaleString('en-US')
}

/** Milliseconds as people say them: `840 ms`, `12.3 s`, `4 min 10 s`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return 'unknown'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}

/** From start to end of the run; NaN when the evidence does not say. */
export function runTime(evidence: Evidence): number {
  return Date.parse(evidence.finishedAt) - Date.parse(evidence.startedAt)
}

/** First column of the line of a place in a file, as editors and compilers write it. */
export function placeOf(location: { readonly file: string; readonly line: number; readonly column: number }): string {
  return `${location.file}:${location.line}:${location.column}`
}

function unsupportedActions(evidence: Evidence): string[] {
  const names = new Set(
    Object.entries(evidence.endpoint?.actions ?? {}).flatMap(([action, state]) =>
      state === 'unsupported' ? [action] : [],
    ),
  )
  for (const one of evidence.results)
    if (one.verdict === 'unsupported' && one.action !== undefined) names.add(one.action)
  return [...names].sort()
}

function byWeight(a: ClauseGroup, b: ClauseGroup): number {
  return (
    Number(isExpected(a)) - Number(isExpected(b)) ||
    LEVELS.indexOf(a.clause.level) - LEVELS.indexOf(b.clause.level) ||
    compareText(a.clause.profile, b.clause.profile) ||
    compareText(a.clause.id, b.clause.id)
  )
}

const SEVERITIES: readonly Finding['severity'][] = ['error', 'warning', 'info']

function byPlace(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compareText(a.location.file, b.location.file) ||
    a.location.line - b.location.line ||
    a.location.column - b.location.column ||
    compareText(a.rule, b.rule)
  )
}
