/** What an error for people may bear beside its message. */
export interface UserErrorOptions extends ErrorOptions {
  /** What to do about it, one sentence without a full stop; printed on a line of its own. */
  readonly hint?: string
}

/**
 * Something that the person who called can put right. The command line prints the message without a stack trace, the
 * hint below it, and ends with the exit code; every other error is a defect of this package. Tell them by `instanceof`,
 * never by name or text.
 *
 * @example
 * throw new UsageError(`no file ${path}`, { hint: 'write it with --write-baseline' })
 */
export class UserError extends Error {
  override readonly name: string = 'UserError'
  /** What a command ends with, as the README lists them. */
  readonly exitCode: number = 2
  readonly hint: string | undefined

  constructor(message: string, { hint, ...options }: UserErrorOptions = {}) {
    super(message, options)
    this.hint = hint
  }
}
