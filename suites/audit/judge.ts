/**
 * Judges one recorded exchange with the same oracle as a running suite, and looks whether request and answer go
 * together.
 */
import { own } from '../../base/own.ts'
import { textOf } from '../../base/text-of.ts'
import { isObject } from '../../base/is-object.ts'
import type { Action, Spec } from '../../spec/model.ts'
import { clauseOf } from '../oracle/error-form.ts'
import { type Breach, examineMembers } from '../oracle/legal.ts'
import { checkAnswer } from '../oracle/response.ts'
import { show, type Violation } from '../oracle/violation.ts'
import type { SeenExchange } from './exchange.ts'
import { implausibleValues } from './plausible-values.ts'
import { whyNeverFulfilled } from './never-succeeds.ts'
import { refusalMisfits } from './refusal-cause.ts'

/** What is wrong with the exchange; none for an action that has no page. */
export function judgeExchange(spec: Spec, exchange: SeenExchange): readonly Violation[] {
  const { action, answer } = exchange
  if (action === null) return []
  const params = trusted(exchange)
  const call = params === null ? null : { action: action.name, params, unsure: exchange.guessed }
  const violations = [...checkAnswer(spec, action, call, answer, 'aws-response')]
  if ((answer.status ?? 0) >= 400) {
    const breaches = params === null ? [] : sureBreaches(spec, action, params, exchange.guessed)
    violations.push(...refusalTrouble(spec, action, exchange), ...refusalMisfits(spec, action, exchange, breaches))
  } else {
    violations.push(...successTrouble(spec, action, params, exchange))
    const refusal = params === null ? undefined : whyNeverFulfilled(spec, action, params)
    if (refusal !== undefined)
      violations.push({
        clause: `${action.name}.answer`,
        path: [],
        message: `the request is to be refused: ${refusal.why}`,
        expected: 'a refusal',
        actual: `a success with status ${answer.status}`,
        stated: refusal.source,
      })
    if (answer.error?.name === undefined) violations.push(...implausibleValues(spec, action, { ...exchange, params }))
  }
  return violations.filter(
    one =>
      !(exchange.edited.members && isAboutAbsence(one)) &&
      !(exchange.guessed.size > 0 && isAboutSelection(action, exchange, one)),
  )
}

/** Which of several documented answers was due depends on the request, and that was put together later. */
function isAboutSelection(action: Action, { answer, params }: SeenExchange, violation: Violation): boolean {
  const given = action.responses.some(response =>
    Object.keys(response.when ?? {}).some(member => params?.[member] !== undefined),
  )
  return (
    !given &&
    violation.path.length === 0 &&
    violation.actual === `status ${answer.status}` &&
    action.responses.some(response => response.status === answer.status)
  )
}

/** The request without what was only guessed. */
function trusted({ params, guessed }: SeenExchange): SeenExchange['params'] {
  if (params === null || guessed.size === 0) return params
  return Object.fromEntries(Object.entries(params).filter(([name]) => !guessed.has(name)))
}

/** Of an answer that was changed before it was recorded, what is not there says nothing. */
function isAboutAbsence(violation: Violation): boolean {
  return violation.actual === 'no such member' || violation.path[0] === 'message' || violation.path[0] === 'Type'
}

function successTrouble(
  spec: Spec,
  action: Action,
  params: SeenExchange['params'],
  { answer, guessed }: SeenExchange,
): readonly Violation[] {
  const clause = `${action.name}.answer`
  if (answer.error?.name !== undefined) {
    return [
      {
        clause,
        path: [],
        message: 'an error comes with a status of 400 or above',
        expected: 'status 400 or above',
        actual: `status ${answer.status} with ${show(answer.error.name)}`,
      },
    ]
  }
  const members = answer.members ?? {}
  if (looksLikeError(members, action)) {
    return [
      {
        clause,
        path: [],
        message: 'an error comes with a status of 400 or above',
        expected: 'status 400 or above',
        actual: `status ${answer.status} with ${show(members)}`,
      },
    ]
  }
  return [
    ...(params === null ? [] : shouldHaveBeenRefused(spec, action, params, guessed)),
    ...statusTrouble(action, answer),
  ]
}

