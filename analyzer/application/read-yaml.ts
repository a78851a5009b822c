import { isAlias, isMap, isPair, isScalar, isSeq, parseAllDocuments, visit } from 'yaml'
import type { CollectionTag, Document, Node, ParsedNode, Scalar, ScalarTag, YAMLMap } from 'yaml'
import { expandedSize, rawItems } from './raw.ts'
import { relaxYaml } from './relax-yaml.ts'
import type { Raw, RawEntry, ReadProblem, ReadResult } from './raw.ts'
import { messageOf } from '../../base/message-of.ts'

/** Written out, the aliases of an honest file make it a few times larger; those of a bomb, billions. */
const MAX_EXPANDED_NODES = 2_000_000
const MAX_ALIASES = 10_000
/** No template nests deeper; what reads it later would run out of stack. */
const MAX_DEPTH = 200

const CLOUDFORMATION_TAGS = [
  'Ref',
  'GetAtt',
  'Sub',
  'Join',
  'If',
  'FindInMap',
  'Select',
  'Split',
  'ImportValue',
  'Condition',
  'Equals',
  'And',
  'Or',
  'Not',
  'Base64',
  'Cidr',
  'GetAZs',
  'Transform',
].flatMap((name): (CollectionTag | ScalarTag)[] => [
  { tag: `!${name}`, resolve: (text: string) => text },
  { tag: `!${name}`, collection: 'seq', resolve: node => node },
  { tag: `!${name}`, collection: 'map', resolve: node => node },
])

/** Faults beyond these say nothing new. */
const MAX_DUPLICATES = 20

/**
 * Reads the first document of a YAML text into raw values with offsets, as the tools that deploy templates do: brackets
 * and quotes at any indentation, the last of several equal keys. Tags such as `!Ref` are kept, merge keys (`<<`)
 * applied, aliases shared.
 * @returns the tree as far as it was understood, and a problem for the first fault and for every key that stands twice.
 */
export function readYaml(text: string): ReadResult {
  const plain = readStrictly(text)
  if (!plain.problems.some(problem => !problem.harmless)) return plain
  const relaxed = relaxYaml(text)
  if (!relaxed) return plain
  const read = readStrictly(relaxed.text)
  if (!read.raw || read.problems.some(problem => !problem.harmless)) return plain
  const back = relaxed.original
  return {
    raw: moved(read.raw, back),
    problems: read.problems.map(problem => ({ ...problem, start: back(problem.start), end: back(problem.end) })),
  }
}

/** The same tree at other places. */
function moved(raw: Raw, place: (offset: number) => number): Raw {
  const done = new Map<Raw, Raw>()
  const moved = (one: Raw, at: { readonly start: number; readonly end: number }): Raw => {
    if (one.kind === 'scalar') return { ...one, ...at }
    if (one.kind === 'list') return { ...one, ...at, items: one.items.map(move) }
    const entries = one.entries.map(entry => ({
      key: entry.key,
      keyStart: place(entry.keyStart),
      keyEnd: place(entry.keyEnd),
      value: move(entry.value),
    }))
    return { ...one, ...at, entries }
  }
  const move = (one: Raw): Raw => {
    const known = done.get(one)
    if (known) return known
    const at = { start: place(one.start), end: place(one.end) }
    const made = moved(one, at)
    done.set(one, made)
    return made
  }
  return move(raw)
}

function readStrictly(text: string): ReadResult {
  let document: Document.Parsed | undefined
  try {
    const documents = parseAllDocuments(text, {
      version: '1.2',
      keepSourceTokens: false,
      // The library's own check compares every key with every other.
      uniqueKeys: false,
      strict: true,
      logLevel: 'silent',
      // Tags that the library does not know are kept on the nodes too, each with a warning that takes time to make.
      customTags: CLOUDFORMATION_TAGS,
    })
    document = Array.isArray(documents) ? documents[0] : undefined
  } catch (error) {
    return { problems: [{ message: `not readable as YAML: ${reason(error)}`, start: 0, end: 0 }] }
  }
  if (!document) return { problems: [] }
  const problems: ReadProblem[] = document.errors.slice(0, 1).map(error => ({
    message: `not valid YAML: ${(error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')}`,
    start: error.pos[0],
    end: error.pos[1],
  }))
  if (!document.contents) return { problems }
  try {
    const raw = convertDocument(document, problems, text)
    const size = expandedSize(raw)
    if (size > MAX_EXPANDED_NODES) {
      return {
        problems: [{ message: `its aliases expand to more than ${MAX_EXPANDED_NODES} values`, start: 0, end: 0 }],
      }
    }
    return { raw, problems }
  } catch (error) {
    return { problems: [{ message: `not readable as YAML: ${reason(error)}`, start: 0, end: 0 }] }
  }
}

const reason = (error: unknown): string =>
  error instanceof RangeError ? 'nested too deep' : (messageOf(error).split('\n')[0] ?? '')

