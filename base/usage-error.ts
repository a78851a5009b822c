/** The command line, the configuration or the surroundings are not as they must be: one message for a person, no stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Nothing answers where an endpoint should be. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
}
