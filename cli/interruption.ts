/** What Ctrl-C does: the first time the run is ended in order, the second time at once. */

export interface Interruption {
  readonly signal: AbortSignal
  /** Gives the keys back to whoever had them. */
  release(): void
}

/** The exit code of a command that was interrupted. */
export const INTERRUPTED = 130

/** `onFirst` is told, so that it can tell the person; `onSecond` runs just before the process ends. */
export function watchInterruption(onFirst: () => void, onSecond: () => void): Interruption {
  const controller = new AbortController()
  const handle = (): void => {
    if (controller.signal.aborted) {
      onSecond()
      process.exit(INTERRUPTED)
    }
    controller.abort(new Error('the run was interrupted'))
    onFirst()
  }
  process.on('SIGINT', handle)
  process.on('SIGTERM', handle)
  process.on('SIGHUP', handle)
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', handle)
      process.off('SIGTERM', handle)
      process.off('SIGHUP', handle)
    },
  }
}
