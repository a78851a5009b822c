/**
 * Which records of a source the filters of a mapping let through.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
import { isObject } from '../../base/is-object.ts'
import { parseJson } from '../../base/parse-json.ts'
import type { SourceSettings } from '../store/source-settings.ts'

/** Without filters everything passes; with several, what fits one of them. */
export function passesFilters(settings: SourceSettings, record: object): boolean {
  const filters = settings.FilterCriteria?.Filters ?? []
  return (
    filters.length === 0 ||
    filters.some(({ Pattern }) => {
      const pattern = parseJson(Pattern ?? '{}')
      return isObject(pattern) && fits(pattern, record)
    })
  )
}

function fits(pattern: { readonly [key: string]: unknown }, value: unknown): boolean {
  const object = isObject(value) ? value : {}
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or' && Array.isArray(wanted)) return wanted.some(one => isObject(one) && fits(one, value))
    const present = Object.hasOwn(object, key)
    if (Array.isArray(wanted)) return wanted.some(one => fitsOne(one, present ? object[key] : undefined, present))
    return isObject(wanted) && fits(wanted, object[key])
  })
}

/** A list in a record fits when one of its items does. */
function fitsOne(wanted: unknown, value: unknown, present: boolean): boolean {
  if (isObject(wanted) && 'exists' in wanted) return wanted['exists'] === present
  if (!present) return false
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.some(one => (isObject(wanted) ? fitsOperator(wanted, one) : one === wanted))
}

function fitsOperator(wanted: { readonly [operator: string]: unknown }, value: unknown): boolean {
  const [[operator, argument] = ['', undefined]] = Object.entries(wanted)
  switch (operator) {
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(argument))
    case 'suffix':
      return typeof value === 'string' && value.endsWith(String(argument))
    case 'equals-ignore-case':
      return typeof value === 'string' && value.toLowerCase() === String(argument).toLowerCase()
    case 'anything-but':
      return !(Array.isArray(argument) ? argument : [argument]).includes(value)
    case 'numeric':
      return typeof value === 'number' && Array.isArray(argument) && fitsNumber(argument, value)
    default:
      return false
  }
}

/** `[">", 0, "<=", 5]`. */
function fitsNumber(bounds: readonly unknown[], value: number): boolean {
  const compare: { readonly [sign: string]: (bound: number) => boolean } = {
    '=': bound => value === bound,
    '>': bound => value > bound,
    '>=': bound => value >= bound,
    '<': bound => value < bound,
    '<=': bound => value <= bound,
  }
  return bounds.every((sign, at) => at % 2 === 1 || compare[String(sign)]?.(Number(bounds[at + 1])) === true)
}

/** A record with its payload read as JSON where a pattern speaks of what is inside it. */
export function opened(record: object, member: string, text: string): object {
  const value = parseJson(text)
  return value === undefined ? record : { ...record, [member]: value }
}
