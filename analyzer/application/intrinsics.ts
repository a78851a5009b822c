/**
 * Evaluates raw YAML or JSON of CloudFormation and SAM: intrinsic functions are resolved as far as they can be before
 * deployment.
 */
import { rawGet } from './raw.ts'
import type { Raw, RawEntry } from './raw.ts'
import type { Imports } from './exports.ts'
import type { GivenParameter, GivenParameters } from './sam-config.ts'
import type { Loc, SourceText } from './source.ts'
import { absentValue, joinValues, listValue, mapValue, referenceValue, scalarValue, unknownValue } from './value.ts'
import type { LazyEntry, Value } from './value.ts'
import type { Resource } from './model.ts'

/** What a template knows while it is evaluated. */
export interface Scope {
  readonly source: SourceText
  /** Raw `Parameters`, `Mappings` and `Conditions` by name. */
  readonly parameters: ReadonlyMap<string, Raw>
  readonly mappings: Raw | undefined
  readonly conditions: ReadonlyMap<string, Raw>
  readonly resources: ReadonlyMap<string, Resource>
  /** Parameters and conditions that are being evaluated, against cycles. */
  readonly active: Set<string>
  /**
   * What conditions were found to be: one that is built on others twice at every level would be asked a billion times.
   */
  readonly decided?: Map<string, boolean | undefined>
  /** In mappings and defaults of parameters functions have no meaning. */
  readonly literal?: true
  /** What the deployment gives the parameters, where a file says it. */
  readonly given?: GivenParameters
  /** Outputs of the other templates. */
  readonly imports?: Imports
  /** Another language inside texts: the variables of serverless.yml. Undefined: nothing of it in this text. */
  readonly expand?: (text: string, raw: Raw, source: SourceText) => Value | undefined
}

const CONDITION_FUNCTIONS = new Set(['Fn::And', 'Fn::Or', 'Fn::Not', 'Fn::Equals'])
const FUNCTIONS = new Set([
  'Ref',
  'Fn::GetAtt',
  'Fn::Sub',
  'Fn::Join',
  'Fn::If',
  'Fn::FindInMap',
  'Fn::Select',
  'Fn::Split',
  'Fn::ImportValue',
  'Fn::Base64',
  'Fn::Cidr',
  'Fn::GetAZs',
  'Fn::Transform',
  'Fn::ToJsonString',
  'Fn::Length',
  'Fn::GetStackOutput',
  ...CONDITION_FUNCTIONS,
])

const loc = (raw: Raw, scope: Scope): Loc => ({ source: scope.source, start: raw.start, end: raw.end })

/** Evaluates a raw value; maps and lists are evaluated child by child when somebody looks. Never throws. */
export function evaluate(raw: Raw, scope: Scope): Value {
  const call = intrinsic(raw)
  const at = loc(raw, scope)
  if (call && scope.literal) return unknownValue(at, `${call.name} has no meaning in a mapping or a default`)
  if (call) return callFunction(call.name, call.argument, raw, scope)
  if (raw.kind === 'scalar') {
    const expanded = typeof raw.value === 'string' ? scope.expand?.(raw.value, raw, scope.source) : undefined
    return expanded ?? scalarValue(at, raw.value)
  }
  if (raw.kind === 'list')
    return listValue(
      at,
      raw.items.map(item => () => evaluate(item, scope)),
      raw.open ?? false,
    )
  const entries: LazyEntry[] = []
  let open = raw.open ?? false
  for (const entry of raw.entries) {
    // `Fn::Transform` beside other keys and `Fn::ForEach::…` add entries that only the service knows.
    if (entry.key === 'Fn::Transform' || entry.key.startsWith('Fn::ForEach')) open = true
    else
      entries.push({
        key: entry.key,
        keyLoc: { source: scope.source, start: entry.keyStart, end: entry.keyEnd },
        evaluate: () => evaluate(entry.value, scope),
      })
  }
  return mapValue(at, entries, open)
}

/** `{Ref: X}`, `{Fn::Sub: …}`, `!Ref X`, `!Sub …`: name in the long form, and argument. */
function intrinsic(raw: Raw): { readonly name: string; readonly argument: Raw } | undefined {
  if (raw.tag) {
    const short = raw.tag.slice(1)
    const name = short === 'Ref' || short === 'Condition' ? short : `Fn::${short}`
    const { tag: _, ...argument } = raw
    return { name, argument }
  }
  const entry = onlyEntry(raw)
  if (!entry) return undefined
  return FUNCTIONS.has(entry.key) ? { name: entry.key, argument: entry.value } : undefined
}

type IntrinsicFunction = (argument: Raw, at: Loc, scope: Scope) => Value

