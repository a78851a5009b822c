/** Does what was given come back? Members are compared that the request gives and the answer of the read documents, by their names. */
import type { Action, Member, Spec } from '../../spec/model.ts'
import type { Answer } from '../case.ts'
import { compareEcho } from '../oracle/echo.ts'
import { show } from '../properties/match.ts'
import type { Params } from './laws-subject.ts'

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
  const members = documentedMembers(spec, read)
  const came = flattened(answer.members ?? {})
  let compared = 0
  for (const [name, value] of Object.entries(sent)) {
    const member = members.find((one) => one.name === name && one.in !== 'payload')
    const wanted = member === undefined ? undefined : documentedPart(spec, member, value)
    if (member === undefined || wanted === undefined) continue
    compared++
    const different = compareEcho(name, wanted, came[name], [name])
    if (different !== null) {
      const path = different.path.join('.')
      return { compared, difference: { expected: `${path}: ${show(different.sent)}, as it was given`, actual: `${path}: ${show(different.came)}` } }
    }
  }
  return { compared }
}

/** Members of the answer; of the one structure that is the whole answer (`{CodeSigningConfig: {…}}`), those inside. */
function documentedMembers(spec: Spec, read: Action): readonly Member[] {
  const members = read.responses[0]?.members ?? []
  const [only, ...others] = members
  if (only === undefined || others.length > 0 || only.type.kind !== 'ref') return members
  return spec.types[only.type.type]?.members ?? members
}

function flattened(members: Params): Params {
  const values = Object.values(members)
  const [only] = values
  return values.length === 1 && isObject(only) ? { ...members, ...only } : members
}

/** Of a structure only what the answer's own type has: a package is sent as an archive and answered as an address. */
function documentedPart(spec: Spec, member: Member, value: unknown): unknown {
  if (member.type.kind !== 'ref' || !isObject(value)) return value
  const known = new Set(spec.types[member.type.type]?.members.map((one) => one.name) ?? [])
  const entries = Object.entries(value).filter(([name]) => known.has(name))
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function isObject(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