function convertDocument(document: Document.Parsed, problems: ReadProblem[], source: string): Raw {
  const anchors = new Map<string, Node>()
  visit(document, {
    Node(_key, node) {
      if ('anchor' in node && node.anchor && !isAlias(node)) anchors.set(node.anchor, node)
    },
  })
  const done = new Map<unknown, Raw>()
  let depth = 0
  const active = new Set<unknown>()
  let aliases = 0

  const convert = (node: unknown, fallback: number): Raw => {
    if (isAlias(node)) {
      if (++aliases > MAX_ALIASES) throw new Error(`more than ${MAX_ALIASES} aliases`)
      const target = anchors.get(node.source)
      if (!target || active.has(target)) return scalar(null, node, fallback)
      return convert(target, fallback)
    }
    const known = done.get(node)
    if (known) return known
    active.add(node)
    if (++depth > MAX_DEPTH) throw new Error(`nested more than ${MAX_DEPTH} levels deep`)
    const raw = convertNode(node, fallback)
    depth--
    active.delete(node)
    done.set(node, raw)
    return raw
  }

  const convertNode = (node: unknown, fallback: number): Raw => {
    if (isScalar(node)) return convertScalar(node, fallback, source)
    const [start, end] = range(node, fallback)
    if (isSeq(node)) {
      const items = node.items.map(item => convert(item, start))
      return { kind: 'list', items, ...tagOf(node), start, end: node.flow ? end : lastEnd(items, start) }
    }
    if (isMap(node)) {
      const entries = entriesOf(node, start)
      // What a merge key brings along stands elsewhere.
      const own = entries.filter(entry => entry.keyStart >= start && entry.keyStart < end)
      const ends = own.map(entry =>
        Math.max(entry.keyEnd, isAliasAt(entry.value, end) ? entry.keyEnd : entry.value.end),
      )
      return { kind: 'map', entries, ...tagOf(node), start, end: node.flow || !ends.length ? end : Math.max(...ends) }
    }
    return { kind: 'scalar', value: null, start, end }
  }

  const entriesOf = (map: YAMLMap, start: number): RawEntry[] => {
    const entries: RawEntry[] = []
    const inherited: RawEntry[] = []
    for (const pair of map.items) {
      if (!isPair(pair)) continue
      const key = isScalar(pair.key) ? String(pair.key.value) : ''
      const [keyStart, keyEnd] = range(pair.key, start)
      const value = convert(pair.value, keyEnd)
      if (key !== '<<') entries.push({ key, keyStart, keyEnd, value })
      else inherited.push(...rawItems(value).flatMap(one => (one.kind === 'map' ? one.entries : [])))
    }
    return countedEntries(entries, inherited, problems)
  }

  return convert(document.contents, 0)
}

function convertScalar(node: Scalar, fallback: number, source: string): Raw {
  const { value } = node
  const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
  // A bare account id is a text to AWS, and as a number it would lose its zeros.
  const block = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'
  const text = typeof value === 'number' && node.source !== undefined && String(value) !== node.source
  const written = plain ? value : String(value)
  const whole = scalar(text && /^0\d+$/.test(node.source ?? '') ? (node.source ?? '') : written, node, fallback)
  // A block text of the library ends where the next line begins.
  return block ? { ...whole, end: whole.start + source.slice(whole.start, whole.end).trimEnd().length } : whole
}

/**
 * The entries of a map, each key once: the last one that is written, or else the first that a merge key brings along.
 */
function countedEntries(
  entries: readonly RawEntry[],
  inherited: readonly RawEntry[],
  problems: ReadProblem[],
): RawEntry[] {
  const places = new Map<string, number>()
  for (const [at, { key, keyStart, keyEnd }] of entries.entries()) {
    if (places.has(key) && problems.length < MAX_DUPLICATES)
      problems.push({
        message: `the key ${JSON.stringify(key)} stands twice in one map: the last one counts`,
        start: keyStart,
        end: keyEnd,
        harmless: true,
      })
    places.set(key, at)
  }
  const counted = entries.filter((entry, at) => places.get(entry.key) === at)
  const seen = new Set(places.keys())
  for (const entry of inherited) {
    if (seen.has(entry.key)) continue
    seen.add(entry.key)
    counted.push(entry)
  }
  return counted
}

/** A block collection of the library ends where the next line's text begins; ours ends with its last child. */
const lastEnd = (items: readonly Raw[], start: number): number =>
  items.reduce((end, item) => Math.max(end, item.end), start)

/** An alias is the anchored value itself, which may stand anywhere. */
const isAliasAt = (value: Raw, end: number): boolean => value.end > end

function scalar(value: string | number | boolean | null, node: unknown, fallback: number): Raw {
  const [start, end] = range(node, fallback)
  return { kind: 'scalar', value, ...tagOf(node as Node), start, end }
}

/** The offsets of what is written, without the blanks and comments that follow it. */
function range(node: unknown, fallback: number): readonly [number, number] {
  const found = (node as ParsedNode | undefined)?.range
  return found ? [found[0], found[1]] : [fallback, fallback]
}

function tagOf(node: Node): { tag?: string } {
  const tag = (node as Scalar).tag
  return tag?.startsWith('!') ? { tag } : {}
}
