import { isObject } from '../../base/is-object.ts'

/** What may stand in a list of a pattern beside plain values: each an object with one of these. */
const operators = new Set([
  'prefix',
  'suffix',
  'anything-but',
  'numeric',
  'exists',
  'equals-ignore-case',
  'wildcard',
  'cidr',
])

/** Whether a text is a filter pattern: an object of objects, with lists of values or of operators at their ends. */
export function isFilterPattern(text: string): boolean {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return false
  }
  return isObject(json) && isPattern(json)
}

function isPattern(pattern: { readonly [key: string]: unknown }): boolean {
  return Object.entries(pattern).every(([key, value]) => {
    if (key === '$or') return Array.isArray(value) && value.every(one => isObject(one) && isPattern(one))
    if (Array.isArray(value)) return value.length > 0 && value.every(isAlternative)
    return isObject(value) && isPattern(value)
  })
}

function isAlternative(value: unknown): boolean {
  if (Array.isArray(value)) return false
  if (!isObject(value)) return true
  const [operator, ...others] = Object.keys(value)
  return operator !== undefined && others.length === 0 && operators.has(operator)
}
