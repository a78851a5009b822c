/** Requests with two faults at once are refused for one of them or for both: which error wins, no page says. */
import fc from 'fast-check'
import type { Action, Clause, Member, Spec } from '../../spec/model.ts'
import { faultsOf } from '../arbitraries/illegal.ts'
import { ABSENT, place, type Site, siteAt, valueAt } from '../arbitraries/site.ts'
import type { Case, CaseContext, CaseOutcome, Lease } from '../case.ts'
import { type BreachKind, examineMembers } from '../oracle/legal.ts'
import { readRequest } from '../wire/read-request.ts'
import { serialise } from '../wire/serialise.ts'
import { controlOf } from './control.ts'
import { explore } from './explore.ts'
import { outcomeOf } from '../judgement.ts'
import { adapted, carrierOf, namesSomething, SITE_KINDS } from './one-fault.ts'
import { judgeRefusal } from './refusal.ts'
import { baseRequest, callPatiently, isUnharmed, leaseFor } from './requests.ts'

type Params = { readonly [member: string]: unknown }

/** One fault at one place. */
interface Fault {
  readonly site: Site
  readonly kind: BreachKind
  readonly value: unknown
}

type Pair = readonly [Fault, Fault]

/** A case for every action whose request may be wrong in two members. */
export function twoFaultCases(spec: Spec): readonly Case[] {
  return spec.clauses.flatMap(clause => {
    const action = clause.action === undefined ? undefined : spec.actions[clause.action]
    if (clause.kind !== 'faults' || action === undefined) return []
    const pairs = pairsOf(faultsIn(spec, action))
    return pairs.length === 0 ? [] : [caseOf(clause, action, pairs)]
  })
}

function caseOf(clause: Clause, action: Action, pairs: readonly Pair[]): Case {
  const id = `${clause.id}#two-faults`
  return {
    id,
    clause,
    family: 'two-faults',
    title: `${action.name} refuses two faults at once`,
    action: action.name,
    actions: [action.name],
    needs: clause.needs,
    run: context => runPairs(context, id, action, pairs),
  }
}

/** The faults that must be refused each by itself, by the member of the request that they are in. */
function faultsIn(spec: Spec, action: Action): ReadonlyMap<string, readonly Fault[]> {
  return new Map(action.request.filter(isBase).map(top => [top.name, faultsBelow(spec, action, top, [top.name], [])]))
}

/** What only a recording or the later model knows, nobody need refuse. */
const isBase = ({ origin, since }: Member): boolean => origin === 'guide' && since === undefined

function faultsBelow(
  spec: Spec,
  action: Action,
  member: Member,
  path: readonly string[],
  above: readonly string[],
): readonly Fault[] {
  const site = siteAt(spec, action, path)
  if (site === null) return []
  const own = [...SITE_KINDS].flatMap(kind => faultsAt(spec, site, kind as BreachKind))
  const { type } = member
  if (type.kind !== 'ref' || above.includes(type.type)) return own
  const members = spec.types[type.type]?.members ?? []
  return [
    ...own,
    ...members
      .filter(isBase)
      .flatMap(inner => faultsBelow(spec, action, inner, [...path, inner.name], [...above, type.type])),
  ]
}

function faultsAt(spec: Spec, site: Site, kind: BreachKind): readonly Fault[] {
  const inBody = site.top.in === 'body'
  if (kind === 'required') return inBody && site.member?.required === true ? [{ site, kind, value: ABSENT }] : []
  // The guide says that these are numbers, and not how another text is refused.
  if (kind === 'type' && !inBody) return []
  // The first of each kind lies nearest to what is legal.
  return faultsOf(spec, site.shape, kind, carrierOf(site)).flatMap(fault =>
    fault.kinds.slice(0, 1).map(value => ({ site, kind, value })),
  )
}

const MOST_PAIRS = 12

/** Each fault beside one of another member, the members and their faults in turn. */
function pairsOf(byMember: ReadonlyMap<string, readonly Fault[]>): readonly Pair[] {
  const members = [...byMember.values()].filter(faults => faults.length > 0)
  if (members.length < 2) return []
  const longest = Math.max(...members.map(faults => faults.length))
  const pairs: Pair[] = []
  for (let round = 0; round < longest; round++)
    for (const [at, faults] of members.entries()) {
      const others = members[(at + 1 + (round % (members.length - 1))) % members.length] ?? []
      const [one, other] = [faults[round % faults.length], others[round % others.length]]
      if (one !== undefined && other !== undefined) pairs.push([one, other])
    }
  return spread(pairs, MOST_PAIRS)
}

/** So many of all, from everywhere. */
function spread<T>(all: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, all.length / most)
  return Array.from({ length: Math.min(most, all.length) }, (_, at) => all[Math.floor(at * step)] as T)
}

async function runPairs(
  context: CaseContext,
  caseId: string,
  action: Action,
  pairs: readonly Pair[],
): Promise<CaseOutcome> {
  const control = await controlOf(context, action, '', base => base)
  if (control.kind === 'none') return outcomeOf(control.judgement, 0)
  let lease: Lease | undefined
  const outcome = await explore<Pair>(context, {
    caseId,
    arbitrary: fc.constantFrom(...pairs),
    examples: pairs,
    runs: Math.min(context.runs, pairs.length),
    drawn: 0,
    judge: async pair => {
      lease ??= await leaseFor(context, action)
      const params = withBoth(context.spec, action, baseRequest(context, action, lease.scope), pair)
      fc.pre(params !== null)
      const answer = await callPatiently(context, action, params)
      if (!isUnharmed(action, answer)) {
        lease.giveBack(false)
        lease = undefined
      }
      const tops = pair.map(one => one.site.top)
      const isPlain = pair.every(({ site }) => site.top.in === 'body' && !namesSomething(site))
      return judgeRefusal(
        context.spec,
        {
          action,
          what: `two faults, in ${pair.map(one => one.site.path.join('.')).join(' and in ')}`,
          namesResource: !isPlain,
          changesRoute: tops.some(top => top.in === 'uri'),
        },
        control,
        answer,
      )
    },
    show: pair => pair.map(({ site, kind }) => `${site.path.join('.')}: ${kind}`),
  })
  lease?.giveBack(true)
  return outcome
}

/** Null unless the request, as it will arrive, is surely illegal at both places and nowhere else. */
function withBoth(spec: Spec, action: Action, base: Params, pair: Pair): Params | null {
  const params = pair.reduce<Params>((request, { site, kind, value }) => {
    const [first] = value === ABSENT ? [value] : adapted(site, kind, valueAt(base, site.path), value)
    return place(spec, action, request, site.path, first)
  }, base)
  const sent = serialise(action, params)
  if (sent.path.split('/').some(segment => segment === '.' || segment === '..')) return null
  const arrived = readRequest(action, sent)
  if (arrived === null) return null
  const breaches = examineMembers(spec, action.request, arrived, 'request').filter(one => one.sure)
  const isAt = ({ site }: Fault, path: readonly string[]): boolean => site.path.every((step, at) => path[at] === step)
  const isBroken = pair.every(one => breaches.some(({ kind, path }) => kind === one.kind && isAt(one, path)))
  return isBroken && breaches.every(({ path }) => pair.some(one => isAt(one, path))) ? params : null
}
