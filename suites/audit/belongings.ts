/** What of a function was seen to be there, and to be gone. */
import { qualifierOf, type AnsweredCall, type Belonging } from './belonging.ts'

type Members = { readonly [member: string]: unknown }

/** What is known of the belongings of one owner. */
export interface Belongings {
  /** Keys of a kind that are there. */
  keys(kind: string): readonly string[]
  /** A call succeeded, or nobody knows whether it did. */
  note(call: AnsweredCall): void
  /** Somebody was told that it is not there. */
  missing(kind: string, key: string): void
  /** The owner was made, and `whole`: every call since is known, so that what was not made is not there. */
  begin(whole: boolean): void
  /** What a call makes although it is surely there, in words. */
  madeTwice(action: string, params: Members | null): string | undefined
  /** What a call asks for that is surely not there; undefined when all of it may be. */
  askedInVain(action: string, params: Members | null): string | undefined
}

/** Begins with nothing known. */
export function createBelongings(kinds: readonly Belonging[]): Belongings {
  const states = new Map<string, boolean>()
  /** Kinds of which some call may have made what nobody knows. */
  const unclear = new Set<string>()
  let whole = false

  /** Whether something is there; undefined when nobody knows. */
  const has = (kind: string, key: string): boolean | undefined =>
    states.get(`${kind} ${key}`) ?? (whole && !unclear.has(kind) ? false : undefined)
  const keys = (kind: string): readonly string[] =>
    [...states].filter(([key, there]) => there && key.startsWith(`${kind} `)).map(([key]) => key.slice(kind.length + 1))

  /** Nobody knows whether the call succeeded. */
  function noteUnanswered({ kind }: Belonging, making: boolean, key: string | undefined): void {
    // Taking away what is there succeeds.
    if (!making && key !== undefined && states.get(`${kind} ${key}`) === true) {
      states.set(`${kind} ${key}`, false)
      return
    }
    if (key !== undefined) states.delete(`${kind} ${key}`)
    // Whatever was missing may have been made.
    else if (making) for (const [one, there] of states) if (!there && one.startsWith(`${kind} `)) states.delete(one)
    unclear.add(kind)
  }

  return {
    keys,
    note(call) {
      for (const belonging of kinds) {
        const making = belonging.makes.has(call.action)
        if (!making && !belonging.unmakes.has(call.action)) continue
        const key = belonging.keyOf(call)
        if (call.members === undefined) {
          const asked = !belonging.onDemand.has(call.action) || call.params?.['Publish'] === true
          if (asked || !making) noteUnanswered(belonging, making, key)
        } else if (key !== undefined) states.set(`${belonging.kind} ${key}`, making)
      }
    },
    missing: (kind, key) => void states.set(`${kind} ${key}`, false),
    begin(everyCallIsKnown) {
      states.clear()
      unclear.clear()
      whole = everyCallIsKnown
    },
    madeTwice(action, params) {
      const made = kinds.find(one => one.once && one.makes.has(action))
      const key = made?.keyOf({ action, params, members: undefined })
      return made !== undefined && key !== undefined && has(made.kind, key) ? `the ${made.label}` : undefined
    },
    askedInVain(action, params) {
      const qualifier = qualifierOf(params)
      const named = /^\d+$/.test(qualifier) ? 'version' : 'alias'
      const about = kinds.find(one => one.asks.has(action) || one.asksAll === action)
      const survives = about?.outlives.includes(named) === true
      // Deleting a version that is not there succeeds, as long as its function is.
      const deletes = kinds.some(one => one.kind === 'version' && one.unmakes.has(action))
      if (!survives && !deletes && !qualifier.startsWith('$') && has(named, qualifier) === false)
        return `the ${named} ${qualifier}`
      if (about === undefined) return undefined
      const key = about.keyOf({ action, params, members: undefined }) ?? ''
      if (about.asks.has(action)) return has(about.kind, key) === false ? `the ${about.label}` : undefined
      return has(about.kind, `${qualifier} `) === false &&
        !keys(about.kind).some(one => one.startsWith(`${qualifier} `))
        ? `the ${(about.asksAll ?? '').replace(/^Get/, '').toLowerCase()}`
        : undefined
    },
  }
}
