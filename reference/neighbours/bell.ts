/** Wakes one sleeper. Whoever rings while nobody sleeps is heard by the next one who would. */
export interface Bell {
  readonly ring: () => void
  /** Until it rings, or for so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>
}

export function createBell(): Bell {
  let wake: (() => void) | undefined
  let rung = false
  return {
    ring() {
      if (wake) wake()
      else rung = true
    },
    wait(ms) {
      if (rung) {
        rung = false
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
