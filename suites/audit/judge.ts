/** Judges one recorded exchange with the same oracle as a running suite, and looks whether request and answer go together. */
import type { Action, Spec } from '../../spec/model.ts'
import { disagreementsWithRequest } from '../oracle/agree/request.ts'
import { disagreementsWithin } from '../oracle/agree/within.ts'
import { clauseOf } from '../oracle/error-form.ts'
import { examineMembers } from '../oracle/legal.ts'
import { checkAnswer } from '../oracle/response.ts'
import { isObject, show, type Violation } from '../oracle/violation.ts'
import type { SeenExchange } from './exchange.ts'

/** What is wrong with the exchange; none for an action that has no page. */
export function judgeExchange(spec: Spec, exchange: SeenExchange): readonly Violation[] {
  const { action, answer, params } = exchange
  if (action === null) return []
  const call = params === null ? null : { action: action.name, params }
  const violations = [...checkAnswer(spec, action, call, answer)]
  if ((answer.status ?? 0) >= 400) violations.push(...refusalTrouble(spec, action, exchange))
  else violations.push(...successTrouble(spec, action, exchange))
  return violations.filter((one) => !exchange.edited || !isAboutAbsence(one))
}

/** Of an answer that was changed before it was recorded, what is not there says nothing. */
function isAboutAbsence(violation: Violation): boolean {
  return violation.actual === 'no such member' || violation.path[0] === 'message' || violation.path[0] === 'Type'
}

function successTrouble(spec: Spec, action: Action, { params, answer }: SeenExchange): readonly Violation[] {
  const clause = `${action.name}.answer`
  const members = answer.members ?? {}
  const found = [...disagreementsWithin(members), ...(params === null ? [] : disagreementsWithRequest(action, params, members))]
  const violations = found.map((one) => ({ ...one, clause }))
  return [...violations, ...(params === null ? [] : shouldHaveBeenRefused(spec, action, params)), ...statusTrouble(action, answer)]
}

/** A success although the request surely breaks the page. */
function shouldHaveBeenRefused(spec: Spec, action: Action, params: { readonly [member: string]: unknown }): readonly Violation[] {
  const looked = action.request.filter((member) => member.in !== 'payload')
  return examineMembers(spec, looked, params, 'request')
    .filter((doubt) => doubt.sure)
    .map((doubt) => {
      const id = `${action.name}.request.${doubt.path.join('.')}.${doubt.kind}`
      return {
        clause: spec.clauses.some((clause) => clause.id === id) ? id : `${action.name}.answer`,
        path: doubt.path,
        message: `${action.name} refuses a request whose ${doubt.path.join('.')} ${doubt.kind === 'required' ? 'is missing' : `breaks ${doubt.expected}`}`,
        expected: 'a refusal',
        actual: `status of success for ${show(doubt.value)}`,
      }
    })
}

/** Recordings of SDKs have the status among the members too. */
function statusTrouble(action: Action, answer: SeenExchange['answer']): readonly Violation[] {
  const member = action.responses.flatMap((response) => response.members).find((one) => one.in === 'status')
  const came = member === undefined ? undefined : answer.members?.[member.name]
  if (member === undefined || came === undefined || came === answer.status) return []
  return [{ clause: `${action.name}.answer`, path: [member.name], message: `${member.name} is the status of the answer`, expected: String(answer.status), actual: show(came) }]
}

/** Errors that spell their text `message`; the other modelled ones spell it `Message`. */
const LOWER_CASE = new Set([
  'CodeStorageExceededException',
  'InvalidParameterValueException',
  'InvalidRequestContentException',
  'PolicyLengthExceededException',
  'PreconditionFailedException',
  'ProvisionedConcurrencyConfigNotFoundException',
  'RequestTooLargeException',
  'ResourceConflictException',
  'ResourceNotReadyException',
  'TooManyRequestsException',
  'UnsupportedMediaTypeException',
])
const UPPER_CASE = new Set(['ResourceNotFoundException', 'ServiceException'])
const TYPES = ['User', 'Server', 'Sender', 'Receiver']

function refusalTrouble(spec: Spec, action: Action, { answer }: SeenExchange): readonly Violation[] {
  const name = answer.error?.name
  const body = answer.json
  if (name === undefined || !isObject(body)) return []
  const clause = clauseOf(spec, action, name)
  const violations: Violation[] = []
  const spelt = LOWER_CASE.has(name) ? 'message' : UPPER_CASE.has(name) ? 'Message' : null
  const other = spelt === 'message' ? 'Message' : 'message'
  if (spelt !== null && typeof body[spelt] !== 'string' && typeof body[other] === 'string') {
    violations.push({ clause, path: ['message'], message: `${name} has its text in ${spelt}`, expected: spelt, actual: other })
  }
  const type = body['Type']
  const expected = (answer.status ?? 0) >= 500 ? 'Server' : 'User'
  if (type !== undefined && type !== null && (!TYPES.includes(String(type)) || (expected === 'User' && type === 'Server'))) {
    violations.push({ clause, path: ['Type'], message: `${name} is of type ${expected}`, expected, actual: show(type) })
  }
  return violations
}
