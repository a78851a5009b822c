import { compareText } from './compare-text.ts'

/** `items` by key, keys in the order in which their first item comes. (`Map.groupBy` is not in Node.js 20.) */
export function groupInOrder<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

/** `items` by key, keys in alphabetical order. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, readonly T[]> {
  return new Map([...groupInOrder(items, keyOf)].sort(([a], [b]) => compareText(a, b)))
}
