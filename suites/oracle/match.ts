/** Does a value of an answer agree with what a page says of it? Pure. */
import { parseJson } from '../../base/parse-json.ts'
import { textOf } from '../../base/text-of.ts'
import { shortJson } from '../../base/short-json.ts'
import { isObject } from '../../base/is-object.ts'
import type { Mismatch } from '../../reports/evidence.ts'
import type { Tagged, Value } from '../../spec/model.ts'
import { isList, isMapping, isTagged } from '../../spec/value-kinds.ts'

/** What matchers need to know beside the value: the variables of the property. */
export interface Matching {
  /** The value of a template: references looked up, value tags made. `undefined` for what is not there. */
  resolve(value: Value): unknown
}

const BOUND = 300
/** Of one comparison; an endpoint may send lists of any length. */
const MOST_MISMATCHES = 50

/**
 * What a mismatch tells whoever reads it, the most first: another status explains all the rest; then what the page says
 * in so many words, what is not there, what differs from an earlier answer (an identifier, most often), and what could
 * not be compared at all.
 */
const TELLING = ['status', 'value', 'missing', 'reference', 'incomparable'] as const

interface Difference extends Mismatch {
  readonly tells: (typeof TELLING)[number]
}

/**
 * Every place where a value does not agree, the most telling first; empty when all agrees. Structures agree partially:
 * what the expectation does not name may be anything. Lists agree element by element and have the same length. Throws
 * an `Error` for a matcher that is written wrongly.
 */
export function mismatches(expected: Value, actual: unknown, matching: Matching): readonly Mismatch[] {
  const found = differences(expected, actual, matching, '')
  return [...found]
    .sort((one, other) => TELLING.indexOf(one.tells) - TELLING.indexOf(other.tells))
    .map(({ tells: _, ...one }) => one)
}

/** True when all agrees. */
export function agrees(expected: Value, actual: unknown, matching: Matching): boolean {
  return differences(expected, actual, matching, '').length === 0
}

function differences(expected: Value, actual: unknown, matching: Matching, path: string): readonly Difference[] {
  if (isTagged(expected)) return tagDifferences(expected, actual, matching, path)
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) {
      return unlike(path, `a list of ${expected.length}: ${showExpected(expected, matching)}`, actual)
    }
    return all(expected, (one: Value, at) => differences(one, actual[at], matching, join(path, String(at))))
  }
  if (isMapping(expected)) {
    if (!isObject(actual)) return unlike(path, showExpected(expected, matching), actual)
    return all(Object.entries(expected), ([key, one]) => {
      const name = keyOf(key, matching)
      return differences(one, Object.hasOwn(actual, name) ? actual[name] : undefined, matching, join(path, name))
    })
  }
  const value = resolved(expected, matching, path)
  if (value instanceof Missing) return value.differences
  return sameValue(value, actual) ? AGREES : differs(path, show(value), actual, value !== expected)
}

function tagDifferences(tagged: Tagged, actual: unknown, matching: Matching, path: string): readonly Difference[] {
  const { $tag, value } = tagged
  switch ($tag) {
    case 'absent':
      return isMissing(actual) ? AGREES : unlike(path, 'nothing', actual)
    case 'present':
      return isMissing(actual) ? unlike(path, 'something', actual) : AGREES
    case 'not':
      return notDifferences(value, actual, matching, path)
    case 'equals': {
      const whole = resolved(value, matching, path)
      if (whole instanceof Missing) return whole.differences
      return sameValue(whole, actual) ? AGREES : differs(path, `exactly ${show(whole)}`, actual, whole !== value)
    }
    case 'oneOf': {
      const choices = isList(value) ? value : [value]
      if (choices.some(one => agrees(one, actual, matching))) return AGREES
      return unlike(path, `one of ${choices.map(one => showExpected(one, matching)).join(', ')}`, actual)
    }
    case 'every':
      if (!Array.isArray(actual)) return unlike(path, 'a list', actual)
      return all(actual, (one: unknown, at) => differences(value, one, matching, join(path, String(at))))
    case 'contains':
      return contains(value, actual, matching)
        ? AGREES
        : unlike(path, `something that contains ${showExpected(value, matching)}`, actual)
    case 'matches':
      return matchesDifferences(patternOf(value, matching), actual, path)
    case 'between':
      return rangeDifferences(rangeOf(value, tagged), actual, path)
    case 'length':
      return lengthDifferences(rangeOf(value, tagged), actual, path)
    case 'json':
      return jsonDifferences(value, actual, matching, path)
    case 'base64':
      return base64Differences(value, actual, matching, path)
    default: {
      const made = resolved(tagged, matching, path)
      if (made instanceof Missing) return made.differences
      return sameValue(made, actual) ? AGREES : differs(path, show(made), actual, true)
    }
  }
}

