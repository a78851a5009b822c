import type { Spec } from '../../spec/model.ts'

/**
 * What is known by a key for the types of each specification: generating is slow, and the same stands on many pages.
 */
export function perTypes<T>(): (types: Spec['types']) => Map<string, T> {
  const known = new WeakMap<Spec['types'], Map<string, T>>()
  return types => {
    const found = known.get(types) ?? new Map<string, T>()
    known.set(types, found)
    return found
  }
}
