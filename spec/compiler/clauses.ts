/** Derives the clauses, the smallest testable statements, from what the pages say. */
import type {
  Action,
  Clause,
  ClauseKind,
  Constraint,
  Level,
  Member,
  Origin,
  Resource,
  RulePage,
  Source,
  Spec,
  StructType,
  TypeRef,
} from '../model.ts'
import { unique } from './common.ts'
import { FIRST_EDITION } from './page.ts'
import {
  answerText,
  constraintText,
  errorText,
  lawText,
  modelText,
  propertyText,
  quotaText,
  requiredText,
  ruleText,
  faultsText,
  syntaxText,
  typeText,
} from './sentences.ts'
import { closureOf, type World } from './world.ts'
import { isOneOf } from '../../base/is-one-of.ts'

const RULE_LEVELS: Readonly<Record<RulePage['severity'], Level>> = { error: 'must', warning: 'should', info: 'may' }

type Draft = Omit<Clause, 'page' | 'line' | 'needs' | 'covers' | 'origin' | 'level'> & {
  readonly source: Source
  readonly level?: Level
  readonly origin?: Origin
  readonly needs?: readonly string[]
  readonly covers?: readonly string[]
}

/** All clauses in the order of actions, resources, properties, quotas and rules. */
export function deriveClauses(
  spec: Omit<Spec, 'clauses' | 'digest' | 'schemaVersion' | 'edition'>,
  world: World,
): readonly Clause[] {
  return [
    ...Object.values(spec.actions).flatMap(action => actionClauses(action, spec, world)),
    ...Object.values(spec.resources).flatMap(resource => resourceClauses(resource, world)),
    ...spec.properties.map(property =>
      clause({
        ...property,
        kind: 'property',
        text: propertyText(property),
        needs: [
          ...property.needs,
          ...capabilitiesOf(
            Object.values(property.given).flatMap(value => Object.keys(value ?? {})),
            world,
          ),
        ],
      }),
    ),
    ...spec.quotas.map(quota =>
      clause({
        ...quota,
        id: `quota.${quota.id}`,
        kind: 'quota',
        level: quota.adjustable || quota.origin !== 'guide' ? 'may' : 'must',
        text: quotaText(quota),
      }),
    ),
    ...Object.values(spec.rules).map(rule =>
      clause({
        id: `rule.${rule.id}`,
        kind: 'rule',
        level: RULE_LEVELS[rule.severity],
        text: ruleText(rule),
        profile: 'lint',
        covers: rule.covers,
        source: rule.source,
      }),
    ),
  ]
}

/** What holds from a later edition on says so. */
const sinceOf = ({ edition }: { readonly edition: string }) => (edition === FIRST_EDITION ? {} : { since: edition })

/** Keeps what a clause has and a draft may have more of. */
function clause({
  id,
  level,
  kind,
  source,
  text,
  profile,
  origin,
  covers,
  since,
  until,
  action,
  resource,
  path,
  needs,
}: Draft): Clause {
  return {
    id,
    level: level ?? 'must',
    kind,
    page: source.file,
    line: source.line,
    text,
    profile,
    origin: origin ?? 'guide',
    covers: unique(covers ?? []),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(action !== undefined && { action }),
    ...(resource !== undefined && { resource }),
    ...(path !== undefined && { path }),
    needs: unique(needs ?? []),
  }
}

/** Capabilities of resources and of all that they need. */
function capabilitiesOf(resources: readonly string[], world: World): readonly string[] {
  return closureOf(world, resources).flatMap(name => world.resources.get(name)?.capabilities ?? [])
}

function actionClauses(action: Action, spec: Pick<Spec, 'types'>, world: World): readonly Clause[] {
  const since = sinceOf(action)
  // An action that the guide does not have is known from later documents alone.
  const origin: Origin = action.guide === null ? 'model' : 'guide'
  const common = { action: action.name, profile: action.profile, origin, ...since }
  const needs = [...action.capabilities, ...capabilitiesOf(action.needs, world)]
  const typesReached = reachedTypes(action, world)
  const sites = action.request.flatMap(member => memberSites(member, [member.name], [], world))
  /** A clause about the request as a whole. */
  const whole = (kind: 'syntax' | 'faults', text: string): Clause =>
    clause({
      ...common,
      id: `${action.name}.request.${kind}`,
      kind,
      level: origin === 'guide' ? 'must' : 'may',
      text,
      needs,
      source: action.source,
    })
  return [
    clause({
      ...common,
      id: `${action.name}.answer`,
      kind: 'answer',
      text: answerText(action),
      covers: [
        ...action.covers.filter(isOfAnswer),
        ...typesReached.flatMap(type => spec.types[type]?.covers ?? []).filter(isOfAnswer),
        ...answeredMembers(action, world).flatMap(coveredBy),
      ],
      needs,
      source: action.source,
    }),
    ...sites.map(site =>
      clause({
        ...common,
        ...inherit(site, common),
        id: `${action.name}.request.${site.path.join('.')}.${site.kind}`,
        text: siteText(action, site),
        covers: [
          ...site.covers,
          ...coveredAt(site, action.covers),
          ...coveredAt(
            site,
            typesReached.flatMap(type => typeCovers(site, spec.types[type])),
          ),
        ],
        needs,
      }),
    ),
    ...(action.request.some(member => member.in === 'body') ? [whole('syntax', syntaxText(action))] : []),
    ...(faultyMembers(sites).size > 1 ? [whole('faults', faultsText(action))] : []),
    ...action.provocations.map(provocation => {
      const row = [...action.errors, ...world.commonErrors].find(error => error.name === provocation.error)
      return clause({
        ...common,
        ...provocation,
        ...later(common.since, row?.since),
        id: [action.name, 'error', provocation.error, ...(provocation.id === undefined ? [] : [provocation.id])].join(
          '.',
        ),
        kind: 'error',
        text: errorText(action, provocation, row),
        needs: [...needs, ...provocation.capabilities, ...capabilitiesOf(provocation.needs, world)],
      })
    }),
  ]
}