/** To whoever reads an answer with an SDK, null is a member that is not there. */
function isMissing(actual: unknown): boolean {
  return actual === undefined || actual === null
}

/** There, and something else. Nothing is not "something else": a server that leaves the member out would pass. */
function notDifferences(value: Value, actual: unknown, matching: Matching, path: string): readonly Difference[] {
  if (isMissing(actual)) return unlike(path, `something other than ${showExpected(value, matching)}`, actual)
  const missing = typeof value === 'string' ? resolved(value, matching, path) : null
  if (missing instanceof Missing) return missing.differences
  return agrees(value, actual, matching)
    ? unlike(path, `something other than ${showExpected(value, matching)}`, actual)
    : AGREES
}

/** An element of a list, a part of a text, or anything inside a structure, however deep. */
function contains(expected: Value, actual: unknown, matching: Matching): boolean {
  if (Array.isArray(actual)) return actual.some(one => agrees(expected, one, matching))
  if (typeof actual === 'string') {
    const part = matching.resolve(expected)
    return typeof part === 'string' && actual.includes(part)
  }
  if (!isObject(actual)) return false
  return (
    agrees(expected, actual, matching) ||
    Object.values(actual).some(one => isObject(one) && contains(expected, one, matching))
  )
}

function matchesDifferences(pattern: string, actual: unknown, path: string): readonly Difference[] {
  const whole = new RegExp(`^(?:${pattern})$`)
  return typeof actual === 'string' && whole.test(actual)
    ? AGREES
    : unlike(path, `a text that matches ${pattern}`, actual)
}

/** References inside a pattern stand for their text, letter for letter. */
function patternOf(value: Value, matching: Matching): string {
  return String(value).replace(/\$\{[^}]+\}/g, reference =>
    String(matching.resolve(reference)).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'),
  )
}

interface Range {
  readonly min: number
  readonly max: number
}

/** `3`, `1..9`, `1..`, `..9`. */
function rangeOf(value: Value, tagged: Tagged): Range {
  const parts = String(value).split('..')
  const [low = '', high = low] = parts
  const min = low === '' ? -Infinity : Number(low)
  const max = high === '' ? Infinity : Number(high)
  if (parts.length > 2 || String(value).trim() === '' || Number.isNaN(min) || Number.isNaN(max)) {
    throw new Error(`!${tagged.$tag} wants a number or a range such as 1..9 (${where(tagged)})`)
  }
  return { min, max }
}

function rangeDifferences({ min, max }: Range, actual: unknown, path: string): readonly Difference[] {
  return typeof actual === 'number' && actual >= min && actual <= max
    ? AGREES
    : unlike(path, `a number from ${min} to ${max}`, actual)
}

function lengthDifferences({ min, max }: Range, actual: unknown, path: string): readonly Difference[] {
  const counted = isObject(actual) ? Object.keys(actual) : actual
  const length = typeof counted === 'string' || Array.isArray(counted) ? counted.length : undefined
  if (length !== undefined && length >= min && length <= max) return AGREES
  const wanted = min === max ? `length ${min}` : `a length from ${min} to ${max}`
  return unlike(
    path,
    wanted,
    length === undefined ? actual : `${show(actual)} (length ${length})`,
    length !== undefined,
  )
}

