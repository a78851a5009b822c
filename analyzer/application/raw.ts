/**
 * What YAML and JSON have in common: a tree of scalars, lists and maps with offsets. Aliases of YAML are shared nodes here,
 * so a tree is as large as its text; `expandedSize` says what it would be if every alias were written out.
 */
export type Raw = RawScalar | RawList | RawMap

export interface RawScalar {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  /** A YAML tag such as `!Ref`; absent for the standard ones. */
  readonly tag?: string
  readonly start: number
  readonly end: number
}

export interface RawList {
  readonly kind: 'list'
  readonly items: readonly Raw[]
  readonly tag?: string
  readonly start: number
  readonly end: number
}

export interface RawEntry {
  readonly key: string
  readonly keyStart: number
  readonly keyEnd: number
  readonly value: Raw
}

export interface RawMap {
  readonly kind: 'map'
  readonly entries: readonly RawEntry[]
  readonly tag?: string
  readonly start: number
  readonly end: number
}

/** A place where the text is not YAML or JSON, or cannot be taken in. */
export interface ReadProblem {
  readonly message: string
  readonly start: number
  readonly end: number
}

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
