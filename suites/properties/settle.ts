/** Calls that find something still under way wait for it: creating, updating and deleting go on after they were answered. */
import type { Action, Spec } from '../../spec/model.ts'
import type { Answer, Client } from '../case.ts'
import { isThrottled } from '../oracle/support.ts'

export interface Settling {
  readonly spec: Pick<Spec, 'actions'>
  readonly client: Pick<Client, 'call'>
  readonly signal: AbortSignal
  /** When waiting ends, in milliseconds since 1970. */
  readonly deadline: number
}

type Params = { readonly [member: string]: unknown }

/** A mapping or a function may be under way for so long at most. */
const BUSY_MS = 60_000
const THROTTLED_ATTEMPTS = 4

/**
 * Calls, and calls again while the answer is a conflict with something under way or a throttled control-plane call. `refusals` are errors
 * that the caller is waiting for: they are never called busy.
 */
export async function callSettled(settling: Settling, action: Action, params: Params, refusals: readonly string[] = []): Promise<Answer> {
  const end = Math.min(settling.deadline, Date.now() + BUSY_MS)
  let throttled = 0
  for (let wait = 60; ; wait = Math.min(wait * 1.6, 2000)) {
    const answer = await settling.client.call(action, params)
    if (answer.status === undefined || answer.status < 400 || refusals.includes(answer.error?.name ?? '')) return answer
    const again = isThrottled(answer) ? action.name !== 'Invoke' && ++throttled < THROTTLED_ATTEMPTS : await isUnderWay(settling, params, answer)
    if (!again || Date.now() + wait > end) return answer
    await pause(wait, settling.signal)
  }
}

/** Reads the state of what the call is about; a conflict for any other reason is an answer. */
async function isUnderWay(settling: Settling, params: Params, answer: Answer): Promise<boolean> {
  const { error } = answer
  if (error?.name === 'ResourceConflictException') {
    const read = settling.spec.actions['GetFunctionConfiguration']
    if (read === undefined || params['FunctionName'] === undefined) return false
    const { State, LastUpdateStatus } = (await settling.client.call(read, { FunctionName: params['FunctionName'] })).members ?? {}
    return State === 'Pending' || LastUpdateStatus === 'InProgress'
  }
  if (error?.name === 'ResourceInUseException') {
    const read = settling.spec.actions['GetEventSourceMapping']
    if (read === undefined || params['UUID'] === undefined) return false
    const { State } = (await settling.client.call(read, { UUID: params['UUID'] })).members ?? {}
    return typeof State === 'string' && /ing$/.test(State)
  }
  return false
}

/** Rejects with the signal's reason when the run ends meanwhile. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
