/** Places in a request: one member, an element of a list, a value or a key of a map, however deep. */
import { isObject } from '../../base/is-object.ts'
import type { Action, Member, Spec } from '../../spec/model.ts'
import { elementShape, keyShape, type Shape } from '../oracle/legal.ts'
import { exampleMembers, exampleOf } from './example.ts'

type Types = Pick<Spec, 'types'>

/** One place. `path` as in a clause: member names, `[]`, `{}`, `{key}`. */
export interface Site {
  readonly path: readonly string[]
  /** The request member that the path begins with. */
  readonly top: Member
  /** The member at the end of the path; absent for elements, values and keys. */
  readonly member?: Member
  /** Constraints `on: self` speak of the value at the place. */
  readonly shape: Shape
}

/** Null when the action has no such place. */
export function siteAt(spec: Types, action: Action, path: readonly string[]): Site | null {
  const top = action.request.find(member => member.name === path[0])
  if (top === undefined) return null
  let shape: Shape = top
  let member: Member | undefined = top
  for (const step of path.slice(1)) {
    if (step === '[]' || step === '{}') {
      shape = elementShape(shape)
      member = undefined
    } else if (step === '{key}') {
      shape = keyShape(shape)
      member = undefined
    } else {
      const struct: readonly Member[] = shape.type.kind === 'ref' ? (spec.types[shape.type.type]?.members ?? []) : []
      member = struct.find(one => one.name === step)
      if (member === undefined) return null
      shape = member
    }
  }
  return { path, top, shape, ...(member === undefined ? {} : { member }) }
}

/** Marks a member to be taken out. */
export const ABSENT: unique symbol = Symbol('absent')

/** A copy of `request` with `value` at `path`; what is missing on the way is filled with small legal values. */
export function place(
  spec: Types,
  action: Action,
  request: { readonly [member: string]: unknown },
  path: readonly string[],
  value: unknown,
): { [member: string]: unknown } {
  return placeMember(spec, action.request, request, path, value)
}

function placeMember(
  spec: Types,
  members: readonly Member[],
  struct: { readonly [member: string]: unknown },
  path: readonly string[],
  value: unknown,
): { [member: string]: unknown } {
  const [name, ...rest] = path
  if (name === undefined) return { ...struct }
  const member = members.find(one => one.name === name)
  const placed = member === undefined ? value : placeIn(spec, member, struct[name], rest, value)
  const { [name]: _, ...others } = struct
  return placed === ABSENT ? others : { ...struct, [name]: placed }
}

function placeIn(spec: Types, shape: Shape, current: unknown, path: readonly string[], value: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (step === '[]') {
    const list = Array.isArray(current) && current.length > 0 ? current : [exampleOf(spec, elementShape(shape))]
    return [placeIn(spec, elementShape(shape), list[0], rest, value), ...list.slice(1)]
  }
  if (step === '{}' || step === '{key}') {
    const map =
      isObject(current) && Object.keys(current).length > 0
        ? current
        : { [String(exampleOf(spec, keyShape(shape)))]: exampleOf(spec, elementShape(shape)) }
    const [key, element] = Object.entries(map)[0] as [string, unknown]
    const { [key]: _, ...others } = map
    if (step === '{key}') return { [String(value)]: element, ...others }
    return { [key]: placeIn(spec, elementShape(shape), element, rest, value), ...others }
  }
  const members = shape.type.kind === 'ref' ? (spec.types[shape.type.type]?.members ?? []) : []
  const struct = isObject(current) ? current : (asObject(exampleOf(spec, shape)) ?? exampleMembers(spec, members))
  return placeMember(spec, members, struct, [step, ...rest], value)
}

/** What stands at `path`, or undefined. Of lists and maps the first element counts. */
export function valueAt(request: unknown, path: readonly string[]): unknown {
  let value = request
  for (const step of path) {
    if (step === '[]') value = Array.isArray(value) ? value[0] : undefined
    else if (step === '{key}') value = isObject(value) ? Object.keys(value)[0] : undefined
    else if (step === '{}') value = isObject(value) ? Object.values(value)[0] : undefined
    else value = isObject(value) ? value[step] : undefined
  }
  return value
}

function asObject(value: unknown): { [key: string]: unknown } | null {
  return isObject(value) ? value : null
}
