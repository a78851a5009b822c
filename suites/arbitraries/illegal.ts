/** Values that break exactly one constraint: just outside, further outside, of the wrong type, of the wrong form. */
import fc from 'fast-check'
import type { Spec } from '../../spec/model.ts'
import { alternatives, elementShape, examine, keyShape, type BreachKind, type Shape } from '../oracle/legal.ts'
import { exampleOf, shapeKey } from './example.ts'
import { commonEnum, legalValues } from './legal.ts'
import { stretched } from './pattern.ts'
import { perTypes } from './per-types.ts'
import { entriesOf } from '../../base/entries-of.ts'

type Types = Pick<Spec, 'types'>

/** Where the value will travel: what cannot be said there is not generated. */
export type Carrier = 'uri' | 'query' | 'header' | 'body' | 'payload'

/** One way of breaking a constraint. */
export interface Fault {
  /** Part of the case id: `below-min`, `above-max`, `wrong-type`, … */
  readonly variant: string
  /** What must be refused, in words that follow "must refuse". */
  readonly what: string
  readonly values: fc.Arbitrary<unknown>
  /**
   * The kinds of values there are, one of each; those nearest to what is legal first. Tried before any that is drawn.
   */
  readonly kinds: readonly unknown[]
}

/** Texts, lists and maps above this size are not sent: a quota of the whole request would be met first. */
const MAX_SIZE = 20_000
const INT32 = 2 ** 31 - 1

/** The same names, ARNs and numbers stand in many requests. */
const faultsFound = perTypes<readonly Fault[]>()

/**
 * The ways to break the constraints of `kind` at a place. Every value is surely illegal, and for no other reason where
 * that can be had.
 */
export function faultsOf(spec: Types, shape: Shape, kind: BreachKind, carrier: Carrier): readonly Fault[] {
  const faults = faultsFound(spec.types)
  const key = `${kind} ${carrier} ${shapeKey(shape)}`
  const found = faults.get(key) ?? findFaults(spec, shape, kind, carrier)
  faults.set(key, found)
  return found
}

function findFaults(spec: Types, shape: Shape, kind: BreachKind, carrier: Carrier): readonly Fault[] {
  const faults = rawFaults(spec, shape, kind, carrier)
  const broken = (value: unknown): boolean =>
    examine(spec, shape, value, 'request').some(
      breach => breach.sure && breach.kind === kind && breach.path.length === 0,
    )
  return faults
    .map(fault => ({
      ...fault,
      values: fault.values.filter(broken),
      kinds: distinctValues(fault.kinds.filter(broken)),
    }))
    .filter(fault => fault.kinds.length > 0)
}

function distinctValues(values: readonly unknown[]): readonly unknown[] {
  return [...new Map(values.map(value => [JSON.stringify(value), value])).values()]
}

function rawFaults(spec: Types, shape: Shape, kind: BreachKind, carrier: Carrier): readonly Fault[] {
  switch (kind) {
    case 'type':
      return typeFaults(shape, carrier)
    case 'range':
      return rangeFaults(shape)
    case 'length':
      return shape.type.kind === 'blob' ? [] : lengthFaults(spec, shape, carrier)
    case 'items':
      // An empty list in a query is no list at all.
      return itemFaults(spec, shape).filter(fault => carrier === 'body' || fault.variant !== 'too-few')
    case 'entries':
      return entryFaults(spec, shape)
    case 'pattern':
      return patternFaults(spec, shape, carrier)
    case 'enum':
      // A service may leave a header unread whose word it does not know.
      return carrier === 'header' ? [] : enumFaults(carrier, commonEnum(shape.constraints) ?? [])
    case 'format':
      return formatFaults(shape)
    case 'required':
      return []
  }
}

