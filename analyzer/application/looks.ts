/**
 * What rules look at, for whoever keeps the books: a rule that asked for a value which nobody can know has proved
 * nothing, and one that found nothing to ask for does not apply. Loading a project is not watched, only what runs
 * inside `watchLooks`.
 */
import type { Value } from './value.ts'

/** How it was asked for: the value itself, as much of it as is known, or whether it is there at all. */
export type Look = 'whole' | 'parts' | 'presence'

/** Is told what a rule looks at, so that its verdict says what it rests on. */
export interface LookListener {
  value(value: Value, as: Look): void
  /** Something that is no value was asked for, and is not wholly known; absent `why`: it is. */
  other(why: string | undefined): void
}

let listener: LookListener | undefined

/** A value was asked for. */
export function noteLook(value: Value, as: Look): void {
  listener?.value(value, as)
}

/**
 * What is no value was asked for: the rights of a function, its code. `why` says what stands in the way of knowing it.
 */
export function noteOtherLook(why: string | undefined): void {
  listener?.other(why)
}

/** Runs something and tells of everything that it asks for. */
export function watchLooks<T>(tell: LookListener, run: () => T): T {
  const before = listener
  listener = tell
  try {
    return run()
  } finally {
    listener = before
  }
}
