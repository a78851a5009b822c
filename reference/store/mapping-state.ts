import type { EventSourceMapping } from './world.ts'

/** A deleted mapping is there, in state Deleting, until its time has come. */
export function isGone(mapping: EventSourceMapping, now: number): boolean {
  return mapping.transition === 'Deleting' && now >= mapping.settlesAt
}