function jsonDifferences(expected: Value, actual: unknown, matching: Matching, path: string): readonly Difference[] {
  if (typeof actual !== 'string') return unlike(path, 'JSON text', actual)
  const value = parseJson(actual)
  return value === undefined ? unlike(path, 'JSON text', actual) : differences(expected, value, matching, path)
}

function base64Differences(value: Value, actual: unknown, matching: Matching, path: string): readonly Difference[] {
  if (typeof actual !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(actual)) return unlike(path, 'base64 text', actual)
  const bytes = Buffer.from(actual, 'base64')
  const { matches, maxBytes } = isMapping(value) ? value : {}
  if (typeof maxBytes === 'number' && bytes.length > maxBytes)
    return unlike(path, `at most ${maxBytes} bytes`, `${bytes.length} bytes`, true)
  return matches === undefined ? AGREES : matchesDifferences(patternOf(matches, matching), bytes.toString('utf8'), path)
}

/** A reference to a member that an earlier answer should have had. */
class Missing {
  readonly differences: readonly Difference[]
  constructor(difference: Difference) {
    this.differences = [difference]
  }
}

function resolved(value: Value, matching: Matching, path: string): unknown {
  const found = matching.resolve(value)
  if (found !== undefined) return found
  return new Missing({
    path,
    expected: `what ${typeof value === 'string' ? value : show(value)} was`,
    actual: 'an earlier answer did not have it',
    tells: 'incomparable',
  })
}

function keyOf(key: string, matching: Matching): string {
  return /^\$\w[\w-]*\./.test(key) || key.startsWith('$$') || key.includes('${') ? String(matching.resolve(key)) : key
}

/** Equal as JSON is equal: the order of keys does not count. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, at) => sameValue(one, b[at]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
}

const AGREES: readonly Difference[] = []

function all<T>(list: readonly T[], look: (one: T, at: number) => readonly Difference[]): readonly Difference[] {
  const found: Difference[] = []
  for (const [at, one] of list.entries()) {
    found.push(...look(one, at))
    if (found.length >= MOST_MISMATCHES) return found.slice(0, MOST_MISMATCHES)
  }
  return found
}

function unlike(path: string, expected: string, actual: unknown, said = false): readonly Difference[] {
  return [
    { path, expected: bounded(expected), actual: said ? textOf(actual) : show(actual), tells: tellsOf(path, actual) },
  ]
}

/** `looked up`: what is wanted comes from an earlier answer. */
function differs(path: string, expected: string, actual: unknown, lookedUp: boolean): readonly Difference[] {
  const tells = tellsOf(path, actual)
  return [
    {
      path,
      expected: bounded(expected),
      actual: show(actual),
      tells: tells === 'value' && lookedUp ? 'reference' : tells,
    },
  ]
}

function tellsOf(path: string, actual: unknown): Difference['tells'] {
  if (path === '$status') return 'status'
  return isMissing(actual) ? 'missing' : 'value'
}

/** An expectation as people read it: references looked up, matchers as they are written. */
export function showExpected(value: Value, matching: Matching): string {
  return bounded(written(value, matching))
}

function written(value: Value, matching: Matching): string {
  if (isTagged(value))
    return value.value === null || value.value === ''
      ? `!${value.$tag}`
      : `!${value.$tag} ${written(value.value, matching)}`
  if (Array.isArray(value)) return `[${value.map((one: Value) => written(one, matching)).join(', ')}]`
  if (isMapping(value)) {
    return `{${Object.entries(value)
      .map(([key, one]) => `${keyOf(key, matching)}: ${written(one, matching)}`)
      .join(', ')}}`
  }
  return JSON.stringify(typeof value === 'string' ? (matching.resolve(value) ?? value) : value)
}

/** A value as people read it: one line, bounded. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = bounded(shortJson(value, BOUND + 1) ?? String(value))
  return typeof value === 'string' && value.length > BOUND ? `${text} (${value.length} characters)` : text
}

function bounded(text: string): string {
  return text.length > BOUND ? `${text.slice(0, BOUND)}…` : text
}

function join(path: string, step: string): string {
  return path === '' ? step : `${path}.${step}`
}

function where(tagged: Tagged): string {
  return `${tagged.source.file}:${tagged.source.line}`
}
