import type { IncomingHttpHeaders } from 'node:http'
import type { Downloads } from '../store/downloads.ts'
import type { Invoker } from '../invoke/invoker.ts'
import type { Readers } from '../mappings/readers.ts'
import type { World } from '../store/world.ts'

/** Everything an action may look at beside its input. */
export interface Call {
  readonly world: World
  readonly requestId: string
  readonly headers: IncomingHttpHeaders
  /** Unix milliseconds; one moment for the whole request. */
  readonly now: number
  readonly invoker: Invoker
  readonly readers: Readers
  readonly downloads: Downloads
  /** Where the caller reached the endpoint, such as `http://127.0.0.1:4566`. */
  readonly baseUrl: string
}

/** What an action answers; without a status it is the one of its page. */
export interface Reply {
  readonly status?: number
  readonly headers?: { readonly [name: string]: string | string[] }
  /** A Buffer is sent as it is, a stream as it comes, anything else as JSON; absent: no body. */
  readonly body?: object
}

/** Carries out one action on checked input. */
export type Handler = (call: Call, input: never) => Reply | Promise<Reply>

const handlers = new WeakSet<object>()

/**
 * Makes a function the one that answers the action of its name (`createAlias`, CreateAlias). Its input is the type of
 * that name in `protocol/inputs.ts`; the cast is sound because it only ever sees input that has been read and checked
 * against the action's page.
 */
export function handler<Input>(handle: (call: Call, input: Input) => Reply | Promise<Reply>): Handler {
  handlers.add(handle)
  return handle
}

/** Whether something that a file exports answers an action. */
export function isHandler(exported: unknown): exported is Handler {
  return typeof exported === 'function' && handlers.has(exported)
}
