/** One recorded exchange, whatever file format it came from. */
import type { Action, Spec } from '../../spec/model.ts'
import type { SeenAnswer } from '../oracle/response.ts'

/** A recorded request with its answer, in the form in which the oracle takes both. */
export interface SeenExchange {
  /** 1-based line of a JSON Lines file, or number of the entry of a HAR file. */
  readonly line: number
  /** As the recording names it; absent when it does not. */
  readonly id?: string
  /** Exchanges of one history follow each other: those of one recorded test, or of the file. */
  readonly history: string
  /** Every call of the history is there: what was not created in it was not created. */
  readonly whole: boolean
  /** The real service answered: then its texts count, too, which no document binds others to. */
  readonly service: boolean
  /** When it was recorded, in milliseconds since 1970; absent when nobody says. */
  readonly recordedAt?: number
  /** Name of the action; null when method and path belong to none. */
  readonly operation: string | null
  /** Null when the specification has no page for it. */
  readonly action: Action | null
  /** Null when the request was not recorded. */
  readonly params: { readonly [member: string]: unknown } | null
  readonly answer: SeenAnswer
  /** Request members whose values somebody put together later: what comes back may differ from them. */
  readonly guessed: ReadonlySet<string>
  /** False when headers and raw body were not kept: what they would show is not asked for. */
  readonly raw: boolean
  /**
   * The recording itself says that members were taken out of the answer, or that it does not know how a message was
   * spelt.
   */
  readonly edited: { readonly members: boolean; readonly spelling: boolean }
}

/** Something in the file that is no exchange. */
export interface Unreadable {
  readonly line: number
  readonly problem: string
}

/** A call that was made, and whose answer is not known. */
export interface SentCall {
  readonly operation: string
  readonly params: { readonly [member: string]: unknown } | null
  readonly history: string
}

/** What a file of traffic holds, line by line or entry by entry. */
export type TrafficItem =
  | { readonly exchange: SeenExchange }
  | { readonly sent: SentCall }
  | { readonly unreadable: Unreadable }

/** The page of an action by the name that a recording gives it; null when there is none. */
export function actionOf(spec: Pick<Spec, 'actions'>, name: string): Action | null {
  return Object.hasOwn(spec.actions, name) ? (spec.actions[name] ?? null) : null
}
