/** Who may run beside others, and who runs alone. */

/** Tasks that run side by side, until one wants to be alone. */
export interface Turns {
  /** Runs beside others that may. */
  beside<T>(task: () => Promise<T>): Promise<T>
  /** Waits until what runs has ended, and keeps others waiting meanwhile. One that is alone must not ask for a turn. */
  alone<T>(task: () => Promise<T>): Promise<T>
}

/** One set of turns, in the order in which they were asked for. */
export function createTurns(): Turns {
  const running = new Set<Promise<unknown>>()
  let door: Promise<unknown> = Promise.resolve()

  function tracked<T>(task: () => Promise<T>): Promise<T> {
    const run = task()
    const settled = run.then(
      () => {},
      () => {},
    )
    running.add(settled)
    void settled.then(() => running.delete(settled))
    return run
  }

  return {
    beside: task => {
      const entered = door.then(() => ({ run: tracked(task) }))
      return entered.then(({ run }) => run)
    },
    alone: task => {
      const run = door.then(async () => {
        await Promise.all(running)
        return task()
      })
      door = run.then(
        () => {},
        () => {},
      )
      return run
    },
  }
}
