/** A difference between what came and what the page says. */
import { shortJson } from '../../base/short-json.ts'
import type { Source } from '../../spec/model.ts'

/** One difference between an answer and its page. */
export interface Violation {
  /** Id of the clause that is broken. */
  readonly clause: string
  /** What must hold, one sentence without a full stop. */
  readonly message: string
  /** Members from the answer down to the one that is wrong; empty for the answer as a whole. */
  readonly path: readonly string[]
  readonly expected: string
  readonly actual: string
  /** Where the page says so, when that is not where the clause stands. */
  readonly stated?: Source
}

/** A value as text for people: JSON, bounded, because an endpoint may send anything. */
export function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : (shortJson(value, 201) ?? String(value))
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
