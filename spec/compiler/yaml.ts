/** YAML on a page, as plain values whose every key and value can still be found in the file. */
import { isAlias, isMap, isScalar, isSeq, parseDocument, Scalar, type Node } from 'yaml'
import type { Source, Tagged, Value } from '../model.ts'
import type { Fence } from './markdown.ts'
import type { Report } from './report.ts'
import { TAGS, isTag } from './tags.ts'
import { isMapping } from '../value-kinds.ts'

/** A mapping of a YAML block. */
export interface YamlMap {
  readonly [key: string]: Value
}

/** A piece of YAML and where it stands: the file's line of its first line, and the columns before each of its lines. */
export interface Fragment {
  readonly file: string
  readonly text: string
  readonly line: number
  readonly indents?: readonly number[]
}

/** Where the parts of parsed values stand. Knows every object and list that `readYaml` made with it. */
export interface Positions {
  /** The key of an entry, or the element of a list. */
  ofKey(parent: object, key: string | number): Source | undefined
  /** The value of an entry, or the element of a list. */
  ofValue(parent: object, key: string | number): Source | undefined
  /** From now on `made` stands where `parsed` stands. */
  same(made: object, parsed: object): void
}

interface Origins extends Positions {
  note(value: object, node: Node, fragment: Fragment): void
}

/** Remembers where the keys and values of YAML blocks stand, for messages. */
export function createPositions(): Origins {
  const nodes = new WeakMap<object, { readonly node: Node; readonly fragment: Fragment }>()
  const find = (parent: object, key: string | number, part: 'key' | 'value'): Source | undefined => {
    const origin = nodes.get(parent)
    if (origin === undefined) return undefined
    const { node, fragment } = origin
    let found: unknown
    if (isSeq(node)) found = node.items[Number(key)]
    if (isMap(node)) {
      const pair = node.items.find(item => isScalar(item.key) && keyText(item.key) === key)
      // An entry without a value stands where its key stands.
      found = part === 'key' || !hasRange(pair?.value) ? pair?.key : pair?.value
    }
    return hasRange(found) ? placeOf(fragment, startOf(found, fragment)) : undefined
  }
  return {
    note: (value, node, fragment) => void nodes.set(value, { node, fragment }),
    same(made, parsed) {
      const origin = nodes.get(parsed)
      if (origin !== undefined) nodes.set(made, origin)
    },
    ofKey: (parent, key) => find(parent, key, 'key'),
    ofValue: (parent, key) => find(parent, key, 'value'),
  }
}

/** The text of a fence with the place where it begins. */
export function fenceFragment(fence: Fence): Fragment {
  return { file: fence.source.file, text: fence.content, line: fence.contentLine, indents: fence.indents }
}

/**
 * Parses one document. Every syntax error, unknown tag, alias and doubled key is noted; `undefined` when there was no
 * value to be had.
 */
export function readYaml(fragment: Fragment, report: Report, positions: Positions): Value | undefined {
  const document = parseDocument(fragment.text, { prettyErrors: false, logLevel: 'silent' })
  for (const error of document.errors) {
    // What is never closed is noticed at the very end; the end of what is written is the better place.
    const offset = Math.min(error.pos[0], fragment.text.trimEnd().length)
    report.error(placeOf(fragment, offset), `YAML: ${(error.message.split('\n')[0] ?? '').replace(/:$/, '')}`)
  }
  if (document.errors.length > 0) return undefined
  return document.contents === null ? null : toValue(document.contents, fragment, report, positions as Origins)
}

/** The same, of what must be a mapping; an empty document is an empty mapping. */
export function readYamlMap(
  fragment: Fragment,
  what: string,
  report: Report,
  positions: Positions,
): YamlMap | undefined {
  const value = readYaml(fragment, report, positions)
  if (value === undefined) return undefined
  if (value === null) return {}
  if (isMapping(value)) return value
  report.error(placeOf(fragment, 0), `${what} is a YAML mapping, \`Name: value\``)
  return undefined
}

