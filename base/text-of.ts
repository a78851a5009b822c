/**
 * A value of somebody's JSON as text. `String` calls the `toString` that the value brings along, which may be anything,
 * `null` too.
 */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return String(value)
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return '(a value that JSON cannot show)'
  }
}
