/** Which cases were asked about faults and noticed none: what they cost is worth a look. */
import type { Judged } from './report.ts'

/** What the runs that were made say of one case. */
export interface CaseRecord {
  readonly id: string
  /** Mutants that it was first to notice. */
  readonly kills: number
  /** Mutants that others noticed, or that nobody did, of which it ran to its end and saw nothing. */
  readonly blind: number
}

/** Every case, in the order given, over all results. A killer is the first to notice: others might have, too. */
export function recordsOf(ids: readonly string[], judged: readonly Judged[]): readonly CaseRecord[] {
  const kills = countOf(judged.flatMap(one => (one.by === undefined ? [] : [killerOf(one.by)])))
  const blind = countOf(judged.flatMap(one => one.blind ?? []))
  return ids.map(id => ({ id, kills: kills.get(id) ?? 0, blind: blind.get(id) ?? 0 }))
}

/** `by` is the id and the verdict, `case: fail`. */
const killerOf = (by: string): string => by.slice(0, by.lastIndexOf(':'))

function countOf(ids: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

/**
 * Lines for people: how many cases killed, how many were asked in vain, how many were not asked, then those asked in
 * vain at least `often` times, the most often first.
 */
export function idleText(records: readonly CaseRecord[], often: number): string {
  const killers = records.filter(one => one.kills > 0)
  const idle = records.filter(one => one.kills === 0 && one.blind > 0)
  const unasked = records.filter(one => one.kills === 0 && one.blind === 0)
  const named = idle.filter(one => one.blind >= often).sort((a, b) => b.blind - a.blind)
  return [
    `${killers.length} of ${records.length} cases were the first to notice a mutant, ${idle.length} looked at mutants and noticed none, ${unasked.length} were never asked`,
    ...named.map(one => `${String(one.blind).padStart(5)} in vain  ${one.id}`),
  ].join('\n')
}
