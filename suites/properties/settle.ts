/**
 * Calls that find something still under way wait for it: creating, updating and deleting go on after they were
 * answered.
 */
import type { Action, Spec } from '../../spec/model.ts'
import type { Answer, Client } from '../case.ts'
import { cutShort, type Judgement } from '../judgement.ts'
import { isThrottled } from '../oracle/support.ts'

/** How long is waited for something to become so, and how often it is looked at. */
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
/** Who has waited for so long has waited: what is not so by then is the endpoint's doing, and not that time ran out. */
const FAIR_MS = 20_000

/** Waiting that ends with `patienceMs`, or with the time of the case. Times in milliseconds since 1970. */
export interface Patience {
  readonly end: number
  /** Has the case's end made it shorter than is fair? To be asked when waiting is over. */
  isCut(): boolean
}

/** Patience that begins now. */
export function patienceUntil(deadline: number, patienceMs: number): Patience {
  const begin = Date.now()
  const end = Math.min(deadline, begin + patienceMs)
  return { end, isCut: () => end === deadline && deadline - begin < Math.min(patienceMs, FAIR_MS) }
}
const THROTTLED_ATTEMPTS = 4

/** The judgement of what has not become so. */
export function judgedAfter(patience: Patience, judgement: Judgement): Judgement {
  return patience.isCut() ? cutShort(judgement) : judgement
}

/**
 * Calls, and calls again while the answer is a conflict with something under way or a throttled control-plane call.
 * `refusals` are errors that the caller is waiting for: they are never called busy.
 */
export async function callSettled(
  settling: Settling,
  action: Action,
  params: Params,
  refusals: readonly string[] = [],
): Promise<Answer> {
  const patience = patienceUntil(settling.deadline, BUSY_MS)
  let throttled = 0
  let doubted = false
  for (let wait = 60; ; wait = Math.min(wait * 1.6, 2000)) {
    const answer = await settling.client.call(action, params)
    if (answer.status === undefined || answer.status < 400 || refusals.includes(answer.error?.name ?? '')) return answer
    let again: boolean
    let underWay = false
    if (isThrottled(answer)) again = action.name !== 'Invoke' && ++throttled < THROTTLED_ATTEMPTS
    else {
      const state = await stateOf(settling, params, answer)
      underWay = state === 'under way'
      // What has settled by now may have been under way when it was in conflict: one more call tells.
      again = underWay || (state === 'settled' && !doubted)
      doubted = state === 'settled'
    }
    if (!again) return answer
    if (Date.now() + wait > patience.end) return underWay && patience.isCut() ? { ...answer, underWay } : answer
    await pause(wait, settling.signal)
  }
}

/** The state of what the call is about, for errors that may come of it. */
async function stateOf(
  settling: Settling,
  params: Params,
  answer: Answer,
): Promise<'under way' | 'settled' | 'unknown'> {
  const read = async (name: string, key: string): Promise<Params | undefined> => {
    const action = settling.spec.actions[name]
    return action === undefined || params[key] === undefined
      ? undefined
      : ((await settling.client.call(action, { [key]: params[key] })).members ?? {})
  }
  if (answer.error?.name === 'ResourceConflictException') {
    const found = await read('GetFunctionConfiguration', 'FunctionName')
    if (found === undefined) return 'unknown'
    return found['State'] === 'Pending' || found['LastUpdateStatus'] === 'InProgress' ? 'under way' : 'settled'
  }
  if (answer.error?.name === 'ResourceInUseException') {
    const found = await read('GetEventSourceMapping', 'UUID')
    if (found === undefined) return 'unknown'
    return typeof found['State'] === 'string' && /ing$/.test(found['State']) ? 'under way' : 'settled'
  }
  return 'unknown'
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
      reject(signal.reason)
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
