/**
 * From case results to verdicts of profiles and of the run. The rule is written down in reports/README.md; it is
 * monotone: turning a pass into anything else never certifies more.
 */
import { own } from '../base/own.ts'
import { certificateName } from './capability-names.ts'
import { differenceFromList } from './case-list.ts'
import { CONSTRAINT_KINDS } from './constraint-kinds.ts'
import { CORE_CLAUSES } from './core-cases.ts'
import { countVerdicts } from './count.ts'
import type { CaseResult, Evidence, ProfileVerdict, Verdict } from './evidence.ts'
import { groupBy } from '../base/group-by.ts'
import { plainLine } from './plain.ts'
import { compareText } from '../base/compare-text.ts'

/** Part of the MUST cases of a profile that must have passed, skipped ones counted in. */
const LEAST_SHARE = 0.5

/** What is known of the run beside its results. */
export type RunScope = Pick<Evidence, 'partial' | 'narrowed' | 'caseList' | 'endpoint'>

/** What a run comes to, in all. */
export interface Overall {
  readonly verdict: 'certified' | 'not-certified' | 'nothing-tested'
  /** One sentence for people. */
  readonly sentence: string
  /**
   * Nothing speaks against the endpoint but what was expected (failures that the endpoint file lists) or chosen (a
   * narrowed run).
   * True for every certified run.
   */
  readonly acceptable: boolean
}

/** What keeps a profile from being certified. */
interface Obstacle {
  readonly kind:
    | 'no-must'
    | 'fail'
    | 'expected-failure'
    | 'inconclusive'
    | 'unsupported'
    | 'hole'
    | 'core'
    | 'no-pass'
    | 'share'
    | 'one-sided'
    | 'narrowed'
    | 'partial'
    | 'cut'
  readonly text: string
}

/** Verdicts of all profiles that any result belongs to, and of those whose results should be there. */
export function certifyProfiles(results: readonly CaseResult[], scope: RunScope): ProfileVerdict[] {
  return [...byProfile(results, scope)].map(([profile, own]) => {
    const must = own.filter(isMust)
    const reason = obstacles(must, scope, profile)
      .map(obstacle => obstacle.text)
      .join('; ')
    const skipped = skippedReasons(must)
    const without = declaredAbsent(must, scope)
    return {
      profile,
      certified: reason === '',
      ...(without.length === 0 ? {} : { without }),
      ...(reason === '' ? {} : { reason: `${(reason[0] ?? '').toUpperCase()}${reason.slice(1)}.` }),
      counts: countVerdicts(own),
      mustCounts: countVerdicts(must),
      ...(skipped.length === 0 ? {} : { skipped }),
    }
  })
}

/** The verdict of a whole run: certified when every profile that has MUST cases is. */
export function overallVerdict(results: readonly CaseResult[], scope: RunScope): Overall {
  const profiles = [...byProfile(results, scope)].map(([profile, own]) => ({
    profile,
    against: obstacles(own.filter(isMust), scope, profile),
  }))
  const judged = profiles.filter(({ against }) => !against.some(one => one.kind === 'no-must'))
  const tolerated = new Set<Obstacle['kind']>(['expected-failure', ...(narrowed(scope) ? CHOSEN : [])])
  const acceptable =
    judged.length > 0 &&
    judged.every(({ against }) => against.every(one => tolerated.has(one.kind))) &&
    results.some(result => isMust(result) && result.verdict === 'pass')
  if (!results.some(result => result.verdict === 'pass' || result.verdict === 'fail')) {
    return {
      verdict: 'nothing-tested',
      sentence: scope.partial ? 'The run ended before anything was tested.' : 'Nothing could be tested.',
      acceptable: false,
    }
  }
  if (judged.length === 0)
    return {
      verdict: 'not-certified',
      sentence: 'No profile has a MUST case that ran, so there is nothing to certify.',
      acceptable: false,
    }
  const certified = judged.filter(({ against }) => against.length === 0).length
  if (certified === judged.length)
    return {
      verdict: 'certified',
      sentence: `All ${judged.length} profiles are certified${limits(judged, results, scope)}.`.replace(
        'All 1 profiles are',
        'The one profile is',
      ),
      acceptable: true,
    }
  return { verdict: 'not-certified', sentence: notCertified(certified, judged.length, acceptable, scope), acceptable }
}

