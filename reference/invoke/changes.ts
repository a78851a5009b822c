/** Lets several wait for conditions over one state: whoever changes it says so. */
export interface Changes {
  readonly announce: () => void
  /** Resolves when the condition holds: at once, or after the first announcement that finds it so. */
  readonly until: (condition: () => boolean) => Promise<void>
}

/** Nothing has changed yet, and nobody waits. */
export function createChanges(): Changes {
  const waiting = new Set<() => void>()
  return {
    announce() {
      for (const look of waiting) look()
    },
    until: condition =>
      new Promise(resolve => {
        if (condition()) return resolve()
        const look = (): void => {
          if (!condition()) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
      }),
  }
}
