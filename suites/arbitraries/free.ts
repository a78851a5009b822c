/**
 * Which members may be chosen freely. A value can be legal by its constraints and refused all the same: because what it
 * names does not exist, because it goes with another member, because the account or the event source does not allow it.
 * Such members are *coupled*, and their pages say why; they keep the value of the page's own example, so that no
 * endpoint is failed for a refusal that is right.
 */
import type { Action, Constraint, Member, Quota, Spec } from '../../spec/model.ts'
import type { MemberFilter } from './legal.ts'

/** Later members are accepted by the service but not known to every endpoint of the edition: not ours to send. */
function isOfTheEdition(member: Member): boolean {
  return member.origin === 'guide' && member.since === undefined
}

/** Null when the member is free, else why not. `path` from the action's request down, the member last. */
export function whyCoupled(
  spec: Pick<Spec, 'types'>,
  action: Action,
  member: Member,
  path: readonly string[],
): string | null {
  if (!isOfTheEdition(member)) return 'came after the edition of the page'
  for (const one of member.constraints) if (one.kind === 'coupled') return one.reason
  if (member.in === 'uri') return 'names what must exist'
  if (path.length === 1 && member.name === action.pagination?.marker) return 'is what the page before gave'
  if (member.constraints.some(one => one.kind === 'arn')) return 'is an ARN'
  return coupledInside(spec, action, member, path)
}

/** A structure is free when something in it is, and nothing that it needs is not. */
function coupledInside(
  spec: Pick<Spec, 'types'>,
  action: Action,
  member: Member,
  path: readonly string[],
): string | null {
  const type = member.type.kind === 'list' ? member.type.of : member.type
  if (type.kind !== 'ref' || path.length > 12) return null
  const members = spec.types[type.type]?.members ?? []
  const inside = members.map(one => ({ one, why: whyCoupled(spec, action, one, [...path, one.name]) }))
  const needed = inside.find(({ one, why }) => one.required && why !== null)
  if (needed !== undefined) return `needs ${needed.one.name}, which ${needed.why}`
  return inside.some(({ why }) => why === null) ? null : 'has nothing in it that is free'
}

/** The filter for generating members of an action's requests. */
export function freeMembers(spec: Pick<Spec, 'types'>, action: Action): MemberFilter {
  return (member, path) => whyCoupled(spec, action, member, path) === null
}

/**
 * The member with the bounds that quotas and coupling put on it: what is legal by its constraints and accepted besides.
 */
export function narrowed(spec: Pick<Spec, 'quotas'>, action: Action, member: Member): Member {
  if (member.type.kind !== 'integer' && member.type.kind !== 'long') return member
  const path = `${action.name}.${member.name}`
  const extra: Constraint[] = spec.quotas
    .filter(quota => quota.appliesTo.includes(path))
    .map(quota => ({
      kind: 'range',
      on: 'self',
      origin: 'model',
      since: 'quota',
      source: member.source,
      ...boundOf(quota),
    }))
  const accepted = withFreeBounds(member)
  return extra.length === 0 ? accepted : { ...accepted, constraints: [...accepted.constraints, ...extra] }
}

/**
 * The member bound by what its page calls `free`, values that are accepted as well as legal; itself when there is
 * nothing of the kind.
 */
export function withFreeBounds(member: Member): Member {
  if (!member.constraints.some(one => one.kind === 'free')) return member
  return {
    ...member,
    constraints: member.constraints.map(one =>
      one.kind === 'free' ? { ...one.bound, on: one.on, origin: 'model', since: 'free', source: one.source } : one,
    ),
  }
}

/** Quotas whose id says that they are a least value bound from below; all others from above. */
function boundOf(quota: Quota): { readonly min?: number; readonly max?: number } {
  return /(^|-)min($|-)/.test(quota.id) ? { min: quota.value } : { max: quota.value }
}
