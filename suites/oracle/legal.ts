/**
 * Is a value legal? Constraints of one kind but of different origin are alternatives, so there are three answers:
 * surely legal (all allow it), surely illegal (none does, and the guide is among those that speak), and in between,
 * where nothing may be claimed.
 */
import { groupInOrder } from '../../base/group-by.ts'
import type { Constraint, ConstraintBody, Member, Spec, TypeRef } from '../../spec/model.ts'
import { isObject } from '../../base/is-object.ts'
import { parseJson } from '../../base/parse-json.ts'
import { isPlausible, isSpeltAlike } from './plausible.ts'
import { heldBy } from '../../spec/compiler/type-ref.ts'
import { entriesOf } from '../../base/entries-of.ts'

type Types = Pick<Spec, 'types'>

/**
 * What is judged: a member, an element of a list, a value or a key of a map. `constraints` speak of the value itself or
 * of its parts.
 */
export interface Shape {
  readonly type: TypeRef
  readonly constraints: readonly Constraint[]
}

/** Which demand of a page a value does not keep. */
export type BreachKind = 'required' | 'type' | 'length' | 'range' | 'items' | 'entries' | 'pattern' | 'enum' | 'format'

/** One reason why a value may not be legal. */
export interface Breach {
  readonly kind: BreachKind
  /** Members from the judged value down; `[]` for an element, `{}` for a value and `{key}` for a key of a map. */
  readonly path: readonly string[]
  /** True: nothing that speaks of it allows it. */
  readonly sure: boolean
  readonly expected: string
  readonly value: unknown
}

/**
 * `request`: what a service may still read as the right type (a number as text) is only doubtful. `response`: types are
 * as printed. `aws-response`: the answer is said to be AWS's own, so that what later models and recordings know binds
 * it as well, and the guide's lists of values are as closed as they have shown themselves to be.
 */
export type Direction = 'request' | 'response' | 'aws-response'

/** All breaches about a value, parts of it included. Unknown members are none. */
export function examine(spec: Types, shape: Shape, value: unknown, direction: Direction): readonly Breach[] {
  const breaches: Breach[] = []
  examineAt(spec, shape, value, direction, [], breaches, 0)
  return breaches
}

/** Doubts about the members of a structure, such as a whole request by its parameters. */
export function examineMembers(
  spec: Types,
  members: readonly Member[],
  value: { readonly [member: string]: unknown },
  direction: Direction,
): readonly Breach[] {
  const breaches: Breach[] = []
  examineStruct(spec, members, value, direction, [], breaches, 0)
  return breaches
}

/** Whether all sources allow a value. */
export function isSurelyLegal(spec: Types, shape: Shape, value: unknown): boolean {
  return examine(spec, shape, value, 'request').length === 0
}

/** Deeper than any documented type; an endpoint's answer may be deeper. */
const MAX_DEPTH = 30

function examineAt(
  spec: Types,
  shape: Shape,
  value: unknown,
  direction: Direction,
  path: readonly string[],
  breaches: Breach[],
  depth: number,
): void {
  if (depth > MAX_DEPTH) return
  const fit = fitsType(shape.type, value, direction)
  if (fit !== 'yes') {
    breaches.push({ kind: 'type', path, sure: fit === 'no', expected: describeType(shape.type), value })
    return
  }
  examineConstraints(shape, value, direction, path, breaches)
  const { type } = shape
  if (type.kind === 'ref') {
    const struct = spec.types[type.type]
    if (struct !== undefined)
      examineStruct(spec, struct.members, value as { [member: string]: unknown }, direction, path, breaches, depth + 1)
  } else if (type.kind === 'list') {
    const element = elementShape(shape)
    for (const one of value as unknown[]) examineAt(spec, element, one, direction, [...path, '[]'], breaches, depth + 1)
  } else if (type.kind === 'map') {
    const [key, element] = [keyShape(shape), elementShape(shape)]
    for (const [name, one] of entriesOf(value)) {
      examineAt(spec, key, name, direction, [...path, '{key}'], breaches, depth + 1)
      examineAt(spec, element, one, direction, [...path, '{}'], breaches, depth + 1)
    }
  }
}

function examineStruct(
  spec: Types,
  members: readonly Member[],
  value: { readonly [member: string]: unknown },
  direction: Direction,
  path: readonly string[],
  breaches: Breach[],
  depth: number,
): void {
  for (const member of members) {
    const one = Object.hasOwn(value, member.name) ? value[member.name] : undefined
    if (one === undefined || one === null) {
      if (member.required) {
        breaches.push({
          kind: 'required',
          path: [...path, member.name],
          sure: isBase(member),
          expected: 'must be given',
          value: one,
        })
      }
      continue
    }
    examineAt(spec, member, one, direction, [...path, member.name], breaches, depth + 1)
  }
}

