import { isObject } from './is-object.ts'
import { own } from './own.ts'

/**
 * A member of somebody else's JSON, or of a member of it; undefined wherever there is none.
 *
 * @example
 * memberOf({ Table: { TableStatus: 'ACTIVE' } }, 'Table', 'TableStatus') // 'ACTIVE'
 */
export function memberOf(json: unknown, ...path: readonly string[]): unknown {
  return path.reduce((value, name) => (isObject(value) ? own(value, name) : undefined), json)
}
