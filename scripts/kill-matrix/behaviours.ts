/** Endpoints that take what is illegal for what came before, and that call every error by another name. */
import { parseJson } from '../../base/parse-json.ts'
import type { Action, Spec } from '../../spec/model.ts'
import { examineMembers } from '../../suites/oracle/legal.ts'
import {
  answer,
  refusal,
  withJson,
  type Answered,
  type Behaviour,
  type Passing,
} from '../../suites/testing/faults/fault.ts'
import { halfOf } from './demands.ts'

/** By action, kind of fault and place. */
type Chosen = (action: string, kind: string, path: readonly string[]) => boolean

/**
 * Illegal requests, of the kinds that are chosen, are answered as the last legal one of the action was: seen from outside
 * as if nothing were looked at.
 */
export function acceptsIllegal(spec: Spec, isChosen: Chosen): Behaviour {
  const last = new Map<string, Answered>()
  return async (request, forward) => {
    const given = await forward()
    const action = spec.actions[request.action ?? '']
    if (action === undefined) return given
    if (given.status < 300) last.set(action.name, given)
    const isWrong =
      given.status >= 400 && faultsIn(spec, action, request).some(([kind, path]) => isChosen(action.name, kind, path))
    return isWrong ? (last.get(action.name) ?? answer(action.responses[0]?.status ?? 200, {})) : given
  }
}

function faultsIn(spec: Spec, action: Action, request: Passing): readonly (readonly [string, readonly string[]])[] {
  const carries = action.request.some(member => member.in === 'body' || member.in === 'payload')
  if (carries && request.body.length > 0 && parseJson(request.body.toString('utf8')) === undefined)
    return [['syntax', []]]
  const wrong = examineMembers(spec, action.request, request.params, 'request').filter(one => one.sure)
  const several = new Set(wrong.map(one => one.path[0])).size > 1
  return [...wrong.map(one => [one.kind, one.path] as const), ...(several ? [['faults', []] as const] : [])]
}

/** Refusals of half of the actions bear the name and the status of another error. */
export function errorsRenamed(seed: number, half: 0 | 1): Behaviour {
  return async (request, forward) => {
    const given = await forward()
    const owner = request.action
    if (owner === undefined || given.status < 400 || given.status >= 500) return given
    if (halfOf({ owner, member: 'errors', kind: 'enum' }, seed) !== half) return given
    return given.status === 404
      ? refusal(400, 'InvalidParameterValueException')
      : refusal(404, 'ResourceNotFoundException')
  }
}

/** Successes that are wrong in a way which every valid request shows. */
export const ANSWERS_WRONG: readonly {
  readonly name: string
  readonly wrong: string
  behaviour(spec: Spec): Behaviour
}[] = [
  {
    name: 'status',
    wrong: 'successes have another status',
    behaviour: () => async (request, forward) => {
      const given = await forward()
      if (request.action === undefined || given.status >= 300) return given
      return { ...given, status: given.status === 200 ? 201 : 200 }
    },
  },
  {
    name: 'member',
    wrong: 'successes lack the first member that always comes',
    behaviour: spec => async (request, forward) => {
      const given = await forward()
      const always = spec.actions[request.action ?? '']?.responses[0]?.members.find(
        one => one.in === 'body' && one.required,
      )
      if (always === undefined || given.status >= 300) return given
      return withJson(given, ({ [always.wireName]: _, ...rest }) => rest)
    },
  },
  {
    name: 'refuses',
    wrong: 'every second request is refused',
    behaviour: () => {
      let count = 0
      return async (request, forward) =>
        request.action !== undefined && ++count % 2 === 0 ? refusal(400, 'InvalidParameterValueException') : forward()
    },
  },
]