/** A text for people and the type of an error, and nothing that the page knows. */
function looksLikeError(members: { readonly [member: string]: unknown }, action: Action): boolean {
  const says = ['message', 'Message', '__type', 'errorType'].some(name => typeof members[name] === 'string')
  const known = action.responses.some(response =>
    response.members.some(member => member.in === 'body' && members[member.name] !== undefined),
  )
  return (
    says && !known && action.responses.some(response => response.members.length > 0) && members['Payload'] === undefined
  )
}

/** A success although the request surely breaks the page. */
function shouldHaveBeenRefused(
  spec: Spec,
  action: Action,
  params: { readonly [member: string]: unknown },
  guessed: ReadonlySet<string>,
): readonly Violation[] {
  return sureBreaches(spec, action, params, guessed).map(breach => {
    const id = `${action.name}.request.${breach.path.join('.')}.${breach.kind}`
    return {
      clause: spec.clauses.some(clause => clause.id === id) ? id : `${action.name}.answer`,
      path: breach.path,
      message:
        `${action.name} refuses a request whose ${breach.path.join('.')} ` +
        `${breach.kind === 'required' ? 'is missing' : `breaks ${breach.expected}`}`,
      expected: 'a refusal',
      actual: `status of success for ${show(breach.value)}`,
    }
  })
}

/** What of a request surely breaks the page. */
function sureBreaches(
  spec: Spec,
  action: Action,
  params: { readonly [member: string]: unknown },
  guessed: ReadonlySet<string>,
): readonly Breach[] {
  const looked = action.request.filter(member => member.in !== 'payload')
  return examineMembers(spec, looked, params, 'request').filter(
    breach => breach.sure && !guessed.has(breach.path[0] ?? '') && !isLaterOrForeign(breach),
  )
}

/** A runtime that came later was legal for the service; and blobs of a recording may be written in any way. */
function isLaterOrForeign(breach: Breach): boolean {
  return (
    (breach.kind === 'enum' && breach.path.some(step => step.includes('Runtime'))) ||
    (breach.kind === 'type' && breach.expected === 'base64 text')
  )
}

/** Recordings of SDKs have the status among the members too. */
function statusTrouble(action: Action, answer: SeenExchange['answer']): readonly Violation[] {
  const member = action.responses.flatMap(response => response.members).find(one => one.in === 'status')
  const came = member === undefined ? undefined : answer.members?.[member.name]
  if (member === undefined || came === undefined || came === answer.status) return []
  return [
    {
      clause: `${action.name}.answer`,
      path: [member.name],
      message: `${member.name} is the status of the answer`,
      expected: String(answer.status),
      actual: show(came),
    },
  ]
}

const TYPES = ['User', 'Server', 'Sender', 'Receiver']

function refusalTrouble(spec: Spec, action: Action, { answer, edited }: SeenExchange): readonly Violation[] {
  const name = answer.error?.name
  const body = answer.json
  if (name === undefined || !isObject(body)) return []
  const clause = clauseOf(spec, action, name)
  const violations: Violation[] = []
  const { text: spelt = null, source } = own(spec.errorNames, name) ?? {}
  const other = spelt === 'message' ? 'Message' : 'message'
  if (spelt !== null && !edited.spelling && typeof body[spelt] !== 'string' && typeof body[other] === 'string') {
    violations.push({
      clause,
      path: ['message'],
      message: `${name} has its text in ${spelt}`,
      expected: spelt,
      actual: other,
      ...(source !== undefined && { stated: source }),
    })
  }
  const type = body['Type']
  const expected = (answer.status ?? 0) >= 500 ? 'Server' : 'User'
  if (
    type !== undefined &&
    type !== null &&
    (!TYPES.includes(textOf(type)) || (expected === 'User' && type === 'Server'))
  ) {
    violations.push({ clause, path: ['Type'], message: `${name} is of type ${expected}`, expected, actual: show(type) })
  }
  return violations
}
