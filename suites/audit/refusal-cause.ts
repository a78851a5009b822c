/** Whether a recorded refusal fits its own text and the request that it refuses. */
import type { Action, Source, Spec } from '../../spec/model.ts'
import { clauseOf } from '../oracle/error-form.ts'
import { show, type Violation } from '../oracle/violation.ts'
import type { Breach } from '../oracle/legal.ts'
import { appliesTo } from './applies-to.ts'
import type { SeenExchange } from './exchange.ts'
import { aboutOther, misquoted } from './refusal-quotes.ts'
import { whyNotDue } from './refusal-due.ts'

/** A reason why a refusal does not fit, and the row of the page that says so. */
interface Misfit {
  readonly message: string
  readonly expected: string
  readonly stated: Source
}

/** `breaches`: what of the request surely breaks the page. */
export function refusalMisfits(
  spec: Spec,
  action: Action,
  { answer, params, service }: SeenExchange,
  breaches: readonly Breach[],
): readonly Violation[] {
  const name = answer.error?.name
  if (name === undefined) return []
  const refused = { name, text: answer.error?.message ?? '' }
  // No document binds others to the words of the real service.
  const worded = service && refused.text !== ''
  const misfit =
    (worded
      ? (misquoted(spec, action, params, refused) ?? offTopic(spec, action, refused))
      : aboutOther(spec, params, refused.text)) ??
    (params === null ? neverDue(spec, action, name) : whyNotDue(spec, action, { params, service }, breaches, refused))
  const clause = clauseOf(spec, action, name)
  return misfit === undefined ? [] : [{ clause, path: [], ...misfit, actual: show(name) }]
}

/** The text of an error is about what the error is about. */
function offTopic(
  { refusals }: Spec,
  action: Action,
  { name, text }: { readonly name: string; readonly text: string },
): Misfit | undefined {
  const row = refusals.about.find(
    about => about.errors.includes(name) && appliesTo(about, action) && !new RegExp(about.pattern, 'is').test(text),
  )
  return row && { message: row.why, expected: `a text with ${row.pattern}`, stated: row.source }
}

/** Without the request, only what is true of every request of the action is known. */
function neverDue({ refusals }: Spec, action: Action, name: string): Misfit | undefined {
  const row = refusals.notDue.find(
    other => other.request.length === 0 && other.errors.includes(name) && appliesTo(other, action),
  )
  return row && { message: row.why, expected: 'another error', stated: row.source }
}
