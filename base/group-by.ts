import { compareText } from './compare-text.ts'

/** `items` by key, keys in alphabetical order. (`Map.groupBy` is not in Node.js 20.) */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return new Map([...groups].sort(([a], [b]) => compareText(a, b)))
}
