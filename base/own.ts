/**
 * The value that a table itself has under a key, for keys that come from outside: a plain look-up finds `constructor`
 * and `toString` in every table.
 */
export function own<T>(table: { readonly [key: string]: T }, key: string | undefined): T | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined
}
