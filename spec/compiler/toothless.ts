/** Matchers that no answer can break: a property with one of them would pass whatever an endpoint does. */
import type { Value } from '../model.ts'
import { parseRange } from './range.ts'
import { isList, isTagged } from '../value-kinds.ts'

/** Texts that have little in common: an expression that takes each of them takes any. */
const SAMPLES = ['', ' ', 'a', 'Z9', '\n', 'two\nlines', '{"a": [1]}', 'ü→𝒳', '-', `${'long '.repeat(2000)}end`]

/**
 * Why nothing can break the matcher; undefined when something can. `!present` asks that there is something, which may
 * be missing.
 */
export function toothless(tag: string, value: Value): string | undefined {
  switch (tag) {
    case 'matches':
      return takesAnyText(String(value)) ? 'it takes any text; say what the text is, or `!present`' : undefined
    case 'between':
    case 'length':
      return takesAnyNumber(String(value), tag === 'length') ? 'it takes any number' : undefined
    case 'oneOf':
      return isList(value) && hasContraries(value) ? 'one of its choices is the contrary of another' : undefined
    default:
      return undefined
  }
}

function takesAnyText(pattern: string): boolean {
  // What stands for a reference is known later only; what looks ahead takes any text but some.
  if (pattern.includes('${') || /\(\?[=!<]/.test(pattern)) return false
  const whole = new RegExp(`^(?:${pattern})$`)
  return SAMPLES.every(text => whole.test(text))
}

function takesAnyNumber(text: string, counted: boolean): boolean {
  if (text.includes('$')) return false
  const range = parseRange(text)
  if (typeof range === 'string') return false
  return range.max === undefined && (range.min === undefined || (counted && range.min <= 0))
}

function hasContraries(choices: readonly Value[]): boolean {
  const tags = choices.filter(isTagged)
  const has = (name: string): boolean => tags.some(tag => tag.$tag === name)
  if (has('absent') && has('present')) return true
  return tags.some(
    tag =>
      tag.$tag === 'not' && choices.some(other => other !== tag && JSON.stringify(other) === JSON.stringify(tag.value)),
  )
}
