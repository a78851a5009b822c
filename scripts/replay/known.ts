/** Differences that are known and have a reason: by kind of call and answer, never by the test that showed them. */
import type { Aspect, Difference } from './compare-answers.ts'
import type { Played } from './play.ts'

export interface Known {
  readonly reason: string
  readonly aspect: Aspect | readonly Aspect[]
  /** Patterns that must hold, each for the whole or for a part of it. */
  readonly operation?: string
  readonly recorded?: string
  readonly came?: string
  /** Of the request as JSON. */
  readonly request?: string
  /** What the sequence must not have done before, such as `CreateFunction`. */
  readonly without?: string
}

/** The first known difference that explains it. */
export function explain(known: readonly Known[], played: Played, difference: Difference): Known | undefined {
  return known.find(
    one =>
      [one.aspect].flat().includes(difference.aspect) &&
      holds(one.operation, played.call.operation, true) &&
      holds(one.recorded, difference.recorded) &&
      holds(one.came, difference.came) &&
      holds(one.request, JSON.stringify(played.call.request)) &&
      (one.without === undefined || !played.made.some(made => new RegExp(`^(${one.without}) `).test(made))),
  )
}

function holds(pattern: string | undefined, text: string, whole = false): boolean {
  return pattern === undefined || new RegExp(whole ? `^(?:${pattern})$` : pattern, 's').test(text)
}
