/** Recorded call sequences: one a line, as a test of somebody's sent them to the real service. */
import { readFileSync } from 'node:fs'
import { isObject } from '../../base/is-object.ts'

export type Members = { readonly [member: string]: unknown }

/** What the service answered. */
export interface RecordedAnswer {
  readonly status: number
  readonly errorType: string | null
  readonly body: Members
}

export interface Call {
  readonly operation: string
  /** Null: what was sent is not known. */
  readonly request: Members | null
  readonly account: string
  readonly region: string
  /** Absent: the call was made, and nobody kept its answer. */
  readonly recorded?: RecordedAnswer
  /**
   * Stands in for an answer that was not kept: its identifiers are those that later requests name, the rest means
   * nothing.
   */
  readonly madeUp?: unknown
}

export interface Sequence {
  readonly test: string
  readonly calls: readonly Call[]
}

/** @throws with `file:line` for a line that is no sequence */
export function readSequences(file: string): readonly Sequence[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, index) => (text.trim() === '' ? [] : [readSequence(text, `${file}:${index + 1}`)]))
}

function readSequence(text: string, place: string): Sequence {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new Error(`${place}: not JSON`)
  }
  if (!isObject(json) || typeof json['test'] !== 'string' || !Array.isArray(json['calls']))
    throw new Error(`${place}: a sequence is {test, calls: [{operation, request, account, region, recorded?}]}`)
  const wrong = json['calls'].findIndex(
    call =>
      !isObject(call) ||
      typeof call['operation'] !== 'string' ||
      typeof call['account'] !== 'string' ||
      typeof call['region'] !== 'string' ||
      !(call['request'] === null || isObject(call['request'])),
  )
  if (wrong >= 0) throw new Error(`${place}: call ${wrong + 1} lacks its operation, request, account or region`)
  return json as unknown as Sequence
}