const INTRINSICS: { readonly [name: string]: IntrinsicFunction } = {
  Ref: (argument, at, scope) => reference(String(argument.kind === 'scalar' ? argument.value : ''), 'Ref', at, scope),
  'Fn::GetAtt': getAtt,
  'Fn::Sub': substitute,
  'Fn::Join': join,
  'Fn::If': choose,
  'Fn::FindInMap': findInMap,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::ToJsonString': (_, at) => unknownValue(at, 'Fn::ToJsonString makes a text of it'),
  'Fn::ImportValue': importValue,
}

function callFunction(name: string, argument: Raw, whole: Raw, scope: Scope): Value {
  const at = loc(whole, scope)
  const known = Object.hasOwn(INTRINSICS, name) ? INTRINSICS[name] : undefined
  if (known !== undefined) return known(argument, at, scope)
  if (CONDITION_FUNCTIONS.has(name)) {
    const answer = holds(whole, scope)
    return answer === undefined
      ? unknownValue(at, 'the condition cannot be decided before deployment')
      : scalarValue(at, answer)
  }
  return unknownValue(at, `${name} is resolved by the service`)
}

function reference(id: string, attribute: string, at: Loc, scope: Scope): Value {
  if (id === 'AWS::NoValue') return absentValue(at)
  const parameter = scope.parameters.get(id)
  if (parameter && attribute === 'Ref') return parameterValue(id, parameter, at, scope)
  return referenceValue(at, {
    id,
    attribute,
    get resource() {
      return scope.resources.get(id)
    },
  })
}

function parameterValue(id: string, parameter: Raw, at: Loc, scope: Scope): Value {
  const type = scalarOf(rawGet(parameter, 'Type')) ?? 'String'
  if (String(type).startsWith('AWS::SSM::')) return unknownValue(at, `parameter ${id} is read from the parameter store`)
  const fallback = rawGet(parameter, 'Default')
  const given = scope.given?.get(id)
  if (given) return givenValue(id, String(type), given, fallback, at, scope)
  if (!fallback)
    return unknownValue(at, `parameter ${id} has no default`, { alternatives: allowedValues(parameter, at) })
  const key = `parameter ${id}`
  if (scope.active.has(key)) return unknownValue(at, `parameter ${id} refers to itself`)
  scope.active.add(key)
  try {
    const via = { kind: 'parameter', name: id, loc: loc(fallback, scope) } as const
    const value = evaluate(fallback, { ...scope, literal: true })
    const text = value.string()
    return ((text !== undefined && typedParameter(text, String(type), at)) || value.withLoc(at)).withVia(via)
  } finally {
    scope.active.delete(key)
  }
}

/** A list or a number, where the type of the parameter says so. */
function typedParameter(text: string, type: string, at: Loc): Value | undefined {
  if (type === 'CommaDelimitedList' || type.startsWith('List<')) {
    const items = text === '' ? [] : text.split(',')
    return listValue(
      at,
      items.map(item => () => scalarValue(at, item.trim())),
    )
  }
  const number = type === 'Number' ? scalarValue(at, text).number() : undefined
  return number === undefined ? undefined : scalarValue(at, number)
}

/** What every environment gives it; where they differ, any of it. */
function givenValue(
  id: string,
  type: string,
  { values, loc: place }: GivenParameter,
  fallback: Raw | undefined,
  at: Loc,
  scope: Scope,
): Value {
  const left = fallback && evaluate(fallback, { ...scope, literal: true }).string()
  const texts = [...new Set(values.map(value => value ?? left))]
  const via = { kind: 'parameter', name: id, loc: place } as const
  const possible = texts.flatMap(text =>
    text === undefined ? [] : [(typedParameter(text, type, at) ?? scalarValue(at, text)).withVia(via)],
  )
  const [only] = possible
  if (only && texts.length === 1) return only
  return unknownValue(at, `parameter ${id} is not the same in every environment`, { alternatives: possible })
}

function importValue(argument: Raw, at: Loc, scope: Scope): Value {
  const name = evaluate(argument, scope).string()
  const found = name === undefined ? undefined : scope.imports?.(name, at)
  return found ?? unknownValue(at, 'it is imported from another stack')
}

/** A parameter without default still is one of its allowed values. */
function allowedValues(parameter: Raw, at: Loc): Value[] {
  const allowed = rawGet(parameter, 'AllowedValues')
  if (allowed?.kind !== 'list') return []
  return allowed.items.flatMap(item => (item.kind === 'scalar' ? [scalarValue(at, item.value)] : []))
}

