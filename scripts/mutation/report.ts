/** What a run of mutants says: a score for each folder, and who lives. */
import path from 'node:path'
import type { Place } from './program.ts'
import type { Reviewed } from './reviewed.ts'

/** One mutant and how it ended. */
export interface Judged {
  readonly id: string
  readonly file: string
  readonly line: number
  readonly operator: string
  readonly was: string
  readonly now: string
  /**
   * `uncovered`: no case executes the place. `reported`: a case of a SHOULD or MAY clause notices, and none of a MUST;
   * `beyond`: only cases of such clauses execute it, and none notices. No certificate speaks of either. `not-started`: the endpoint did not come up, which says nothing of the
   * suites.
   */
  readonly end: 'killed' | 'survived' | 'uncovered' | 'reported' | 'beyond' | 'not-started'
  readonly by?: string
  /** Cases that execute the place, at most the bound, and those of them for which there was time. */
  readonly cases: number
  readonly ran: number
  /** Ids of the cases that ran to their end and saw nothing. Absent in results of earlier versions. */
  readonly blind?: readonly string[]
  readonly ms: number
}

export interface Score {
  readonly killed: number
  /** Those that started, that MUST clauses speak of, and that are not known to be unobservable. */
  readonly observable: number
}

/** Whole percents; 100 where there is nothing. */
export function percent({ killed, observable }: Score): number {
  return observable === 0 ? 100 : Math.floor((killed / observable) * 100)
}

/** Neither noticed nor outside of what certificates speak of. */
export function isAlive({ end }: Pick<Judged, 'end'>): boolean {
  return end === 'survived' || end === 'uncovered'
}

/** The same fault, also when places before it in the file have changed since. */
export function isMutant(one: Judged, { file, mutant }: Place): boolean {
  const { operator, was, replacement } = mutant
  return (
    one.file === file.file && one.operator === operator && one.was === was && one.now === replacement.slice(0, SHOWN)
  )
}

/** Letters of a replacement that a result holds. */
export const SHOWN = 80

/** What was read and cannot be seen counts neither way. */
export function isReviewed(one: Judged, reviewed: readonly Reviewed[]): boolean {
  return reviewed.some(known => known.file === one.file && known.operator === one.operator && known.was === one.was)
}

/** By folder, and under `all` those of all folders. */
export function scoresOf(judged: readonly Judged[], reviewed: readonly Reviewed[]): ReadonlyMap<string, Score> {
  const scores = new Map<string, Score>()
  const counted = judged.filter(one => one.end === 'killed' || (isAlive(one) && !isReviewed(one, reviewed)))
  const add = (folder: string, killed: number): void => {
    const before = scores.get(folder) ?? { killed: 0, observable: 0 }
    scores.set(folder, { killed: before.killed + killed, observable: before.observable + 1 })
  }
  for (const one of counted) {
    const killed = one.end === 'killed' ? 1 : 0
    add(folderOf(one.file), killed)
    add('all', killed)
  }
  return new Map([...scores].sort(([a], [b]) => Number(a === 'all') - Number(b === 'all') || a.localeCompare(b)))
}

/** `reference/services/sqs/queue.ts` counts for `reference/services`. */
function folderOf(file: string): string {
  return path.posix.dirname(file).split('/').slice(0, 2).join('/')
}

/** Lines for people: scores, then the survivors by place. */
export function summaryOf(judged: readonly Judged[], reviewed: readonly Reviewed[]): string {
  const scores = [...scoresOf(judged, reviewed)].map(([folder, score]) => {
    const figures = `${String(score.killed).padStart(4)} of ${String(score.observable).padStart(4)} killed`
    return `${folder.padEnd(24)} ${figures}, ${percent(score)} %`
  })
  const alive = judged
    .filter(one => isAlive(one) && !isReviewed(one, reviewed))
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
    .map(one => `${one.end.padEnd(9)} ${one.file}:${one.line}  ${one.operator}: ${one.was}  →  ${one.now}`)
  const count = (end: Judged['end']): number => judged.filter(one => one.end === end).length
  const read = judged.filter(one => isAlive(one) && isReviewed(one, reviewed)).length
  const apart =
    `besides: ${read} read and not observable; no MUST clause speaks of ${count('reported')} that are reported ` +
    `and ${count('beyond')} that are not; ${count('not-started')} did not start`
  return [...scores, apart, ...alive].join('\n')
}
