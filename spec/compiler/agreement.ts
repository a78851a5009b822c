/**
 * Agreements as they stand in a code span: what members of an answer have to do with each other, and with the request.
 */
import type { Agreement, Condition, Conditions } from '../model.ts'
import { isOneOf } from '../../base/is-one-of.ts'

type Name = 'own' | 'same' | 'equals' | 'ends' | 'prefix' | 'unique' | 'at' | 'absent'

const PATH = String.raw`[A-Za-z]\w*(?:\.[A-Z]\w*)*`
const CONDITION = new RegExp(String.raw`^(?:(\w+) of (${PATH})(?:=(\S+))?|(${PATH})=(\S+))$`)

/** Reads what follows the first word, or says how it is written. */
export function parseAgreement(name: Name, args: string): Agreement | string {
  switch (name) {
    case 'own':
      return args === '' ? { kind: 'own' } : '`own` has no arguments'
    case 'same': {
      const match = new RegExp(String.raw`^(?:(\w+) )?as (${PATH})(.*)$`).exec(args)
      if (match === null) return '`same` is written `same as Member` or `same name as request.Member`'
      const conditions = parseConditions(match[3] ?? '')
      return typeof conditions === 'string'
        ? conditions
        : {
            kind: 'same',
            ...(match[1] !== undefined && { part: match[1] }),
            as: (match[2] ?? '').split('.'),
            ...conditions,
          }
    }
    case 'equals': {
      const match = /^(\S+)(.*)$/.exec(args)
      if (match === null) return '`equals` needs a value'
      const conditions = parseConditions(match[2] ?? '')
      return typeof conditions === 'string' ? conditions : { kind: 'equals', value: match[1] ?? '', ...conditions }
    }
    case 'ends': {
      const match = /^with (\S+)$/.exec(args)
      return match === null ? '`ends` is written `ends with :{Member}`' : { kind: 'ends', with: match[1] ?? '' }
    }
    case 'prefix': {
      const match = new RegExp(`^of (${PATH})$`).exec(args)
      return match === null
        ? '`prefix` is written `prefix of Member`'
        : { kind: 'prefix', of: (match[1] ?? '').split('.') }
    }
    case 'unique': {
      const match = /^by (\w+)$/.exec(args)
      return match === null ? '`unique` is written `unique by Member`' : { kind: 'unique', by: match[1] ?? '' }
    }
    case 'at': {
      const match = new RegExp(`^most (${PATH})(.*)$`).exec(args)
      if (match === null) return '`at` is written `at most Member`'
      const conditions = parseConditions(match[2] ?? '')
      return typeof conditions === 'string'
        ? conditions
        : { kind: 'most', of: (match[1] ?? '').split('.'), ...conditions }
    }
    case 'absent': {
      const conditions = parseConditions(` ${args}`)
      if (typeof conditions === 'string') return conditions
      return conditions.when === undefined || conditions.unless !== undefined
        ? '`absent` is written `absent when Member=value`'
        : { kind: 'absent', when: conditions.when }
    }
  }
}

/** A value, and the conditions that stand behind it. A text in double quotes is a value as a whole. */
export function splitConditions(args: string): readonly [value: string, conditions: Conditions | string] {
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(args)?.[0].length ?? 0
  const at = args.slice(quoted).search(/ (?:when|unless) /)
  return at < 0 ? [args, {}] : [args.slice(0, quoted + at), parseConditions(args.slice(quoted + at))]
}

function parseConditions(text: string): Conditions | string {
  let rest = text.trim()
  const found: { when?: Condition; unless?: Condition } = {}
  while (rest !== '') {
    const match = /^(when|unless) (.+?)(?= (?:when|unless) |$)/.exec(rest)
    const condition = match === null ? null : CONDITION.exec(match[2] ?? '')
    if (match === null || condition === null)
      return `\`${rest}\` is no condition; write \`when Member=value\`, or \`unless qualifier of Member\``
    const [, part, whole = '', partValue, member = '', value = ''] = condition
    const read: Condition =
      part === undefined
        ? { of: member.split('.'), value }
        : { of: whole.split('.'), part, ...(partValue !== undefined && { value: partValue }) }
    if (match[1] === 'when') found.when = read
    else found.unless = read
    rest = rest.slice(match[0].length).trim()
  }
  return found
}

/** The code span, from its first word on: `parseAgreement` of it gives the agreement back. */
export function printAgreement(agreement: Agreement): readonly string[] {
  switch (agreement.kind) {
    case 'own':
      return ['own']
    case 'same':
      return [
        'same',
        ...(agreement.part === undefined ? [] : [agreement.part]),
        'as',
        agreement.as.join('.'),
        ...conditionsOf(agreement),
      ]
    case 'equals':
      return ['equals', agreement.value, ...conditionsOf(agreement)]
    case 'ends':
      return ['ends', 'with', agreement.with]
    case 'prefix':
      return ['prefix', 'of', agreement.of.join('.')]
    case 'unique':
      return ['unique', 'by', agreement.by]
    case 'most':
      return ['at', 'most', agreement.of.join('.'), ...conditionsOf(agreement)]
    case 'absent':
      return ['absent', ...conditionsOf(agreement)]
  }
}

/** Conditions as they are written. */
export function conditionsOf({ when, unless }: Conditions): readonly string[] {
  const print = ({ of, part, value }: Condition): string =>
    part === undefined
      ? `${of.join('.')}=${value}`
      : `${part} of ${of.join('.')}${value === undefined ? '' : `=${value}`}`
  return [
    ...(when === undefined ? [] : ['when', print(when)]),
    ...(unless === undefined ? [] : ['unless', print(unless)]),
  ]
}

/** Kinds of agreements. `at most` is the kind `most`. */
export const AGREEMENTS = ['own', 'same', 'equals', 'ends', 'prefix', 'unique', 'most', 'absent'] as const

/** Whether a constraint is about what members have to do with each other, or with the request. */
export const isAgreement = (constraint: { readonly kind: string }): constraint is Agreement =>
  isOneOf(AGREEMENTS, constraint.kind)

/** The members that an agreement speaks of. */
export function pathsOf(agreement: Agreement): readonly (readonly string[])[] {
  const conditions = [
    ...('when' in agreement && agreement.when !== undefined ? [agreement.when.of] : []),
    ...('unless' in agreement && agreement.unless !== undefined ? [agreement.unless.of] : []),
  ]
  switch (agreement.kind) {
    case 'same':
      return [agreement.as, ...conditions]
    case 'prefix':
    case 'most':
      return [agreement.of, ...conditions]
    case 'ends':
      return [...agreement.with.matchAll(/\{(\w+)\}/g)].map(match => [match[1] ?? ''])
    default:
      return conditions
  }
}
