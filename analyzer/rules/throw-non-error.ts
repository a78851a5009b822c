import { ts } from '../application/typescript.ts'
import { replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext, Repair } from '../engine/rule.ts'
import { bare, dottedName, enclosingFunction } from '../syntax/syntax.ts'
import { textOf } from '../dataflow/values.ts'
import { kindsOf } from '../dataflow/event-kinds.ts'
import { callbackCalls, ownFunction } from '../dataflow/handler-style.ts'

/** A text or an object thrown where an error belongs: Lambda reports `string` or `[object Object]`, and no trace. */
export const rule = defineRule({
  id: 'throw-non-error',
  visit: {
    ThrowStatement(statement, code) {
      if (statement.expression) check(statement.expression, 'thrown', statement, code)
    },
    CallExpression(call, code) {
      const [argument] = call.arguments
      if (argument && dottedName(call.expression) === 'Promise.reject')
        check(argument, 'what a promise is rejected with', call, code)
    },
  },
  handler(handler, code) {
    const fn = ownFunction(handler)
    for (const call of fn ? callbackCalls(fn) : []) {
      const [argument] = call.arguments
      if (argument) check(argument, 'handed to the callback as its error', call, code)
    }
  },
})

function check(node: ts.Expression, how: string, at: ts.Node, code: CodeContext): void {
  const kind = kindOf(bare(node))
  if (!kind || !code.inHandler(at) || isCaughtHere(at) || isDocumentedAnswer(node, code)) return
  // Middleware makes an answer of such an object.
  if (kind === 'object' && (code.handlers.some(handler => handler.wrappers.length > 0) || how !== 'thrown')) return
  code.report({
    at: node,
    message:
      `A ${kind === 'string' ? 'text' : kind} is ${how}: Lambda reports the error with the type ` +
      `${kind}${kind === 'object' ? ', the message [object Object]' : ''} and no stack trace`,
    help: 'Use an Error, or a class that extends it',
    fixes: repairs(node, kind, code),
  })
}

function kindOf(node: ts.Expression): 'string' | 'number' | 'object' | undefined {
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return 'string'
  if (ts.isNumericLiteral(node)) return 'number'
  if (ts.isObjectLiteralExpression(node)) return 'object'
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined
  return kindOf(bare(node.left)) === 'string' || kindOf(bare(node.right)) === 'string' ? 'string' : undefined
}

/**
 * An authorizer says no by the text `Unauthorized`, which the API answers with 401, and an integration that maps
 * answers goes by what the text begins with: `[404] …`.
 */
const isDocumentedAnswer = (node: ts.Expression, code: CodeContext): boolean =>
  /^(Unauthorized|Error: Invalid token|\s*\[[\w ]+\])/.test(textOf(node, code.file) ?? '') ||
  code.handlers.some(handler => kindsOf(handler).has('authorizer'))

/** A `catch` in the same function takes it, and Lambda never sees it. */
function isCaughtHere(node: ts.Node): boolean {
  const fn = enclosingFunction(node)
  for (let current = node; current.parent && current.parent !== fn; current = current.parent) {
    if (ts.isTryStatement(current.parent) && current.parent.tryBlock === current && current.parent.catchClause)
      return true
  }
  return false
}

/** Whoever compares what they catch with a text would be surprised: never unasked. */
const repairs = (node: ts.Expression, kind: string, code: CodeContext): readonly Repair[] =>
  kind === 'string'
    ? [
        {
          description: 'Make it an Error',
          kind: 'suggestion',
          edits: [replaceNode(code.file, node, `new Error(${node.getText()})`)],
        },
      ]
    : []
