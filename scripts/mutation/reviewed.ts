/**
 * Survivors that somebody has read: no answer of the endpoint shows them, or none that AWS's documentation speaks of.
 */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

export interface Reviewed {
  readonly file: string
  readonly operator: string
  /** What the mutant replaces, as the report of a run shows it. */
  readonly was: string
  readonly reason: string
}

/** Throws for an entry that is not whole. */
export function readReviewed(file: string): readonly Reviewed[] {
  const entries = (parse(readFileSync(file, 'utf8')) ?? []) as readonly Reviewed[]
  for (const one of entries)
    for (const member of ['file', 'operator', 'was', 'reason'] as const)
      if (typeof one[member] !== 'string' || one[member] === '') throw new Error(`${file}: an entry has no ${member}`)
  return entries
}
