/**
 * Which case an endpoint ends at. What ran when it ended is run again, each alone; and so, after all others, is what
 * had just been judged, if none of those was it: a function that ends its server may do so behind the answer.
 */
import type { Case } from '../case.ts'
import { NO_ENDINGS, type Endings } from './endings.ts'
import { createTurns, type Turns } from './turns.ts'

/** Keeps what is known of each ending of the endpoint that was started for a run. */
export interface Suspects {
  readonly turns: Turns
  /** How often it has ended by now, and how it did last. */
  endings(): Endings
  /** A case is over that began after `begun` endings; `unharmed`: it holds, as far as it could be seen. */
  ran(one: Case, begun: number, unharmed: boolean): void
  /**
   * The endpoint ended, for the `last` time, at a case alone that had to do with the endings from `first` on: they are
   * explained, and at the last nothing else had a part.
   */
  convict(first: number, last: number): void
  /** Endings at which several cases ran, each with what may have caused it, the likeliest first. */
  inCompany(): readonly Ending[]
}

/** One ending of the endpoint. */
export interface Ending {
  readonly number: number
  readonly how: string
  /** A case that ran then ends the endpoint alone, too. */
  readonly isExplained: boolean
  /** Had been judged just before. */
  readonly justOver: readonly Case[]
  /** Ran at that time, and did not end the endpoint alone. */
  readonly beside: readonly Case[]
}

/** So long before the end a case may have been over that caused it. */
const BEFORE_MS = 3000

/**
 * `read` tells how often it has ended, and `onEnding` is called when there are more, as soon as somebody asks. Without
 * them for endpoints that nobody has started for the run.
 */
export function createSuspects(read: () => Endings = () => NO_ENDINGS, onEnding: () => void = () => {}): Suspects {
  const turns = createTurns()
  const found = new Map<
    number,
    { how: string; isExplained: boolean; wasAlone: boolean; justOver: readonly Case[]; beside: Case[] }
  >()
  let recent: readonly { readonly one: Case; readonly at: number }[] = []
  let known = 0

  function endings(): Endings {
    const now = read()
    const isNew = now.count > known
    while (known < now.count) {
      const last = recent.filter(({ at }) => at > now.at - BEFORE_MS).map(({ one }) => one)
      found.set(++known, {
        how: now.how,
        isExplained: false,
        wasAlone: false,
        justOver: last.reverse(),
        beside: [],
      })
    }
    if (isNew) onEnding()
    return now
  }

  return {
    turns,
    endings,
    ran(one, begun, unharmed) {
      const { count } = endings()
      const at = Date.now()
      if (count === begun) recent = [...recent.filter(other => other.at > at - BEFORE_MS * 4), { one, at }]
      else if (unharmed) for (let number = begun + 1; number <= count; number++) found.get(number)?.beside.push(one)
    },
    convict(first, last) {
      for (const [number, ending] of found) {
        if (number >= first && number <= last) ending.isExplained = true
        if (number === last) ending.wasAlone = true
      }
    },
    inCompany: () =>
      [...found].flatMap(([number, { wasAlone, ...ending }]) => (wasAlone ? [] : [{ number, ...ending }])),
  }
}