/** `required:some-id` in front matter speaks of clauses about the request; what has no place speaks of the answer. */
const isOfAnswer = (covered: string): boolean => !covered.includes(':')

/** What front matter says that the clause of a place covers: `KIND:ID`, or `Member.KIND:ID`. */
function coveredAt({ path, kind }: Pick<Site, 'path' | 'kind'>, covers: readonly string[]): readonly string[] {
  const place = `.${[...path, kind].join('.')}`
  return covers.flatMap(cover => {
    const colon = cover.indexOf(':')
    return colon > 0 && place.endsWith(`.${cover.slice(0, colon)}`) ? [cover.slice(colon + 1)] : []
  })
}

/** Members that may be wrong in a way which must be refused. */
const faultyMembers = (sites: readonly Site[]): ReadonlySet<string | undefined> =>
  new Set(sites.filter(site => site.level === 'must').map(site => site.path[0]))

/** A page of a type speaks of the members that stand on it. */
const typeCovers = ({ source }: Pick<Site, 'source'>, type: StructType | undefined): readonly string[] =>
  type !== undefined && type.source.file === source.file ? type.covers : []

function later(a: string | undefined, b: string | undefined): { readonly since?: string } {
  const since = a === undefined || (b !== undefined && b > a) ? b : a
  return since === undefined ? {} : { since }
}

/** What a member of an answer covers by itself and by its constraints. */
const coveredBy = ({ covers, constraints }: Member): readonly string[] => [
  ...(covers ?? []),
  ...constraints.flatMap(constraint => constraint.covers ?? []),
]

/** The members of the answers, however deep. */
function answeredMembers(action: Action, world: World): readonly Member[] {
  const members = action.responses.flatMap(response => response.members)
  return [...members, ...typesIn(members, world).flatMap(type => world.types.get(type)?.members ?? [])]
}

/** Names of the types that a request or an answer holds, however deep. */
function reachedTypes(action: Action, world: World): readonly string[] {
  return typesIn([...action.request, ...action.responses.flatMap(response => response.members)], world)
}

function typesIn(members: readonly Member[], world: World): readonly string[] {
  const reached = new Set<string>()
  const visit = (type: TypeRef): void => {
    if (type.kind === 'list') visit(type.of)
    else if (type.kind === 'map') [type.key, type.value].forEach(visit)
    else if (type.kind === 'ref' && !reached.has(type.type)) {
      reached.add(type.type)
      for (const member of world.types.get(type.type)?.members ?? []) visit(member.type)
    }
  }
  for (const member of members) visit(member.type)
  return [...reached]
}

/** One place in a request where something may be broken. */
interface Site {
  readonly kind: ClauseKind
  readonly path: readonly string[]
  readonly level: Level
  readonly origin: Origin
  readonly since?: string
  readonly until?: string
  readonly source: Source
  readonly type: TypeRef
  readonly constraints: readonly Constraint[]
  readonly covers: readonly string[]
}

/** The sites of a member and of all that is below it. A type that holds itself is not entered a second time. */
function memberSites(member: Member, path: readonly string[], above: readonly string[], world: World): readonly Site[] {
  const { origin, since, until, source, type } = member
  const own = {
    path,
    origin,
    ...(since && { since }),
    ...(until && { until }),
    source,
    type,
    constraints: [],
    covers: member.covers ?? [],
  }
  const level = levelOf(member)
  const sites: Site[] = []
  // A label that is left out of the path makes another path, which is no request of this action.
  if (member.required && member.in !== 'uri') sites.push({ ...own, kind: 'required', level })
  if (member.in === 'body' && type.kind !== 'json') sites.push({ ...own, kind: 'type', level })
  // The guide says that these are numbers, and not how another text is refused.
  if ((member.in === 'query' || member.in === 'uri') && (type.kind === 'integer' || type.kind === 'long'))
    sites.push({ ...own, kind: 'type', level: level === 'must' ? 'should' : level })
  sites.push(...constraintSites(member, path))
  sites.push(...innerSites(type, path, above, own, level, world))
  return sites
}

