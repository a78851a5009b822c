/** Where the compiler collects what is wrong with the pages. */
import type { Source } from '../model.ts'
import { didYouMean } from '../../base/suggest.ts'

/** One thing that is wrong with a page. `file` is relative to the `spec/` folder; `line` and `column` are 1-based. */
export interface PageError extends Source {
  readonly message: string
}

/** Collects what is wrong with the pages, so that one run names everything. */
export interface Report {
  /** Notes an error. With `wrong` and `known`, the nearest known word is proposed. */
  error(
    source: Source,
    message: string,
    suggestion?: { readonly wrong: string; readonly known: Iterable<string> },
  ): void
  readonly errors: readonly PageError[]
}

/** An empty report. An error that is noted twice for the same place is kept once. */
export function createReport(): Report {
  const errors = new Map<string, PageError>()
  return {
    error({ file, line, column }, message, suggestion) {
      const whole = suggestion === undefined ? message : message + didYouMean(suggestion.wrong, suggestion.known)
      const error = { file, line, column, message: whole }
      errors.set(formatPageError(error), error)
    },
    get errors() {
      return [...errors.values()].sort(
        (a, b) => Number(a.file > b.file) - Number(a.file < b.file) || a.line - b.line || a.column - b.column,
      )
    },
  }
}

/** `file:line:column: message`, the form that editors and terminals make clickable; `folder` is put before the file. */
export function formatPageError(error: PageError, folder = ''): string {
  return `${folder}${error.file}:${error.line}:${error.column}: ${error.message}`
}
