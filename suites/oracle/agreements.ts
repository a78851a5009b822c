/** Do the members of a success answer agree with each other, and with the request, as the pages say? */
import { isObject } from '../../base/is-object.ts'
import { own } from '../../base/own.ts'
import { parseJson } from '../../base/parse-json.ts'
import { textOf } from '../../base/text-of.ts'
import { conditionsOf, isAgreement } from '../../spec/compiler/agreement.ts'
import type {
  Action,
  Agreement,
  Condition,
  Conditions,
  Constraint,
  Member,
  Source,
  Spec,
  TypeRef,
} from '../../spec/model.ts'
import { parseArn, parseFunctionArn, parseFunctionName, parseLayerArn } from './arn.ts'
import { show } from './violation.ts'

type Members = { readonly [member: string]: unknown }

/** A place where an answer contradicts itself or its request. */
export interface Disagreement {
  readonly path: readonly string[]
  readonly message: string
  readonly expected: string
  readonly actual: string
  /** Where the page says so. */
  readonly source: Source
}

/** The request that an answer belongs to. */
export interface Asked {
  readonly action: Action
  /** Null: the request is not known. */
  readonly params: Members | null
}

const MAX_DEPTH = 20

/** All contradictions. `binds` says which constraints hold for this answer. */
export function disagreements(
  spec: Pick<Spec, 'types'>,
  asked: Asked,
  members: readonly Member[],
  answer: Members,
  binds: (constraint: Constraint) => boolean,
): readonly Disagreement[] {
  const found: Disagreement[] = []
  const owners: { readonly owner: string; readonly disagreement: Disagreement }[] = []
  const visit = (shape: readonly Member[], struct: Members, path: readonly string[]): void => {
    if (path.length > MAX_DEPTH) return
    for (const member of shape) {
      const value = struct[member.name] ?? undefined
      const at = [...path, member.name]
      for (const constraint of member.constraints) {
        if (!binds(constraint)) continue
        const values = constraint.on === 'each' && Array.isArray(value) ? value : [value]
        for (const one of values) {
          if (constraint.kind === 'own') {
            const arn = parseArn(one)
            if (arn !== null)
              owners.push({ owner: `${arn.region} ${arn.account}`, disagreement: strange(at, one, constraint.source) })
            continue
          }
          const trouble = troubleOf(constraint, one, struct, asked)
          if (trouble !== null)
            found.push({
              path: at,
              message: `${member.name} ${trouble.message}`,
              expected: trouble.expected,
              actual: show(one),
              source: constraint.source,
            })
        }
      }
      for (const [type, inner, below] of structsOf(member.type, value, at))
        visit(spec.types[type]?.members ?? [], inner, below)
    }
  }
  visit(members, answer, [])
  const stranger = owners.find(one => one.owner !== owners[0]?.owner)
  if (stranger !== undefined) found.push({ ...stranger.disagreement, expected: owners[0]?.owner ?? '' })
  return found
}

function strange(path: readonly string[], value: unknown, source: Source): Disagreement {
  const message = `${path.at(-1)} belongs to the account and Region of the rest of the answer`
  return { path, message, expected: '', actual: show(value), source }
}

/** The structures in a value, each with the name of its type. */
function structsOf(
  type: TypeRef,
  value: unknown,
  path: readonly string[],
): readonly (readonly [string, Members, readonly string[]])[] {
  if (type.kind === 'ref') return isObject(value) ? [[type.type, value, path]] : []
  if (type.kind === 'list')
    return Array.isArray(value) ? value.flatMap(one => structsOf(type.of, one, [...path, '[]'])) : []
  if (type.kind === 'map')
    return isObject(value) ? Object.values(value).flatMap(one => structsOf(type.value, one, [...path, '{}'])) : []
  return []
}

interface Trouble {
  readonly message: string
  readonly expected: string
}

function troubleOf(constraint: Constraint, value: unknown, struct: Members, asked: Asked): Trouble | null {
  // What the request gave comes back as it was, odd as it may be.
  if (constraint.kind === 'arn')
    return Object.values(asked.params ?? {}).includes(value) ? null : arnTrouble(constraint.of, value)
  if (!isAgreement(constraint)) return null
  const stated = conditionsIn(constraint)
  if (!applies(stated, struct, asked)) return null
  const conditions = conditionsOf(stated)
    .map(word => ` ${word}`)
    .join('')
  switch (constraint.kind) {
    case 'same': {
      const trouble = sameTrouble(constraint.part, value, valueAt(constraint.as, struct, asked), constraint.as)
      return trouble === null ? null : { ...trouble, message: `${trouble.message}${conditions}` }
    }
    case 'equals':
      return value === undefined || textOf(value) === constraint.value
        ? null
        : { message: `is ${constraint.value}${conditions}`, expected: constraint.value }
    case 'ends': {
      const parts = [...constraint.with.matchAll(/\{(\w+)\}/g)].map(match => struct[match[1] ?? ''])
      if (typeof value !== 'string' || parts.some(part => part === undefined || part === null)) return null
      const end = constraint.with.replace(/\{(\w+)\}/g, (_, name: string) => textOf(struct[name]))
      return value.endsWith(end) ? null : { message: `ends with ${constraint.with}`, expected: `…${end}` }
    }
    case 'prefix': {
      const other = valueAt(constraint.of, struct, asked)
      if (typeof value !== 'string' || typeof other !== 'string' || other.startsWith(`${value}:`)) return null
      return { message: `begins ${constraint.of.join('.')}`, expected: `the beginning of ${show(other)}` }
    }
    case 'unique': {
      if (!Array.isArray(value)) return null
      const keys = value.flatMap((item: unknown) =>
        isObject(item) && item[constraint.by] !== undefined ? [item[constraint.by]] : [],
      )
      const twice = keys.find((one, at) => keys.indexOf(one) !== at)
      return twice === undefined
        ? null
        : { message: `lists nothing twice, by ${constraint.by}`, expected: `${show(twice)} once` }
    }
    case 'most': {
      const most = valueAt(constraint.of, struct, asked)
      if (typeof value !== 'number' || typeof most !== 'number' || value <= most) return null
      return { message: `is at most ${constraint.of.join('.')}${conditions}`, expected: `at most ${most}` }
    }
    case 'absent':
      return value === undefined ? null : { message: `is absent${conditions}`, expected: 'no such member' }
    case 'own':
      return null
  }
}

