/** Whether a value is a mapping: an object that is no list. Its members are unchecked. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
