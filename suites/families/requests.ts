/** Requests of an action that are meant to succeed, and the scopes in which they do. */
import type { Action, Spec, Value } from '../../spec/model.ts'
import type { Answer, CaseContext, Lease, Scope, SendOptions } from '../case.ts'
import { examineMembers } from '../oracle/legal.ts'
import { isThrottled } from '../oracle/support.ts'
import { isTagged } from '../../spec/value-kinds.ts'
import { readRequest } from '../wire/read-request.ts'
import { serialise } from '../wire/serialise.ts'

type Params = { readonly [member: string]: unknown }

/** Does a successful request change anything? Invocations run code of ours that changes nothing. */
export function changesThings(action: Action): boolean {
  return action.method !== 'GET' && action.method !== 'HEAD' && !action.name.startsWith('Invoke')
}

/**
 * May the smallest valid request be sent again in the same scope? What deletes, and what makes a thing of a fixed name,
 * may not.
 */
export function isRepeatable(action: Action): boolean {
  if (!changesThings(action) || action.method === 'PUT') return true
  if (/^(Tag|Untag|Update|PublishVersion|Put)/.test(action.name)) return true
  return action.method === 'POST' && hasUnique(action.example)
}

function hasUnique(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (isTagged(value)) return value.$tag === 'unique'
  return Object.values(value).some(one => hasUnique(one))
}

/** A scope in which the action can be called: the shared one if it changes nothing. To be given back. */
export async function leaseFor(
  context: CaseContext,
  action: Action,
  needs: readonly string[] = action.needs,
  purpose = action.name,
): Promise<Lease> {
  if (changesThings(action)) return context.fixtures.lease(purpose, needs)
  const scope = await context.fixtures.shared(needs)
  return { scope, giveBack: usable => usable || context.fixtures.forget(scope) }
}

/**
 * Is a scope as good as before? What broke may have changed anything; a success has changed things where the action
 * does.
 */
export function isUnharmed(action: Action, answer: Answer): boolean {
  const { status } = answer
  if (status === undefined || status >= 500) return false
  return status >= 400 || !changesThings(action)
}

/** The smallest valid request of the page, filled. */
export function baseRequest(context: CaseContext, action: Action, scope: Scope): Params {
  return context.fill(action.example, scope)
}

const ATTEMPTS = 5

/** Sends a request, and again while the endpoint is only busy: over a rate, or still at work on an earlier request. */
export async function callPatiently(
  context: CaseContext,
  action: Action,
  params: Params,
  options?: SendOptions,
): Promise<Answer> {
  let answer = await context.client.call(action, params, options)
  for (let attempt = 0; attempt < ATTEMPTS && (isThrottled(answer) || isAtWork(answer)); attempt++) {
    await pause(context, 50 * 3 ** attempt)
    answer = await context.client.call(action, params, options)
  }
  return answer
}

/** Still at work on an earlier request. */
function isAtWork(answer: Answer): boolean {
  if (answer.error?.name === 'ResourceInUseException' || answer.error?.name === 'ResourceNotReadyException') return true
  return answer.status === 409 && /in progress|pending state|is currently|try again/i.test(answer.error?.message ?? '')
}

async function pause(context: CaseContext, ms: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, ms))
  context.signal.throwIfAborted()
}

/**
 * Breaches that `params` have and `base` has not, as they would arrive: the request is serialised and read again. What
 * the page's own example leaves doubtful (a runtime that came later) is no news.
 */
export function newBreaches(
  spec: Spec,
  action: Action,
  base: Params,
  params: Params,
): readonly { readonly sure: boolean; readonly path: readonly string[]; readonly kind: string }[] {
  const known = new Set(
    examineMembers(spec, action.request, arrived(action, base), 'request').map(
      breach => `${breach.kind} ${breach.path.join('.')}`,
    ),
  )
  return examineMembers(spec, action.request, arrived(action, params), 'request').filter(
    breach => !known.has(`${breach.kind} ${breach.path.join('.')}`),
  )
}

function arrived(action: Action, params: Params): Params {
  return readRequest(action, serialise(action, params)) ?? {}
}

/** The request as it is sent, but for names that are new every time: what is alike is sent once. */
export function sentText(context: CaseContext, action: Action, params: Params, options?: SendOptions): string {
  const request = serialise(action, params)
  const { path, query, headers, body } = options?.mutate?.(request) ?? request
  const bytes = typeof body === 'string' ? body : Buffer.from(body ?? []).toString('base64')
  const text = JSON.stringify([path, query, headers, bytes])
  return text.replaceAll(new RegExp(`${context.endpoint.run}-[\\w-]*`, 'g'), '…')
}
