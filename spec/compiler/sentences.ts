/** One plain English sentence for every clause, made from what the page says. */
import type {
  Action,
  Constraint,
  ErrorRow,
  Law,
  Origin,
  Property,
  Provocation,
  Quota,
  Resource,
  RulePage,
  TypeRef,
} from '../model.ts'
import { printConstraint } from './constraint.ts'
import { printType } from './type-ref.ts'
import { own } from '../../base/own.ts'
import { ANSWERING_ROLES } from './vocabulary.ts'
import { conditionsOf } from './agreement.ts'

/** `Layers.[].Arn` in words: `Arn of each element of Layers`. */
function subject(path: readonly string[]): string {
  const owner = path.slice(0, -1)
  const last = path.at(-1) ?? ''
  if (last === '[]') return `each element of ${subject(owner)}`
  if (last === '{}') return `each value of ${subject(owner)}`
  if (last === '{key}') return `each key of ${subject(owner)}`
  const of = owner.at(-1)
  if (of === undefined) return last
  return of === '[]' || of === '{}' ? `${last} of ${subject(owner)}` : `${subject(owner)}.${last}`
}

const orList = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

/** The sentence of the clause about an action's answers. */
export function answerText({ name, responses }: Action): string {
  const answers = responses.map(({ status, when }) =>
    when === undefined
      ? String(status)
      : `${status} with ${Object.entries(when)
          .map(([member, value]) => `${member} ${value}`)
          .join(' and ')}`,
  )
  const members = responses.some(response => response.members.length > 0) ? ' and the documented members' : ''
  return `${name}: a valid request is answered with ${orList(answers)}${members}.`
}

/** The sentence of the clause about bodies that cannot be read. */
export const syntaxText = ({ name }: Action): string => `${name}: a body that is not JSON is refused.`
/** The sentence of the clause about requests that are wrong in two places. */
export const faultsText = ({ name }: Action): string =>
  `${name}: a request with two faults is refused for one of them or for both.`
/** The sentence of the clause about a member that must be there. */
export const requiredText = ({ name }: Action, path: readonly string[]): string =>
  `${name}: ${subject(path)} is required.`
/** The sentence of the clause about the type of a member. */
export const typeText = ({ name }: Action, path: readonly string[], type: TypeRef): string =>
  `${name}: ${subject(path)} must be ${kindOf(type)}.`

function kindOf(type: TypeRef): string {
  switch (type.kind) {
    case 'list':
      return 'a list'
    case 'map':
      return 'a map'
    case 'ref':
      return `an object (${type.type})`
    case 'integer':
    case 'long':
      return 'a whole number'
    case 'double':
      return 'a number'
    case 'string':
      return 'text'
    case 'boolean':
      return 'true or false'
    case 'blob':
      return 'base64 text'
    case 'timestamp':
      return 'a time'
    default:
      return printType(type)
  }
}

const ORIGIN_REMARKS: Readonly<Record<Origin, string>> = {
  guide: '',
  recorded: ' (seen in practice)',
  model: ' (later service model)',
}

/** Several constraints are alternatives from different sources. */
export function constraintText({ name }: Action, path: readonly string[], constraints: readonly Constraint[]): string {
  const words = new Set(constraints.map(constraint => demand(constraint) + ORIGIN_REMARKS[constraint.origin]))
  return `${name}: ${subject(path)} must ${orList([...words])}.`
}

function demand(constraint: Constraint): string {
  switch (constraint.kind) {
    case 'range':
      return `be ${span(constraint)}`
    case 'length':
      return `have ${count(constraint, 'character', 'characters')}`
    case 'items':
      return `hold ${count(constraint, 'element', 'elements')}`
    case 'entries':
      return `hold ${count(constraint, 'entry', 'entries')}`
    case 'pattern':
      return `match ${constraint.pattern}`
    case 'enum':
      return constraint.values.length === 1 ? `be ${constraint.values[0]}` : `be one of ${constraint.values.join(', ')}`
    case 'format':
      return `be ${FORMATS[constraint.format]}`
    case 'echo':
      return 'be what the request gave'
    case 'default':
      return [
        `be ${JSON.stringify(constraint.value)}`,
        ...conditionsOf(constraint),
        'unless the request says otherwise',
      ].join(' ')
    case 'open':
      return 'be one of the known values, or one that came later'
    default:
      return printConstraint({ ...constraint, on: 'self', origin: 'guide' })
  }
}

