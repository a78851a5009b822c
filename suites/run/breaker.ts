/** Notices that an endpoint has stopped answering, so that a run does not wait for every request anew. */
import type { Exchange } from '../../reports/evidence.ts'

export interface Breaker {
  observe(exchange: Exchange): void
  /** Why a case should not be tried now; undefined when it should. Now and then one case is let through to see whether it is back. */
  blocked(now?: number): string | undefined
}

/** So many requests in a row without any answer. */
const FAILURES = 10
const RETRY_MS = 3000

export function createBreaker(): Breaker {
  let failures = 0
  let last = ''
  let nextTry = 0
  return {
    observe(exchange) {
      const { failure } = exchange
      // A body that is too large is an answer.
      if (failure === undefined || failure.kind === 'too-large') failures = 0
      else {
        failures++
        last = failure.message
      }
    },
    blocked(now = Date.now()) {
      if (failures < FAILURES) return undefined
      if (now >= nextTry) {
        nextTry = now + RETRY_MS
        return undefined
      }
      return `the endpoint has stopped answering: ${last}`
    },
  }
}
