/** Steps that speak of every answer that the endpoint has given in this run. */
import type { Step, Value } from '../../spec/model.ts'
import type { Answer, AnswerSeen } from '../case.ts'
import type { Judgement } from '../judgement.ts'
import { inconclusive } from '../judgement.ts'
import { type Matching, mismatches } from '../oracle/match.ts'

/** Actions that are named in a report. */
const MOST_NAMED = 8

/** Null when all of them are as `returns` says. `isDeclared`: may the action answer with an error of this name? */
export function judgeEveryAnswer(
  step: Step & { readonly everyAnswer: NonNullable<Step['everyAnswer']> },
  seen: readonly AnswerSeen[],
  matching: Matching,
  isDeclared: (action: string, error: string) => boolean,
): Judgement | null {
  const chosen = seen.filter(({ answer }) => isMeant(step.everyAnswer, answer))
  if (chosen.length === 0) return inconclusive(`no answers were seen of which ${placeOf(step)} speaks`)
  const wrong = chosen.flatMap(one => {
    const [first] = step.returns === undefined ? [] : mismatches(step.returns, visible(one, isDeclared), matching)
    return first === undefined ? [] : [{ ...one, first }]
  })
  const [example] = wrong
  if (example === undefined) return null
  const actions = [...new Set(wrong.map(one => one.action))].sort()
  const named = actions.slice(0, MOST_NAMED).join(', ')
  const { path, expected, actual } = example.first
  return {
    kind: 'fail',
    reason:
      `answers of ${actions.length} ${actions.length === 1 ? 'action' : 'actions'} are otherwise: ` +
      `${named}${actions.length > MOST_NAMED ? ', …' : ''} (${placeOf(step)})`,
    expected: `${path === '' ? '' : `${path}: `}${expected}`,
    actual: `${example.action}, status ${example.answer.status}: ${path === '' ? '' : `${path}: `}${actual}`,
    exchanges: [example.answer.exchange],
  }
}

function isMeant(which: NonNullable<Step['everyAnswer']>, { status = 0, body, members, json }: Answer): boolean {
  if (which === 'refusals') return status >= 400
  // What a function gives back is its own affair.
  return which === 'all' || (body.length > 0 && (status >= 400 || (members !== undefined && json !== undefined)))
}

function visible(
  { action, answer }: AnswerSeen,
  isDeclared: (action: string, error: string) => boolean,
): { readonly [name: string]: Value | undefined } {
  const error = answer.error?.name
  return {
    $status: answer.status,
    $headers: answer.headers,
    $error: error,
    $declared: error === undefined ? undefined : isDeclared(action, error),
  }
}

function placeOf({ source }: Step): string {
  return `${source.file}:${source.line}`
}
