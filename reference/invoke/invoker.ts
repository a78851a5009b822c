import type { LambdaFunction, Version, World } from '../store/world.ts'
import type { Target } from '../store/find.ts'

/** One event for one target. */
export interface Invocation {
  readonly world: World
  readonly target: Target
  readonly payload: Buffer
  readonly requestId: string
  /** JSON text. */
  readonly clientContext?: string | undefined
  /** The caller wants the end of the log: the answer waits for the whole invocation, extensions included. */
  readonly wantsLog?: boolean | undefined
  /** The tracing header of the caller. */
  readonly trace?: string | undefined
  /**
   * Called when an environment has been found, with the number of the version that runs: nothing is refused any more.
   */
  readonly onBegin?: ((executedVersion: string) => void) | undefined
  /** Gets what the runtime streams, as it comes; the outcome's payload has nothing of it then. */
  readonly onChunk?: ((chunk: Buffer) => void) | undefined
}

/** What came of an event that a function was given. */
export interface Outcome {
  /** Number of the version that ran. */
  readonly executedVersion: string
  readonly functionError?: 'Unhandled'
  readonly payload: Buffer
  /** The end of the log, as bytes. */
  readonly logTail: Buffer
}

/** Runs functions. Refusals before the function got the event, such as throttling, are thrown as ServiceError. */
export interface Invoker {
  readonly invoke: (invocation: Invocation) => Promise<Outcome>
  /** Queues an event, to be tried again as the function's configuration says. */
  readonly enqueue: (invocation: Invocation) => void
  /** Gets `count` environments of a version ready. Resolves to whether the first of them came up. */
  readonly provision: (world: World, fn: LambdaFunction, version: Version, count: number) => Promise<boolean>
  /**
   * Ends the idle environments of a function whose code or configuration is not the current one any more; busy ones end
   * after their event.
   */
  readonly retire: (fn: LambdaFunction, version?: Version) => void
  readonly close: () => Promise<void>
}
