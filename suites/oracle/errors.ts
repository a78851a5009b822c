/** Which errors an action may give, and which of them are an answer to a faulty request. */
import { own } from '../../base/own.ts'
import type { Action, ErrorRow, Spec } from '../../spec/model.ts'

/** Rows of the action's own table and those that any action may give. */
export function errorsOf(spec: Pick<Spec, 'commonErrors'>, action: Action | null): readonly ErrorRow[] {
  return action === null ? spec.commonErrors : [...action.errors, ...spec.commonErrors]
}

/** Statuses that go with an error name on this action; empty when the page does not know the name. */
export function statusesOf(spec: Pick<Spec, 'commonErrors'>, action: Action | null, name: string): readonly number[] {
  const own = (action?.errors ?? []).filter(row => row.name === name).map(row => row.status)
  const common = spec.commonErrors.filter(row => row.name === name).map(row => row.status)
  return [...new Set([...own, ...common])]
}

/** Some errors say nothing about the form of a request: who asks, how often, or in what state things are. */
const isAboutForm = (spec: Pick<Spec, 'errorNames'>, name: string): boolean =>
  own(spec.errorNames, name)?.form !== false

/**
 * Errors with which a request of a wrong form may be refused: client errors that are about the request.
 * `namesResource`: the faulty member names what the request is about, so that "not found" is an answer too.
 */
export function refusalsOfForm(
  spec: Pick<Spec, 'commonErrors' | 'errorNames'>,
  action: Action,
  options: { readonly namesResource: boolean },
): readonly ErrorRow[] {
  const rows = errorsOf(spec, action).filter(
    row => row.status >= 400 && row.status < 500 && row.status !== 404 && isAboutForm(spec, row.name),
  )
  // Where only the form is wrong a service may also look for the thing, and find none.
  return options.namesResource ? [...rows, ...notFound(spec, action)] : rows
}

/**
 * "Not found" as the action's page has it, and as any page may: some actions do not list it and give it all the same.
 */
function notFound(spec: Pick<Spec, 'commonErrors' | 'errorNames'>, action: Action): readonly ErrorRow[] {
  const rows = errorsOf(spec, action).filter(row => row.status === 404 && isAboutForm(spec, row.name))
  if (rows.some(row => row.name === 'ResourceNotFoundException')) return rows
  return [
    ...rows,
    {
      name: 'ResourceNotFoundException',
      status: 404,
      when: 'what the request names does not exist',
      origin: 'recorded',
      source: action.source,
    },
  ]
}
