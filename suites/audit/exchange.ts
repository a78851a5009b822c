/** One recorded exchange, whatever file format it came from. */
import type { Action, Spec } from '../../spec/model.ts'
import type { SeenAnswer } from '../oracle/response.ts'

export interface SeenExchange {
  /** 1-based line of a JSON Lines file, or number of the entry of a HAR file. */
  readonly line: number
  /** As the recording names it; absent when it does not. */
  readonly id?: string
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
  /** The recording itself says that members were taken out of the answer, or that it does not know how a message was spelt. */
  readonly edited: { readonly members: boolean; readonly spelling: boolean }
}

/** Something in the file that is no exchange. */
export interface Unreadable {
  readonly line: number
  readonly problem: string
}

export type TrafficItem = { readonly exchange: SeenExchange } | { readonly unreadable: Unreadable }

export function actionOf(spec: Pick<Spec, 'actions'>, name: string): Action | null {
  return Object.hasOwn(spec.actions, name) ? (spec.actions[name] ?? null) : null
}
