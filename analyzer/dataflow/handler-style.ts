/**
 * How a handler hands back its result: by a promise, by the callback, by the old methods of its context, or not at all.
 */
import type { FunctionNode, Handler } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { isAsync, resolveName } from '../syntax/syntax.ts'
import { collect } from '../application/walk.ts'

/** Methods of the context that end an invocation, from the first version of the Node.js runtime. */
const ENDS = new Set(['done', 'succeed', 'fail'])

/** The function that Lambda itself calls: one that is found, and not in the hands of a wrapper. */
export function ownFunction(handler: Handler): FunctionNode | undefined {
  return handler.wrappers.length === 0 ? handler.fn : undefined
}

/** The name of a parameter; undefined when there is none, or it is a pattern. */
export function parameterName(fn: FunctionNode, index: number): ts.Identifier | undefined {
  const parameter = fn.parameters[index]
  return parameter && !parameter.dotDotDotToken && ts.isIdentifier(parameter.name) ? parameter.name : undefined
}

/** Where a parameter is used in the function, in nested functions too; its declaration is not among them. */
export function usesOfParameter(fn: FunctionNode, index: number): readonly ts.Identifier[] {
  const name = parameterName(fn, index)
  if (!name || !fn.body) return []
  return collect(
    fn.body,
    (node): node is ts.Identifier =>
      ts.isIdentifier(node) && node.text === name.text && !isMemberName(node) && resolveName(node)?.identifier === name,
  )
}

/** The name of a property, which stands for nothing by itself. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isMethodDeclaration(parent) && parent.name === node)
  )
}

/** The calls of the callback in the function, in nested functions too. */
export function callbackCalls(fn: FunctionNode): readonly ts.CallExpression[] {
  const uses = usesOfParameter(fn, 2)
  // A callback of its own stands in its place.
  if (uses.some(isAssigned)) return []
  return uses.flatMap(use => (ts.isCallExpression(use.parent) && use.parent.expression === use ? [use.parent] : []))
}

/**
 * `context.done`, `context.succeed` and `context.fail` in the function; not what the code itself puts in their place.
 */
export function contextEnds(fn: FunctionNode): readonly ts.PropertyAccessExpression[] {
  const ends = usesOfParameter(fn, 1).flatMap(use =>
    ts.isPropertyAccessExpression(use.parent) && use.parent.expression === use && ENDS.has(use.parent.name.text)
      ? [use.parent]
      : [],
  )
  const replaced = new Set(ends.filter(isAssigned).map(end => end.name.text))
  return replaced.size ? ends.filter(end => !replaced.has(end.name.text)) : ends
}

const isAssigned = (node: ts.Expression): boolean =>
  ts.isBinaryExpression(node.parent) &&
  node.parent.left === node &&
  node.parent.operatorToken.kind === ts.SyntaxKind.EqualsToken

/**
 * Whether somebody else may end the invocation: the callback, the context or all arguments are handed on, or the
 * parameters are taken apart in a way that hides what becomes of them.
 */
export function mayBeEndedElsewhere(fn: FunctionNode): boolean {
  if (
    fn.parameters.slice(1, 3).some(parameter => !ts.isIdentifier(parameter.name)) ||
    fn.parameters.some(parameter => parameter.dotDotDotToken)
  )
    return true
  if (fn.body && /\barguments\b/.test(fn.body.getText())) return true
  if (usesOfParameter(fn, 2).some(use => !(ts.isCallExpression(use.parent) && use.parent.expression === use)))
    return true
  return usesOfParameter(fn, 1).some(
    use => !(ts.isPropertyAccessExpression(use.parent) && use.parent.expression === use),
  )
}

/** A handler that has nothing to do with promises as far as its own syntax tells. */
export const isPlain = (fn: FunctionNode): boolean =>
  !isAsync(fn) && fn.asteriskToken === undefined && !ts.isGetAccessor(fn)

/**
 * The Node.js versions of the runtimes that the template gives the handler; undefined among them where it is not known.
 */
export function nodeVersions(handler: Handler): readonly (number | undefined)[] {
  return handler.functions.map(fn => {
    const version = /^nodejs(\d+)/.exec(fn.runtime.string() ?? '')?.[1]
    return version === undefined ? undefined : Number(version)
  })
}
