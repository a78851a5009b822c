import { randomUUID } from 'node:crypto'

/**
 * The state of something that settles by itself some time after a write: the write gives it one revision id, the end of
 * the transition another. Nothing ticks: what holds now is found by looking at the clock.
 */
export interface Revision {
  readonly transition: 'creating' | 'updating' | 'none'
  /** Unix milliseconds. */
  readonly settlesAt: number
  readonly id: string
  readonly settledId: string
}

/** A state that is over after so many milliseconds. */
export function startTransition(transition: 'creating' | 'updating', now: number, durationMs: number): Revision {
  return { transition, settlesAt: now + durationMs, id: randomUUID(), settledId: randomUUID() }
}

/** A revision for a write that takes effect at once, while a transition that is under way goes on. */
export function nextRevision(before: Revision, now: number): Revision {
  if (isSettled(before, now)) return settledRevision()
  return { ...before, id: randomUUID() }
}

/** A state in which nothing is under way. */
export function settledRevision(): Revision {
  const id = randomUUID()
  return { transition: 'none', settlesAt: 0, id, settledId: id }
}

/** Whether nothing is under way any more. */
export function isSettled(revision: Revision, now: number): boolean {
  return now >= revision.settlesAt
}

/** The identifier that changes with every write, and with the end of a transition. */
export function revisionId(revision: Revision, now: number): string {
  return isSettled(revision, now) ? revision.settledId : revision.id
}
