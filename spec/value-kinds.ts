/** What a value of a page is: a list, a mapping or something with a tag. */
import type { Tagged, Value } from './model.ts'

/** Whether a value is a mapping, and no tag. */
export function isMapping(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('$tag' in value)
}

/** Whether a value is one with a tag, such as `!member`. */
export function isTagged(value: unknown): value is Tagged {
  return typeof value === 'object' && value !== null && '$tag' in value
}

/** Whether a value is a list. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}
