/**
 * Does what was given come back? Members are compared that the request gives and the answer of the read documents, by
 * their names.
 */
import type { Action, Member, Spec } from '../../../spec/model.ts'
import type { Answer } from '../../case.ts'
import { compareEcho } from '../../oracle/echo.ts'
import { show } from '../../oracle/match.ts'
import type { Params } from './subject.ts'

/** A member that is read otherwise than it was written. */
export interface WrittenDifference {
  readonly expected: string
  readonly actual: string
}

/** How many members could be compared, and the first that does not come back. */
export function compareWritten(
  spec: Spec,
  read: Action,
  sent: Params,
  answer: Answer,
): { readonly compared: number; readonly difference?: WrittenDifference } {
  const whole = read.responses[0]?.members ?? []
  const members = structInside(spec, whole)?.members ?? whole
  return compareMembers(spec, members, sent, answeredMembers(spec, read, answer))
}

/** The members of an answer, those of the one structure that is the whole answer where it is so. */
export function answeredMembers(spec: Spec, read: Action, answer: Answer): unknown {
  const inside = structInside(spec, read.responses[0]?.members ?? [])
  return inside === undefined ? (answer.members ?? {}) : answer.members?.[inside.name]
}

/** The same of any structure, such as an item of a list. */
export function compareMembers(
  spec: Spec,
  members: readonly Member[],
  sent: Params,
  came: unknown,
): { readonly compared: number; readonly difference?: WrittenDifference } {
  let compared = 0
  for (const [name, value] of Object.entries(sent)) {
    const member = members.find(one => one.name === name && one.in !== 'payload')
    const wanted = member === undefined ? undefined : documentedPart(spec, member, value)
    if (member === undefined || wanted === undefined) continue
    compared++
    const different = compareEcho(name, wanted, isObject(came) ? came[name] : undefined, [name])
    if (different !== null) {
      const path = different.path.join('.')
      return {
        compared,
        difference: {
          expected: `${path}: ${show(different.sent)}, as it was given`,
          actual: `${path}: ${show(different.came)}`,
        },
      }
    }
  }
  return { compared }
}

/** The one structure that is the whole answer: `{CodeSigningConfig: {…}}`. */
function structInside(
  spec: Spec,
  whole: readonly Member[],
): { readonly name: string; readonly members: readonly Member[] } | undefined {
  const [only, ...others] = whole
  const type = only?.type.kind === 'ref' && others.length === 0 ? spec.types[only.type.type] : undefined
  return only === undefined || type === undefined ? undefined : { name: only.name, members: type.members }
}

/** Of a structure only what the answer's own type has: a package is sent as an archive and answered as an address. */
function documentedPart(spec: Spec, member: Member, value: unknown): unknown {
  if (member.type.kind !== 'ref' || !isObject(value)) return value
  const known = new Set(spec.types[member.type.type]?.members.map(one => one.name) ?? [])
  const entries = Object.entries(value).filter(([name]) => known.has(name))
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function isObject(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
