/**
 * The real service's texts quote the request, and each is said by some actions and errors only: what a refusal cannot
 * have said.
 */
import { isObject } from '../../base/is-object.ts'
import { textOf } from '../../base/text-of.ts'
import type { Action, Refusals, Source, Spec } from '../../spec/model.ts'
import { parseFunctionName } from '../oracle/arn.ts'
import { appliesTo } from './applies-to.ts'
import { brokenCondition, qualifierAsked } from './request-condition.ts'

type Params = { readonly [member: string]: unknown }
type Row = Refusals['texts'][number]

/** What does not fit, what would, and the row of the page that says so. */
export interface Misquote {
  readonly message: string
  readonly expected: string
  readonly stated: Source
}

/**
 * Why the text cannot be the answer to this request (`null` where it is not known) with this error; undefined when it
 * can.
 */
export function misquoted(
  { refusals }: Pick<Spec, 'refusals'>,
  action: Pick<Action, 'name'>,
  params: Params | null,
  { name, text }: { readonly name: string; readonly text: string },
): Misquote | undefined {
  const first = refusals.texts.find(row => pattern(row).test(text))
  if (first === undefined) return undefined
  const row = refusals.texts.find(other => other.pattern === first.pattern && appliesTo(other, action))
  const said = JSON.stringify(text.slice(0, 80))
  if (row === undefined)
    return { message: `${action.name} says nothing like ${said}`, expected: 'another error', stated: first.source }
  const stated = row.source
  if (row.errors.length > 0 && !row.errors.includes(name))
    return { message: `${said} is not what ${name} says`, expected: row.errors.join(' or '), stated }
  if (params === null) return undefined
  const groups = pattern(row).exec(text)?.groups ?? {}
  const wrong = Object.entries(groups).flatMap(([group, value]) => QUOTED[group]?.(value, params) ?? [])[0]
  const other = Object.entries(groups).find(
    ([group, value]) => /^[A-Z]/.test(group) && (params[group] ?? value) !== value,
  )
  const broken = brokenCondition(row.request, { params, text, groups })
  const message =
    wrong ??
    (other === undefined ? undefined : `the request gives another ${other[0]}`) ??
    (broken === undefined ? undefined : 'the text speaks of what the request does not give')
  return message === undefined ? undefined : { message, expected: 'a text about what was asked', stated }
}

/** Why a text is about another function than the request; this may be said of any endpoint that uses AWS's words. */
export function aboutOther(
  { refusals }: Pick<Spec, 'refusals'>,
  params: Params | null,
  text: string,
): Misquote | undefined {
  const row = refusals.texts.find(one => pattern(one).test(text))
  const groups = row === undefined ? undefined : pattern(row).exec(text)?.groups
  const message =
    params === null || groups?.['function'] === undefined ? undefined : otherFunction(groups['function'], params)
  return row && message !== undefined
    ? { message, expected: 'a text about what was asked', stated: row.source }
    : undefined
}

const pattern = (row: Row): RegExp => new RegExp(row.pattern, 'is')

/** What is wrong with a quotation, by the group that is quoted. */
const QUOTED: {
  readonly [group: string]: (value: string | undefined, params: Params) => string | undefined
} = {
  request: (value = '', params) =>
    JSON.stringify(params).includes(JSON.stringify(value).slice(1, -1))
      ? undefined
      : `the request names nothing of ${value}`,
  function: otherFunction,
  qualifier: otherQualifier,
  alias(value, params) {
    if (value === undefined) return 'an alias is told by its name'
    return /^\d+$/.test(value) ? 'a number names a version, and no alias' : otherQualifier(value, params)
  },
}

function otherFunction(told: string | undefined, params: Params): string | undefined {
  const asked = parseFunctionName(params['FunctionName'] ?? params['Resource'])?.name
  return asked === undefined || asked === told ? undefined : 'a refusal is about the function that was asked for'
}

/**
 * A refusal that tells a version or alias to be missing tells the one that was asked for; where none was, `$LATEST` at
 * most.
 */
function otherQualifier(told: string | undefined, params: Params): string | undefined {
  if (told === undefined) return undefined
  const weights = isObject(params['RoutingConfig']) ? params['RoutingConfig']['AdditionalVersionWeights'] : undefined
  const suffix = parseFunctionName(params['FunctionName'] ?? params['Resource'])?.qualifier
  const asked = [
    qualifierAsked(params),
    suffix,
    params['FunctionVersion'],
    params['Name'],
    ...(isObject(weights) ? Object.keys(weights) : []),
  ]
    .filter(value => value !== undefined && value !== null)
    .map(textOf)
  if (told !== '$LATEST') return asked.includes(told) ? undefined : `nothing was asked about ${told}`
  return asked.length === 0 || asked.includes(told) ? undefined : `something else than ${told} was asked for`
}
