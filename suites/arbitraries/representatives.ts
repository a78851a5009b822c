/**
 * A few legal values of a shape, always the same ones: the ends of its bounds, each value of a list, a text for each
 * alternative of a pattern. What can be enumerated is sent before anything is drawn, so that a verdict does not hang on
 * a seed.
 */
import fc from 'fast-check'
import type { Action, Member, Spec } from '../../spec/model.ts'
import { elementShape, isSurelyLegal, keyShape, type Shape } from '../oracle/legal.ts'
import { alternativeTexts } from './alternatives.ts'
import { coveringRows } from './cover.ts'
import { exampleOf } from './example.ts'
import { freeMembers, narrowed, withFreeBounds } from './free.ts'
import { bounds, commonEnum, legalValues, type MemberFilter } from './legal.ts'
import { stretched } from './pattern.ts'

type Types = Pick<Spec, 'types'>
type Struct = { readonly [member: string]: unknown }

/** Of one place. */
const MOST = 12
/** Texts, lists and maps stay small where the page leaves them open. */
const OPEN_LENGTH = 64
const OPEN_ITEMS = 3
const OPEN_NUMBER = 1000

/** Surely legal values, the plainest first; one at least, unless nothing is legal. `wanted`: see `legalValues`. */
export function representativesOf(
  spec: Types,
  shape: Shape,
  wanted: MemberFilter = () => true,
  path: readonly string[] = [],
): readonly unknown[] {
  const legal = distinct(unchecked(spec, shape, wanted, path)).filter(value => isSurelyLegal(spec, shape, value))
  if (legal.length > 0) return legal.slice(0, MOST)
  return fc.sample(legalValues(spec, shape, wanted, path), { numRuns: 1, seed: 1 })
}

function distinct(values: readonly unknown[]): readonly unknown[] {
  return [...new Map(values.map(value => [JSON.stringify(value), value])).values()]
}

function unchecked(spec: Types, shape: Shape, wanted: MemberFilter, path: readonly string[]): readonly unknown[] {
  const { type, constraints } = shape
  switch (type.kind) {
    case 'string':
      return texts(spec, shape)
    case 'integer':
    case 'long': {
      const { min, max } = bounds(constraints, 'range')
      const low = min ?? Math.min(0, max ?? 0)
      const high = max ?? low + OPEN_NUMBER
      return [low, high, Math.floor((low + high) / 2), low + 1, high - 1]
    }
    case 'double': {
      const { min = 0, max = 1 } = bounds(constraints, 'range')
      return [min, max, (min + max) / 2, Math.round(min * 100 + 1) / 100]
    }
    case 'boolean':
      return [true, false]
    case 'timestamp':
      return [1_600_000_000, 1_700_000_000]
    case 'blob': {
      const { min = 1 } = bounds(constraints, 'length')
      return [Buffer.alloc(min, 'a').toString('base64'), Buffer.from([0, 255, 128, 10]).toString('base64')]
    }
    case 'json':
      return JSON_VALUES
    case 'list': {
      const { min = 0, max = OPEN_ITEMS } = bounds(constraints, 'items')
      const items = representativesOf(spec, elementShape(shape), wanted, [...path, '[]'])
      const least = Math.max(min, 1)
      const most = Math.min(max, Math.max(least, OPEN_ITEMS))
      return [
        ...items.map((_, at) => [...items.slice(at), ...items.slice(0, at)].slice(0, least)),
        items.slice(0, most),
        ...(min === 0 ? [[]] : []),
      ]
    }
    case 'map':
      return maps(spec, shape, wanted, path)
    case 'ref':
      return rowsOf(spec, spec.types[type.type]?.members ?? [], wanted, path)
  }
}

/** Every kind of JSON, and texts that are easily mistaken for something else. */
export const JSON_VALUES: readonly unknown[] = [
  { a: 1 },
  [],
  {},
  null,
  true,
  0,
  -1.5,
  '',
  'text',
  ['a', { b: [null, 1e21] }],
  { 'ä "\\/': '😀\u2028', '': false },
]

