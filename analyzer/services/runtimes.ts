import { loadKnowledge } from '../data/pages.ts'

/** What the table of `spec/rules/deprecated-runtime.md` says of a runtime; days are `YYYY-MM-DD`. */
export interface Runtime {
  readonly name: string
  readonly deprecated: string
  /** From this day on no function can be created with it; `never` where that is not planned. */
  readonly createBlocked: string
  readonly updateBlocked: string
  /** What comes after it; undefined for the newest of its family. */
  readonly instead: string | undefined
}

interface Table {
  readonly runtimes: ReadonlyMap<string, Runtime>
  /** The day for which the page speaks. */
  readonly state: string
  /** Runtimes without a date yet. */
  readonly undated: readonly string[]
}

let table: Table | undefined
const read = (): Table => (table ??= readRuntimes(loadKnowledge().rules['deprecated-runtime']?.markdown ?? ''))

/** The table of a page. */
export function readRuntimes(markdown: string): Table {
  const runtimes = new Map<string, Runtime>()
  for (const [, name = '', deprecated = '', createBlocked = '', updateBlocked = '', instead = ''] of markdown.matchAll(
    ROW,
  ))
    runtimes.set(name, {
      name,
      deprecated,
      createBlocked,
      updateBlocked,
      instead: instead === '-' ? undefined : instead,
    })
  const undated =
    /^Named by the service model, with no date yet: (.*?)\./m.exec(markdown.replace(/\.(?=\w)/g, '\0'))?.[1] ?? ''
  return {
    runtimes,
    state: /^State of (\d{4}-\d\d-\d\d)\.$/m.exec(markdown)?.[1] ?? '',
    undated: [...undated.matchAll(/`([^`]+)`/g)].map(match => (match[1] ?? '').replaceAll('\0', '.')),
  }
}

const ROW = /^\| (\S+) \| (\d{4}-\d\d-\d\d) \| (\d{4}-\d\d-\d\d|never) \| (\d{4}-\d\d-\d\d|never) \| (\S+) \|$/gm

/** A runtime that is deprecated on the day of the page, and what can still be done with it. */
export interface RetiredRuntime extends Runtime {
  readonly instead: string
  readonly canCreate: boolean
  readonly canUpdate: boolean
}

/** What the page says of a deprecated runtime; undefined for one that is not, or that it does not list. */
export function retiredRuntime(name: string): RetiredRuntime | undefined {
  const { runtimes, state } = read()
  const runtime = runtimes.get(name)
  if (!runtime || runtime.deprecated > state || runtime.instead === undefined) return undefined
  return {
    ...runtime,
    instead: runtime.instead,
    canCreate: runtime.createBlocked > state,
    canUpdate: runtime.updateBlocked > state,
  }
}

/** Every runtime that the page names. */
export const knownRuntimes = (): readonly string[] => [...read().runtimes.keys(), ...read().undated]