const conditionsIn = (agreement: Agreement): Conditions =>
  'when' in agreement || 'unless' in agreement ? agreement : {}

/** Whether what has conditions holds in a structure of an answer. */
export function applies({ when, unless }: Conditions, struct: Members, asked: Asked): boolean {
  return (when === undefined || holds(when, struct, asked)) && (unless === undefined || !holds(unless, struct, asked))
}

function holds({ of, part, value }: Condition, struct: Members, asked: Asked): boolean {
  // Of a request that is not known, the condition may hold.
  if (of[0] === 'request' && asked.params === null) return true
  const found = valueAt(of, struct, asked)
  if (part === undefined) return textOf(found) === value
  const seen = partOf(part, found, of.at(-1))
  return value === undefined ? seen !== undefined : seen === value
}

function valueAt(path: readonly string[], struct: Members, { params }: Asked): unknown {
  const [start, steps] = path[0] === 'request' ? [params ?? {}, path.slice(1)] : [struct, path]
  return steps.reduce<unknown>((value, step) => (isObject(value) ? value[step] : undefined), start) ?? undefined
}

/** An ARN as all ARNs are, and of one of the kinds; the empty text is none. */
function arnTrouble(kinds: readonly string[], value: unknown): Trouble | null {
  if (typeof value !== 'string' || value === '') return null
  const arn = parseArn(value)
  if (arn === null || !/^([a-z]{2,}(-[a-z]+)+-\d+)?$/.test(arn.region) || !/^(\d{12}|aws)?$/.test(arn.account))
    return { message: 'is an ARN', expected: 'arn:partition:service:region:account:resource' }
  const kind = `${arn.service}:${/^[^:/]*/.exec(arn.resource)?.[0] ?? ''}`
  return kinds.length === 0 || kinds.includes(kind)
    ? null
    : { message: 'is the ARN of what its name says', expected: kinds.map(one => `arn:…:${one}:…`).join(' or ') }
}

function sameTrouble(
  part: string | undefined,
  value: unknown,
  other: unknown,
  path: readonly string[],
): Trouble | null {
  if (value === undefined || other === undefined) return null
  const name = spoken(path)
  if (part === undefined)
    return textOf(value) === textOf(other) ? null : { message: `is ${name}`, expected: show(other) }
  if (part === 'function') return functionTrouble(value, other, name)
  const [came, wanted] = [partOf(part, value), partOf(part, other, path.at(-1))]
  if (wanted === undefined || came === undefined) return null
  return came === wanted ? null : { message: `has the ${part} of ${name}`, expected: wanted }
}

const spoken = (path: readonly string[]): string =>
  path[0] === 'request' ? `the ${path.slice(1).join('.')} that was asked for` : path.join('.')

/** The same function: its name, and its account and Region where both say them. */
function functionTrouble(value: unknown, other: unknown, name: string): Trouble | null {
  const [came, wanted] = [parseFunctionArn(value) ?? parseFunctionName(value), parseFunctionName(other)]
  if (came === null || wanted === null) return null
  for (const part of ['name', 'account', 'region'] as const) {
    const [one, two] = [came[part], wanted[part]]
    if (one !== undefined && two !== undefined && one !== two)
      return { message: `is about ${name}: its ${part}`, expected: two }
  }
  return null
}

/**
 * A part of a name, an ARN or a JSON text. `member`: how the member is called, when a plain text need not be the part
 * itself.
 */
function partOf(part: string, value: unknown, member = ''): string | undefined {
  const text = typeof value === 'number' ? textOf(value) : value
  if (typeof text !== 'string') return undefined
  if (part === 'service') return parseArn(text)?.service
  if (part === 'name') return parseLayerArn(text)?.name ?? parseFunctionArn(text)?.name ?? parseFunctionName(text)?.name
  if (part === 'qualifier' || part === 'version') {
    const named = /(Name|Arn)$/.test(member) || text.includes(':')
    const qualifier = named ? (parseFunctionArn(text) ?? parseFunctionName(text))?.qualifier : text
    return part === 'qualifier' || /^(\d+|\$LATEST)$/.test(qualifier ?? '') ? qualifier : undefined
  }
  return /^[A-Z]/.test(part) ? jsonPart(part, text, member !== '') : undefined
}

/** A member of the JSON object that a text is; what it is compared with is the value itself. */
function jsonPart(part: string, text: string, plain: boolean): string | undefined {
  if (plain) return text
  const value = parseJson(text)
  const found = isObject(value) ? own(value, part) : undefined
  return typeof found === 'string' ? found : undefined
}