function getAtt(argument: Raw, at: Loc, scope: Scope): Value {
  if (argument.kind === 'scalar') {
    const [id = '', ...attribute] = String(argument.value).split('.')
    return reference(id, attribute.join('.'), at, scope)
  }
  if (argument.kind === 'list') {
    const [id, ...attribute] = argument.items.map(item => evaluate(item, scope).string())
    if (id && attribute.every(part => part !== undefined)) return reference(id, attribute.join('.'), at, scope)
  }
  return unknownValue(at, 'the attribute of Fn::GetAtt is not known')
}

function substitute(argument: Raw, at: Loc, scope: Scope): Value {
  const text = argument.kind === 'list' ? argument.items[0] : argument
  const variables = argument.kind === 'list' ? argument.items[1] : undefined
  if (text?.kind !== 'scalar') return unknownValue(at, 'Fn::Sub has no text')
  const expanded = typeof text.value === 'string' ? scope.expand?.(text.value, text, scope.source) : undefined
  if (!expanded) return substituteText(String(text.value), at, scope, variables)
  return joinValues(
    at,
    expanded.parts().map(part => {
      const known = part.string()
      return known === undefined ? part : substituteText(known, at, scope, variables)
    }),
  )
}

/** Bounded in every part: without an end in sight each `${` would look through the rest of the text. */
const PLACEHOLDER = /\$\{(!?)\s{0,100}([^{}\s]{0,1000})\s{0,100}\}/g

/** The text of an `Fn::Sub` with its `${…}` resolved. */
export function substituteText(text: string, at: Loc, scope: Scope, variables?: Raw): Value {
  // Braces in braces mean nothing to CloudFormation: the file is text for `format()` of Python or a pipeline first.
  if (text.includes('${{')) return unknownValue(at, 'something completes the text before it is deployed')
  const parts: Value[] = []
  const known = new Map<string, Value>()
  let last = 0
  for (const match of text.matchAll(PLACEHOLDER)) {
    if (match.index > last) parts.push(scalarValue(at, text.slice(last, match.index)))
    last = match.index + match[0].length
    const name = match[2] ?? ''
    const variable = rawGet(variables, name)
    if (match[1]) parts.push(scalarValue(at, `\${${name}}`))
    else if (variable) {
      const value = known.get(name) ?? evaluate(variable, scope)
      known.set(name, value)
      parts.push(value)
    } else {
      const dot = name.indexOf('.')
      parts.push(
        dot === -1 ? reference(name, 'Ref', at, scope) : reference(name.slice(0, dot), name.slice(dot + 1), at, scope),
      )
    }
  }
  if (last < text.length || !parts.length) parts.push(scalarValue(at, text.slice(last)))
  return joinValues(at, parts)
}

/** The one entry of a map that has no other. */
function onlyEntry(raw: Raw): RawEntry | undefined {
  return raw.kind === 'map' && raw.entries.length === 1 ? raw.entries[0] : undefined
}

/** The elements of a list of two. */
function twoOf(raw: Raw): readonly [Raw, Raw] | undefined {
  const [first, second, ...more] = raw.kind === 'list' ? raw.items : []
  return first && second && more.length === 0 ? [first, second] : undefined
}

function join(argument: Raw, at: Loc, scope: Scope): Value {
  const pair = twoOf(argument)
  if (!pair) return unknownValue(at, 'Fn::Join needs a delimiter and a list')
  const delimiter = evaluate(pair[0], scope).string()
  const list = evaluate(pair[1], scope)
  if (delimiter === undefined || list.kind !== 'list')
    return unknownValue(at, list.why ?? 'the list of Fn::Join is not known')
  const parts: Value[] = []
  for (const item of list.items()) {
    if (parts.length) parts.push(scalarValue(at, delimiter))
    parts.push(item)
  }
  return joinValues(at, parts.length ? parts : [scalarValue(at, '')])
}

function choose(argument: Raw, at: Loc, scope: Scope): Value {
  if (argument.kind !== 'list' || argument.items.length !== 3)
    return unknownValue(at, 'Fn::If needs a condition and two values')
  const [name, yes, no] = argument.items as readonly [Raw, Raw, Raw]
  const condition = String(name.kind === 'scalar' ? name.value : '')
  const answer = conditionHolds(condition, scope)
  if (answer !== undefined) return evaluate(answer ? yes : no, scope).withVia({ kind: 'condition', name: condition })
  const alternatives = [evaluate(yes, scope), evaluate(no, scope)]
  if (alternatives.every(value => value.isAbsent)) return absentValue(at)
  const [one, other] = alternatives
  if (one?.string() !== undefined && one.kind === other?.kind && one.string() === other.string())
    return one.withVia({ kind: 'condition', name: condition })
  return unknownValue(at, `condition ${condition} cannot be decided before deployment`, { alternatives, condition })
}