/** The outermost bounds that any alternative allows: what lies beyond is surely illegal. */
function widest(
  shape: Shape,
  kind: 'length' | 'range' | 'items' | 'entries',
): { readonly min?: number; readonly max?: number } {
  const groups = alternatives(shape.constraints, kind).map(group => ({
    min: Math.max(...group.map(one => ('min' in one ? (one.min ?? -Infinity) : -Infinity))),
    max: Math.min(...group.map(one => ('max' in one ? (one.max ?? Infinity) : Infinity))),
  }))
  if (groups.length === 0) return {}
  const min = Math.min(...groups.map(group => group.min))
  const max = Math.max(...groups.map(group => group.max))
  return { ...(Number.isFinite(min) ? { min } : {}), ...(Number.isFinite(max) ? { max } : {}) }
}

function typeFaults(shape: Shape, carrier: Carrier): readonly Fault[] {
  const of = (variant: string, what: string, values: readonly unknown[]): Fault => ({
    variant,
    what,
    values: fc.constantFrom(...values),
    kinds: values,
  })
  const { kind } = shape.type
  if (carrier !== 'body') {
    const numeric = kind === 'integer' || kind === 'long' || kind === 'double'
    return numeric ? [of('wrong-type', 'text where a number belongs', ['abc', 'ten', '0x', '1a'])] : []
  }
  switch (kind) {
    case 'string':
      return [of('wrong-type', 'an object or a list where text belongs', [{ a: 1 }, ['a'], {}, [{}]])]
    case 'integer':
    case 'long':
    case 'double':
      return [of('wrong-type', 'text, an object or a list where a number belongs', ['abc', { a: 1 }, [1], 'ten', {}])]
    case 'boolean':
      // Not text: some parsers read every word but `true` as false.
      return [of('wrong-type', 'an object or a list where true or false belongs', [{ a: true }, [true], {}])]
    case 'timestamp':
      return [of('wrong-type', 'an object or a list where a time belongs', [{ a: 1 }, [1], {}])]
    case 'blob':
      return [of('wrong-type', 'an object or a list where base64 text belongs', [{ a: 1 }, ['YQ=='], {}])]
    case 'list':
      return [of('wrong-type', 'text, a number or an object where a list belongs', ['abc', { a: 1 }, 7, true])]
    case 'map':
    case 'ref':
      return [of('wrong-type', 'text, a number or a list where an object belongs', ['abc', [1], 7, true])]
    default:
      return []
  }
}

function rangeFaults(shape: Shape): readonly Fault[] {
  const { min, max } = widest(shape, 'range')
  const step = shape.type.kind === 'double' ? 0.1 : 1
  const faults: Fault[] = []
  if (min !== undefined) {
    const below = min - step
    faults.push({
      variant: 'below-min',
      what: `a number below ${min}`,
      values: fc.nat(1_000_000).map(
        n => below - n,
        value => below - Number(value),
      ),
      kinds: [below, below - step, below - 10, below - 1000, -INT32],
    })
  }
  if (max !== undefined && max < INT32) {
    const above = max + step
    faults.push({
      variant: 'above-max',
      what: `a number above ${max}`,
      values: fc.nat(Math.max(0, Math.min(1_000_000, INT32 - Math.ceil(above)))).map(
        n => above + n,
        value => Number(value) - above,
      ),
      kinds: [above, above + step, above + 10, Math.min(above * 2, INT32), INT32],
    })
  }
  return faults
}

