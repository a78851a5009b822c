/** Which parts of the event reach an expression: all of them, through whatever leads there. From the syntax alone. */
import type { CodeFile, Handler } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { bare, isFunctionNode, resolveName } from '../syntax/syntax.ts'
import { originsOf } from './origins.ts'
import type { Origin } from './origins.ts'

/**
 * Names of members; `[]` is an element of a list. `Records.[].body` is `record.body` in a loop over `event.Records`.
 */
export type EventPath = readonly string[]

/** A part of the event that reaches an expression. */
export interface Flow {
  /** Empty for the whole event. */
  readonly path: EventPath
  /** The expression is this part, or this part decoded; not a text that it is a piece of. */
  readonly exact: boolean
  /** What it is called on its way, as written: `record.body`, `name`. */
  readonly spoken: readonly ts.Expression[]
}

interface Within {
  readonly file: CodeFile
  readonly handlers: readonly Handler[]
}

/** Every part of the event of one of the handlers that reaches an expression, decoded or as a piece of a text too. */
export function eventFlows(node: ts.Expression, within: Within): readonly Flow[] {
  return originsOf(node, { file: within.file, handlers: within.handlers, through: 'content', callers: true })
    .filter(one => isEvent(one, within))
    .map(one => ({ path: one.path, exact: one.as !== 'piece', spoken: one.spoken }))
}

const known = new WeakMap<ts.Node, { readonly handlers: number; readonly path: EventPath | undefined }>()

/**
 * The part of the event that an expression surely is, as it comes; undefined when it is none, or may be something else.
 */
export function eventPath(node: ts.Expression, within: Within): EventPath | undefined {
  const expression = bare(node)
  if (
    !ts.isIdentifier(expression) &&
    !ts.isPropertyAccessExpression(expression) &&
    !ts.isElementAccessExpression(expression)
  )
    return undefined
  const { handlers } = within
  if (!handlers.length) return undefined
  const before = known.get(expression)
  if (before?.handlers === handlers.length) return before.path
  const path = pathOf(expression, within)
  known.set(expression, { handlers: handlers.length, path })
  return path
}

/**
 * Whether the path of an expression can end with a member, as far as its last name tells: `record.attributes` is no
 * body, where `record` is not an object that the code makes itself. Cheap: asked before `eventPath` where every member
 * of a file comes by.
 */
export function mayEndWith(node: ts.Expression, member: string): boolean {
  const expression = bare(node)
  if (ts.isIdentifier(expression)) return mayBeOfEvent(expression)
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text === member) return true
  let root: ts.Expression = expression
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) root = bare(root.expression)
  return ts.isIdentifier(root) ? resolveName(root)?.initializer !== undefined : !ts.isAwaitExpression(root)
}

/** Whether a name can stand for a part of the event: no global, no import, and nothing that the code makes itself. */
function mayBeOfEvent(identifier: ts.Identifier): boolean {
  const binding = resolveName(identifier)
  if (!binding || binding.imported || !/^(?:variable|parameter)$/.test(binding.kind)) return false
  const made = binding.initializer && bare(binding.initializer)
  return !(
    made &&
    binding.constant &&
    (ts.isNewExpression(made) || ts.isLiteralExpression(made) || isFunctionNode(made) || isParsed(made))
  )
}

/** `JSON.parse(…)`: what a text says, and the text no more. */
const isParsed = (node: ts.Expression): boolean =>
  ts.isCallExpression(node) &&
  ts.isPropertyAccessExpression(node.expression) &&
  node.expression.name.text === 'parse' &&
  ts.isIdentifier(node.expression.expression) &&
  node.expression.expression.text === 'JSON'

function pathOf(node: ts.Expression, within: Within): EventPath | undefined {
  const [first, ...others] = originsOf(node, {
    file: within.file,
    handlers: within.handlers,
    through: 'value',
    callers: true,
  }).filter(one => !isDefault(one.node))
  if (!first || !isEvent(first, within) || first.as !== 'itself') return undefined
  const dotted = first.path.join('.')
  return others.every(one => isEvent(one, within) && one.path.join('.') === dotted) ? first.path : undefined
}

/** What stands in where the event has nothing: `?? {}`, `= []`. */
const isDefault = (node: ts.Node): boolean =>
  ts.isLiteralExpression(node) ||
  node.kind === ts.SyntaxKind.NullKeyword ||
  (ts.isIdentifier(node) && node.text === 'undefined') ||
  (ts.isObjectLiteralExpression(node) && node.properties.length === 0) ||
  (ts.isArrayLiteralExpression(node) && node.elements.length === 0)

const isEvent = ({ node }: Origin, { handlers }: Within): boolean =>
  ts.isParameter(node) && handlers.some(handler => handler.fn === node.parent && handler.fn.parameters[0] === node)

/** Whether a path is the given one: `Records.[].body`. */
export const isPath = (path: EventPath | undefined, dotted: string): boolean => path?.join('.') === dotted
