import { isObject } from './is-object.ts'

/**
 * The entries of somebody else's JSON; none for what is no mapping.
 *
 * @example
 * entriesOf({ a: 1 }) // [['a', 1]]
 * entriesOf([1]) // []
 */
export function entriesOf(value: unknown): readonly [string, unknown][] {
  return isObject(value) ? Object.entries(value) : []
}
