/** Bounds on how much is asked of an endpoint at one time. */

/** At most `limit` tasks at once, in the order of their coming. */
export function createGate(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async task => {
    if (running >= limit) await new Promise<void>(resolve => waiting.push(resolve))
    else running++
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      // The place passes on directly: nobody who comes later may slip in between.
      if (next === undefined) running--
      else next()
    }
  }
}

/** Resolves when the next request may start; `rate` in requests a second, 0 for no limit. */
export function createPacer(rate: number, now: () => number = Date.now): () => Promise<void> {
  if (rate <= 0) return async () => {}
  const step = 1000 / rate
  let next = 0
  return async () => {
    const at = Math.max(next, now())
    next = at + step
    const wait = at - now()
    if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait))
  }
}
