/**
 * What a table holds under a name that may come from anywhere; `undefined` for names that every object inherits.
 * @example
 * ownValue({ a: 1 }, 'constructor') // undefined
 */
export function ownValue<T>(table: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
