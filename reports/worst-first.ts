import type { Verdict } from './evidence.ts'

/** Verdicts by weight: the order in which reports list things, and in which the worse of two is chosen. */
export const WORST_FIRST: readonly Verdict[] = ['fail', 'inconclusive', 'unsupported', 'skipped', 'pass']
