/** One line of the table: what was tried, and whether it was survived. */
export interface HostileRow {
  readonly tried: string
  readonly survived: boolean
  readonly note: string
}
