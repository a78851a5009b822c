/**
 * The functions of Terraform that matter before a plan. One that is not here, or whose arguments are not known, gives
 * an unknown value.
 */
import { basename, dirname } from 'node:path/posix'
import { readJson } from '../read-json.ts'
import { readYaml } from '../read-yaml.ts'
import type { Loc } from '../source.ts'
import { encodedValue, fileText, joinValues, listValue, mapValue, scalarValue, unknownValue } from '../value.ts'
import type { LazyEntry, Value } from '../value.ts'
import { valueOfJson } from './json-document.ts'

interface Call {
  readonly at: Loc
  /** `f(list...)`: the last argument holds the arguments. */
  readonly spread: boolean
  /** The text of a file beside the module; undefined when it cannot be read. */
  readFile(path: string): string | undefined
  /** A text with interpolations, with these names in it; everything of it stands at the call. */
  fillTemplate(text: string, names: ReadonlyMap<string, Value>): Value
}

type TerraformFunction = (values: readonly Value[], call: Call) => Value | undefined

/**
 * Applies a function by its name. Arguments are evaluated when they are asked for: `try` looks at one after the other.
 */
export function callFunction(name: string, thunks: readonly (() => Value)[], call: Call): Value {
  const values = call.spread ? spreadLast(thunks) : thunks.map(thunk => thunk())
  const unknown = (why: string): Value =>
    unknownValue(call.at, why, name === 'try' || name === 'coalesce' ? { alternatives: [...(values ?? [])] } : {})
  if (!values) return unknown(`the arguments of ${name} are not known`)
  const apply = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  return (
    apply?.(values, call)?.withLoc(call.at) ??
    unknown(values.find(value => value.why)?.why ?? `${name}() is resolved by Terraform`)
  )
}

function spreadLast(thunks: readonly (() => Value)[]): readonly Value[] | undefined {
  const last = thunks.at(-1)?.()
  if (last?.kind !== 'list' || last.open) return undefined
  return [...thunks.slice(0, -1).map(thunk => thunk()), ...last.items()]
}

/** A function of known texts. */
const ofTexts =
  (calculate: (...texts: readonly string[]) => string | number | boolean | undefined): TerraformFunction =>
  (values, { at }) => {
    const texts = values.map(value => value.string())
    if (texts.some(text => text === undefined)) return undefined
    const result = calculate(...(texts as string[]))
    return result === undefined ? undefined : scalarValue(at, result)
  }

const ofNumbers =
  (calculate: (...numbers: readonly number[]) => number): TerraformFunction =>
  (values, { at }) => {
    const numbers = values.map(value => value.number())
    return numbers.some(number => number === undefined)
      ? undefined
      : scalarValue(at, calculate(...(numbers as number[])))
  }

const asIs: TerraformFunction = ([value]) => value

/** Items of a list whose end is known. */
const known = (value: Value | undefined): readonly Value[] | undefined =>
  value?.kind === 'list' && !value.open ? value.items() : undefined

const listOf = (at: Loc, items: readonly Value[], open = false): Value =>
  listValue(
    at,
    items.map(item => () => item),
    open,
  )

const entriesOf = (value: Value): readonly LazyEntry[] =>
  value.entries().map(entry => ({ key: entry.key, keyLoc: entry.keyLoc, evaluate: () => entry.value }))

/** The first value of which nobody can say that it is nothing. */
const firstPresent = (values: readonly Value[], isNothing: (value: Value) => boolean): Value | undefined =>
  values.find(value => !isNothing(value))

const isNothing = (value: Value): boolean => value.kind === 'null' || value.isAbsent

const distinct: TerraformFunction = ([list], { at }) => {
  if (list?.kind !== 'list') return undefined
  const seen = new Set<string>()
  const items = list.items().filter(item => {
    const text = item.string()
    return text === undefined || (!seen.has(text) && seen.add(text))
  })
  return listOf(at, items, list.open)
}

const concat: TerraformFunction = (values, { at }) =>
  listOf(
    at,
    values.flatMap(value => value.items()),
    values.some(value => value.isUnknown || value.open),
  )

