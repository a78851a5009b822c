import type { Action, Constraint, ConstraintBody, Member, Origin, Spec, TypeRef } from '../../spec/model.ts'
import { refuse } from './errors.ts'
import type { Input } from './wire.ts'
import { entriesOf } from '../../base/entries-of.ts'

/** Adds to `faults` what is wrong with a value at a path, in the service's words. */
type Check = (value: unknown, path: string, faults: string[]) => void

/** Refuses an illegal request with `ValidationException`. */
export type Validator = (input: Input) => void

/**
 * Makes the check of one action's request from the constraints of its page.
 *
 * Constraints of one kind on one thing that come from different sources are alternatives: a value is refused when it
 * breaks all of them. The text is that of the widest bound, and else of the one nearest to the real service (recorded,
 * then model, then guide).
 */
export function compileValidator(spec: Spec, action: Action): Validator {
  const structures = new Map<string, Check>()
  // The service looks at the query before the path, and at the body last.
  const check = structureCheck(
    spec,
    [...action.request].sort((a, b) => place(a) - place(b)).map(member => checkedNow(action, member)),
    structures,
  )
  return input => {
    const faults: string[] = []
    check(input, '', faults)
    if (faults.length > 0)
      refuse(
        'ValidationException',
        `${faults.length} validation error${faults.length === 1 ? '' : 's'} detected: ${faults.join('; ')}`,
      )
  }
}

/**
 * Constraints that the service keeps to later, with errors and texts of its own, by the actions and the member of the
 * request.
 */
const checkedLater: readonly (readonly [RegExp, string, ConstraintBody['kind']])[] = [
  [/./, 'Runtime', 'enum'],
  [/./, 'Tags', 'entries'],
  [/FunctionUrlConfig$/, 'Qualifier', 'pattern'],
]

function checkedNow({ name: action }: Action, member: Member): Member {
  const later = checkedLater
    .filter(([actions, name]) => name === member.name && actions.test(action))
    .map(one => one[2])
  if (later.length === 0) return member
  return { ...member, constraints: member.constraints.filter(one => one.on !== 'self' || !later.includes(one.kind)) }
}

/** Where a member stands among those of a refusal; of its kind, what is told plainly comes first. */
function place(member: Member): number {
  return order.indexOf(member.in) + (toldPlainly.has(member.name) ? 0 : 0.5)
}

const order: readonly Member['in'][] = ['query', 'header', 'uri', 'body', 'payload', 'status']

function structureCheck(spec: Spec, members: readonly Member[], structures: Map<string, Check>): Check {
  const checks = members.map(member => ({
    name: member.name,
    path: memberPath(member.name),
    required: member.required,
    check: memberCheck(spec, member, structures),
  }))
  return (value, path, faults) => {
    const object = value as { readonly [member: string]: unknown }
    for (const member of checks) {
      const at = path === '' ? member.path : `${path}.${member.path}`
      const inner = object[member.name]
      if (inner !== undefined) member.check(inner, at, faults)
      else if (member.required)
        faults.push(`Value null at '${at}' failed to satisfy constraint: Member must not be null`)
    }
  }
}

