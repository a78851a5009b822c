/** Where members may stand in each kind of table, and which constraints may speak of them there. */
import { isOneOf } from '../../base/is-one-of.ts'
import type { Constraint, MemberLocation, TypeRef } from '../model.ts'
import { isAgreement } from './agreement.ts'
import { printConstraint, type UnplacedConstraint } from './constraint.ts'
import { printType } from './type-ref.ts'

/** Where a table of members stands, which decides what its constraints may say. */
export type MemberTable = 'request' | 'response' | 'type'

/** What the column In may say, by kind of table. */
export const LOCATIONS: { readonly [table in MemberTable]: readonly MemberLocation[] } = {
  request: ['uri', 'query', 'header', 'body', 'payload'],
  response: ['header', 'body', 'payload', 'status'],
  type: ['body'],
}

/** Those of which several may hold at once, or one of several as the request has it. */
export const isRepeatable = (constraint: Constraint): boolean =>
  isOneOf(['pattern', 'same', 'free'], constraint.kind) ||
  (constraint.kind === 'default' && (constraint.when ?? constraint.unless) !== undefined)

/** Constraints that bound a size, of which a writer may have taken the wrong one. */
const SIZES = ['length', 'range', 'items', 'entries'] as const

const APPLIES: { readonly [kind in Constraint['kind']]: readonly TypeRef['kind'][] | 'all' } = {
  length: ['string', 'blob', 'json'],
  range: ['integer', 'long', 'double'],
  items: ['list'],
  entries: ['map'],
  pattern: ['string'],
  enum: ['string'],
  format: ['string', 'blob', 'timestamp', 'json'],
  open: ['string'],
  echo: 'all',
  default: 'all',
  arn: ['string'],
  own: ['string'],
  same: 'all',
  equals: ['string'],
  ends: ['string'],
  prefix: ['string'],
  unique: ['list'],
  most: ['integer', 'long', 'double'],
  absent: 'all',
  coupled: 'all',
  free: 'all',
}

/** Why a constraint cannot speak of a member of this type. */
export function misfit(constraint: UnplacedConstraint, type: TypeRef): string | undefined {
  let subject: TypeRef = type
  if (constraint.on === 'each') {
    if (type.kind !== 'list' && type.kind !== 'map')
      return `\`each\` speaks of the elements of a list or the values of a map, and this is ${article(type)}`
    subject = type.kind === 'list' ? type.of : type.value
  } else if (constraint.on === 'key') {
    if (type.kind !== 'map') return `\`key\` speaks of the keys of a map, and this is ${article(type)}`
    subject = type.key
  }
  const fits = APPLIES[constraint.kind]
  if (fits === 'all' || fits.includes(subject.kind)) return undefined
  const better = SIZES.find(kind => APPLIES[kind].includes(subject.kind))
  const complaint = `\`${constraint.kind}\` does not apply to ${article(subject)}`
  if (constraint.on === 'self' && type.kind === 'list' && fits.includes(type.of.kind))
    return `${complaint}; did you mean \`each ${constraint.kind}\`?`
  return better !== undefined && 'min' in constraint ? `${complaint}; did you mean \`${better}\`?` : complaint
}

function answerOnly(constraint: UnplacedConstraint): string | undefined {
  const only =
    constraint.kind === 'echo' || constraint.kind === 'default' || constraint.kind === 'open' || isAgreement(constraint)
  return only ? `\`${firstWord(constraint)}\` speaks of answers, and this is a request` : undefined
}

function requestOnly(constraint: UnplacedConstraint): string | undefined {
  return constraint.kind === 'coupled' || constraint.kind === 'free'
    ? `\`${constraint.kind}\` speaks of requests, and this is an answer`
    : undefined
}

/** Why a constraint has no place in a table. Types are in requests and in answers. */
export function misplaced(constraint: UnplacedConstraint, table: MemberTable): string | undefined {
  if (table === 'request') return answerOnly(constraint)
  return table === 'response' ? requestOnly(constraint) : undefined
}

const firstWord = (constraint: UnplacedConstraint): string =>
  printConstraint({ ...constraint, on: 'self', origin: 'guide' }).split(' ')[0] ?? ''

function article(type: TypeRef): string {
  const words = printType(type)
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`
}
