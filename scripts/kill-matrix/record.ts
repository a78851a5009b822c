/** What endpoints with faults showed, kept in a file, and what it says of the cases. */

/** One endpoint that was asked. */
export interface AskedEndpoint {
  readonly kind: string
  readonly name: string
  readonly faults: readonly string[]
  readonly failed: readonly string[]
  readonly crashed: readonly string[]
  readonly passed: readonly string[]
  readonly open: readonly string[]
}

/** All endpoints that were asked, and what failed at each. */
export interface KillRecord {
  /** The day of the last run. */
  readonly date: string
  /** Cases that passed on the sound program; of the others nothing is said here. */
  readonly sound: readonly string[]
  readonly endpoints: readonly AskedEndpoint[]
}

/** Ids of cases that failed somewhere. */
export function creditedIn(endpoints: readonly AskedEndpoint[]): ReadonlySet<string> {
  return new Set(endpoints.flatMap(one => one.failed))
}