function findInMap(argument: Raw, at: Loc, scope: Scope): Value {
  if (argument.kind !== 'list' || argument.items.length < 3) return unknownValue(at, 'Fn::FindInMap needs three names')
  const [mapName, top, second] = argument.items.map(item => evaluate(item, scope).string())
  const map = mapName === undefined ? undefined : rawGet(scope.mappings, mapName)
  if (mapName === undefined || map?.kind !== 'map') return unknownValue(at, 'the mapping is not known')
  const via = { kind: 'mapping', name: mapName } as const
  const rows = top === undefined ? map.entries.map(entry => entry.value) : [rawGet(map, top)]
  const cells = rows.flatMap(row => {
    if (row?.kind !== 'map') return []
    return second === undefined ? row.entries.map(entry => entry.value) : [rawGet(row, second)]
  })
  const values = cells.flatMap(cell =>
    cell
      ? [
          evaluate(cell, { ...scope, literal: true })
            .withLoc(at)
            .withVia(via),
        ]
      : [],
  )
  if (top !== undefined && second !== undefined) {
    return values[0] ?? unknownValue(at, `mapping ${mapName} has no such entry`)
  }
  return unknownValue(at, `which entry of mapping ${mapName} is taken is known after deployment`, {
    alternatives: values,
  })
}

function select(argument: Raw, at: Loc, scope: Scope): Value {
  const pair = twoOf(argument)
  if (!pair) return unknownValue(at, 'Fn::Select needs an index and a list')
  const index = evaluate(pair[0], scope).number()
  const list = evaluate(pair[1], scope)
  if (index === undefined || list.kind !== 'list')
    return unknownValue(at, list.why ?? 'the list of Fn::Select is not known')
  const value = list.at(index)
  return value.isAbsent ? unknownValue(at, 'Fn::Select is out of range') : value.withLoc(at)
}

function split(argument: Raw, at: Loc, scope: Scope): Value {
  const pair = twoOf(argument)
  if (!pair) return unknownValue(at, 'Fn::Split needs a delimiter and a text')
  const delimiter = evaluate(pair[0], scope).string()
  const value = evaluate(pair[1], scope)
  const text = value.string()
  if (!delimiter || text === undefined) return unknownValue(at, value.why ?? 'the text of Fn::Split is not known')
  return listValue(
    at,
    text.split(delimiter).map(part => () => scalarValue(at, part)),
  )
}

/** Whether a named condition holds, as far as parameter defaults can tell; undefined when they cannot. */
export function conditionHolds(name: string, scope: Scope): boolean | undefined {
  const raw = scope.conditions.get(name)
  const key = `condition ${name}`
  if (!raw || scope.active.has(key)) return undefined
  if (scope.decided?.has(name)) return scope.decided.get(name)
  scope.active.add(key)
  try {
    const answer = holds(raw, scope)
    scope.decided?.set(name, answer)
    return answer
  } finally {
    scope.active.delete(key)
  }
}

function holds(raw: Raw, scope: Scope): boolean | undefined {
  const call = conditionCall(raw)
  if (!call) {
    return raw.kind === 'scalar' && !raw.tag ? evaluate(raw, scope).boolean() : undefined
  }
  const items = call.argument.kind === 'list' ? call.argument.items : []
  switch (call.name) {
    case 'Condition':
      return conditionHolds(String(scalarOf(call.argument) ?? ''), scope)
    case 'Fn::Not': {
      const inner = items[0] && holds(items[0], scope)
      return inner === undefined ? undefined : !inner
    }
    case 'Fn::And': {
      const answers = items.map(item => holds(item, scope))
      if (answers.includes(false)) return false
      return answers.includes(undefined) ? undefined : true
    }
    case 'Fn::Or': {
      const answers = items.map(item => holds(item, scope))
      if (answers.includes(true)) return true
      return answers.includes(undefined) ? undefined : false
    }
    case 'Fn::Equals': {
      const [left, right] = items.map(item => evaluate(item, scope).string())
      return left === undefined || right === undefined ? undefined : left === right
    }
  }
  return undefined
}

function conditionCall(raw: Raw): { readonly name: string; readonly argument: Raw } | undefined {
  if (raw.tag) return intrinsic(raw)
  const entry = onlyEntry(raw)
  return entry && { name: entry.key, argument: entry.value }
}

const scalarOf = (raw: Raw | undefined): string | number | boolean | null | undefined =>
  raw?.kind === 'scalar' ? raw.value : undefined