const FUNCTIONS: { readonly [name: string]: TerraformFunction } = {
  jsonencode: ([value], { at }) => value && encodedValue(at, value),
  yamlencode: ([value], { at }) => value && encodedValue(at, value),
  jsondecode: ([value], { at }) => value?.document ?? parsed(value?.string(), at),
  yamldecode: ([value], { at }) => value?.document ?? parsedYaml(value?.string(), at),
  file: ([path], { at, readFile }) => {
    const name = path?.string()
    const text = name === undefined ? undefined : readFile(name)
    return name === undefined || text === undefined ? undefined : fileText(at, text, name)
  },
  templatefile: ([path, names], { readFile, fillTemplate }) => {
    const text = path && readFile(path.string() ?? '')
    return text === undefined || names?.kind !== 'map'
      ? undefined
      : fillTemplate(text, new Map(names.entries().map(entry => [entry.key, entry.value])))
  },
  merge: (values, { at }) => {
    const entries = new Map<string, LazyEntry>()
    for (const value of values) for (const entry of entriesOf(value)) entries.set(entry.key, entry)
    return mapValue(
      at,
      [...entries.values()],
      values.some(value => value.isUnknown || value.open),
    )
  },
  concat,
  setunion: (values, call) => distinct([concat(values, call) ?? unknownValue(call.at, '')], call),
  flatten: ([list], { at }) => {
    if (list?.kind !== 'list') return undefined
    const flat = (value: Value, depth: number): readonly Value[] =>
      value.kind === 'list' && depth < 20 ? value.items().flatMap(item => flat(item, depth + 1)) : [value]
    return listOf(at, flat(list, 0), list.open || list.items().some(item => item.open))
  },
  compact: ([list], { at }) =>
    list?.kind === 'list'
      ? listOf(
          at,
          list.items().filter(item => !isNothing(item) && item.string() !== ''),
          list.open,
        )
      : undefined,
  distinct,
  toset: distinct,
  tolist: asIs,
  tomap: asIs,
  sensitive: asIs,
  nonsensitive: asIs,
  tostring: ([value], { at }) => (value?.string() === undefined ? value : scalarValue(at, value.string() ?? '')),
  tonumber: ([value], { at }) => (value?.number() === undefined ? undefined : scalarValue(at, value.number() ?? 0)),
  tobool: ([value], { at }) => (value?.boolean() === undefined ? undefined : scalarValue(at, value.boolean() ?? false)),
  // What fails in Terraform is absent or unknown here: the first that is surely there is taken.
  try: values => {
    const [first] = values
    return first?.isUnknown && !first.reference ? undefined : firstPresent(values, value => value.isAbsent)
  },
  coalesce: values => firstPresent(values, value => isNothing(value) || value.string() === ''),
  coalescelist: values => firstPresent(values, value => isNothing(value) || known(value)?.length === 0),
  one: ([list]) => {
    if (list?.kind === 'list') return list.at(0)
    return list?.isUnknown ? undefined : list
  },
  element: ([list, index]) => {
    const items = known(list)
    const at = index?.number()
    return items?.length && at !== undefined && at >= 0 ? items[at % items.length] : undefined
  },
  lookup: ([map, key, fallback]) => {
    const name = key?.string()
    if (map?.kind !== 'map' || name === undefined) return undefined
    const found = map.at(name)
    return found.isAbsent ? fallback : found
  },
  length: ([value], { at }) => {
    if (value?.kind === 'string') return scalarValue(at, [...(value.string() ?? '')].length)
    if (!value || value.open || (value.kind !== 'list' && value.kind !== 'map')) return undefined
    return scalarValue(at, value.kind === 'list' ? value.items().length : value.keys().length)
  },
  keys: ([map], { at }) =>
    map?.kind === 'map'
      ? listOf(
          at,
          map.keys().map(key => scalarValue(at, key)),
          map.open,
        )
      : undefined,
  values: ([map], { at }) =>
    map?.kind === 'map'
      ? listOf(
          at,
          map.entries().map(entry => entry.value),
          map.open,
        )
      : undefined,
  contains: ([list, item], { at }) => {
    const text = item?.string()
    if (list?.kind !== 'list' || text === undefined) return undefined
    if (list.items().some(one => one.string() === text)) return scalarValue(at, true)
    return list.open || list.items().some(one => one.isUnknown) ? undefined : scalarValue(at, false)
  },
  zipmap: ([keys, values], { at }) => {
    const names = known(keys)?.map(key => key.string())
    const items = known(values)
    if (!names || !items || names.some(name => name === undefined)) return undefined
    return mapValue(
      at,
      items.flatMap((item, index) => {
        const key = names[index]
        return key === undefined ? [] : [{ key, keyLoc: item.loc, evaluate: () => item }]
      }),
    )
  },
  range: ([first, second], { at }) => {
    const [from, to] = second ? [first?.number(), second.number()] : [0, first?.number()]
    if (from === undefined || to === undefined || to - from > 1000) return undefined
    return listOf(
      at,
      Array.from({ length: Math.max(0, to - from) }, (_, index) => scalarValue(at, from + index)),
    )
  },
  setproduct: ([left, right], { at }) => {
    const [first, second] = [known(left), known(right)]
    return first && second && first.length * second.length <= 1000
      ? listOf(
          at,
          first.flatMap(one => second.map(other => listOf(at, [one, other]))),
        )
      : undefined
  },
  join: ([separator, list], { at }) => {
    const items = known(list)
    const between = separator?.string()
    if (!items || between === undefined) return undefined
    return joinValues(
      at,
      items.flatMap((item, index) => (index ? [scalarValue(at, between), item] : [item])),
    )
  },
  split: ([separator, text], { at }) => {
    const [between, whole] = [separator?.string(), text?.string()]
    return between === undefined || whole === undefined
      ? undefined
      : listOf(
          at,
          whole.split(between).map(part => scalarValue(at, part)),
        )
  },
  format: ([pattern, ...values], { at }) => formatted(pattern?.string(), values, at),
  lower: ofTexts(text => text?.toLowerCase()),
  upper: ofTexts(text => text?.toUpperCase()),
  title: ofTexts(text => text?.replace(/(^|\s)\p{L}/gu, letter => letter.toUpperCase())),
  trimspace: ofTexts(text => text?.trim()),
  trimprefix: ofTexts((text, prefix) => (prefix && text?.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trimsuffix: ofTexts((text, suffix) => (suffix && text?.endsWith(suffix) ? text.slice(0, -suffix.length) : text)),
  replace: ofTexts((text, what, by) =>
    // A pattern in slashes is a regular expression of Go's: it is not run here.
    /^\/.*\/$/.test(what ?? '') ? undefined : text?.replaceAll(what ?? '', () => by ?? ''),
  ),
  substr: ([text, offset, length], { at }) => {
    const [whole, from, count] = [text?.string(), offset?.number(), length?.number()]
    if (whole === undefined || from === undefined || count === undefined) return undefined
    const start = from < 0 ? Math.max(0, whole.length + from) : from
    return scalarValue(at, count < 0 ? whole.slice(start) : whole.slice(start, start + count))
  },
  startswith: ofTexts((text, prefix) => text?.startsWith(prefix ?? '')),
  endswith: ofTexts((text, suffix) => text?.endsWith(suffix ?? '')),
  basename: ofTexts(path => basename(path ?? '')),
  dirname: ofTexts(path => dirname(path ?? '')),
  abspath: asIs,
  pathexpand: asIs,
  base64encode: ofTexts(text => Buffer.from(text ?? '').toString('base64')),
  base64decode: ofTexts(text => Buffer.from(text ?? '', 'base64').toString()),
  max: ofNumbers((...numbers) => Math.max(...numbers)),
  min: ofNumbers((...numbers) => Math.min(...numbers)),
  abs: ofNumbers(number => Math.abs(number ?? 0)),
  floor: ofNumbers(number => Math.floor(number ?? 0)),
  ceil: ofNumbers(number => Math.ceil(number ?? 0)),
}

/** `%s` and its like, one argument each; every other verb makes it unknown. */
function formatted(pattern: string | undefined, values: readonly Value[], at: Loc): Value | undefined {
  if (pattern === undefined) return undefined
  const parts: Value[] = []
  let last = 0
  let next = 0
  for (const match of pattern.matchAll(/%(?:%|[-+ 0#]*\d*(?:\.\d+)?([a-zA-Z]))/g)) {
    parts.push(scalarValue(at, pattern.slice(last, match.index)))
    last = match.index + match[0].length
    if (match[0] === '%%') parts.push(scalarValue(at, '%'))
    else {
      const value = values[next++]
      if (!value) return undefined
      parts.push(/^%[svd]$/.test(match[0]) ? value : unknownValue(at, `format with ${match[0]}`))
    }
  }
  return joinValues(at, [...parts, scalarValue(at, pattern.slice(last))])
}

function parsedYaml(text: string | undefined, at: Loc): Value | undefined {
  if (text === undefined) return undefined
  const { raw, problems } = readYaml(text)
  return raw && !problems.length ? valueOfJson(raw, at) : undefined
}

function parsed(text: string | undefined, at: Loc): Value | undefined {
  if (text === undefined) return undefined
  const { raw, problems } = readJson(text)
  return raw && !problems.length ? valueOfJson(raw, at) : undefined
}
