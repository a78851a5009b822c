/** Which of all cases a run executes. */
import { didYouMean } from '../../base/suggest.ts'
import type { Level } from '../../spec/model.ts'
import type { CaseOutline } from '../case.ts'
import { UsageError } from '../../base/usage-error.ts'
import { matchesGlob } from '../../base/glob.ts'

/** Which cases a run is narrowed to. */
export interface Selection {
  readonly profiles?: readonly string[] | undefined
  readonly actions?: readonly string[] | undefined
  /** Clause or case ids, with `*`. */
  readonly clauses?: readonly string[] | undefined
  /** The weakest level that still runs. */
  readonly level?: Level | undefined
  /** A look at everything in a few seconds. */
  readonly smoke?: boolean | undefined
}

const LEVELS: readonly Level[] = ['must', 'should', 'may']

/** Throws a `UsageError` for a profile or action that there is not, and when nothing is left. */
export function selectCases(cases: readonly CaseOutline[], selection: Selection): readonly CaseOutline[] {
  const { profiles, actions, clauses, level = 'may', smoke = false } = selection
  const known = {
    profile: new Set(cases.map(one => one.clause.profile)),
    action: new Set(cases.flatMap(one => [...(one.action === undefined ? [] : [one.action]), ...one.actions])),
  }
  for (const one of profiles ?? []) mustBeKnown('profile', one, known.profile)
  for (const one of actions ?? []) mustBeKnown('action', one, known.action)
  const fits = (glob: string, one: CaseOutline): boolean =>
    matchesGlob(glob, one.clause.id) || matchesGlob(glob, one.id)
  for (const text of clauses ?? []) {
    if (!cases.some(one => fits(text, one))) {
      const near = didYouMean(text, new Set(cases.map(one => one.clause.id)))
      throw new UsageError(
        `no clause matches ${JSON.stringify(text)}${near}. Ids may hold *, such as 'CreateFunction.*'; ` +
          `\`lambdacheck spec show\` lists them.`,
      )
    }
  }
  const weakest = LEVELS.indexOf(level)
  const chosen = cases.filter(
    one =>
      (profiles === undefined || profiles.includes(one.clause.profile)) &&
      (actions === undefined || actions.some(action => isOf(one, action))) &&
      (clauses === undefined || clauses.some(glob => fits(glob, one))) &&
      LEVELS.indexOf(one.clause.level) <= weakest,
  )
  if (chosen.length === 0)
    throw new UsageError('no case fits all of --profile, --action, --clause and --level together')
  return smoke ? smokeOf(chosen) : chosen
}

/** The cases of an action, and the properties that stand on its page. */
function isOf(one: CaseOutline, action: string): boolean {
  return (
    (one.action ?? one.clause.action) === action ||
    (one.family === 'property' && one.clause.page === `api/${action}.md`)
  )
}

function mustBeKnown(what: string, name: string, known: ReadonlySet<string>): void {
  if (known.has(name)) return
  throw new UsageError(
    `there is no ${what} ` +
      `${JSON.stringify(name)}${didYouMean(name, known) || `; there are ${[...known].sort().join(', ')}`}`,
  )
}

/**
 * Of every action the smallest valid request, a documented error, and a broken constraint or two; of every page the
 * property that waits least.
 */
function smokeOf(cases: readonly CaseOutline[]): readonly CaseOutline[] {
  const most: { readonly [family: string]: number } = { valid: 1, error: 1, 'one-fault': 2, law: 1 }
  const kindOf = (one: CaseOutline): string => `${one.family} ${one.action ?? one.clause.resource ?? one.clause.page}`
  const quickest = new Map<string, CaseOutline>()
  for (const one of cases.filter(one => one.family === 'property' && one.clause.level === 'must')) {
    const best = quickest.get(kindOf(one))
    if (best === undefined || (one.waits ?? 0) < (best.waits ?? 0)) quickest.set(kindOf(one), one)
  }
  const taken = new Map<string, number>()
  return cases.filter(one => {
    if (one.family === 'property') return quickest.get(kindOf(one)) === one
    const before = taken.get(kindOf(one)) ?? 0
    taken.set(kindOf(one), before + 1)
    return one.clause.level === 'must' && before < (most[one.family] ?? 0)
  })
}
