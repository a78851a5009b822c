/** Legal values, as the constraints of a page allow them: what all alternatives agree on. */
import fc from 'fast-check'
import type { Constraint, Member, Spec } from '../../spec/model.ts'
import { alternatives, elementShape, isSurelyLegal, keyShape, type Shape } from '../oracle/legal.ts'
import { matchingAll, sifted } from './pattern.ts'
import { jsonValues } from './json-value.ts'
import { withFreeBounds } from './free.ts'

type Types = Pick<Spec, 'types'>

/** Bounds that hold whatever the page leaves open: requests stay small. */
const OPEN_LENGTH = 64
const OPEN_ITEMS = 3
const OPEN_NUMBER = 1000

/** Which members of a structure may be generated; the others are left out. */
export type MemberFilter = (member: Member, path: readonly string[]) => boolean

/**
 * Surely legal values of a shape. Structures have their required members always and the others now and then.
 * Throws when nothing can be legal; that is a defect of the page.
 */
export function legalValues(
  spec: Types,
  shape: Shape,
  wanted: MemberFilter = () => true,
  path: readonly string[] = [],
): fc.Arbitrary<unknown> {
  return sifted(unchecked(spec, shape, wanted, path), value => isSurelyLegal(spec, shape, value))
}

function unchecked(spec: Types, shape: Shape, wanted: MemberFilter, path: readonly string[]): fc.Arbitrary<unknown> {
  const { type, constraints } = shape
  switch (type.kind) {
    case 'string':
      return strings(constraints)
    case 'integer':
    case 'long': {
      const { min, max } = bounds(constraints, 'range')
      const low = min ?? Math.min(0, max ?? 0)
      return fc.integer({ min: low, max: max ?? low + OPEN_NUMBER })
    }
    case 'double': {
      const { min, max } = bounds(constraints, 'range')
      return fc.integer({ min: Math.ceil((min ?? 0) * 100), max: Math.floor((max ?? 1) * 100) }).map(n => n / 100)
    }
    case 'boolean':
      return fc.boolean()
    case 'timestamp':
      return fc.integer({ min: 1_500_000_000, max: 1_900_000_000 })
    case 'blob': {
      const { min, max } = bounds(constraints, 'length')
      return fc
        .uint8Array({ minLength: min ?? 1, maxLength: Math.min(max ?? OPEN_LENGTH, Math.max(min ?? 1, OPEN_LENGTH)) })
        .map(bytes => Buffer.from(bytes).toString('base64'))
    }
    case 'json':
      return jsonValues({ maxDepth: 2 })
    case 'list': {
      const { min, max } = bounds(constraints, 'items')
      return fc.uniqueArray(legalValues(spec, elementShape(shape), wanted, [...path, '[]']), {
        minLength: min ?? 0,
        maxLength: Math.min(max ?? OPEN_ITEMS, Math.max(min ?? 0, OPEN_ITEMS)),
        selector: value => JSON.stringify(value),
      })
    }
    case 'map': {
      const { min, max } = bounds(constraints, 'entries')
      return fc.dictionary(
        legalValues(spec, keyShape(shape), wanted, [...path, '{key}']) as fc.Arbitrary<string>,
        legalValues(spec, elementShape(shape), wanted, [...path, '{}']),
        {
          minKeys: min ?? 0,
          maxKeys: Math.min(max ?? OPEN_ITEMS, Math.max(min ?? 0, OPEN_ITEMS)),
          noNullPrototype: true,
        },
      )
    }
    case 'ref':
      return legalMembers(spec, spec.types[type.type]?.members ?? [], wanted, path)
  }
}

/** Structures with every required member, and any choice of the other members that `wanted` lets through. */
export function legalMembers(
  spec: Types,
  members: readonly Member[],
  wanted: MemberFilter,
  path: readonly string[] = [],
): fc.Arbitrary<{ [member: string]: unknown }> {
  const chosen = members.filter(member => member.required || wanted(member, [...path, member.name]))
  const model: { [member: string]: fc.Arbitrary<unknown> } = {}
  for (const member of chosen) model[member.name] = memberValues(spec, member, wanted, [...path, member.name])
  return fc.record(model, {
    requiredKeys: chosen.filter(member => member.required).map(member => member.name),
    noNullPrototype: true,
  })
}

/** Values of one member that are legal, and accepted as far as its page says what is. */
export function memberValues(
  spec: Types,
  member: Member,
  wanted: MemberFilter,
  path: readonly string[],
): fc.Arbitrary<unknown> {
  return legalValues(spec, withFreeBounds(member), wanted, path)
}

function strings(constraints: readonly Constraint[]): fc.Arbitrary<string> {
  const enumerated = commonEnum(constraints)
  if (enumerated !== null) return fc.constantFrom(...enumerated)
  const { min, max } = bounds(constraints, 'length')
  const limits = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
  const patterns = constraints.flatMap(one => (one.on === 'self' && one.kind === 'pattern' ? [one.pattern] : []))
  if (patterns.length > 0) return matchingAll(patterns, limits)
  const format = constraints.find(one => one.on === 'self' && one.kind === 'format')
  if (format?.kind === 'format') return formatted(format.format)
  const most = Math.min(max ?? OPEN_LENGTH, Math.max(min ?? 0, OPEN_LENGTH))
  return fc.string({ minLength: min ?? 0, maxLength: most, unit: 'grapheme-ascii' })
}

const STATEMENT = { Sid: 'x', Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunction', Resource: '*' }

function formatted(format: string): fc.Arbitrary<string> {
  switch (format) {
    case 'json':
      return jsonValues({ maxDepth: 1 }).map(value => JSON.stringify(value))
    case 'uuid':
      return fc.uuid()
    case 'base64':
      return fc.uint8Array({ minLength: 1, maxLength: 30 }).map(bytes => Buffer.from(bytes).toString('base64'))
    case 'iso8601':
      return fc
        .integer({ min: 1_500_000_000, max: 1_900_000_000 })
        .map(seconds => new Date(seconds * 1000).toISOString())
    case 'sha256':
      return fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => Buffer.from(bytes).toString('base64'))
    case 'iam-statement':
      return fc.constant(JSON.stringify(STATEMENT))
    case 'iam-policy':
      return fc.constant(JSON.stringify({ Version: '2012-10-17', Statement: [STATEMENT] }))
    default:
      return fc.constant('arn:aws:s3:::lambdacheck')
  }
}

/** Values that every list of values has; null when there is no such list. */
export function commonEnum(constraints: readonly Constraint[]): readonly string[] | null {
  const lists = constraints
    .filter(one => one.on === 'self' && one.kind === 'enum')
    .map(one => (one.kind === 'enum' ? one.values : []))
  const [first, ...rest] = lists
  if (first === undefined) return null
  const common = first.filter(value => rest.every(list => list.includes(value)))
  return common.length > 0 ? common : first
}

/** What all constraints of a kind allow at once. */
export function bounds(
  constraints: readonly Constraint[],
  kind: 'length' | 'range' | 'items' | 'entries',
): { min?: number; max?: number } {
  const said = alternatives(constraints, kind).flat()
  const mins = said.flatMap(one => ('min' in one && one.min !== undefined ? [one.min] : []))
  const maxs = said.flatMap(one => ('max' in one && one.max !== undefined ? [one.max] : []))
  return {
    ...(mins.length === 0 ? {} : { min: Math.max(...mins) }),
    ...(maxs.length === 0 ? {} : { max: Math.min(...maxs) }),
  }
}
