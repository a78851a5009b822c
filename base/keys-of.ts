/**
 * The keys of a table with their type, for tables that are written in the sources: `Object.keys` forgets which keys
 * there are.
 *
 * @example
 * keysOf({ arm64: 1, x86_64: 2 }) // ('arm64' | 'x86_64')[]
 */
export function keysOf<K extends string>(table: { readonly [key in K]?: unknown }): K[] {
  return Object.keys(table) as K[]
}
