/**
 * What YAML and JSON have in common: a tree of scalars, lists and maps with offsets. Aliases of YAML are shared nodes
 * here, so a tree is as large as its text; `expandedSize` says what it would be if every alias were written out.
 */
export type Raw = RawScalar | RawList | RawMap

/** A text, number, boolean or null, at its place. */
export interface RawScalar {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  /** A YAML tag such as `!Ref`; absent for the standard ones. */
  readonly tag?: string
  readonly start: number
  readonly end: number
}

/** A list, at its place. */
export interface RawList {
  readonly kind: 'list'
  readonly items: readonly Raw[]
  /** A fault in the text stands in it: there may be more than was read. */
  readonly open?: true
  readonly tag?: string
  readonly start: number
  readonly end: number
}

/** A key of a map with its value, both at their places. */
export interface RawEntry {
  readonly key: string
  readonly keyStart: number
  readonly keyEnd: number
  readonly value: Raw
}

/** A map, at its place. */
export interface RawMap {
  readonly kind: 'map'
  readonly entries: readonly RawEntry[]
  /** A fault in the text stands in it: there may be more than was read. */
  readonly open?: true
  readonly tag?: string
  readonly start: number
  readonly end: number
}

/** A place where the text is not YAML or JSON, or cannot be taken in. */
export interface ReadProblem {
  readonly message: string
  readonly start: number
  readonly end: number
  /** The tools that deploy take the file all the same, and so is all of it read here. */
  readonly harmless?: true
}

/** What could be read of a file, and what is wrong with it. */
export interface ReadResult {
  /** Absent when nothing of the text could be understood. */
  readonly raw?: Raw
  readonly problems: readonly ReadProblem[]
}

/** The value of a key of a raw map; undefined when `raw` is no map or has no such key. */
export function rawGet(raw: Raw | undefined, ...path: readonly string[]): Raw | undefined {
  let node = raw
  for (const key of path) {
    if (node?.kind !== 'map') return undefined
    node = node.entries.find(entry => entry.key === key)?.value
  }
  return node
}

/** Nodes of the tree with every shared node counted as often as it is used; stops counting at 2^53. */
export function expandedSize(raw: Raw): number {
  const sizes = new Map<Raw, number>()
  const size = (node: Raw): number => {
    const known = sizes.get(node)
    if (known !== undefined) return known
    let total = 1
    if (node.kind === 'list') for (const item of node.items) total += size(item)
    else if (node.kind === 'map') for (const entry of node.entries) total += size(entry.value)
    sizes.set(node, total)
    return total
  }
  return size(raw)
}

/**
 * The tree of a text with a fault: what begins behind the fault is left out, and every list and map around it is open,
 * so that nothing is concluded from what could not be read.
 * @param at offset of the fault.
 */
export function openedAt(raw: Raw, at: number): Raw {
  if (raw.kind === 'scalar') return raw
  if (raw.kind === 'list') {
    const items = raw.items.filter(item => item.start < at)
    return {
      ...raw,
      open: true,
      items: items.map((item, index) => (index === items.length - 1 ? openedAt(item, at) : item)),
    }
  }
  const entries = raw.entries.filter(entry => entry.keyStart < at)
  return {
    ...raw,
    open: true,
    entries: entries.map((entry, index) =>
      index === entries.length - 1 ? { ...entry, value: unfinished(entry, at) } : entry,
    ),
  }
}

/** The last thing before a fault; a text may have been cut off by it. */
function unfinished(entry: RawEntry, at: number): Raw {
  const { value } = entry
  if (value.kind !== 'scalar' || (value.end < at && value.value !== null)) return openedAt(value, at)
  return { kind: 'map', entries: [], open: true, start: value.start, end: value.end }
}

/** The items of a list; anything else that is written counts as a list of one. */
export function rawItems(raw: Raw | undefined): readonly Raw[] {
  if (raw?.kind === 'list') return raw.items
  return raw ? [raw] : []
}

/** The scalar that a raw value is; undefined for anything else. */
export const rawScalar = (raw: Raw | undefined): RawScalar['value'] | undefined =>
  raw?.kind === 'scalar' ? raw.value : undefined