const FORMATS = {
  base64: 'base64 text',
  json: 'JSON text',
  iso8601: 'a time in ISO 8601',
  epoch: 'a time in seconds since 1970',
  uuid: 'a UUID',
  arn: 'an ARN',
  sha256: 'a SHA-256 in base64 or hexadecimal',
  'iam-policy': 'a policy of IAM in JSON',
  'iam-statement': 'a statement of IAM in JSON',
}

interface Ends {
  readonly min?: number
  readonly max?: number
}

function span({ min, max }: Ends): string {
  if (min !== undefined && min === max) return `exactly ${min}`
  if (min !== undefined && max !== undefined) return `between ${min} and ${max}`
  return min === undefined ? `at most ${max}` : `at least ${min}`
}

/** There is never less than nothing, so a least number of 0 is not worth a word. */
function count({ min, max }: Ends, one: string, many: string): string {
  const ends =
    min === 0 && max !== undefined ? { max } : { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
  return `${span(ends)} ${(ends.max ?? ends.min) === 1 ? one : many}`
}

/** The sentence of the clause about an error that can be provoked. */
export function errorText({ name }: Action, { error }: Provocation, row: ErrorRow | undefined): string {
  return `${name}: answers ${error}${row === undefined ? '' : ` (${row.status})`}${row === undefined || row.when === '' ? '' : ` when ${row.when}`}.`
}

/** Answers of a law that are no error, in words. */
const SUCCESSES: Readonly<Record<string, string>> = {
  succeeds: 'success',
  replaces: 'success and replaces the first',
}

/** The sentence of the clause about a law of a resource. */
export function lawText({ law, answers }: Law, { name, lifecycle }: Resource): string {
  const answer = orList(answers.map(name => own(SUCCESSES, name) ?? name))
  switch (law) {
    case 'create twice':
      return `${name}: creating it a second time (${lifecycle.create}) is answered with ${answer}.`
    case 'read written':
      return `${name}: what is given when it is created is what ${lifecycle.read ?? 'reading'} answers afterwards.`
    case 'read unknown':
    case 'update unknown':
    case 'delete unknown': {
      const role = ANSWERING_ROLES[law]
      return `${name}: ${lifecycle[role] ?? `to ${role}`} of one that does not exist is answered with ${answer}.`
    }
    case 'read deleted':
      return `${name}: ${lifecycle.read ?? 'reading'} after it was deleted is answered with ${answer}.`
    case 'list items':
      return (
        `${name}: ${lifecycle.list ?? 'the list'} lists every one once, under ${answers.join(', ')}, ` +
        'at every page size.'
      )
    case 'mutable':
      return (
        `${name}: ${lifecycle.update ?? lifecycle.create} changes ${answers.join(', ')}, and what is read ` +
        'afterwards shows it.'
      )
    case 'revision':
      return `${name}: ${answers.join(', ')} changes with every write.`
    case 'parallel':
      return `${name}: of ${answers.join(', ')} any two at the same time end as if one had come after the other.`
    case 'modified':
      return `${name}: ${answers.join(', ')} is the time of the last change, which an update moves.`
    default:
      return (
        `${name}: ${answers.join(', ')} ${answers.length === 1 ? 'is' : 'are'} refused with a revision that is no ` +
        'longer current.'
      )
  }
}

/** The sentence of the clause about sequences of actions on a resource. */
export function modelText({ name, lifecycle }: Resource): string {
  const actions = [lifecycle.create, lifecycle.read, lifecycle.update, lifecycle.delete, lifecycle.list].filter(
    one => one !== undefined,
  )
  return `${name}: any sequence of ${[...new Set(actions)].join(', ')} answers as a model of the resource does.`
}

/** The sentences of a property: its title, and its statement where it has one. */
export function propertyText({ title, statement }: Property): string {
  const sentence = /[.!?]$/.test(title) ? title : `${title}.`
  return statement === '' ? sentence : `${sentence} ${statement}`
}

/** The sentence of the clause about a quota. */
export function quotaText({ title, value, unit, appliesTo }: Quota): string {
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}: ${value} ${unit} (${appliesTo.join(', ')}).`
}

/** The sentence of the clause about a rule of the linter. */
export function ruleText({ title, summary }: RulePage): string {
  const sentence = /^.*?[.!?](?=\s|$)/.exec(summary)?.[0] ?? summary
  return sentence === '' ? title : `${title.replace(/[.!?]$/, '')}: ${sentence}`
}