function toValue(node: unknown, fragment: Fragment, report: Report, positions: Origins): Value {
  const place = (): Source => placeOf(fragment, hasRange(node) ? startOf(node, fragment) : 0)
  if (isAlias(node)) {
    report.error(place(), 'YAML anchors and aliases are no part of the grammar: write the value again')
    return null
  }
  const tag = tagOf(node)
  if (tag === undefined) return untaggedValue(node, fragment, report, positions)
  if (!isTag(tag)) report.error(place(), `unknown tag \`!${tag}\``, { wrong: tag, known: TAGS })
  const tagged: Tagged = { $tag: tag, value: taggedValue(tag, node, fragment, report, positions), source: place() }
  return tagged
}

function untaggedValue(node: unknown, fragment: Fragment, report: Report, positions: Origins): Value {
  if (isSeq(node)) {
    const list = node.items.map(item => toValue(item, fragment, report, positions))
    positions.note(list, node, fragment)
    return list
  }
  if (isMap(node)) {
    const map: { [key: string]: Value } = {}
    for (const { key, value } of node.items) {
      if (!isScalar(key)) {
        report.error(placeOf(fragment, hasRange(key) ? key.range[0] : 0), 'a key is a plain name')
        continue
      }
      // A page may not reach into the prototype of our objects.
      Object.defineProperty(map, keyText(key), {
        value: toValue(value, fragment, report, positions),
        enumerable: true,
        configurable: true,
        writable: true,
      })
    }
    positions.note(map, node, fragment)
    return map
  }
  if (!isScalar(node)) return null
  const value = node.value
  return typeof value === 'bigint' ? Number(value) : ((value ?? null) as Value)
}

/** Arguments that are patterns, names or ranges stay as they are written; all others are YAML values like any. */
const TEXT_ARGUMENT: readonly string[] = [
  'matches',
  'member',
  'type',
  'unique',
  'unknown',
  'integer',
  'between',
  'text',
  'bytes',
]

function taggedValue(tag: string, node: unknown, fragment: Fragment, report: Report, positions: Origins): Value {
  if (!isScalar(node)) return untaggedValue(node, fragment, report, positions)
  // The library does not know our tags and keeps what follows them as text; here it becomes what it would be without
  // the tag.
  const text = String(node.value ?? '')
  if (node.type !== Scalar.PLAIN) return text
  if (text === '') return null
  return TEXT_ARGUMENT.includes(tag) ? text : resolvePlain(text)
}

/** YAML 1.2 core schema. */
function resolvePlain(text: string): Value {
  if (/^(?:null|Null|NULL|~)$/.test(text)) return null
  if (/^(?:true|True|TRUE)$/.test(text)) return true
  if (/^(?:false|False|FALSE)$/.test(text)) return false
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text)
  return text
}

const keyText = (key: Scalar): string => String(key.source ?? key.value ?? '')

function tagOf(node: unknown): string | undefined {
  const tag = isScalar(node) || isMap(node) || isSeq(node) ? node.tag : undefined
  return tag?.startsWith('!') ? tag.slice(1) : undefined
}

function hasRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return typeof node === 'object' && node !== null && Array.isArray((node as { range?: unknown }).range)
}

/** A tagged value begins with its tag. */
function startOf(node: { readonly range: readonly [number, number, number] }, fragment: Fragment): number {
  const tag = tagOf(node)
  if (tag === undefined) return node.range[0]
  const before = fragment.text.lastIndexOf(`!${tag}`, node.range[0])
  return before === -1 ? node.range[0] : before
}

/** Offsets at which the lines of a fragment begin, found once. */
const lineStarts = new WeakMap<Fragment, readonly number[]>()

function startsOf(fragment: Fragment): readonly number[] {
  const known = lineStarts.get(fragment)
  if (known !== undefined) return known
  const starts = [0]
  for (let at = fragment.text.indexOf('\n'); at !== -1; at = fragment.text.indexOf('\n', at + 1)) starts.push(at + 1)
  lineStarts.set(fragment, starts)
  return starts
}

/** The place in the file of an offset in a fragment. */
export function placeOf(fragment: Fragment, offset: number): Source {
  const starts = startsOf(fragment)
  let row = 0
  for (let above = starts.length; above - row > 1; ) {
    const middle = (row + above) >> 1
    if ((starts[middle] ?? 0) <= offset) row = middle
    else above = middle
  }
  return {
    file: fragment.file,
    line: fragment.line + row,
    column: offset - (starts[row] ?? 0) + 1 + (fragment.indents?.[row] ?? 0),
  }
}
