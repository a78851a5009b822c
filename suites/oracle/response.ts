/** Does an answer say what the page says? One oracle for the running suites and for recorded traffic. */
import type { Action, Constraint, Member, ResponseDef, Spec, TypeRef, Value } from '../../spec/model.ts'
import type { Answer, Call } from '../case.ts'
import { documentedResponse, responseForStatus } from '../wire/members.ts'
import { disagreements } from './agreements.ts'
import { checkError } from './error-form.ts'
import { compareEcho } from './echo.ts'
import { examineMembers } from './legal.ts'
import { isObject } from '../../base/is-object.ts'
import { show, type Violation } from './violation.ts'

/**
 * What of an answer the oracle looks at. Recorded traffic may lack headers: then what they should say is not asked for.
 */
export type SeenAnswer = Pick<Answer, 'status' | 'headers' | 'members' | 'json' | 'error' | 'body'>

/**
 * All differences between an answer and the page of its action; none for a broken transport, which is no answer. `call`
 * is null when the request is not known. Members that the page does not know are no differences, unless they are known
 * ones misspelt. `from`: see `Direction`.
 */
export function checkAnswer(
  spec: Spec,
  action: Action,
  call: Call | null,
  answer: SeenAnswer,
  from: 'response' | 'aws-response' = 'response',
): readonly Violation[] {
  const { status } = answer
  if (status === undefined) return []
  if (status >= 400) return checkError(spec, action, answer)
  const violations: Violation[] = []
  const clause = `${action.name}.answer`
  const response = checkStatus(action, call, status, clause, violations)
  if (response === undefined) return violations
  checkBody(action, response, answer, from, clause, violations)
  if (answer.members === undefined) return violations
  checkMembers(spec, response, answer.members, from, clause, violations)
  const asked = { action, params: call?.params ?? null }
  const binds = (one: Constraint): boolean =>
    from === 'aws-response' || (one.origin === 'guide' && one.since === undefined)
  for (const { source, ...one } of disagreements(spec, asked, response.members, answer.members, binds))
    violations.push({ ...one, clause, stated: source })
  violations.push(...pageSizeViolation(action, asked.params, answer.members))
  if (call !== null) checkAgainstRequest(spec, action, response, call, answer.members, clause, violations)
  return violations
}

function checkStatus(
  action: Action,
  call: Call | null,
  status: number,
  clause: string,
  violations: Violation[],
): ResponseDef | undefined {
  const selected = call === null ? undefined : documentedResponse(action, call.params)
  const expected = selected === undefined ? action.responses.map(one => one.status) : [selected.status]
  if (expected.length > 0 && !expected.includes(status)) {
    const documented = [...new Set(expected)].join(' or ')
    violations.push({
      clause,
      path: [],
      message: `${action.name} answers with status ${documented}`,
      expected: `status ${documented}`,
      actual: `status ${status}`,
    })
  }
  return responseForStatus(action, call?.params ?? null, status)
}

function checkBody(
  action: Action,
  response: ResponseDef,
  answer: SeenAnswer,
  from: 'response' | 'aws-response',
  clause: string,
  violations: Violation[],
): void {
  const inBody = response.members.filter(member => member.in === 'body')
  if (inBody.length === 0) return
  if (answer.members === undefined || answer.body.length === 0) {
    violations.push({
      clause,
      path: [],
      message: `${action.name} answers with a JSON object`,
      expected: 'a JSON object',
      actual: show(answer.json ?? new TextDecoder().decode(answer.body.subarray(0, 200))),
    })
    return
  }
  // Of a running endpoint the page about headers says it once, not every answer again.
  const type = from === 'aws-response' ? answer.headers['content-type'] : undefined
  if (type !== undefined && answer.body.length > 0 && !/json/i.test(type)) {
    violations.push({
      clause,
      path: ['content-type'],
      message: 'a JSON body is announced as such',
      expected: 'content-type application/json',
      actual: `content-type ${show(type)}`,
    })
  }
}

function checkMembers(
  spec: Spec,
  response: ResponseDef,
  members: { readonly [member: string]: unknown },
  from: 'response' | 'aws-response',
  clause: string,
  violations: Violation[],
): void {
  const looked = response.members.filter(
    member => member.in !== 'status' && (member.in !== 'payload' || member.type.kind === 'list'),
  )
  for (const doubt of examineMembers(spec, looked, members, from)) {
    if (!doubt.sure) continue
    const name = doubt.path.join('.')
    const expected = doubt.kind === 'required' ? `${name} to be there` : doubt.expected
    violations.push({
      clause,
      path: doubt.path,
      message: messageOf(doubt.kind, name, doubt.expected),
      expected,
      actual: doubt.kind === 'required' ? 'no such member' : show(doubt.value),
    })
  }
  checkSpelling(spec, response.members, members, [], clause, violations, 0)
}

