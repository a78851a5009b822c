/**
 * Whether a value is one of the words that a type allows; afterwards it has that type.
 *
 * @example
 * isOneOf(['must', 'should', 'may'], word) // word is 'must' | 'should' | 'may'
 */
export function isOneOf<T extends string>(words: readonly T[], value: unknown): value is T {
  const all: readonly unknown[] = words
  return all.includes(value)
}
