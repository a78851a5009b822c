/**
 * The two figures of a run, which are never added up: how much of what was tried is otherwise than documented, and how
 * much was tried at all. MUST cases of the whole edition, so that runs of two endpoints and of two months can be
 * compared where their lists of cases are one.
 */
import type { Evidence } from './evidence.ts'

/** So many cases of so many. */
export interface Share {
  readonly of: number
  readonly cases: number
}

/** Divergence and coverage of a run, which are never added. */
export interface Figures {
  /** Failed of those tried: passed or failed. */
  readonly divergence: Share
  /** Tried of all MUST cases of the edition. */
  readonly coverage: Share
  /** Which list of cases: `2021-11, cases 3`; the edition alone where the evidence does not say. */
  readonly cases: string
}

/** What an endpoint file expects to fail has failed: nothing makes the figures better but an endpoint that is. */
export function figuresOf({ results, caseList, spec }: Pick<Evidence, 'results' | 'caseList' | 'spec'>): Figures {
  const must = results.filter(result => result.clause.level === 'must')
  const failed = must.filter(one => one.verdict === 'fail').length
  const tried = failed + must.filter(one => one.verdict === 'pass').length
  const listed = Object.values(caseList?.profiles ?? {}).reduce((sum, one) => sum + one.must, 0)
  const all = Math.max(caseList?.manifest?.must ?? listed, must.length)
  const version = caseList?.manifest?.version
  return {
    divergence: { cases: failed, of: tried },
    coverage: { cases: tried, of: all },
    cases: version === undefined ? spec.edition : `${spec.edition}, cases ${version}`,
  }
}

/** `12.3 %`; nothing of nothing is `–`. What is not all or nothing is never said to be. */
export function percent({ cases, of }: Share): string {
  if (of === 0) return '–'
  const least = cases > 0 ? 0.1 : 0
  const most = cases < of ? 99.9 : 100
  const rounded = Math.round((cases / of) * 100 * 10) / 10
  return `${Math.min(Math.max(rounded, least), most)} %`
}

/** Both in one line, with what they are of. */
export function figuresLine({ divergence, coverage, cases }: Figures): string {
  const shown = (one: Share): string =>
    `${percent(one)} (${one.cases.toLocaleString('en-US')} of ${one.of.toLocaleString('en-US')}`
  return `divergence ${shown(divergence)} tried), coverage ${shown(coverage)} MUST cases of ${cases})`
}
