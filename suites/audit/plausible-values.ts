/** Values of a recorded success that cannot be, whatever the page of its action allows. */
import { textOf } from '../../base/text-of.ts'
import { isObject } from '../../base/is-object.ts'
import type { Action, Answers, Member, Spec, TypeRef } from '../../spec/model.ts'
import { parseFunctionArn, parseFunctionName } from '../oracle/arn.ts'
import { show, type Violation } from '../oracle/violation.ts'
import { checkForms } from './answer-forms.ts'
import type { SeenExchange } from './exchange.ts'
import { checkPlaces } from './places.ts'
import { checkReturned } from './returned-members.ts'
import type { Wrong } from './wrong.ts'

type Members = { readonly [member: string]: unknown }

/** Times, places, states and settings that do not go with the request, with each other, or with the service. */
export function implausibleValues(spec: Spec, action: Action, exchange: SeenExchange): readonly Violation[] {
  const members = exchange.answer.members ?? {}
  const params = exchange.params ?? {}
  const found: Violation[] = []
  const wrong: Wrong = (path, message, expected, actual, stated) => {
    found.push({
      clause: `${action.name}.answer`,
      path,
      message,
      expected,
      actual: actual === undefined ? 'no such member' : show(actual),
      ...(stated && { stated }),
    })
  }
  const response = action.responses.find(one => one.status === exchange.answer.status)
  checkForms(spec.answers, members, exchange.recordedAt, wrong)
  checkPlaces(spec.answers, members, params, wrong)
  if (response !== undefined) enumerations(spec, response.members, members, [], wrong)
  if (/^(Create|Update|Put|Publish|Add)/.test(action.name))
    checkReturned(spec.answers, action.name, params, members, exchange.guessed, wrong)
  listedTwice(members, wrong)
  if (exchange.params !== null) otherQualifier(spec.answers, action.name, params, members, wrong)
  return found
}

/**
 * Values of an enumeration that no page knows, neither from the guide nor from the model nor from a recording, unless
 * its list is open.
 */
function enumerations(
  spec: Spec,
  known: readonly Member[],
  members: Members,
  path: readonly string[],
  wrong: Wrong,
): void {
  const open = new Set(spec.answers.forms.flatMap(row => (row.form.kind === 'open' ? row.members : [])))
  for (const member of known) {
    const value = members[member.name]
    if (value === undefined || value === null || open.has(member.name)) continue
    const values = member.constraints.flatMap(one => (one.kind === 'enum' && one.on === 'self' ? one.values : []))
    if (values.length > 0 && typeof value === 'string' && !values.includes(value))
      wrong([...path, member.name], `${member.name} is one of what is known`, values.join(' or '), value)
    for (const [type, inner] of structures(member.type, value))
      enumerations(spec, spec.types[type]?.members ?? [], inner, [...path, member.name], wrong)
  }
}

function structures(type: TypeRef, value: unknown): readonly (readonly [string, Members])[] {
  if (type.kind === 'ref') return isObject(value) ? [[type.type, value]] : []
  if (type.kind === 'list') return Array.isArray(value) ? value.flatMap(one => structures(type.of, one)) : []
  return []
}

/** An answer about a version or alias ends its ARN with the qualifier, as it was asked for. */
function otherQualifier({ qualified }: Answers, action: string, params: Members, members: Members, wrong: Wrong): void {
  const told = qualified.find(({ actions }) => actions.includes(action))
  const configuration = isObject(members['Configuration']) ? members['Configuration'] : members
  const arn = parseFunctionArn(configuration['FunctionArn'])
  if (told === undefined || arn === null) return
  const asked =
    textOf(params['Qualifier'] ?? '') || (parseFunctionName(params['FunctionName'])?.qualifier ?? told.otherwise)
  if (arn.qualifier !== asked)
    wrong(
      ['FunctionArn'],
      'the ARN ends with the qualifier that was asked for',
      asked ?? 'no qualifier',
      configuration['FunctionArn'],
      told.source,
    )
}

/** No item of any list of structures is there twice, whole. */
function listedTwice(members: Members, wrong: Wrong): void {
  for (const [name, list] of Object.entries(members)) {
    if (!Array.isArray(list) || !isObject(list[0])) continue
    const texts = list.map(one => JSON.stringify(one))
    const twice = texts.find((text, at) => texts.indexOf(text) !== at)
    if (twice !== undefined) wrong([name], 'nothing is listed twice', 'each item once', twice.slice(0, 120))
  }
}
