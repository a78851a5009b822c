/** Does an answer say what the page says? One oracle for the running suites and for recorded traffic. */
import type { Action, Constraint, Member, ResponseDef, Spec, TypeRef, Value } from '../../spec/model.ts'
import type { Answer, Call } from '../case.ts'
import { documentedResponse, responseForStatus } from '../wire/members.ts'
import { applies, type Asked, disagreements } from './agreements.ts'
import { checkError } from './error-form.ts'
import { compareEcho } from './echo.ts'
import { examineMembers } from './legal.ts'
import { isObject } from '../../base/is-object.ts'
import { show, type Violation } from './violation.ts'

/**
 * What of an answer the oracle looks at. Recorded traffic may lack headers: then what they should say is not asked for.
 */
export type SeenAnswer = Pick<Answer, 'status' | 'headers' | 'members' | 'json' | 'error' | 'body'>

type Members = { readonly [member: string]: unknown }

/** An answer that is looked at, with what was asked and what has been found so far. */
interface Judging {
  readonly spec: Spec
  readonly action: Action
  /** Null: the request is not known. */
  readonly call: Call | null
  readonly answer: SeenAnswer
  readonly from: 'response' | 'aws-response'
  readonly asked: Asked
  /**
   * Whether a constraint binds this answer: one of the real service what was seen there, any other what the guide
   * says.
   */
  readonly binds: (constraint: Constraint) => boolean
  /** Notes a difference; it is one of the clause about the action's answers. */
  readonly wrong: (violation: Omit<Violation, 'clause'>) => void
}

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
  const { status, members } = answer
  if (status === undefined) return []
  if (status >= 400) return checkError(spec, action, answer)
  const violations: Violation[] = []
  const clause = `${action.name}.answer`
  const judging: Judging = {
    spec,
    action,
    call,
    answer,
    from,
    asked: { action, params: call?.params ?? null },
    binds: one => from === 'aws-response' || (one.origin === 'guide' && one.since === undefined),
    wrong: violation => void violations.push({ ...violation, clause }),
  }
  const response = checkStatus(judging, status)
  if (response === undefined) return violations
  checkBody(judging, response)
  if (members === undefined) return violations
  checkMembers(judging, response, members)
  for (const { source, ...one } of disagreements(spec, judging.asked, response.members, members, judging.binds))
    judging.wrong({ ...one, stated: source })
  violations.push(...pageSizeViolation(action, judging.asked.params, members))
  if (call !== null) checkAgainstRequest(judging, call, response, members)
  return violations
}

function checkStatus({ action, call, wrong }: Judging, status: number): ResponseDef | undefined {
  const selected = call === null ? undefined : documentedResponse(action, call.params)
  const expected = selected === undefined ? action.responses.map(one => one.status) : [selected.status]
  if (expected.length > 0 && !expected.includes(status)) {
    const documented = [...new Set(expected)].join(' or ')
    wrong({
      path: [],
      message: `${action.name} answers with status ${documented}`,
      expected: `status ${documented}`,
      actual: `status ${status}`,
    })
  }
  return responseForStatus(action, call?.params ?? null, status)
}

function checkBody({ action, answer, from, wrong }: Judging, response: ResponseDef): void {
  const inBody = response.members.filter(member => member.in === 'body')
  if (inBody.length === 0) return
  if (answer.members === undefined || answer.body.length === 0) {
    wrong({
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
    wrong({
      path: ['content-type'],
      message: 'a JSON body is announced as such',
      expected: 'content-type application/json',
      actual: `content-type ${show(type)}`,
    })
  }
}

function checkMembers(judging: Judging, response: ResponseDef, members: Members): void {
  const { spec, from, wrong } = judging
  const looked = response.members.filter(
    member => member.in !== 'status' && (member.in !== 'payload' || member.type.kind === 'list'),
  )
  for (const breach of examineMembers(spec, looked, members, from)) {
    if (!breach.sure) continue
    const name = breach.path.join('.')
    const expected = breach.kind === 'required' ? `${name} to be there` : breach.expected
    wrong({
      path: breach.path,
      message: messageOf(breach.kind, name, breach.expected),
      expected,
      actual: breach.kind === 'required' ? 'no such member' : show(breach.value),
    })
  }
  checkSpelling(judging, response.members, members, [], 0)
}

function messageOf(kind: string, name: string, expected: string): string {
  if (kind === 'required') return `${name} always comes`
  return kind === 'type' ? `${name} is ${expected}` : `${name} keeps to ${expected}`
}

/** A page has no more items than were asked for. */
export function pageSizeViolation(
  { name, pagination }: Action,
  params: Members | null,
  members: Members | undefined,
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
  judging: Judging,
  members: readonly Member[],
  value: Members,
  path: readonly string[],
  depth: number,
): void {
  const { spec, wrong } = judging
  if (depth > MAX_DEPTH) return
  const plain = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, '')
  for (const name of Object.keys(value)) {
    if (members.some(member => member.name === name)) continue
    const meant = members.find(member => plain(member.name) === plain(name) && value[member.name] === undefined)
    if (meant !== undefined && value[name] !== null) {
      wrong({
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
      if (struct !== undefined) checkSpelling(judging, struct.members, one, inner, depth + 1)
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
): readonly (readonly [readonly string[], Members])[] {
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

function checkAgainstRequest(judging: Judging, call: Call, response: ResponseDef, members: Members): void {
  const { spec, action, wrong } = judging
  const creates = Object.values(spec.resources).some(resource => resource.lifecycle.create === action.name)
  for (const member of response.members) {
    const asked = action.request.find(one => one.name === member.name)
    const sent = call.params[member.name]
    const came = members[member.name] ?? undefined
    if (sent !== undefined && sent !== null) {
      if (asked === undefined || !member.constraints.some(one => one.kind === 'echo' && one.on === 'self')) continue
      const difference = compareEcho(member.name, sent, came)
      if (difference === null) continue
      wrong({
        path: [member.name, ...difference.path],
        message: `${member.name} comes back as it was sent`,
        expected: show(difference.sent),
        actual: came === undefined ? 'no such member' : show(difference.came),
      })
    } else if (creates && asked !== undefined && call.unsure?.has(member.name) !== true) {
      checkDefault(judging, member, came, members)
    }
  }
}

function checkDefault({ asked, binds, wrong }: Judging, member: Member, came: unknown, members: Members): void {
  const stated = member.constraints.flatMap(one =>
    one.kind === 'default' && one.on === 'self' && applies(one, members, asked) ? [one] : [],
  )
  const [first] = stated
  if (first === undefined || !stated.some(binds) || came === undefined) return
  if (stated.some(({ value }) => same(value, came))) return
  const expected = stated.map(({ value }) => show(value)).join(' or ')
  wrong({
    path: [member.name],
    message: `${member.name} is ${expected} when the request does not give it`,
    expected,
    actual: show(came),
    stated: first.source,
  })
}

function same(one: Value, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
