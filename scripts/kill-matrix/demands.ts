/** Pages that demand less or more of requests: an endpoint that follows them validates too little, or too much. */
import { createHash } from 'node:crypto'
import type { Clause, Constraint, Member, Spec } from '../../spec/model.ts'
import { siteAt } from '../../suites/arbitraries/site.ts'

/** One demand: of a member of an action's request or of a type, and of which kind. */
export interface Demand {
  readonly owner: string
  readonly member: string
  readonly kind: Constraint['kind'] | 'required'
}

type Chosen = (demand: Demand) => boolean

/** The demands in two halves by a seed: what one endpoint lacks, the other has. */
export function halfOf({ owner, member, kind }: Demand, seed: number): 0 | 1 {
  const [first = 0] = createHash('sha256').update(`${seed} ${owner}.${member}.${kind}`).digest()
  return (first & 1) as 0 | 1
}

/** The pages without the demands that are chosen. */
export function withoutDemands(spec: Spec, isDropped: Chosen): Spec {
  return withMembers(spec, (owner, member) => ({
    ...member,
    required: member.required && !isDropped({ owner, member: member.name, kind: 'required' }),
    constraints: member.constraints.filter(({ kind }) => !isDropped({ owner, member: member.name, kind })),
  }))
}

/** The pages with the bounds that are chosen one narrower at each end. */
export function narrowed(spec: Spec, isNarrowed: Chosen): Spec {
  return withMembers(spec, (owner, member) => ({
    ...member,
    constraints: member.constraints.map(one =>
      isNarrowed({ owner, member: member.name, kind: one.kind }) ? narrower(one, member.constraints) : one,
    ),
  }))
}

const BOUNDED = ['length', 'range', 'items', 'entries'] as const
type Bounded = Extract<Constraint, { readonly kind: (typeof BOUNDED)[number] }>

const isBounded = (one: Constraint): one is Bounded => BOUNDED.some(kind => kind === one.kind)

/** Alternatives allow what any of them allows: each becomes narrower than the narrowest of them. */
function narrower(one: Constraint, all: readonly Constraint[]): Constraint {
  if (!isBounded(one)) return one
  const alike = all.filter(isBounded).filter(other => other.kind === one.kind && other.on === one.on)
  const most = Math.min(...alike.map(other => other.max ?? Number.POSITIVE_INFINITY)) - 1
  const least = Math.max(...alike.map(other => other.min ?? Number.NEGATIVE_INFINITY)) + 1
  return {
    ...one,
    ...(one.max !== undefined && { max: most }),
    ...(one.min !== undefined && { min: least }),
  }
}

function withMembers(spec: Spec, change: (owner: string, member: Member) => Member): Spec {
  return {
    ...spec,
    actions: Object.fromEntries(
      Object.entries(spec.actions).map(([name, action]) => [
        name,
        { ...action, request: action.request.map(member => change(name, member)) },
      ]),
    ),
    types: Object.fromEntries(
      Object.entries(spec.types).map(([name, type]) => [
        name,
        { ...type, members: type.members.map(member => change(name, member)) },
      ]),
    ),
  }
}

/** Whether other pages say something else at the place that a clause of a request speaks of. */
export function differsAt(spec: Spec, other: Spec, { action: name = '', path, kind }: Clause): boolean {
  const [one, another] = [spec, other].map(pages => {
    const action = pages.actions[name]
    const site = action === undefined || path === undefined ? null : siteAt(pages, action, path)
    if (site === null) return ''
    const demands = site.shape.constraints.filter(constraint => constraint.kind === kind && constraint.on === 'self')
    return JSON.stringify(kind === 'required' ? site.member?.required : demands)
  })
  return one !== another
}
