/** Notices that an endpoint has stopped answering, so that a run waits until it is back, and does not wait for ever. */
import type { Exchange } from '../../reports/evidence.ts'
import { unlessAborted } from './unless-aborted.ts'

/** Stops asking an endpoint that has stopped answering. */
export interface Breaker {
  observe(exchange: Exchange): void
  /**
   * Grows whenever something came in between that says nothing of a case: a broken connection, the beginning of an
   * outage.
   */
  readonly trouble: number
  /**
   * Aborted when an outage has lasted too long: what is under way then waits for nothing. Another one after an outage.
   */
  readonly givenUp: AbortSignal
  /** Why a case should not be tried now; undefined when it should. */
  readonly silent: string | undefined
  /**
   * Resolves at once while the endpoint answers. In an outage `probe` asks again and again; resolves when there is a
   * proper answer, and with the reason when the outage has lasted too long. After that a probe is made now and then.
   * Rejects when `signal` is aborted.
   */
  whenUp(probe: () => Promise<unknown>, signal: AbortSignal, doubtful?: boolean): Promise<string | undefined>
}

/** How patient a breaker is. */
export interface BreakerOptions {
  /** Milliseconds that an outage may last. */
  readonly patienceMs?: number
  readonly probeEveryMs?: number
  /** Between two probes once patience is at its end. */
  readonly retryMs?: number
  /** While somebody is bringing the endpoint back, patience has no end. */
  readonly isComingBack?: () => boolean
}

/** So many requests in a row without any answer. */
const FAILURES = 3
/** So many answers in a row that say "too many", or that the service is not there. */
const REFUSALS = 20

/** A breaker for one endpoint. */
export function createBreaker(options: BreakerOptions = {}): Breaker {
  const { patienceMs = 30_000, probeEveryMs = 250, retryMs = 3000, isComingBack = () => false } = options
  let failures = 0
  let refusals = 0
  let last = ''
  let trouble = 0
  let waiting: Promise<string | undefined> | undefined
  let gaveUp = false
  let hope = new AbortController()
  let nextTry = 0
  const isOut = (): boolean => failures >= FAILURES || refusals >= REFUSALS

  function observe({ failure, response }: Exchange): void {
    // A body that is too large is an answer.
    if (failure !== undefined && failure.kind !== 'too-large') {
      failures++
      last = failure.message
      if (failure.kind !== 'timeout' || failures === FAILURES) trouble++
      return
    }
    failures = 0
    const status = response?.status
    refusals = status === 429 || status === 503 ? refusals + 1 : 0
    if (refusals === REFUSALS) trouble++
    if (refusals > 0) last = `it answers ${status}`
    if (isOut()) return
    gaveUp = false
    if (hope.signal.aborted) hope = new AbortController()
  }

  async function wait(probe: () => Promise<unknown>): Promise<string | undefined> {
    const end = Date.now() + patienceMs
    for (;;) {
      await probe()
      if (failures === 0 && !isOut()) return undefined
      if (Date.now() > end && !isComingBack()) break
      await new Promise(resolve => setTimeout(resolve, probeEveryMs))
    }
    gaveUp = true
    hope.abort(new Error(reason()))
    nextTry = Date.now() + retryMs
    return reason()
  }

  async function tryAgain(probe: () => Promise<unknown>): Promise<string | undefined> {
    if (Date.now() < nextTry) return reason()
    nextTry = Date.now() + retryMs
    await probe()
    return isOut() ? reason() : undefined
  }

  const reason = (): string => `the endpoint has stopped answering: ${last}`

  return {
    observe,
    get trouble() {
      return trouble
    },
    get givenUp() {
      return hope.signal
    },
    get silent() {
      return isOut() ? reason() : undefined
    },
    async whenUp(probe, signal, doubtful = false) {
      if (!isOut() && !doubtful) return undefined
      if (gaveUp && !isComingBack()) return tryAgain(probe)
      waiting ??= wait(probe).finally(() => (waiting = undefined))
      return unlessAborted(waiting, signal)
    },
  }
}
