/**
 * The order of two texts by their UTF-16 code units, for `sort`: the same on every machine, whatever its language.
 *
 * @example
 * ['b', 'a'].sort(compareText) // ['a', 'b']
 */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