/** Nobody shall read "certified" without what was not asked. */
function limits(
  judged: readonly { readonly profile: string }[],
  results: readonly CaseResult[],
  scope: RunScope,
): string {
  const must = groupBy(results.filter(isMust), one => one.clause.profile)
  const named = judged.flatMap(({ profile }) => {
    const without = declaredAbsent(must.get(profile) ?? [], scope)
    return without.length === 0 ? [] : [certificateName({ profile, without })]
  })
  return named.length === 0 ? '' : `, in part: ${named.join(', ')}`
}

/** What a part of a profile cannot be blamed for: that it is a part, and that too little was seen in it. */
const CHOSEN: readonly Obstacle['kind'][] = ['narrowed', 'no-pass', 'share', 'one-sided', 'hole', 'core']

/**
 * True when the results of one profile, of a run that was narrowed or did not end, show nothing against the endpoint.
 */
export function holdsInPart(profile: string, results: readonly CaseResult[], scope: RunScope): boolean {
  if (!isPart(scope)) return false
  return obstacles(results.filter(isMust), scope, profile).every(
    obstacle => obstacle.kind === 'partial' || CHOSEN.includes(obstacle.kind),
  )
}

function notCertified(certified: number, judged: number, acceptable: boolean, scope: RunScope): string {
  if (scope.partial) return 'The run did not come to its end, so nothing is certified.'
  if (narrowed(scope)) {
    const part = `Only a part was asked for (${asked(scope)}), so nothing is certified`
    return acceptable ? `${part}; what ran holds.` : `${part}; what ran does not hold.`
  }
  return `${certified} of ${judged} profiles certified${acceptable ? '; all failures are expected ones' : ''}.`
}

const isMust = (result: CaseResult): boolean => result.clause.level === 'must'
/** Of such a run nobody expects all results. */
const isPart = (scope: RunScope): boolean => scope.partial || narrowed(scope)
const narrowed = (scope: RunScope): boolean => (scope.narrowed?.length ?? 0) > 0
const asked = (scope: RunScope): string => plainLine((scope.narrowed ?? []).join(' '), 200)

/**
 * Cases that want an answer to a legal request, and cases that want a refusal. Laws and properties may want both and
 * count for neither.
 */
const wantsAnswer = (result: CaseResult): boolean => result.clause.kind === 'answer'
const wantsRefusal = (result: CaseResult): boolean => REFUSALS.has(result.clause.kind)
const REFUSALS: ReadonlySet<string> = new Set([...CONSTRAINT_KINDS, 'syntax', 'faults', 'error'])

