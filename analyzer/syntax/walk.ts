/** The one way to look through a syntax tree. */
import { ts } from '../application/typescript.ts'

/** `own`: functions and classes below the root are seen, and not entered. */
export type Within = 'all' | 'own'

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
  const look = (node: ts.Node): ts.Node | undefined => {
    if (test(node)) return node
    return isEntered(node, root, within) ? ts.forEachChild(node, look) : undefined
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
  find(
    root,
    node => {
      if (test(node)) found.push(node)
      return false
    },
    within,
  )
  return found
}

const isEntered = (node: ts.Node, root: ts.Node, within: Within): boolean =>
  within === 'all' || node === root || !(ts.isFunctionLike(node) || ts.isClassLike(node))
