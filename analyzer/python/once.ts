/** Work of Python code that an environment does once, though an invocation starts it. */
import type { PyNode, PythonFile } from '../application/python.ts'
import { ancestors, collect, dottedName, enclosingFunction, isFunction, some, textOf } from './syntax.ts'

/** Longer chains of calls are not followed. */
const MAX_DEPTH = 5

/**
 * Whether a node runs behind a test of a global name that its function sets (`if not config: config = load()`), in a
 * function whose result a decorator keeps, or is called from such places alone.
 */
export function isDoneOnce(node: PyNode, file: PythonFile, depth = 0): boolean {
  const fn = enclosingFunction(node)
  if (!fn) return true
  if (isCached(fn) || globalsSetIn(fn).some(name => isBehindTestOf(name, node, fn))) return true
  const callers = depth < MAX_DEPTH ? callersOf(fn, file) : []
  return callers.length > 0 && callers.every(call => isDoneOnce(call, file, depth + 1))
}

/** `@lru_cache`, `@functools.cache`, `@cached(…)`. */
export const isCached = (fn: PyNode): boolean =>
  fn.parent?.type === 'decorated_definition' && /cache/.test(textOf(fn.parent).split('def ')[0] ?? '')

const globalsSetIn = (fn: PyNode): readonly string[] =>
  collect(fn, node => node.type === 'global_statement')
    .flatMap(statement => statement.children.map(textOf))
    .filter(name => some(fn, node => isAssignmentTo(name, node)))

const isAssignmentTo = (name: string, node: PyNode): boolean => {
  const left = node.type === 'assignment' ? node.field('left') : undefined
  return left?.type === 'identifier' && textOf(left) === name
}

/** `if not name:` around the node, where the name is set, or `if name: return name` before it. */
function isBehindTestOf(name: string, node: PyNode, fn: PyNode): boolean {
  let inner = node
  for (const around of ancestors(node)) {
    const isGuard = around.type === 'if_statement' && around.field('consequence') === inner
    if (isGuard && isUnset(name, around) && some(inner, one => isAssignmentTo(name, one))) return true
    if (around.type === 'block' && leavesWhenSet(name, around.children.slice(0, around.children.indexOf(inner))))
      return true
    if (around === fn) return false
    inner = around
  }
  return false
}

const conditionOf = (statement: PyNode): string => textOf(statement.field('condition') ?? statement).trim()

const isUnset = (name: string, statement: PyNode): boolean =>
  new RegExp(`^\\(?\\s*(?:not\\s+${name}|${name}\\s+is\\s+None|${name}\\s*==\\s*None)\\s*\\)?$`).test(
    conditionOf(statement),
  )

const leavesWhenSet = (name: string, before: readonly PyNode[]): boolean =>
  before.some(
    statement =>
      statement.type === 'if_statement' &&
      new RegExp(`^\\(?\\s*${name}(?:\\s+is\\s+not\\s+None)?\\s*\\)?$`).test(conditionOf(statement)) &&
      statement.field('consequence')?.children.at(-1)?.type === 'return_statement',
  )

/** The calls of a function in its file; none where it is handed on, so that others may call it. */
function callersOf(fn: PyNode, file: PythonFile): readonly PyNode[] {
  const name = fn.field('name')
  if (!name || !isFunction(fn)) return []
  const uses = collect(
    file.root,
    node => node !== name && node.type === 'identifier' && textOf(node) === textOf(name) && !isPartOfName(node),
  )
  const calls = uses.flatMap(use => {
    const whole = use.parent?.type === 'attribute' && use.parent.field('attribute') === use ? use.parent : use
    return whole.parent?.type === 'call' && whole.parent.field('function') === whole && isOwn(whole)
      ? [whole.parent]
      : []
  })
  return calls.length === uses.length ? calls : []
}

/** A keyword of a call, or the object of an attribute: no use of the function. */
const isPartOfName = (node: PyNode): boolean =>
  node.parent?.type === 'keyword_argument' && node.parent.field('name') === node

/** `load()` and `self.load()`, and no method of something else. */
const isOwn = (callee: PyNode): boolean => /^(?:(?:self|cls)\.)?\w+$/.test(dottedName(callee) ?? '')