function lengthFaults(spec: Types, shape: Shape, carrier: Carrier): readonly Fault[] {
  const { min, max } = widest(shape, 'length')
  const faults: Fault[] = []
  // An empty label changes the path, and an empty query or header value may count as left out.
  if (min !== undefined && min > (carrier === 'body' ? 0 : 1)) {
    const shortest = carrier === 'body' ? 0 : 1
    const values = fc.integer({ min: shortest, max: min - 1 }).map(length => 'a'.repeat(length))
    const kinds = [min - 1, Math.floor(min / 2), shortest]
      .filter(length => length >= shortest && length < min)
      .map(length => 'a'.repeat(length))
    faults.push({ variant: 'below-min', what: `text shorter than ${min}`, values, kinds })
  }
  if (max !== undefined && max < (carrier === 'body' ? MAX_SIZE : 4000)) {
    const pattern = shape.constraints.find(one => one.on === 'self' && one.kind === 'pattern')
    const seed = String(exampleOf(spec, shape))
    const longer = (length: number): string =>
      (pattern?.kind === 'pattern' ? stretched(pattern.pattern, seed, length) : null) ??
      seed + 'a'.repeat(Math.max(0, length - seed.length))
    faults.push({
      variant: 'above-max',
      what: `text longer than ${max}`,
      values: fc.nat(Math.min(200, max)).map(
        more => longer(max + 1 + more),
        text => String(text).length - max - 1,
      ),
      kinds: [1, 2, Math.min(50, max), Math.min(200, max)].map(more => longer(max + more)),
    })
  }
  return faults
}

function itemFaults(spec: Types, shape: Shape): readonly Fault[] {
  const element = elementShape(shape)
  return countFaults(widest(shape, 'items'), {
    word: 'list',
    of: length => distinct(spec, element, length),
    countOf: value => (Array.isArray(value) ? value.length : 0),
    most: 5,
    farthest: 5,
  })
}

function entryFaults(spec: Types, shape: Shape): readonly Fault[] {
  const value = exampleOf(spec, elementShape(shape))
  return countFaults(widest(shape, 'entries'), {
    word: 'map',
    of: size => Object.fromEntries(distinct(spec, keyShape(shape), size).map(key => [String(key), value])),
    countOf: map => entriesOf(map).length,
    most: 3,
    farthest: 4,
  })
}

/** What lists and maps have in common: so many things in it. */
interface Counted {
  readonly word: 'list' | 'map'
  of(count: number): object
  countOf(value: unknown): number
  /** Drawn are up to one more than so many above the greatest legal count. */
  readonly most: number
  /** The count that is farthest above the greatest legal one among the kinds. */
  readonly farthest: number
}

/** Too few and too many things. What would be larger than a request may be is left out. */
function countFaults(
  { min, max }: ReturnType<typeof widest>,
  { word, of, countOf, most, farthest }: Counted,
): readonly Fault[] {
  const faults: Fault[] = []
  if (min !== undefined && min > 0) {
    faults.push({
      variant: 'too-few',
      what: `a ${word} of fewer than ${min}`,
      values: fc.integer({ min: 0, max: min - 1 }).map(of),
      kinds: [of(min - 1), of(0)],
    })
  }
  if (max !== undefined && max < 2000) {
    faults.push({
      variant: 'too-many',
      what: `a ${word} of more than ${max}`,
      values: fc.nat(most).map(
        more => of(max + 1 + more),
        value => countOf(value) - max - 1,
      ),
      // The largest first, since the others are its beginning.
      kinds: [of(max + farthest), of(max + 1), of(max + 2)].sort((a, b) => countOf(a) - countOf(b)),
    })
  }
  return faults
}

/** Different legal values as far as there are any; then they repeat. */
function distinct(spec: Types, shape: Shape, count: number): unknown[] {
  if (count <= 0) return []
  const sample = sampleOf(spec, shape, Math.min(count * 3, 600))
  const unique = [...new Map(sample.map(value => [JSON.stringify(value), value])).values()]
  return Array.from({ length: count }, (_, at) => unique[at % unique.length])
}

const samplesDrawn = perTypes<readonly unknown[]>()

/** A longer sample begins as a shorter one does. */
function sampleOf(spec: Types, shape: Shape, size: number): readonly unknown[] {
  const known = samplesDrawn(spec.types)
  const key = shapeKey(shape)
  const longest = known.get(key) ?? []
  if (longest.length >= size) return longest.slice(0, size)
  const sample = fc.sample(legalValues(spec, shape), { numRuns: size, seed: 1 })
  known.set(key, sample)
  return sample
}

