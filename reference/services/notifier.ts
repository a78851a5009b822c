/** Wakes one waiter. A notification that comes while nobody waits ends the next wait at once. */
export interface Notifier {
  readonly notify: () => void
  /** Until it is notified, or for so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>
}

/** Nobody is waiting yet. */
export function createNotifier(): Notifier {
  let wake: (() => void) | undefined
  let notified = false
  return {
    notify() {
      if (wake) wake()
      else notified = true
    },
    wait(ms) {
      if (notified) {
        notified = false
        return Promise.resolve()
      }
      return new Promise(resolve => {
        const done = (): void => {
          clearTimeout(timer)
          wake = undefined
          resolve()
        }
        const timer = setTimeout(done, ms)
        wake = done
      })
    },
  }
}