/** The service spells members with a small first letter, abbreviations too: `kMSKeyArn`. */
function memberPath(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

function memberCheck(spec: Spec, member: Member, structures: Map<string, Check>): Check {
  const { type } = member
  const decimal = isDecimal(type)
  const own = testsOf(member.constraints, 'self', decimal)
  const each = testsOf(member.constraints, 'each', decimal)
  const keys = testsOf(member.constraints, 'key', false)
  const plain = toldPlainly.has(member.name)
  const nested = nestedCheck(spec, type, structures)
  const listsInMap = type.kind === 'map' && type.value.kind === 'list'
  return (value, path, faults) => {
    for (const test of own)
      if (!test.holds(value)) faults.push(fault(decimal ? decimals(value) : value, path, test.text))
    if (Array.isArray(value)) {
      if (value.includes(null) || (each.length > 0 && value.some(item => each.some(test => !test.holds(item)))))
        faults.push(
          fault(
            value,
            path,
            plain
              ? each.map(test => test.text).join(', ')
              : 'Member must satisfy constraint: ' +
                  `[${[...each.map(test => test.text), 'Member must not be null'].join(', ')}]`,
          ),
        )
    } else if (type.kind === 'map') {
      const entries = entriesOf(value)
      if (keys.length > 0 && entries.some(([key]) => keys.some(test => !test.holds(key))))
        faults.push(
          fault(
            value,
            path,
            'Map keys must satisfy constraint: ' +
              `[${[...keys.map(test => test.text), 'Member must not be null'].join(', ')}]`,
          ),
        )
      // A map of lists bounds the number of items of each list, and everything else of each item.
      const wrong = (item: unknown): boolean =>
        listsInMap && Array.isArray(item)
          ? item.includes(null) ||
            each.some(test => (test.kind === 'items' ? !test.holds(item) : item.some(inner => !test.holds(inner))))
          : item === null || each.some(test => !test.holds(item))
      if (entries.some(([, item]) => wrong(item)))
        faults.push(
          fault(
            decimal ? decimals(value) : value,
            path,
            'Map value must satisfy constraint: ' +
              `[${[...each.map(test => test.text), 'Member must not be null'].join(', ')}]`,
          ),
        )
    }
    nested?.(value, path, faults)
  }
}

/**
 * Lists whose items the service holds against an enumeration as a whole, and says so without the usual frame
 * (recorded).
 */
const toldPlainly = new Set(['CompatibleRuntimes'])

/** Numbers with a fraction: in texts they have one even when it is nought. */
function isDecimal(type: TypeRef): boolean {
  return type.kind === 'double' || (type.kind === 'map' && isDecimal(type.value))
}

function decimals(value: unknown): unknown {
  if (typeof value === 'number') return decimalText(value)
  return Object.fromEntries(entriesOf(value).map(([key, item]) => [key, decimals(item)]))
}

function decimalText(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/** The check of the structures inside a value, if there are any. */
function nestedCheck(spec: Spec, type: TypeRef, structures: Map<string, Check>): Check | undefined {
  switch (type.kind) {
    case 'ref': {
      const { type: name } = type
      if (!structures.has(name)) {
        // Put there before its members are compiled, so that a type may contain itself.
        structures.set(name, (value, path, faults) => compiled(value, path, faults))
        const compiled = structureCheck(spec, spec.types[name]?.members ?? [], structures)
      }
      return structures.get(name)
    }
    case 'list': {
      const inner = nestedCheck(spec, type.of, structures)
      return (
        inner &&
        ((value, path, faults) =>
          [value].flat().forEach((item, i) => item !== null && inner(item, `${path}.${i + 1}.member`, faults)))
      )
    }
    case 'map': {
      const inner = nestedCheck(spec, type.value, structures)
      return (
        inner &&
        ((value, path, faults) =>
          entriesOf(value).forEach(([key, item]) => item !== null && inner(item, `${path}.${key}.member`, faults)))
      )
    }
    default:
      return undefined
  }
}

interface Test {
  readonly kind: ConstraintBody['kind']
  readonly text: string
  readonly holds: (value: unknown) => boolean
}

const nearness: readonly Origin[] = ['recorded', 'model', 'guide']

/** One test for each kind of constraint that can be checked in a request; alternatives are joined by `or`. */
function testsOf(constraints: readonly Constraint[], on: Constraint['on'], decimal: boolean): Test[] {
  const byKind = new Map<string, Constraint[]>()
  for (const constraint of constraints) {
    if (constraint.on !== on) continue
    byKind.set(constraint.kind, [...(byKind.get(constraint.kind) ?? []), constraint])
  }
  return [...byKind.values()].map(withoutLater).flatMap(group => {
    const tests = group
      .sort((a, b) => nearness.indexOf(a.origin) - nearness.indexOf(b.origin))
      .flatMap(constraint => testsOfOne(constraint, decimal))
    // A bound with two ends gives two tests, each with its own text; the ends of alternatives are paired by their side.
    const sides = new Map<string, SidedTest[]>()
    for (const test of tests) sides.set(test.side, [...(sides.get(test.side) ?? []), test])
    return [...sides].flatMap(([side, alternatives]) => {
      // An alternative that leaves this end open allows everything here.
      const open = group.some(constraint => !testsOfOne(constraint, decimal).some(test => test.side === side))
      const [first] = alternatives.toSorted((a, b) => b.width - a.width)
      return open || !first
        ? []
        : [
            {
              kind: first.kind,
              text: first.text,
              holds: (value: unknown) => alternatives.some(test => test.holds(value)),
            },
          ]
    })
  })
}

/** Kinds that say what a value may be like, not how large: a later one names what did not exist before. */
const ofForm: ReadonlySet<Constraint['kind']> = new Set(['enum', 'pattern'])

/**
 * What only a later model widens is not for every function, as the recordings show; where others bound a number or a
 * length, they do.
 */
function withoutLater(group: readonly Constraint[]): Constraint[] {
  const lasting = group.filter(one => ofForm.has(one.kind) || one.origin !== 'model' || one.since === undefined)
  return lasting.length === 0 ? [...group] : lasting
}

interface SidedTest extends Test {
  /** Which end of a bound it is about. */
  readonly side: 'max' | 'min' | ''
  /** How much it allows, compared with others of its side. */
  readonly width: number
}

function testsOfOne(constraint: Constraint, decimal: boolean): SidedTest[] {
  const { kind } = constraint
  const test = (
    side: SidedTest['side'],
    width: number,
    text: string,
    holds: (value: unknown) => boolean,
  ): SidedTest => ({ kind, side, width, text, holds })
  switch (constraint.kind) {
    case 'length':
    case 'items':
    case 'entries':
    case 'range': {
      const measure = constraint.kind === 'range' ? Number : size
      const what = constraint.kind === 'range' ? 'value' : 'length'
      const bound = (n: number): string => (decimal && constraint.kind === 'range' ? decimalText(n) : String(n))
      const { min, max } = constraint
      return [
        ...(max === undefined
          ? []
          : [
              test(
                'max',
                max,
                `Member must have ${what} less than or equal to ${bound(max)}`,
                value => measure(value) <= max,
              ),
            ]),
        ...(min === undefined
          ? []
          : [
              test(
                'min',
                -min,
                `Member must have ${what} greater than or equal to ${bound(min)}`,
                value => measure(value) >= min,
              ),
            ]),
      ]
    }
    case 'pattern': {
      const pattern = compilePattern(constraint.pattern)
      const shown = constraint.pattern.replace(/^\^(.*)\$$/s, '$1')
      return [
        test('', 0, `Member must satisfy regular expression pattern: ${shown}`, value => pattern.test(String(value))),
      ]
    }
    case 'enum': {
      const values = new Set(constraint.values)
      return [
        test('', 0, `Member must satisfy enum value set: [${constraint.values.join(', ')}]`, value =>
          values.has(String(value)),
        ),
      ]
    }
    default:
      return []
  }
}

/** Characters of a string, bytes of a blob, elements of a list, entries of a map. */
function size(value: unknown): number {
  if (typeof value === 'string') return codePoints(value)
  if (Array.isArray(value) || Buffer.isBuffer(value)) return value.length
  return entriesOf(value).length
}

function codePoints(text: string): number {
  let pairs = 0
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit < 0xdc00) pairs++
  }
  return text.length - pairs
}

/**
 * A pattern holds for the whole value. Some use Unicode classes, which need their own mode; most would not compile in
 * it.
 */
function compilePattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, /\\[pP]\{/.test(pattern) ? 'u' : '')
}

/** A value is repeated in the text of its error, but not without end. */
const longestShown = 8192

function fault(value: unknown, path: string, constraint: string): string {
  const shown = show(value)
  return (
    `Value '${shown.length > longestShown ? `${shown.slice(0, longestShown)}…` : shown}' at '${path}' failed to ` +
    `satisfy constraint: ${constraint}`
  )
}

/** As the service prints values: lists as `[a, b]`, maps as `{k=v}`. */
function show(value: unknown): string {
  if (value === null) return 'null'
  if (Buffer.isBuffer(value)) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}=${show(item)}`)
      .join(', ')}}`
  return String(value)
}
