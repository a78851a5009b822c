/**
 * One constraint as it stands in a code span:
 * `[recorded|model] [since=YYYY-MM] [covers=a,b] [each|key] NAME ARGUMENTS`.
 */
import { parseDocument } from 'yaml'
import type { Bound, Constraint, ConstraintBody, Edition, Origin, Value } from '../model.ts'
import { conditionsOf, parseAgreement, printAgreement, splitConditions } from './agreement.ts'
import { parseRange, printRange } from './range.ts'
import { didYouMean } from '../../base/suggest.ts'
import { isOneOf } from '../../base/is-one-of.ts'
import { messageOf } from '../../base/message-of.ts'

const NAMES = [
  'length',
  'range',
  'items',
  'entries',
  'pattern',
  'enum',
  'format',
  'echo',
  'default',
  'open',
  'arn',
  'own',
  'same',
  'equals',
  'ends',
  'prefix',
  'unique',
  'at',
  'absent',
  'coupled',
  'free',
] as const
const FORMATS = ['base64', 'json', 'iso8601', 'epoch', 'uuid', 'arn', 'sha256', 'iam-policy', 'iam-statement'] as const
/** What may stand after `free`. */
const FREE = ['length', 'range', 'items', 'entries', 'pattern', 'enum'] as const
const PREFIXES = ['recorded', 'model', 'each', 'key'] as const

/** A constraint as its code span says it, without the place where it stands. */
export type UnplacedConstraint = ConstraintBody & Omit<Constraint, 'source' | 'kind'>

/** What a code span of a Constraints cell says: a constraint, or something about the member as a whole. */
export type ParsedSpan =
  | { readonly constraint: UnplacedConstraint }
  | { readonly member: MemberSpan }
  | { readonly problem: string; readonly offset: number }

/** The statements that a span says it covers. */
export function coveredBy(span: ParsedSpan): readonly string[] {
  if ('problem' in span) return []
  return ('member' in span ? span.member.covers : span.constraint.covers) ?? []
}

/** What a span without a constraint says of its member. */
interface MemberSpan {
  readonly origin?: Origin
  readonly since?: Edition
  readonly until?: Edition
  readonly covers?: readonly string[]
}

/** The form of an edition: year and month. */
export const EDITION = /^\d{4}-(?:0[1-9]|1[0-2])$/

/** Reads a code span of a Constraints cell, or says what is wrong with it and at which offset. */
export function parseConstraint(text: string): ParsedSpan {
  let rest = text
  let origin: Origin | undefined
  let since: Edition | undefined
  let until: Edition | undefined
  let on: Constraint['on'] | undefined
  let covers: readonly string[] | undefined
  const offset = (): number => text.length - rest.length

  for (;;) {
    rest = rest.trimStart()
    const word = /^\S+/.exec(rest)?.[0] ?? ''
    const dated = /^(since|until)=(.*)$/.exec(word)
    if (dated !== null) {
      const edition = dated[2] ?? ''
      if (!EDITION.test(edition))
        return {
          problem: `\`${edition}\` is no edition; write \`YYYY-MM\``,
          offset: offset() + (dated[1] ?? '').length + 1,
        }
      if (dated[1] === 'since') since = edition
      else until = edition
    } else if (/^covers=./.test(word) && covers === undefined) {
      covers = word.slice('covers='.length).split(',')
    } else if ((word === 'recorded' || word === 'model') && origin === undefined) {
      origin = word
    } else if ((word === 'each' || word === 'key') && on === undefined) {
      on = word
    } else {
      break
    }
    rest = rest.slice(word.length)
  }

  if (rest === '') {
    if (on !== undefined)
      return { problem: `\`${on}\` needs a constraint after it, such as \`${on} length 1..64\``, offset: 0 }
    if (text.trim() === '') return { problem: 'an empty constraint', offset: 0 }
    return {
      member: {
        ...(origin && { origin }),
        ...(since && { since }),
        ...(until && { until }),
        ...(covers && { covers }),
      },
    }
  }
  if (until !== undefined)
    return { problem: 'a constraint cannot end; give `until` to the member, in a code span of its own', offset: 0 }

  const name = /^\S+/.exec(rest)?.[0] ?? ''
  const nameAt = offset()
  const args = rest.slice(name.length).trim()
  const argsAt = text.length - rest.slice(name.length).trimStart().length
  const body = parseBody(name, args)
  if (typeof body === 'string')
    return { problem: body, offset: (name === 'length' || isName(name)) && args !== '' ? argsAt : nameAt }
  return {
    constraint: {
      ...body,
      on: on ?? 'self',
      origin: origin ?? 'guide',
      ...(since && { since }),
      ...(covers && { covers }),
    },
  }
}

const isName = (name: string): boolean => isOneOf(NAMES, name)

