/** The judgement of the pages about one request or one answer, for programs that keep their own traffic. */
import type { Action, Spec } from '../../spec/model.ts'
import { examineMembers, type BreachKind } from './legal.ts'
import { checkAnswer } from './response.ts'
import type { Violation } from './violation.ts'
import { parseAnswer } from '../wire/parse.ts'
import { own } from '../../base/own.ts'

type Params = { readonly [member: string]: unknown }

/**
 * What a page does not allow about a member of a request.
 * @since 0.1.0
 */
export interface RequestProblem {
  readonly kind: BreachKind
  /** Members from the request down; `[]` for an element, `{}` for a value and `{key}` for a key of a map. */
  readonly path: readonly string[]
  /** False: some source allows it, such as a later model of the service. */
  readonly certain: boolean
  readonly expected: string
  readonly value: unknown
}

/**
 * A difference between an answer and the page of its action; `clause` is the id of the statement that it breaks.
 * @since 0.1.0
 */
export type AnswerProblem = Pick<Violation, 'clause' | 'path' | 'message' | 'expected' | 'actual'>

/**
 * An answer as it came over the wire.
 * @since 0.1.0
 */
export interface RawAnswer {
  readonly status: number
  /** In any spelling of their names. */
  readonly headers: { readonly [name: string]: string }
  readonly body: Uint8Array | string
}

/**
 * An oracle that is bound to a specification.
 * @since 0.1.0
 */
export interface Oracle {
  /**
   * What is wrong with the parameters of a request; members that the page does not know are not.
   * @throws Error for an action that the specification does not have
   */
  request(action: string, params: Params): readonly RequestProblem[]
  /**
   * What is wrong with an answer. `params`: the request, when it is known, which says what the answer has to repeat.
   * @throws Error for an action that the specification does not have
   */
  answer(action: string, answer: RawAnswer, params?: Params): readonly AnswerProblem[]
}

/**
 * Binds the oracle of the suites to a specification. `of`: an emulator is held against the guide alone; what comes from
 * AWS, or is said to, also against what later models and recordings know.
 *
 * @example
 * const oracle = createOracle(await loadSpec())
 * oracle.request('CreateFunction', { FunctionName: 'a', MemorySize: 1 }) // MemorySize, Code and Role
 * @since 0.1.0
 */
export function createOracle(spec: Spec, { of = 'emulator' }: { readonly of?: 'emulator' | 'aws' } = {}): Oracle {
  const actionOf = (name: string): Action => {
    const action = own(spec.actions, name)
    if (action === undefined) throw new Error(`The specification has no action ${JSON.stringify(name)}.`)
    return action
  }
  return {
    request: (name, params) =>
      examineMembers(spec, actionOf(name).request, params, 'request').map(({ kind, path, sure, expected, value }) => ({
        kind,
        path,
        certain: sure,
        expected,
        value,
      })),
    answer(name, { status, headers, body }, params) {
      const action = actionOf(name)
      const known = params ?? null
      const lowerCase = Object.fromEntries(
        Object.entries(headers).map(([header, value]) => [header.toLowerCase(), value]),
      )
      const parsed = parseAnswer(action, known, status, lowerCase, typeof body === 'string' ? Buffer.from(body) : body)
      const call = known === null ? null : { action: name, params: known }
      return checkAnswer(spec, action, call, parsed, of === 'aws' ? 'aws-response' : 'response').map(
        ({ clause, path, message, expected, actual }) => ({ clause, path, message, expected, actual }),
      )
    },
  }
}
