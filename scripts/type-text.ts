/** TypeScript for what the pages say of types: what the generators of source files have in common. */
import type { TypeRef } from '../spec/model.ts'

/** Longer lists of values are given as plain text: they are tables, such as the runtimes. */
const MOST_VALUES = 12

/** Numbers, truth and anything; undefined for texts, bytes and what is made of others. */
export function plainTypeOf({ kind }: TypeRef): 'number' | 'boolean' | 'unknown' | undefined {
  switch (kind) {
    case 'integer':
    case 'long':
    case 'double':
    case 'timestamp':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'json':
      return 'unknown'
    default:
      return undefined
  }
}

/** The values one by one; undefined for none and for too many. */
export function unionOf(values: readonly string[]): string | undefined {
  const own = new Set(values)
  return own.size === 0 || own.size > MOST_VALUES ? undefined : [...own].map(value => `'${value}'`).join(' | ')
}
