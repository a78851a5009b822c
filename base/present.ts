/**
 * The value, which must be there: for what is certain and the types cannot tell. Where it is not certain, handle the
 * absence.
 * Throws an `Error` that names `what`: a defect of ours.
 * @example
 * const last = present(exchanges.at(-1), 'an exchange of a failed case')
 */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === undefined || value === null) throw new Error(`${what} is not there`)
  return value
}
