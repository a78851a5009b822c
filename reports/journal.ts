/**
 * The journal of a run, `evidence.jsonl`: a line for everything that is learnt, written as it is learnt, so that a
 * killed run leaves what it knew. The first line says what the run is, each other line adds one thing. A line that was
 * torn apart is passed over.
 */
import { certifyProfiles } from './certify.ts'
import type { CaseResult, Evidence, Finding } from './evidence.ts'
import { worstResults } from './merge.ts'
import { redactingReplacer } from '../base/redact.ts'
import { isObject } from '../base/is-object.ts'

/** What is known of a run before its first case. */
export type EvidenceStart = Pick<
  Evidence,
  'tool' | 'startedAt' | 'narrowed' | 'spec' | 'endpoint' | 'options' | 'caseList'
>

/** What a line of the journal tells. */
export type JournalEntry =
  | { readonly result: CaseResult }
  | { readonly finding: Finding }
  | { readonly note: string }
  /** Requests sent so far. */
  | { readonly requests: number }

const MAGIC = '{"journal":"lambdacheck"'

/** The first line of a journal, with its line break. */
export function journalHead(start: EvidenceStart): string {
  return `${JSON.stringify({ journal: 'lambdacheck', schemaVersion: 1, start }, redactingReplacer)}\n`
}

/** A line of a journal, with its line break. `at` is an ISO 8601 instant. */
export function journalLine(entry: JournalEntry, at: string): string {
  return `${JSON.stringify({ at, ...entry }, redactingReplacer)}\n`
}

/** Whether a text begins as a journal does. */
export function isJournal(text: string): boolean {
  return text.startsWith(MAGIC)
}

/** What the journal of a run that did not end tells, as partial evidence. Its shape is still to be checked. */
export function recoverJournal(text: string): unknown {
  const [head, ...entries] = text
    .split('\n')
    .filter(line => line !== '')
    .map(parseLine)
  if (head === undefined) return {}
  const results: CaseResult[] = []
  const findings: Finding[] = []
  const notes: string[] = []
  const start = head['start'] as EvidenceStart
  let requests = 0
  let finishedAt = start?.startedAt
  let torn = 0
  for (const entry of entries) {
    if (entry === undefined) {
      torn++
      continue
    }
    if (typeof entry['at'] === 'string') finishedAt = entry['at']
    if ('result' in entry) results.push(entry['result'] as CaseResult)
    else if ('finding' in entry) findings.push(entry['finding'] as Finding)
    else if (typeof entry['note'] === 'string') notes.push(entry['note'])
    else if (typeof entry['requests'] === 'number') requests = Math.max(requests, entry['requests'])
  }
  const known = results.filter(isResult)
  torn += results.length - known.length
  const lost = torn === 0 ? '' : `; ${torn} of its lines could not be read`
  return {
    schemaVersion: head['schemaVersion'],
    ...start,
    finishedAt,
    partial: true,
    results: worstResults([known]),
    profiles: certifyProfiles(worstResults([known]), { partial: true }),
    requests,
    findings,
    notes: [...notes, `The run did not come to its end: this is what its journal holds${lost}.`],
  }
}

function parseLine(line: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Enough of a result to be joined and counted; the schema checks the rest. */
function isResult(value: unknown): value is CaseResult {
  const result = value as Partial<CaseResult> | null
  return (
    typeof result === 'object' &&
    result !== null &&
    typeof result.id === 'string' &&
    typeof result.clause === 'object' &&
    result.clause !== null
  )
}
