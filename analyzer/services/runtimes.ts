import { loadKnowledge } from '../engine/pages.ts'

/** A runtime that AWS has given up, as the table of `spec/rules/deprecated-runtime.md` says. */
export interface RetiredRuntime {
  readonly runtime: string
  /** Day of its deprecation, `YYYY-MM-DD`. */
  readonly since: string
  /** Neither made nor updated any more. */
  readonly blocked: boolean
  readonly instead: string
}

let table: ReadonlyMap<string, RetiredRuntime> | undefined

/** What the page says of a runtime; undefined for one that it does not list. */
export function retiredRuntime(runtime: string): RetiredRuntime | undefined {
  table ??= new Map(rows(loadKnowledge().rules['deprecated-runtime']?.markdown ?? '').map(row => [row.runtime, row]))
  return table.get(runtime)
}

function rows(markdown: string): RetiredRuntime[] {
  return [...markdown.matchAll(/^\| (\S+) \| (\d{4}-\d\d-\d\d) \| (yes|no) \| (\S+) \|$/gm)].map(
    ([, runtime = '', since = '', blocked, instead = '']) => ({
      runtime,
      since,
      blocked: blocked === 'yes',
      instead,
    }),
  )
}
