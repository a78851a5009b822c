/** Is a refusal the one that a page promises? Name and status both count. */
import type { Action, Spec, Value } from '../../spec/model.ts'
import type { Answer } from '../case.ts'
import { agrees, type Matching, showExpected } from '../oracle/match.ts'
import { isList, isMapping } from '../../spec/value-kinds.ts'

/** How a step may be refused. */
export interface Refusal {
  readonly name: string
  /** The statuses that the pages give to this error; empty when no page knows it. */
  readonly statuses: readonly number[]
  readonly message?: Value
}

/**
 * What `fails` says: `Name`, `Name 409`, `{error: Name, message: …}`, or a list of these. Throws an `Error` for
 * anything else.
 */
export function promisedRefusals(
  spec: Pick<Spec, 'actions' | 'commonErrors'>,
  action: Action | null,
  fails: Value,
): readonly Refusal[] {
  const list = isList(fails) ? fails : [fails]
  return list.map(one => {
    const { error, message } = isMapping(one) ? one : { error: one }
    const [name = '', status] = String(error ?? '')
      .trim()
      .split(/\s+/)
    if (name === '') throw new Error(`fails wants the name of an error, got ${JSON.stringify(one)}`)
    const statuses = status === undefined ? statusesOf(spec, action, name) : [Number(status)]
    return { name, statuses, ...(message === undefined ? {} : { message }) }
  })
}

function statusesOf(
  spec: Pick<Spec, 'actions' | 'commonErrors'>,
  action: Action | null,
  name: string,
): readonly number[] {
  const own = (action?.errors ?? []).filter(row => row.name === name)
  const common = spec.commonErrors.filter(row => row.name === name)
  const others = Object.values(spec.actions).flatMap(one => one.errors.filter(row => row.name === name))
  return [...new Set([own, common, others].find(rows => rows.length > 0)?.map(row => row.status) ?? [])]
}

/**
 * Null when the answer is one of the refusals. An error that no page gives a status to may have any from 400 to 499.
 */
export function refusalMismatch(
  refusals: readonly Refusal[],
  answer: Answer,
  matching: Matching,
): { readonly expected: string } | null {
  const met = refusals.some(one => {
    if (answer.error?.name !== one.name || answer.status === undefined) return false
    if (one.statuses.length > 0 ? !one.statuses.includes(answer.status) : answer.status < 400 || answer.status > 499)
      return false
    return one.message === undefined || agrees(one.message, answer.error.message, matching)
  })
  return met ? null : { expected: refusals.map(one => describe(one, matching)).join(' or ') }
}

function describe(refusal: Refusal, matching: Matching): string {
  const name = refusal.statuses.length === 0 ? refusal.name : `${refusal.name} (${refusal.statuses.join(' or ')})`
  return refusal.message === undefined ? name : `${name} and the message ${showExpected(refusal.message, matching)}`
}
