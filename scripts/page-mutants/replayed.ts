/**
 * Would the replay of recorded sequences notice that a page is wrong? The embedded endpoint reads what it demands of
 * requests, and the status of its successes, from the pages: each recorded request is held against a changed page as the
 * endpoint would hold it, and the recorded answer tells whether the endpoint is still right.
 */
import { ServiceError } from '../../reference/protocol/errors.ts'
import { compileRoutes } from '../../reference/protocol/routes.ts'
import { compileValidator, type Validator } from '../../reference/protocol/validate.ts'
import { type Input, readInput } from '../../reference/protocol/wire.ts'
import type { Action, Spec } from '../../spec/model.ts'
import { serialise } from '../../suites/wire/serialise.ts'
import { compareAnswers } from '../replay/compare-answers.ts'
import type { Call, Sequence } from '../replay/sequence.ts'

/** A recorded call that the endpoint, with the pages as they are, lets pass or refuses as the real service did. */
interface Agreed {
  readonly call: Call
  readonly input: Input
}

/** Whether some recorded call of these actions is answered wrongly by an endpoint that follows other pages. */
export type Notices = (changed: Spec, actions: Iterable<string>) => boolean

/** Reads the sequences once, for many changed pages. */
export function replayOf(spec: Spec, sequences: readonly Sequence[]): Notices & { readonly calls: number } {
  const route = compileRoutes(spec, () => true)
  const byAction = new Map<string, Agreed[]>()
  for (const call of sequences.flatMap(one => one.calls)) {
    const action = spec.actions[call.operation]
    const input = action === undefined ? undefined : inputOf(spec, route, action, call)
    if (action === undefined || input === undefined) continue
    const agreed = { call, input }
    if (agrees(compileValidator(spec, action), action, agreed))
      byAction.set(action.name, [...(byAction.get(action.name) ?? []), agreed])
  }
  const notices: Notices = (changed, actions) => {
    for (const name of actions) {
      const action = changed.actions[name]
      const calls = byAction.get(name) ?? []
      if (action === undefined || calls.length === 0) continue
      const validator = compileValidator(changed, action)
      if (calls.some(one => !agrees(validator, action, one))) return true
    }
    return false
  }
  return Object.assign(notices, { calls: [...byAction.values()].flat().length })
}

/** Undefined for what cannot be sent as it was recorded, and where nobody kept the answer. */
function inputOf(spec: Spec, route: ReturnType<typeof compileRoutes>, action: Action, call: Call): Input | undefined {
  if (call.request === null || call.recorded === undefined) return undefined
  try {
    const { method, path, query, headers, body } = serialise(action, call.request)
    const search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value]))
    const found = route(method, path, search)
    if (found === undefined || found === 'malformed' || found.action.name !== action.name) return undefined
    return readInput(spec, action, { labels: found.labels, query: search, headers, body: Buffer.from(body ?? '') })
  } catch {
    return undefined
  }
}

function agrees(validator: Validator, action: Action, { call, input }: Agreed): boolean {
  const { recorded } = call
  const refused = refusalBy(validator, input)
  if (recorded === undefined) return true
  // Any other error is of what comes after the request was looked at.
  if (recorded.errorType === 'ValidationException')
    return (
      refused !== undefined &&
      compareAnswers(recorded, {
        ...recorded,
        body: { ...recorded.body, message: refused },
      }).length === 0
    )
  const isStatus = recorded.errorType !== null || action.responses[0]?.status === recorded.status
  return refused === undefined && (isStatus || action.responses.length > 1)
}

/** The text of the refusal. */
function refusalBy(validator: Validator, input: Input): string | undefined {
  try {
    validator(input)
    return undefined
  } catch (error) {
    if (error instanceof ServiceError) return error.message
    throw error
  }
}
