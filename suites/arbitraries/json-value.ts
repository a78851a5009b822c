import fc from 'fast-check'

/**
 * Any value that JSON can carry, as it comes back from there: JSON has no negative zero.
 *
 * @since 0.1.0
 */
export function jsonValues(constraints: fc.JsonSharedConstraints): fc.Arbitrary<unknown> {
  return fc.jsonValue(constraints).map((value): unknown => JSON.parse(JSON.stringify(value)))
}
