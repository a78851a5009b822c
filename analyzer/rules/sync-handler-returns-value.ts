import type { FunctionNode } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { insertBefore, replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext, Edit } from '../engine/rule.ts'
import { bare, dottedName, returnsOf } from '../syntax/syntax.ts'
import {
  callbackCalls,
  contextEnds,
  isPlain,
  mayBeEndedElsewhere,
  nodeVersions,
  ownFunction,
} from '../dataflow/handler-style.ts'
import { some } from '../application/walk.ts'

/** The first runtime that takes what a plain function returns. */
const TAKES_RETURNED_VALUE = 24

/**
 * A plain function that returns a plain value: Lambda looks for a promise or the callback, finds neither, and answers
 * null.
 */
export const rule = defineRule({
  id: 'sync-handler-returns-value',
  handler(handler, code) {
    const fn = ownFunction(handler)
    if (!fn?.body || !isPlain(fn) || callbackCalls(fn).length || contextEnds(fn).length || mayBeEndedElsewhere(fn))
      return
    const versions = nodeVersions(handler)
    if (versions.some(version => version === undefined || version >= TAKES_RETURNED_VALUE)) return
    const returned = returnsOf(fn).filter(one => one !== undefined)
    // Syntax first: what can be nothing but a promise or nothing needs no types.
    const lost = returned.filter(one => isPlainValue(one, code))
    const [first, ...others] = lost
    if (!first) return
    const certain = lost.length === returned.length && leavesNothingBehind(fn)
    code.report({
      at: first,
      message: `This is lost: ${handler.exportName} is neither async nor calls its callback, so the caller gets null`,
      help: 'Make the handler async',
      related: [
        ...others.map(other => ({ at: other, message: 'this is lost too' })),
        ...handler.functions.map(one => ({
          at: one.runtime.isAbsent ? one : one.runtime,
          message: `${one.id} runs it with ${one.runtime.string()}`,
        })),
      ],
      fixes: [
        { description: 'Make the handler async', kind: certain ? 'fix' : 'suggestion', edits: makeAsync(fn, code) },
      ],
      // Without a template it may run with a runtime that takes the value.
      ...(versions.length ? {} : { severity: 'warning' as const }),
    })
  },
})

/** Surely a value, and neither a promise nor nothing. */
function isPlainValue(node: ts.Expression, code: CodeContext): boolean {
  const expression = bare(node)
  if (ts.isObjectLiteralExpression(expression))
    return !expression.properties.some(
      one =>
        ts.isSpreadAssignment(one) || (one.name !== undefined && ts.isIdentifier(one.name) && one.name.text === 'then'),
    )
  if (
    ts.isArrayLiteralExpression(expression) ||
    ts.isStringLiteralLike(expression) ||
    ts.isNumericLiteral(expression) ||
    ts.isTemplateExpression(expression)
  )
    return true
  if (expression.kind === ts.SyntaxKind.TrueKeyword || expression.kind === ts.SyntaxKind.FalseKeyword) return true
  if (
    expression.kind === ts.SyntaxKind.NullKeyword ||
    ts.isVoidExpression(expression) ||
    ts.isAwaitExpression(expression)
  )
    return false
  if (
    ts.isCallExpression(expression) &&
    /^Promise\.|\.(then|catch|finally|promise)$/.test(dottedName(expression.expression) ?? '')
  )
    return false
  return isValueByType(code.types().getTypeAtLocation(expression))
}

const NOTHING = ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Null | ts.TypeFlags.Never
const UNSURE =
  ts.TypeFlags.Any |
  ts.TypeFlags.Unknown |
  ts.TypeFlags.TypeParameter |
  ts.TypeFlags.Conditional |
  ts.TypeFlags.IndexedAccess

function isValueByType(type: ts.Type): boolean {
  const parts = (type.isUnion() ? type.types : [type]).filter(part => !(part.flags & NOTHING))
  return (
    parts.length > 0 &&
    parts.every(part => !(part.flags & UNSURE) && part.getProperty('then') === undefined && !isEmptyObject(part))
  )
}

/** `{}` and `object` may be anything. */
const isEmptyObject = (type: ts.Type): boolean =>
  Boolean(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.NonPrimitive)) &&
  type.getProperties().length === 0 &&
  type.getCallSignatures().length === 0

/** Nothing may go on after the return that Lambda waits for today, and would not once the handler is async. */
const leavesNothingBehind = (fn: FunctionNode): boolean =>
  !some(
    fn.body,
    node =>
      ts.isFunctionLike(node) ||
      (ts.isExpressionStatement(node) &&
        ts.isCallExpression(node.expression) &&
        !/^console\./.test(dottedName(node.expression.expression) ?? '')),
  )

function makeAsync(fn: FunctionNode, code: CodeContext): readonly Edit[] {
  const type = fn.type ? [replaceNode(code.file, fn.type, `Promise<${fn.type.getText()}>`)] : []
  if (ts.isArrowFunction(fn)) return [insertBefore(code.file, fn, 'async '), ...type]
  if (ts.isMethodDeclaration(fn)) return [insertBefore(code.file, fn.name, 'async '), ...type]
  const keyword = fn.getChildren().find(child => child.kind === ts.SyntaxKind.FunctionKeyword) ?? fn
  return [insertBefore(code.file, keyword, 'async '), ...type]
}
