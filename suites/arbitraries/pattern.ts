/** Strings that match a pattern of the guide, of any wanted length. */
import fc from 'fast-check'
import { compilePattern } from '../oracle/legal.ts'
import { own } from '../../base/own.ts'
import { present } from '../../base/present.ts'

/** Texts are kept this short, unless a length asks for more; ARNs need their room. */
const USUAL_MAX = 128

/**
 * Strings that match `pattern` as a whole, printable ASCII throughout. The pattern is simplified first (assertions and
 * anchors are taken out, `.` and negated classes become printable), so what comes out is checked against the original
 * again.
 */
function matching(
  pattern: string,
  bounds: { readonly min?: number; readonly max?: number } = {},
): fc.Arbitrary<string> {
  const original = compilePattern(pattern)
  const max = Math.min(bounds.max ?? USUAL_MAX, Math.max(USUAL_MAX, (bounds.min ?? 0) + 8))
  const fits = (text: string): boolean =>
    original.test(text) && text.length >= (bounds.min ?? 0) && text.length <= (bounds.max ?? Infinity)
  return sifted(
    stringsOf(simplified(pattern), max).map(text =>
      fits(text) ? text : (stretched(pattern, text, bounds.min ?? 0) ?? text),
    ),
    fits,
  )
}

/**
 * Strings that match all of several patterns: generated from the one whose strings match the others most often.
 * Throws when no string of any of them does.
 */
export function matchingAll(
  patterns: readonly string[],
  bounds: { readonly min?: number; readonly max?: number } = {},
): fc.Arbitrary<string> {
  const [only] = patterns
  if (only === undefined) return fc.string({ unit: 'grapheme-ascii' })
  if (patterns.length === 1) return matching(only, bounds)
  const all = patterns.map(compilePattern)
  const fits = (text: string): boolean => all.every(regex => regex.test(text))
  return sifted(matching(narrowestOf(patterns, bounds, fits), bounds), fits)
}

const SAMPLES = 40
const narrowest = new Map<string, string>()

function narrowestOf(
  patterns: readonly string[],
  bounds: { readonly min?: number; readonly max?: number },
  fits: (text: string) => boolean,
): string {
  const key = JSON.stringify([patterns, bounds])
  const known = narrowest.get(key)
  if (known !== undefined) return known
  const rated = patterns.map(pattern => ({
    pattern,
    hits: fc.sample(matching(pattern, bounds), { numRuns: SAMPLES, seed: 1 }).filter(fits).length,
  }))
  const best = rated.sort((a, b) => b.hits - a.hits)[0]
  if (best === undefined || best.hits === 0)
    throw new Error(`no text was found that matches all of ${patterns.join(' and ')}`)
  narrowest.set(key, best.pattern)
  return best.pattern
}

const PATIENCE = 20_000

/** A filter that gives up with an error instead of searching for ever. */
export function sifted<T>(arbitrary: fc.Arbitrary<T>, fits: (value: T) => boolean): fc.Arbitrary<T> {
  let misses = 0
  return arbitrary.filter(value => {
    if (fits(value)) {
      misses = 0
      return true
    }
    if (++misses > PATIENCE)
      throw new Error(
        `none of ${PATIENCE} generated values is legal; the last one was ${fc.stringify(value).slice(0, 200)}`,
      )
    return false
  })
}

const strings = new Map<string, fc.Arbitrary<string>>()

/** Reading a pattern takes longer than generating from it, and the same patterns stand on every page. */
function stringsOf(pattern: string, max: number): fc.Arbitrary<string> {
  const key = `${max} ${pattern}`
  const arbitrary = strings.get(key) ?? readPattern(pattern, max)
  strings.set(key, arbitrary)
  return arbitrary
}

/** fast-check refuses a maximum that no match can keep; then the lengths are left to the filter. */
function readPattern(pattern: string, max: number): fc.Arbitrary<string> {
  const regex = new RegExp(`^(?:${pattern})$`)
  return withoutStacks(() => {
    try {
      const bounded = fc.stringMatching(regex, { maxLength: max })
      fc.sample(bounded, { numRuns: 1, seed: 0 })
      return bounded
    } catch {
      return fc.stringMatching(regex)
    }
  })
}

/** fast-check asks a new arbitrary of texts by thousands of errors, whose stacks nobody reads, what it can make. */
function withoutStacks<T>(run: () => T): T {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return run()
  } finally {
    Error.stackTraceLimit = limit
  }
}

/** Classes outside of brackets, as printable characters. */
const CLASSES: { readonly [pair: string]: string } = { '\\S': '[!-~]', '\\s': ' ', '\\d': '[0-9]' }

/** The pattern in a form that fast-check can generate from: a superset of it, mostly the same. */
function simplified(pattern: string): string {
  let out = ''
  let inClass = false
  for (let at = 0; at < pattern.length; at++) {
    const char = present(pattern[at], 'an element of pattern')
    const rest = pattern.slice(at)
    if (char === '\\') {
      const pair = pattern.slice(at, at + 2)
      out += inClass ? pair : (own(CLASSES, pair) ?? pair)
      at++
    } else if (inClass) {
      if (char === ']') inClass = false
      out += char
    } else if (/^\[\^\\s\]/.test(rest)) {
      out += '[!-~]'
      at += 4
    } else if (/^\[(\\s\\S|\\S\\s|\\d\\D|\\w\\W)\]/.test(rest)) {
      out += '[ -~]'
      at += 5
    } else if (/^\[\^[^\\\]]\]/.test(rest)) {
      out += printableBut(present(rest[2], 'an element of rest'))
      at += 3
    } else if (char === '[') {
      inClass = true
      out += char
    } else if (/^\(\?<?[=!]/.test(rest)) {
      at += groupLength(rest) - 1
    } else if (char === '.') {
      out += '[ -~]'
    } else if (char !== '^' && char !== '$') {
      out += char
    }
  }
  // Groups that held nothing but assertions are empty now.
  let before: string
  do {
    before = out
    out = out.replace(/(?<!\\)\(\)/g, '')
  } while (out !== before)
  return out
}

function printableBut(char: string): string {
  const code = char.charCodeAt(0)
  const hex = (n: number): string => `\\x${n.toString(16).padStart(2, '0')}`
  return `[${hex(0x21)}-${hex(code - 1)}${hex(code + 1)}-${hex(0x7e)}]`
}

/** Length of the group that `text` begins with, brackets included. */
function groupLength(text: string): number {
  let depth = 0
  let inClass = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '\\') at++
    else if (inClass) inClass = char !== ']'
    else if (char === '[') inClass = true
    else if (char === '(') depth++
    else if (char === ')' && --depth === 0) return at + 1
  }
  return text.length
}

/**
 * `text` brought to exactly `length` characters so that it still matches, by repeating one of its characters in place;
 * null when no place can be found. Shorter texts than `length` only.
 */
export function stretched(pattern: string, text: string, length: number): string | null {
  const missing = length - text.length
  if (missing < 0) return null
  if (missing === 0) return text
  const regex = compilePattern(pattern)
  for (let at = text.length; at >= 0; at--) {
    for (const char of [text[at - 1], 'a', '1']) {
      if (char === undefined) continue
      const longer = text.slice(0, at) + char.repeat(missing) + text.slice(at)
      if (regex.test(longer)) return longer
    }
  }
  return null
}
