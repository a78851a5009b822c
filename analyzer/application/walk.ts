/** The one way to look through a syntax tree. */
import { ts } from './typescript.ts'

/**
 * What is entered below the root. `own`: functions and classes are seen, and not entered. A test: whether the children
 * of a node are looked at.
 */
export type Within = 'all' | 'own' | ((node: ts.Node) => boolean)

const listed = new WeakMap<ts.Node, readonly ts.Node[]>()

/**
 * Ties every node of a tree to the one around it, which the parser leaves to whoever needs it, and lists them all: a
 * file is looked through from end to end several times, and a list is quicker to go through than a tree.
 */
export function tieTree(file: ts.SourceFile): void {
  const nodes: ts.Node[] = [file]
  let around: ts.Node = file
  const visit = (node: ts.Node): void => {
    nodes.push(node)
    const before = around
    ;(node as { parent: ts.Node }).parent = before
    around = node
    ts.forEachChild(node, visit)
    around = before
  }
  ts.forEachChild(file, visit)
  listed.set(file, nodes)
}

/** Calls `visit` for the root and every node below it, in the order of the text. */
export function each(root: ts.Node, visit: (node: ts.Node) => void, within: Within = 'all'): void {
  const all = within === 'all' ? listed.get(root) : undefined
  if (all) {
    for (const node of all) visit(node)
    return
  }
  const enters = entryOf(root, within)
  const walk = (node: ts.Node): void => {
    visit(node)
    if (enters === undefined || enters(node)) ts.forEachChild(node, walk)
  }
  walk(root)
}

/** The first node, from the root on and in the order of the text, that a test holds for. */
export function find<T extends ts.Node>(
  root: ts.Node | undefined,
  test: (node: ts.Node) => node is T,
  within?: Within,
): T | undefined
export function find(root: ts.Node | undefined, test: (node: ts.Node) => boolean, within?: Within): ts.Node | undefined
export function find(
  root: ts.Node | undefined,
  test: (node: ts.Node) => boolean,
  within: Within = 'all',
): ts.Node | undefined {
  if (!root) return undefined
  const all = within === 'all' ? listed.get(root) : undefined
  if (all) return all.find(test)
  const enters = entryOf(root, within)
  const look = (node: ts.Node): ts.Node | undefined => {
    if (test(node)) return node
    return enters === undefined || enters(node) ? ts.forEachChild(node, look) : undefined
  }
  return look(root)
}

/** Whether a test holds for the root or a node below it. */
export const some = (root: ts.Node | undefined, test: (node: ts.Node) => boolean, within?: Within): boolean =>
  find(root, test, within) !== undefined

/** All nodes, from the root on and in the order of the text, that a test holds for. */
export function collect<T extends ts.Node>(
  root: ts.Node | undefined,
  test: (node: ts.Node) => node is T,
  within?: Within,
): T[]
export function collect(root: ts.Node | undefined, test: (node: ts.Node) => boolean, within?: Within): ts.Node[]
export function collect(
  root: ts.Node | undefined,
  test: (node: ts.Node) => boolean,
  within: Within = 'all',
): ts.Node[] {
  const found: ts.Node[] = []
  if (root)
    each(
      root,
      node => {
        if (test(node)) found.push(node)
      },
      within,
    )
  return found
}

/** Which nodes are entered; undefined: all. */
function entryOf(root: ts.Node, within: Within): ((node: ts.Node) => boolean) | undefined {
  if (within === 'all') return undefined
  if (within !== 'own') return within
  return node => node === root || !(ts.isFunctionLike(node) || ts.isClassLike(node))
}