/** Characters that patterns of names leave out. What has a meaning in a path is spared there. */
const HOSTILE = {
  uri: ['!', ' ', '*', '~', 'é', ',', '§'],
  text: ['!', ' ', '*', '/', '\\', 'é', '\t', '§', '%', '"'],
  header: ['!', ' *', '~', ',', '%'],
} as const

function patternFaults(spec: Types, shape: Shape, carrier: Carrier): readonly Fault[] {
  const chars = carrier === 'uri' || carrier === 'header' ? HOSTILE[carrier] : HOSTILE.text
  const seed = String(exampleOf(spec, shape))
  const within = lengthAllows(shape)
  const spoilt = (text: string, char: string, at: number): string => {
    const place = text.length === 0 ? 0 : 1 + (at % text.length)
    return text.slice(0, place) + char + text.slice(place)
  }
  const inserted = fc.tuple(fc.constantFrom(...chars), fc.nat(200)).map(([char, at]) => spoilt(seed, char, at))
  const others = fc
    .string({ minLength: 1, maxLength: 30, unit: fc.constantFrom('a', 'B', '7', '-', '_', ':', ...chars) })
    .filter(text => text.trim() === text)
  return [
    {
      variant: 'bad-pattern',
      what: 'text that its pattern does not match',
      values: fc
        .oneof({ weight: 3, arbitrary: inserted }, { weight: 1, arbitrary: others })
        .filter(text => within(text) && !/^\.*$/.test(text)),
      // Near the end, in the middle, at the beginning: each character at the end, then each elsewhere.
      kinds: [
        ...chars.map(char => spoilt(seed, char, Math.max(0, seed.length - 2))),
        'a!',
        '!',
        ' ',
        // A letter before what is otherwise right, and parts that are empty.
        'a',
        '::a',
        ':',
        ...chars.map(char => spoilt(seed, char, Math.floor(seed.length / 2))),
        ...chars.map(char => char + seed),
      ]
        .filter(text => text.trim() === text || carrier === 'body')
        .filter(text => within(text) && !/^\.*$/.test(text)),
    },
  ]
}

function lengthAllows(shape: Shape): (text: string) => boolean {
  const { min, max } = widest(shape, 'length')
  return text => text.length >= Math.max(1, min ?? 1) && text.length <= (max ?? 2000)
}

function enumFaults(carrier: Carrier, listed: readonly string[]): readonly Fault[] {
  const word = fc
    .string({ minLength: 3, maxLength: 12, unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz') })
    .map(text => `x-${text}`)
  const words = ['x-unknown', 'none-of-these', 'x']
  const kinds = carrier === 'uri' ? words : ['Unknown-value', ...words, ...listed.slice(0, 2).map(one => `${one}x`)]
  return [{ variant: 'unknown-value', what: 'a value that is not on its list', values: word, kinds }]
}

function formatFaults(shape: Shape): readonly Fault[] {
  const format = shape.constraints.find(one => one.on === 'self' && one.kind === 'format')
  if (format?.kind !== 'format') return []
  const of = (variant: string, what: string, values: readonly string[]): Fault => ({
    variant,
    what,
    values: fc.constantFrom(...values),
    kinds: values,
  })
  switch (format.format) {
    case 'base64':
      return [of('bad-base64', 'text that is no base64', ['%%%not-base64%%%', '****', '!?!?', '(none)'])]
    case 'json':
      return [of('bad-json', 'text that is no JSON', ['{', '{"a":', 'not json', "{'a': 1}", '[1,'])]
    case 'uuid':
      return [of('bad-uuid', 'text that is no UUID', ['not-a-uuid', '1234', 'zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz'])]
    case 'iso8601':
      return [of('bad-time', 'text that is no time', ['yesterday', '2021-13-45', '12:00'])]
    case 'arn':
      return [of('bad-arn', 'text that is no ARN', ['not-an-arn', 'arn:', 'arn:aws'])]
    default:
      return []
  }
}