function innerSites(
  type: TypeRef,
  path: readonly string[],
  above: readonly string[],
  own: Omit<Site, 'kind' | 'level'>,
  level: Level,
  world: World,
): readonly Site[] {
  if (type.kind === 'ref') {
    if (above.includes(type.type)) return []
    return (world.types.get(type.type)?.members ?? []).flatMap(member =>
      memberSites(member, [...path, member.name], [...above, type.type], world).map(site => inherit(site, own)),
    )
  }
  if (type.kind !== 'list' && type.kind !== 'map') return []
  const inner = type.kind === 'list' ? type.of : type.value
  const below = [...path, type.kind === 'list' ? '[]' : '{}']
  const typed: readonly Site[] =
    inner.kind === 'json' ? [] : [{ ...own, path: below, type: inner, kind: 'type', level }]
  return [...typed, ...innerSites(inner, below, above, { ...own, path: below, type: inner }, level, world)]
}

/**
 * A refusal can be demanded of what the guide says. Who keeps to the guide need not know what came later, or what
 * others say.
 */
const levelOf = ({ origin, since }: Pick<Site, 'origin' | 'since'>): Level =>
  origin === 'guide' && since === undefined ? 'must' : 'may'

/** What is inside of a member that only others than the guide know, or that came later, is so as well. */
function inherit(site: Site, above: Pick<Site, 'origin' | 'since'>): Site {
  const origin = site.origin === 'guide' ? above.origin : site.origin
  const since = later(above.since, site.since)
  const level = levelOf({ origin, ...since })
  return { ...site, ...since, origin, level: level === 'must' ? site.level : level }
}

/** The step from a member to what a constraint speaks of: the value itself, its keys, or what it holds. */
function stepTo({ on }: Constraint, type: TypeRef): readonly string[] {
  if (on === 'self') return []
  if (on === 'key') return ['{key}']
  return type.kind === 'map' ? ['{}'] : ['[]']
}

/** Constraints of one kind at one place are one site: alternatives, if there is more than one. */
function constraintSites(member: Member, path: readonly string[]): readonly Site[] {
  const sites = new Map<string, Site>()
  for (const constraint of member.constraints) {
    if (!isBreakable(constraint) || allowsAll(constraint)) continue
    const step = stepTo(constraint, member.type)
    const key = [...step, constraint.kind].join('.')
    const before = sites.get(key)
    const constraints = [...(before?.constraints ?? []), constraint]
    const lead = constraints.find(constraint => constraint.origin === 'guide') ?? before?.constraints[0] ?? constraint
    const origin: Origin = member.origin === 'guide' ? lead.origin : member.origin
    const since = later(member.since, lead.since)
    sites.set(key, {
      kind: constraint.kind,
      path: [...path, ...step],
      level: levelOf({ origin, ...since }),
      origin,
      ...since,
      ...(member.until && { until: member.until }),
      source: lead.source,
      type: member.type,
      constraints,
      covers: [...(member.covers ?? []), ...constraints.flatMap(constraint => constraint.covers ?? [])],
    })
  }
  return [...sites.values()]
}

const BREAKABLE = ['length', 'range', 'items', 'entries', 'pattern', 'enum', 'format'] as const

/** Bounds what a request may hold. The others speak of answers, or to generators. */
function isBreakable(
  constraint: Constraint,
): constraint is Extract<Constraint, { readonly kind: (typeof BREAKABLE)[number] }> {
  return isOneOf(BREAKABLE, constraint.kind)
}

/** `length 0..` can be said, and nothing can break it. */
function allowsAll(constraint: Constraint): boolean {
  switch (constraint.kind) {
    case 'length':
    case 'items':
    case 'entries':
      return (constraint.min ?? 0) === 0 && constraint.max === undefined
    case 'range':
      return constraint.min === undefined && constraint.max === undefined
    default:
      return false
  }
}

function siteText(action: Action, site: Site): string {
  if (site.kind === 'required') return requiredText(action, site.path)
  if (site.kind === 'type') return typeText(action, site.path, site.type)
  return constraintText(action, site.path, site.constraints)
}

function resourceClauses(resource: Resource, world: World): readonly Clause[] {
  const common = {
    ...sinceOf(resource),
    resource: resource.name,
    profile: resource.profile,
    needs: [...resource.capabilities, ...capabilitiesOf(resource.needs, world)],
  }
  return [
    ...resource.laws.map(law =>
      clause({
        ...common,
        ...law,
        id: `${resource.name}.law.${law.law.replaceAll(' ', '-')}`,
        kind: 'law',
        text: lawText(law, resource),
      }),
    ),
    clause({
      ...common,
      id: `${resource.name}.model`,
      kind: 'model',
      origin: resource.guide === null ? 'model' : 'guide',
      text: modelText(resource),
      covers: resource.covers,
      source: resource.lifecycle.source,
    }),
  ]
}
