/** Python's syntax as plain nodes: what tree-sitter gives, with parents and places, and nothing of its memory. */
import type { PyNode } from '../application/python.ts'
import type { Loc, SourceText } from '../application/source.ts'
import { parseWith } from '../grammars/grammars.ts'
import type { SyntaxNode } from '../grammars/grammars.ts'

/** Deeper nests are cut off: no program is written so. */
const MAX_DEPTH = 400

/** The tree of a file, and the first place that is not Python. */
export function parsePython(source: SourceText): { readonly root: PyNode; readonly fault: Loc | undefined } {
  const tree = parseWith('python', source.text)
  try {
    return { root: convert(tree.rootNode, undefined, source, 0), fault: faultOf(tree.rootNode, source) }
  } finally {
    tree.delete()
  }
}

function convert(node: SyntaxNode, parent: PyNode | undefined, source: SourceText, depth: number): PyNode {
  const fields = new Map<string, PyNode>()
  const children: PyNode[] = []
  const made: PyNode = {
    type: node.type,
    loc: { source, start: node.startIndex, end: node.endIndex },
    parent,
    children,
    field: name => fields.get(name),
  }
  if (depth >= MAX_DEPTH) return made
  for (const [index, child] of node.children.entries()) {
    if (!child?.isNamed || child.type === 'comment') continue
    const inner = convert(child, made, source, depth + 1)
    children.push(inner)
    const field = node.fieldNameForChild(index)
    if (field !== null && !fields.has(field)) fields.set(field, inner)
  }
  return made
}

function faultOf(node: SyntaxNode, source: SourceText): Loc | undefined {
  if (!node.hasError) return undefined
  let place = node
  for (let depth = 0; depth < MAX_DEPTH && place.type !== 'ERROR' && !place.isMissing; depth++) {
    const next = place.children.find(child => child?.hasError || child?.isMissing)
    if (!next) break
    place = next
  }
  return { source, start: place.startIndex, end: Math.max(place.endIndex, place.startIndex + 1) }
}

/** The text of a node. */
export const textOf = (node: PyNode): string => node.loc.source.text.slice(node.loc.start, node.loc.end)

/** Every node below and with this one for which the question is answered with yes. */
export function collect(node: PyNode, isWanted: (node: PyNode) => boolean): readonly PyNode[] {
  const found: PyNode[] = []
  const walk = (at: PyNode): void => {
    if (isWanted(at)) found.push(at)
    for (const child of at.children) walk(child)
  }
  walk(node)
  return found
}

/** Whether a node, or one below it, is wanted. */
export const some = (node: PyNode, isWanted: (node: PyNode) => boolean): boolean =>
  isWanted(node) || node.children.some(child => some(child, isWanted))

/** Whether a node is a function or a lambda. */
export const isFunction = (node: PyNode): boolean => node.type === 'function_definition' || node.type === 'lambda'

/** The nodes around this one, from the inside out. */
export function* ancestors(node: PyNode): Generator<PyNode> {
  for (let at = node.parent; at; at = at.parent) yield at
}

/** The function in which a node stands; undefined at module level, and in the body of a class. */
export function enclosingFunction(node: PyNode): PyNode | undefined {
  for (const around of ancestors(node)) if (isFunction(around)) return around
  return undefined
}

/** `a.b.c` of names and attributes; undefined for everything else. */
export function dottedName(node: PyNode | undefined): string | undefined {
  if (node?.type === 'identifier') return textOf(node)
  if (node?.type !== 'attribute') return undefined
  const object = dottedName(node.field('object'))
  const attribute = node.field('attribute')
  return object === undefined || !attribute ? undefined : `${object}.${textOf(attribute)}`
}

/** The text of a literal, also of several beside one another; undefined when a part of it is worked out. */
export function literalOf(node: PyNode | undefined): string | undefined {
  if (node?.type === 'parenthesized_expression' && node.children.length === 1) return literalOf(node.children[0])
  if (node?.type === 'concatenated_string') {
    const parts = node.children.filter(child => child.type !== 'line_continuation').map(literalOf)
    return parts.some(part => part === undefined) ? undefined : parts.join('')
  }
  if (node?.type !== 'string' || node.children.some(child => child.type === 'interpolation')) return undefined
  return node.children
    .filter(child => child.type === 'string_content')
    .map(textOf)
    .join('')
}

/** The arguments of a call, by position and by keyword. */
export interface Arguments {
  readonly positional: readonly PyNode[]
  readonly keywords: ReadonlyMap<string, PyNode>
  /** `*args` or `**kwargs`: there may be more. */
  readonly open: boolean
}

/** The arguments of a call as they stand; those of `*args` and `**kwargs` are not known. */
export function argumentsOf(call: PyNode): Arguments {
  const list = call.field('arguments')
  const keywords = new Map<string, PyNode>()
  const positional: PyNode[] = []
  let open = false
  for (const argument of list?.type === 'argument_list' ? list.children : []) {
    const name = argument.type === 'keyword_argument' ? argument.field('name') : undefined
    const value = argument.field('value')
    if (name && value) keywords.set(textOf(name), value)
    else if (/splat/.test(argument.type)) open = true
    else positional.push(argument)
  }
  return { positional, keywords, open }
}
