import { UserError } from '../../base/user-error.ts'

/** Pages that do not compile; one line for each mistake, with file, line and column. */
export class SpecError extends UserError {
  override readonly name = 'SpecError'
}