function obstacles(must: readonly CaseResult[], scope: RunScope, profile: string): Obstacle[] {
  const cut = isPart(scope) ? undefined : differenceFromList(scope.caseList, profile, must)
  if (must.length === 0)
    return listedMust(scope, profile) > 0 && cut !== undefined
      ? [{ kind: 'cut', text: cut }]
      : [{ kind: 'no-must', text: 'has no MUST case' }]
  const found: Obstacle[] = cut === undefined ? [] : [{ kind: 'cut', text: cut }]
  const with_ = (verdict: Verdict): CaseResult[] =>
    must.filter(one => one.verdict === verdict && one.expectedFailure !== true)
  const expected = must.filter(
    one => one.expectedFailure === true && one.verdict !== 'pass' && one.verdict !== 'skipped',
  )
  const add = (kind: Obstacle['kind'], cases: number, text: string): void => {
    if (cases > 0) found.push({ kind, text })
  }
  const passes = must.filter(one => one.verdict === 'pass')
  const cases = (n: number): string => `${n} of ${must.length} MUST cases`
  const are = (n: number): string => (n === 1 ? 'is' : 'are')
  const fails = with_('fail').length
  add('fail', fails, `${cases(fails)} fail${fails === 1 ? 's' : ''}`)
  add(
    'expected-failure',
    expected.length,
    `${cases(expected.length)} fail${expected.length === 1 ? 's' : ''} as expected`,
  )
  const unsupported = with_('unsupported').length
  add(
    'unsupported',
    unsupported,
    `${cases(unsupported)} ${are(unsupported)} about actions that the endpoint does not implement`,
  )
  const inconclusive = with_('inconclusive').length
  add('inconclusive', inconclusive, `${cases(inconclusive)} ${are(inconclusive)} inconclusive`)
  const holes = must.filter(one => one.verdict === 'skipped' && !isDeclared(one, scope))
  const wanting = [...new Set(holes.flatMap(hole => hole.lacks ?? []))].sort()
  add(
    'hole',
    holes.length,
    `${cases(holes.length)} ${are(holes.length)} ` +
      `skipped${wanting.length === 0 ? '' : ` for want of ${wanting.join(', ')}, of which the endpoint file does not say that it is not there`}`,
  )
  const core = must.filter(
    one => one.verdict === 'skipped' && (own(CORE_CLAUSES, profile) ?? []).includes(one.clause.id),
  )
  add(
    'core',
    core.length,
    `its core was not seen: ${core
      .map(one => one.id)
      .slice(0, 3)
      .join(', ')}`,
  )
  // The next say that too little was seen; beside a plain failure they would only repeat it.
  if (found.every(one => one.kind === 'expected-failure' || one.kind === 'cut')) {
    if (passes.length === 0) found.push({ kind: 'no-pass', text: 'none of its MUST cases passed' })
    else if (passes.length < must.length * LEAST_SHARE)
      found.push({ kind: 'share', text: `only ${cases(passes.length)} passed, and at least half must` })
    else if (oneSided(must, passes, wantsAnswer))
      found.push({ kind: 'one-sided', text: 'not one request was seen to be answered as documented' })
    else if (oneSided(must, passes, wantsRefusal))
      found.push({ kind: 'one-sided', text: 'not one wrong request was seen to be refused as documented' })
  }
  if (narrowed(scope)) found.push({ kind: 'narrowed', text: `only a part of it ran (${asked(scope)})` })
  if (scope.partial) found.push({ kind: 'partial', text: 'the run did not come to its end' })
  return found
}

/** Skipped for want of nothing but what the endpoint file says is not there. */
function isDeclared({ lacks = [] }: CaseResult, { endpoint }: RunScope): boolean {
  return lacks.length > 0 && lacks.every(lack => endpoint?.declared?.includes(lack) === true)
}

/** What the name of a certificate leaves out. */
function declaredAbsent(must: readonly CaseResult[], scope: RunScope): readonly string[] {
  const skipped = must.filter(one => one.verdict === 'skipped' && isDeclared(one, scope))
  return [...new Set(skipped.flatMap(one => one.lacks ?? []))].sort()
}

/**
 * No endpoint that answers one constant both answers and refuses: where a profile asks for a side, that side must have
 * been seen.
 */
function oneSided(
  must: readonly CaseResult[],
  passes: readonly CaseResult[],
  side: (result: CaseResult) => boolean,
): boolean {
  return must.some(side) && !passes.some(side)
}

/** A profile of the case list without any result is there too, unless the run was to be a part. */
function byProfile(results: readonly CaseResult[], scope: RunScope): ReadonlyMap<string, readonly CaseResult[]> {
  const found = new Map<string, readonly CaseResult[]>(groupBy(results, one => one.clause.profile))
  if (isPart(scope)) return found
  for (const profile of Object.keys(scope.caseList?.profiles ?? {}))
    if (!found.has(profile) && listedMust(scope, profile) > 0) found.set(profile, [])
  return found
}

function listedMust({ caseList }: RunScope, profile: string): number {
  return own(caseList?.profiles ?? {}, profile)?.must ?? 0
}

function skippedReasons(must: readonly CaseResult[]): { reason: string; cases: number }[] {
  const reasons = new Map<string, number>()
  for (const one of must) {
    if (one.verdict === 'skipped')
      reasons.set(one.reason ?? 'no reason given', (reasons.get(one.reason ?? 'no reason given') ?? 0) + 1)
  }
  return [...reasons]
    .map(([reason, cases]) => ({ reason, cases }))
    .sort((a, b) => b.cases - a.cases || compareText(a.reason, b.reason))
}
