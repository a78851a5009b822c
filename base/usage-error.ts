import { UserError } from './user-error.ts'

/**
 * The command line, the configuration or the surroundings are not as they must be: one message for a person, no stack
 * trace.
 */
export class UsageError extends UserError {
  override readonly name = 'UsageError'
}

/** Nothing answers where an endpoint should be. */
export class UnreachableError extends UserError {
  override readonly name = 'UnreachableError'
  override readonly exitCode = 3
}