/** Said by the guide itself, for the edition of the page. */
function isBase(said: { readonly origin: string; readonly since?: string }): boolean {
  return said.origin === 'guide' && said.since === undefined
}

/** The shape of a list's elements or of a map's values. */
export function elementShape(shape: Shape): Shape {
  const type = heldBy(shape.type) ?? shape.type
  const each = shape.constraints.filter(one => one.on === 'each' || (one.kind === 'open' && one.on === 'self'))
  // In a map of lists, `each` speaks of the lists where it counts items, and of what is in them where it speaks of
  // text.
  if (type.kind !== 'list') return { type, constraints: each.map(onSelf) }
  return { type, constraints: each.map(one => (one.kind === 'items' ? onSelf(one) : one)) }
}

/** The shape of a map's keys. */
export function keyShape(shape: Shape): Shape {
  const type: TypeRef = shape.type.kind === 'map' ? shape.type.key : shape.type
  return { type, constraints: shape.constraints.filter(one => one.on === 'key').map(onSelf) }
}

function onSelf(constraint: Constraint): Constraint {
  return { ...constraint, on: 'self' }
}

type Fit = 'yes' | 'maybe' | 'no'

function fitsType(type: TypeRef, value: unknown, direction: Direction): Fit {
  const lenient = (condition: boolean): Fit => (condition && direction === 'request' ? 'maybe' : 'no')
  switch (type.kind) {
    case 'string':
      return typeof value === 'string' ? 'yes' : lenient(typeof value === 'number' || typeof value === 'boolean')
    case 'integer':
    case 'long':
      if (typeof value === 'number' && Number.isInteger(value))
        return type.kind === 'integer' && Math.abs(value) > 2 ** 31 ? 'maybe' : 'yes'
      return lenient(typeof value === 'number' || isNumeric(value))
    case 'double':
      return typeof value === 'number' ? 'yes' : lenient(isNumeric(value))
    case 'boolean':
      return typeof value === 'boolean' ? 'yes' : lenient(typeof value === 'number' || typeof value === 'string')
    case 'timestamp':
      if (typeof value === 'number') return Number.isFinite(value) ? 'yes' : 'no'
      return lenient(typeof value === 'string' || value instanceof Date)
    case 'blob':
      return typeof value === 'string' || value instanceof Uint8Array ? 'yes' : 'no'
    case 'json':
      return 'yes'
    case 'list':
      return Array.isArray(value) ? 'yes' : 'no'
    case 'map':
    case 'ref':
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? 'yes' : 'no'
  }
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
}

const KINDS = ['length', 'range', 'items', 'entries', 'pattern', 'enum', 'format'] as const

function examineConstraints(
  shape: Shape,
  value: unknown,
  direction: Direction,
  path: readonly string[],
  breaches: Breach[],
): void {
  for (const kind of KINDS) {
    const groups = alternatives(shape.constraints, kind)
    if (groups.length === 0) continue
    const allowing = groups.filter(group => group.every(one => holds(one, shape.type, value)))
    if (allowing.length === groups.length) continue
    const binding = groups.some(group => group.every(isBase)) || (direction === 'aws-response' && isLasting(kind))
    const sure = allowing.length === 0 && binding && !(kind === 'enum' && isOpenTo(shape, value, direction))
    breaches.push({
      kind,
      path,
      sure,
      expected: groups.map(group => group.map(describeConstraint).join(', ')).join(' or '),
      value,
    })
  }
}

/** Of what only later models say, numbers of items and lists of values change first. */
function isLasting(kind: Constraint['kind']): boolean {
  return kind !== 'items' && kind !== 'entries' && kind !== 'enum'
}

/** Is a list of values open, so that this value may be a new one? */
function isOpenTo(shape: Shape, value: unknown, direction: Direction): boolean {
  if (!shape.constraints.some(one => one.kind === 'open' && one.on === 'self')) return false
  if (direction === 'request' || typeof value !== 'string') return true
  const documented = shape.constraints.flatMap(one => (one.on === 'self' && one.kind === 'enum' ? one.values : []))
  return direction === 'aws-response' ? isPlausible(value, documented) : isSpeltAlike(value, documented)
}

/**
 * The constraints of one kind on the value itself, by who says so: within a group all must hold, any group may be the
 * right one.
 */
export function alternatives(
  constraints: readonly Constraint[],
  kind: Constraint['kind'],
): readonly (readonly Constraint[])[] {
  const own = constraints.filter(constraint => constraint.on === 'self' && constraint.kind === kind)
  return [...groupInOrder(own, ({ origin, since = '' }) => `${origin} ${since}`).values()]
}

