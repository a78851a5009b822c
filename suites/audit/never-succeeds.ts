/** Requests that no service may fulfil, by rules that stand between members: no constraint of one member says so. */
import type { Action, Refusals, Spec } from '../../spec/model.ts'
import { appliesTo } from './applies-to.ts'
import { brokenCondition } from './request-condition.ts'

/**
 * Why a request is to be refused, and with which errors; another may come first, such as that the function does not
 * exist. Undefined when nothing is known against it.
 */
export function whyNeverFulfilled(
  { refusals }: Pick<Spec, 'refusals'>,
  action: Pick<Action, 'name'>,
  params: { readonly [member: string]: unknown },
): Refusals['requests'][number] | undefined {
  return refusals.requests.find(row => appliesTo(row, action) && brokenCondition(row.request, { params }) === undefined)
}
