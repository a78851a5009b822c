import { randomUUID } from 'node:crypto'
import type { SourceSettings } from '../store/source-settings.ts'
import type { Invoker, Outcome } from '../invoke/invoker.ts'
import { resolveQualifier } from '../store/find.ts'
import type { Target } from '../store/find.ts'
import { isSettled } from '../store/revision.ts'
import type { EventSourceMapping, World } from '../store/world.ts'

/** What the readers of one mapping share. */
export interface Reader {
  readonly world: World
  readonly uuid: string
  readonly invoker: Pick<Invoker, 'invoke'>
  readonly pace: Pace
  /** The mapping as it is now, when it is to be read; a mapping that is disabled, deleted or not yet ready is not. */
  readonly mapping: () => EventSourceMapping | undefined
}

/** How long things take here. The real service is slower. Milliseconds. */
export interface Pace {
  /** Wait before a failed batch of a stream is tried again; doubled each time, up to sixteen times as long. */
  readonly retryDelayMs: number
  /** What a second of a batching window takes, and of the age of a record. */
  readonly windowSecondMs: number
}

/** The settings of a mapping, as its kind of source has them. */
export function settingsOf(mapping: EventSourceMapping): SourceSettings {
  return mapping.settings
}

/** The function of a mapping, when there is one that can take events. */
export function targetOf(world: World, mapping: EventSourceMapping): Target | undefined {
  const fn = world.functions.get(mapping.function.name)
  const target = fn && resolveQualifier(fn, mapping.function.qualifier)
  if (!target) return undefined
  const { revision } = target.version
  return revision.transition === 'creating' && !isSettled(revision, Date.now()) ? undefined : target
}

/**
 * Gives the function an event with a batch and waits for its answer; `refused` when it did not get it, as when it is
 * throttled.
 */
export async function invokeWith(
  reader: Reader,
  target: Target,
  event: { readonly Records: readonly object[] },
): Promise<Outcome | 'refused'> {
  try {
    return await reader.invoker.invoke({
      world: reader.world,
      target,
      requestId: randomUUID(),
      payload: Buffer.from(JSON.stringify(event)),
    })
  } catch {
    return 'refused'
  }
}

/** Whether the answer of the function says which records failed. */
export function reportsFailures(settings: SourceSettings): boolean {
  return settings.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false
}