function messageOf(kind: string, name: string, expected: string): string {
  if (kind === 'required') return `${name} always comes`
  return kind === 'type' ? `${name} is ${expected}` : `${name} keeps to ${expected}`
}

/** A page has no more items than were asked for. */
export function pageSizeViolation(
  { name, pagination }: Action,
  params: { readonly [member: string]: unknown } | null,
  members: { readonly [member: string]: unknown } | undefined,
): readonly Violation[] {
  const size = pagination?.size === undefined ? undefined : params?.[pagination.size]
  const items = pagination === undefined ? undefined : members?.[pagination.items]
  if (pagination === undefined || typeof size !== 'number' || !Array.isArray(items) || items.length <= size) return []
  return [
    {
      clause: `${name}.answer`,
      path: [pagination.items],
      message: `a page has at most ${pagination.size} items`,
      expected: `at most ${size}`,
      actual: show(items.length),
    },
  ]
}

const MAX_DEPTH = 20

/** A member that is unknown, but is a documented one in other letters: whoever reads the answer does not find it. */
function checkSpelling(
  spec: Spec,
  members: readonly Member[],
  value: { readonly [member: string]: unknown },
  path: readonly string[],
  clause: string,
  violations: Violation[],
  depth: number,
): void {
  if (depth > MAX_DEPTH) return
  const plain = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, '')
  for (const name of Object.keys(value)) {
    if (members.some(member => member.name === name)) continue
    const meant = members.find(member => plain(member.name) === plain(name) && value[member.name] === undefined)
    if (meant !== undefined && value[name] !== null) {
      violations.push({
        clause,
        path: [...path, name],
        message: `the member is called ${meant.name}`,
        expected: meant.name,
        actual: show(name),
      })
    }
  }
  for (const member of members) {
    if (member.in !== 'body') continue
    for (const [inner, one] of structsIn(member.type, value[member.name], [...path, member.name])) {
      const struct = spec.types[refOf(member.type)]
      if (struct !== undefined) checkSpelling(spec, struct.members, one, inner, clause, violations, depth + 1)
    }
  }
}

/**
 * The structures that a value of a type holds, with their paths; those of the type's own members are left to the next
 * step.
 */
function structsIn(
  type: TypeRef,
  value: unknown,
  path: readonly string[],
): readonly (readonly [readonly string[], { readonly [member: string]: unknown }])[] {
  if (type.kind === 'ref') return isObject(value) ? [[path, value]] : []
  if (type.kind === 'list')
    return Array.isArray(value) ? value.flatMap(one => structsIn(type.of, one, [...path, '[]'])) : []
  if (type.kind === 'map')
    return isObject(value) ? Object.values(value).flatMap(one => structsIn(type.value, one, [...path, '{}'])) : []
  return []
}

function refOf(type: TypeRef): string {
  if (type.kind === 'ref') return type.type
  if (type.kind === 'list') return refOf(type.of)
  return type.kind === 'map' ? refOf(type.value) : ''
}

function checkAgainstRequest(
  spec: Spec,
  action: Action,
  response: ResponseDef,
  call: Call,
  members: { readonly [member: string]: unknown },
  clause: string,
  violations: Violation[],
): void {
  const creates = Object.values(spec.resources).some(resource => resource.lifecycle.create === action.name)
  for (const member of response.members) {
    const asked = action.request.find(one => one.name === member.name)
    const sent = call.params[member.name]
    const came = members[member.name] ?? undefined
    if (sent !== undefined && sent !== null) {
      if (asked === undefined || !member.constraints.some(one => one.kind === 'echo' && one.on === 'self')) continue
      const difference = compareEcho(member.name, sent, came)
      if (difference !== null) {
        violations.push({
          clause,
          path: [member.name, ...difference.path],
          message: `${member.name} comes back as it was sent`,
          expected: show(difference.sent),
          actual: came === undefined ? 'no such member' : show(difference.came),
        })
      }
    } else if (creates && asked !== undefined) {
      checkDefault(member, came, clause, violations)
    }
  }
}

function checkDefault(member: Member, came: unknown, clause: string, violations: Violation[]): void {
  const defaults = member.constraints.flatMap(one => (one.kind === 'default' && one.on === 'self' ? [one.value] : []))
  const binding = member.constraints.some(
    one => one.kind === 'default' && one.origin === 'guide' && one.since === undefined,
  )
  if (!binding || came === undefined || defaults.some(value => same(value, came))) return
  const expected = defaults.map(show).join(' or ')
  violations.push({
    clause,
    path: [member.name],
    message: `${member.name} is ${expected} when the request does not give it`,
    expected,
    actual: show(came),
  })
}

function same(one: Value, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
