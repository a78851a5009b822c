/** Starts an endpoint again whenever it ends by itself. */
import { messageOf } from '../../base/message-of.ts'
import type { Started } from './start.ts'

/** Who is told of what becomes of it. */
export interface Keeping {
  /** Ends the keeping: what ends from then on stays as it is. */
  readonly signal: AbortSignal
  /** It has ended, for the `count`th time. `again`: it is being started again. */
  onEnd(count: number, how: string, again: boolean): void
  /** What it wrote last, a moment after it has ended: until then not all of it has come. */
  onWords(text: string): void
  /** It serves again. */
  onBack(): void
  /** It could not be started again. */
  onLost(why: string): void
}

/** One that ends more often is left as it is. */
const MOST_ENDS = 40
const WORDS_MS = 200

/** What is to be stopped in the end is `current`: another one after every end. */
export interface Restarting {
  current(): Started
}

/** Begins to keep it. */
export function keepStarted(first: Started, keeping: Keeping): Restarting {
  let current = first
  let count = 0

  function watch(started: Started): void {
    started.onEnd(how => {
      if (keeping.signal.aborted) return
      const again = ++count <= MOST_ENDS
      keeping.onEnd(count, how, again)
      setTimeout(() => keeping.onWords(started.output()), WORDS_MS)
      if (again) void revive(started)
    })
  }

  async function revive(started: Started): Promise<void> {
    try {
      current = await started.again(keeping.signal)
    } catch (error) {
      if (!keeping.signal.aborted) keeping.onLost(messageOf(error))
      return
    }
    // Aborted meanwhile, nobody would stop it.
    if (keeping.signal.aborted) return current.stop()
    keeping.onBack()
    watch(current)
  }

  watch(first)
  return { current: () => current }
}