function parseBody(name: string, args: string): ConstraintBody | string {
  switch (name) {
    case 'length':
    case 'items':
    case 'entries': {
      const range = parseRange(args)
      if (typeof range === 'string') return range
      if ([range.min, range.max].some(end => end !== undefined && (!Number.isInteger(end) || end < 0)))
        return `\`${args}\` counts something: write whole numbers from 0`
      return { kind: name, ...range }
    }
    case 'range': {
      const range = parseRange(args)
      return typeof range === 'string' ? range : { kind: 'range', ...range }
    }
    case 'pattern': {
      if (args === '') return '`pattern` needs a regular expression'
      const problem = patternProblem(args)
      return problem === undefined ? { kind: 'pattern', pattern: args } : `the pattern does not compile: ${problem}`
    }
    case 'enum': {
      const values = parseWords(args)
      if (typeof values === 'string') return values
      if (values.length === 0) return '`enum` needs at least one value'
      const twice = values.find((value, index) => values.indexOf(value) !== index)
      return twice === undefined ? { kind: 'enum', values } : `\`${twice}\` is there twice`
    }
    case 'format': {
      const format = FORMATS.find(known => known === args)
      return format === undefined
        ? `unknown format \`${args}\`; formats are ${FORMATS.join(', ')}${didYouMean(args, FORMATS)}`
        : { kind: 'format', format }
    }
    case 'echo':
    case 'open':
      return args === '' ? { kind: name } : `\`${name}\` has no arguments`
    case 'default': {
      const [text, conditions] = splitConditions(args)
      if (text === '') return '`default` needs a value'
      if (typeof conditions === 'string') return conditions
      const document = parseDocument(text)
      const problem = document.errors[0]
      return problem === undefined
        ? { kind: 'default', value: document.toJS() as Value, ...conditions }
        : `the default is no YAML: ${problem.message.split('\n')[0]}`
    }
    case 'arn': {
      const of = args === '' ? [] : args.split(/\s+/)
      const wrong = of.find(one => !/^[a-z][\w-]*:[a-z][\w-]*$/.test(one))
      return wrong === undefined
        ? { kind: 'arn', of }
        : `\`${wrong}\` is no kind of ARN; write service and resource, such as \`lambda:function\``
    }
    case 'coupled':
      return args === '' ? '`coupled` says why: `coupled for streams only`' : { kind: 'coupled', reason: args }
    case 'free': {
      const inner = /^\S*/.exec(args)?.[0] ?? ''
      if (!isOneOf(FREE, inner))
        return `\`free\` needs a bound after it, one of ${FREE.join(', ')}${didYouMean(inner, FREE)}`
      const bound = parseBody(inner, args.slice(inner.length).trim())
      return typeof bound === 'string' ? bound : { kind: 'free', bound: bound as Bound }
    }
    case 'own':
    case 'same':
    case 'equals':
    case 'ends':
    case 'prefix':
    case 'unique':
    case 'at':
    case 'absent':
      return parseAgreement(name, args)
    default:
      return (
        `unknown constraint \`${name}\`; ` +
        `constraints are ${NAMES.join(', ')}${didYouMean(name, [...NAMES, ...PREFIXES])}`
      )
  }
}

/** Why a pattern of the guide does not compile, when matched as a whole; nothing when it does. */
export function patternProblem(pattern: string): string | undefined {
  try {
    new RegExp(`^(?:${pattern})$`)
    return undefined
  } catch (error) {
    return messageOf(error)
      .replace(/^Invalid regular expression: /, '')
      .replace(/^\/.*\/[a-z]*: /s, '')
  }
}

/** Words separated by blanks; one that holds a blank, or nothing, stands in double quotes, as JSON writes it. */
function parseWords(text: string): readonly string[] | string {
  const words: string[] = []
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"|\S+/g)) {
    if (!match[0].startsWith('"')) words.push(match[0])
    else
      try {
        words.push(JSON.parse(match[0]) as string)
      } catch {
        return `\`${match[0]}\` is no quoted text`
      }
  }
  return words
}

/** The code span that says this constraint: `parseConstraint` of it gives the constraint back. */
export function printConstraint(constraint: UnplacedConstraint): string {
  const prefix = [
    ...(constraint.origin === 'guide' ? [] : [constraint.origin]),
    ...(constraint.since === undefined ? [] : [`since=${constraint.since}`]),
    ...(constraint.on === 'self' ? [] : [constraint.on]),
  ]
  return [...prefix, ...printBody(constraint)].join(' ')
}

function printBody(constraint: ConstraintBody): readonly string[] {
  switch (constraint.kind) {
    case 'length':
    case 'range':
    case 'items':
    case 'entries':
      return [constraint.kind, printRange(constraint)]
    case 'pattern':
      return ['pattern', constraint.pattern]
    case 'enum':
      return ['enum', ...constraint.values.map(value => (/^[^\s"]+$/.test(value) ? value : JSON.stringify(value)))]
    case 'format':
      return ['format', constraint.format]
    case 'default':
      return ['default', JSON.stringify(constraint.value), ...conditionsOf(constraint)]
    case 'echo':
    case 'open':
      return [constraint.kind]
    case 'arn':
      return ['arn', ...constraint.of]
    case 'coupled':
      return ['coupled', constraint.reason]
    case 'free':
      return ['free', ...printBody(constraint.bound)]
    default:
      return printAgreement(constraint)
  }
}
