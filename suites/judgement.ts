/** How a case ends, and how one example of it is judged. */
import type { Exchange, Mismatch } from '../reports/evidence.ts'
import type { Answer, CaseOutcome } from './case.ts'

/** The judgement of one example: an example that tells nothing is neither `ok` nor `fail`. */
export interface Judgement {
  readonly kind: 'ok' | 'fail' | 'inconclusive' | 'unsupported' | 'skipped'
  readonly reason?: string
  /** Of what is skipped: the capabilities that are missing. */
  readonly lacks?: readonly string[]
  readonly expected?: string
  readonly actual?: string
  /** Everything that does not agree, the most telling first: `expected` and `actual` tell that one. */
  readonly mismatches?: readonly Mismatch[]
  readonly exchanges: readonly Exchange[]
  /** The case's time ended while the endpoint was still at work: with more of it the judgement might be another. */
  readonly cutShort?: true
}

/** Whether what was tried came to a judgement, and not to what was looked for. */
export function isJudgement(one: object): one is Judgement {
  return 'kind' in one
}

/** The example held. */
export const OK: Judgement = { kind: 'ok', exchanges: [] }

/** The endpoint did what the clause forbids. */
export function failure(expected: string, actual: string, answers: readonly Answer[], reason?: string): Judgement {
  return {
    kind: 'fail',
    reason: reason ?? `expected ${expected}, got ${actual}`,
    expected,
    actual,
    exchanges: answers.map(one => one.exchange),
  }
}

/** The example tells nothing about the endpoint. */
export function inconclusive(reason: string, answers: readonly Answer[] = []): Judgement {
  return { kind: 'inconclusive', reason, exchanges: answers.map(one => one.exchange) }
}

/** The endpoint does not know the action. */
export function unsupported(reason: string, answers: readonly Answer[] = []): Judgement {
  return { kind: 'unsupported', reason, exchanges: answers.map(one => one.exchange) }
}

/** The judgement of what the end of the case's time has cut short. */
export function cutShort<J extends Judgement | null>(judgement: J): J {
  return judgement === null ? judgement : { ...judgement, cutShort: true }
}

/** An outcome of a case that has a single example. */
export function outcomeOf(judgement: Judgement, runs = 1): CaseOutcome {
  const { kind, exchanges, cutShort: _, ...rest } = judgement
  if (kind === 'ok') return { verdict: 'pass', runs, exchanges: [] }
  return { verdict: kind, ...rest, runs, exchanges }
}

/** What came, in one line. */
export function describeAnswer(answer: Answer): string {
  if (answer.failure !== undefined) return `no answer (${answer.failure.kind}: ${answer.failure.message})`
  const { status, error } = answer
  if (status !== undefined && status >= 400) {
    const name = error?.name ?? 'without an error name'
    return `${status} ${name}${error?.message === undefined ? '' : `: ${error.message.slice(0, 300)}`}`
  }
  return `${status}${answer.body.length === 0 ? ' with an empty body' : ''}`
}