function texts(spec: Types, shape: Shape): readonly string[] {
  const { constraints } = shape
  const listed = commonEnum(constraints)
  if (listed !== null) return listed
  const { min = 0, max } = bounds(constraints, 'length')
  const plain = String(exampleOf(spec, shape))
  const patterns = constraints.flatMap(one => (one.on === 'self' && one.kind === 'pattern' ? [one.pattern] : []))
  if (patterns.length > 0) {
    const made = patterns.flatMap(alternativeTexts)
    const long = max === undefined || max > OPEN_LENGTH ? [] : [plain, ...made]
    return [
      plain,
      ...made.map(text => (text.length >= min ? text : (stretched(patterns[0] ?? '', text, min) ?? text))),
      ...long.flatMap(text => stretched(patterns[0] ?? '', text, max ?? 0) ?? []),
    ]
  }
  if (constraints.some(one => one.on === 'self' && one.kind === 'format')) return [plain]
  const most = Math.min(max ?? OPEN_LENGTH, Math.max(min, OPEN_LENGTH))
  return [plain, 'a'.repeat(min), 'z'.repeat(most), 'With blanks, "signs" & \\ /', "it's <b>100 %</b>; #1?", '~']
}

function maps(spec: Types, shape: Shape, wanted: MemberFilter, path: readonly string[]): readonly Struct[] {
  const { min = 0, max = OPEN_ITEMS } = bounds(shape.constraints, 'entries')
  const keys = representativesOf(spec, keyShape(shape), wanted, [...path, '{key}']).map(String)
  const values = representativesOf(spec, elementShape(shape), wanted, [...path, '{}'])
  const entry = (at: number): readonly [string, unknown] => [
    keys[at % keys.length] ?? 'key',
    values[at % values.length],
  ]
  const from = (at: number, count: number): Struct =>
    Object.fromEntries(Array.from({ length: count }, (_, more) => entry(at + more)))
  const least = Math.max(min, 1)
  const all = Math.max(keys.length, values.length)
  return [
    ...Array.from({ length: all }, (_, at) => from(at, least)),
    from(0, Math.min(max, Math.max(least, OPEN_ITEMS))),
    ...(min === 0 ? [{}] : []),
  ]
}

/** Structures: required members always, and a two-way covering array of the others. */
function rowsOf(
  spec: Types,
  members: readonly Member[],
  wanted: MemberFilter,
  path: readonly string[],
): readonly Struct[] {
  const chosen = members.filter(member => member.required || wanted(member, [...path, member.name]))
  const values = chosen.map(member => representativesOf(spec, withFreeBounds(member), wanted, [...path, member.name]))
  return coveringStructs(
    chosen.map((member, at) => ({ name: member.name, required: member.required, values: values[at] ?? [] })),
  )
}

interface Factor {
  readonly name: string
  readonly required: boolean
  readonly values: readonly unknown[]
}

/**
 * Each two members are once both there, once both left out, and once the one without the other; each value of each
 * member stands in some structure. As many structures as that takes, and no more.
 */
function coveringStructs(factors: readonly Factor[]): readonly Struct[] {
  const optional = factors.filter(factor => !factor.required)
  const rows = coveringRows(optional.map(() => 2)).map(
    row => new Set(optional.filter((_, at) => row[at] === 1).map(factor => factor.name)),
  )
  const next = new Map<string, number>()
  const build = (there: ReadonlySet<string>): Struct =>
    Object.fromEntries(
      factors
        .filter(factor => factor.required || there.has(factor.name))
        .map(factor => {
          const at = next.get(factor.name) ?? 0
          next.set(factor.name, at + 1)
          return [factor.name, factor.values[at % factor.values.length]]
        }),
    )
  // The smallest first: of what fails in many, it says most.
  const structs = rows.sort((a, b) => a.size - b.size).map(build)
  const whole = new Set(optional.map(factor => factor.name))
  while (structs.length < LIMIT && factors.some(factor => (next.get(factor.name) ?? 0) < factor.values.length))
    structs.push(build(whole))
  return structs
}

/** Enough for each of two dozen Runtimes, and a bound for what is nested. */
const LIMIT = 24

/** What is laid over the smallest valid request of an action: its free members, one combination after the other. */
export function overlayRepresentatives(spec: Spec, action: Action): readonly Struct[] {
  const isFree = freeMembers(spec, action)
  const free = action.request.filter(member => isFree(member, [member.name]))
  return coveringStructs(
    free.map(member => ({
      name: member.name,
      required: false,
      values: representativesOf(spec, withFreeBounds(narrowed(spec, action, member)), isFree, [member.name]),
    })),
  )
}
