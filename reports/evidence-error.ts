import { UserError } from '../base/user-error.ts'

/** What is wrong with evidence that was to be read, joined or written, in words for the person who gave it. */
export class EvidenceError extends UserError {
  override readonly name = 'EvidenceError'
}
