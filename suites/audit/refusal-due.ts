/** Which error was due: what the real service refuses a request for, as far as the request itself shows it. */
import type { Action, Refusals, Source, Spec } from '../../spec/model.ts'
import type { Breach } from '../oracle/legal.ts'
import { appliesTo } from './applies-to.ts'
import { whyNeverFulfilled } from './never-succeeds.ts'
import { brokenCondition } from './request-condition.ts'

type Params = { readonly [member: string]: unknown }

/** A reason why an error was not due, what was, and the row of the page that says so. */
export interface NotDue {
  readonly message: string
  readonly expected: string
  readonly stated: Source
}

/** A refusal: the name of its error, and what it says. */
interface Refused {
  readonly name: string
  readonly text: string
}

/**
 * Why this request is not refused with `name`, saying `text`; undefined when it may be. `breaches`: what surely breaks
 * the page. Which of several errors was due is known of the real service alone.
 */
export function whyNotDue(
  spec: Pick<Spec, 'refusals' | 'commonErrors'>,
  action: Pick<Action, 'name'>,
  { params, service }: { readonly params: Params; readonly service: boolean },
  breaches: readonly Breach[],
  refused: Refused,
): NotDue | undefined {
  const { constraints, notDue } = spec.refusals
  const telling = new Set(constraints.flatMap(({ errors }) => errors))
  const known: Refusals = service
    ? spec.refusals
    : {
        ...spec.refusals,
        constraints: constraints.filter(({ kinds }) => kinds.length === 0),
        notDue: notDue.filter(({ errors }) => !errors.some(name => telling.has(name))),
      }
  const rows = { refusals: known, commonErrors: spec.commonErrors }
  return (
    otherThanBroken(rows, breaches, refused.name) ??
    (breaches.length > 0 || !service ? undefined : otherThanDue(rows, action, params, refused.name)) ??
    notForSuch(rows, action, params, breaches, refused)
  )
}

/** A common error may come whatever is wrong, unless the page says which constraints it tells to be broken. */
function anyTime({ refusals, commonErrors }: Pick<Spec, 'refusals' | 'commonErrors'>, name: string): boolean {
  return commonErrors.some(error => error.name === name) && !refusals.constraints.some(row => row.errors.includes(name))
}

function otherThanBroken(
  spec: Pick<Spec, 'refusals' | 'commonErrors'>,
  breaches: readonly Breach[],
  name: string,
): NotDue | undefined {
  if (anyTime(spec, name)) return undefined
  for (const { kinds, except, errors, source } of spec.refusals.constraints) {
    if (errors.includes(name)) continue
    const broken = breaches.find(
      ({ kind, path }) =>
        (kinds.length === 0 || kinds.includes(kind)) &&
        !path.some(step => except.some(member => step.includes(member))),
    )
    if (broken === undefined) continue
    const what = `${broken.path.join('.')} breaks ${broken.expected}`
    return { message: what, expected: errors.join(' or '), stated: source }
  }
  return undefined
}

/** What is wrong between members has errors of its own; and a constraint may be broken that no page tells of. */
function otherThanDue(
  spec: Pick<Spec, 'refusals' | 'commonErrors'>,
  action: Pick<Action, 'name'>,
  params: Params,
  name: string,
): NotDue | undefined {
  const refusal = whyNeverFulfilled(spec, action, params)
  const form = spec.refusals.constraints.flatMap(({ kinds, errors }) => (kinds.length > 0 ? errors : []))
  return refusal === undefined || refusal.errors.includes(name) || form.includes(name) || anyTime(spec, name)
    ? undefined
    : { message: refusal.why, expected: refusal.errors.join(' or '), stated: refusal.source }
}

/** What no such request is answered with, when nothing else is wrong with it. */
function notForSuch(
  spec: Pick<Spec, 'refusals'>,
  action: Pick<Action, 'name'>,
  params: Params,
  breaches: readonly Breach[],
  { name, text }: Refused,
): NotDue | undefined {
  const row = spec.refusals.notDue.find(
    ({ errors, actions, request }) =>
      errors.includes(name) &&
      appliesTo({ actions }, action) &&
      brokenCondition(request, { params, text }) === undefined,
  )
  if (row === undefined) return undefined
  const tellsBroken = spec.refusals.constraints.some(({ errors }) => errors.includes(name))
  const isBroken = (): boolean => breaches.length > 0 || whyNeverFulfilled(spec, action, params) !== undefined
  return tellsBroken && isBroken() ? undefined : { message: row.why, expected: 'another error', stated: row.source }
}