/**
 * Patterns see this much of a text that an endpoint sent: no documented text is longer, and some patterns take their
 * time.
 */
const MATCHED = 8192

function holds(constraint: ConstraintBody, type: TypeRef, value: unknown): boolean {
  switch (constraint.kind) {
    case 'length': {
      const lengths = type.kind === 'blob' ? [blobLength(value)] : textLengths(value)
      return lengths.every(length => within(constraint, length))
    }
    case 'range':
      return typeof value !== 'number' || within(constraint, value)
    case 'items':
      return !Array.isArray(value) || within(constraint, value.length)
    case 'entries':
      return typeof value !== 'object' || value === null || within(constraint, Object.keys(value).length)
    case 'pattern':
      return typeof value !== 'string' || (value.length <= MATCHED && compilePattern(constraint.pattern).test(value))
    case 'enum':
      return typeof value !== 'string' || constraint.values.includes(value)
    case 'format':
      return typeof value !== 'string' || hasFormat(constraint.format, value)
    default:
      return true
  }
}

/** Characters may be counted as code points or as UTF-16 units; AWS does not say which. */
function textLengths(value: unknown): readonly number[] {
  if (typeof value !== 'string') return []
  return value.length > MATCHED ? [value.length] : [value.length, [...value].length]
}

function blobLength(value: unknown): number {
  if (value instanceof Uint8Array) return value.length
  return typeof value === 'string' ? Buffer.byteLength(value, 'base64') : 0
}

function within(bounds: { readonly min?: number; readonly max?: number }, size: number): boolean {
  return size >= (bounds.min ?? -Infinity) && size <= (bounds.max ?? Infinity)
}

const compiled = new Map<string, RegExp>()

/** A pattern as AWS prints it speaks of the whole value. */
export function compilePattern(pattern: string): RegExp {
  let regex = compiled.get(pattern)
  if (regex === undefined) {
    regex = new RegExp(`^(?:${pattern})$`)
    compiled.set(pattern, regex)
  }
  return regex
}

function hasFormat(format: string, value: string): boolean {
  switch (format) {
    case 'base64':
      return value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
    case 'json':
      return isJson(value)
    case 'iso8601':
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/.test(value)
    case 'uuid':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
    case 'arn':
      return /^arn:[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]*:(\d{12}|aws)?:.+$/.test(value)
    case 'sha256':
      return /^([A-Za-z0-9+/]{43}=|(sha256:)?[0-9a-f]{64})$/.test(value)
    case 'iam-policy':
      return isPolicy(value)
    case 'iam-statement':
      return isStatement(parseJson(value))
    default:
      return true
  }
}

function isJson(text: string): boolean {
  return parseJson(text) !== undefined
}

function isPolicy(text: string): boolean {
  const policy = parseJson(text)
  const statements = isObject(policy) ? policy['Statement'] : undefined
  return Array.isArray(statements) && statements.every(isStatement)
}

/** What a permission adds always allows. */
function isStatement(value: unknown): boolean {
  const members = ['Sid', 'Effect', 'Principal', 'Action', 'Resource']
  return isObject(value) && members.every(name => value[name] !== undefined) && value['Effect'] === 'Allow'
}

function describeType(type: TypeRef): string {
  switch (type.kind) {
    case 'list':
      return `a list of ${describeType(type.of).replace(/^an? /, '')}`
    case 'map':
      return (
        `a map of ${describeType(type.key).replace(/^an? /, '')} to ` +
        `${describeType(type.value).replace(/^an? /, '')}`
      )
    case 'ref':
      return `a ${type.type}`
    case 'integer':
      return 'an integer'
    case 'blob':
      return 'base64 text'
    case 'timestamp':
      return 'seconds since 1970'
    case 'json':
      return 'a JSON value'
    default:
      return `a ${type.kind}`
  }
}

const FORMAT_NAMES: { readonly [format: string]: string } = {
  uuid: 'a UUID',
  sha256: 'a SHA-256 in base64 or hexadecimal',
  'iam-policy': 'a JSON document with statements of IAM',
  'iam-statement': 'a statement of IAM with Sid, Effect, Principal, Action and Resource that allows',
}

function describeConstraint(constraint: ConstraintBody): string {
  switch (constraint.kind) {
    case 'length':
    case 'range':
    case 'items':
    case 'entries':
      return `${constraint.kind} ${constraint.min ?? ''}..${constraint.max ?? ''}`
    case 'pattern':
      return `pattern ${constraint.pattern}`
    case 'enum':
      return constraint.values.length > 12
        ? `one of ${constraint.values.length} values`
        : `one of ${constraint.values.join(', ')}`
    case 'format':
      return FORMAT_NAMES[constraint.format] ?? `${constraint.format} text`
    default:
      return constraint.kind
  }
}
