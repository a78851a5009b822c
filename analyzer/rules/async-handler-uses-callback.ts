import { ts } from '../application/typescript.ts'
import { replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext, Repair } from '../engine/rule.ts'
import { bare, enclosingFunction, isAsync } from '../syntax/syntax.ts'
import { callbackCalls, contextEnds, ownFunction } from '../dataflow/handler-style.ts'

/** An async handler that calls its callback too: the promise wins, the callback comes too late or twice. */
export const rule = defineRule({
  id: 'async-handler-uses-callback',
  handler(handler, code) {
    const fn = ownFunction(handler)
    if (!fn || !isAsync(fn)) return
    for (const call of callbackCalls(fn)) {
      const own = enclosingFunction(call) === fn
      code.report({
        at: call,
        message: own
          ? `${call.expression.getText()} in an async handler: the answer is what the promise resolves with, ` +
            'and only one of the two counts'
          : `${call.expression.getText()} is called later, when the promise of the async handler may be settled ` +
            'and the environment frozen: its answer is lost',
        help: own
          ? 'Return the result and throw the error'
          : 'Await the work, then return the result; or take async away and leave everything to the callback',
        related: [{ at: fn.parameters[2] ?? fn, message: 'the callback that Lambda hands over' }],
        fixes: own ? repairs(call, code) : [],
      })
    }
    for (const end of contextEnds(fn)) {
      code.report({
        at: end,
        message:
          `${end.getText()} in an async handler: the answer is what the promise resolves with, and only one of ` +
          'the two counts',
        help: 'Return the result and throw the error',
      })
    }
  },
})

/**
 * `return callback(null, x)` is `return x`; an error is thrown only on somebody's word, for a `catch` around it would
 * take it.
 */
function repairs(call: ts.CallExpression, code: CodeContext): readonly Repair[] {
  const [error, result] = call.arguments
  const statement = call.parent
  const returned = ts.isReturnStatement(statement)
  if (!returned && !(ts.isExpressionStatement(statement) && isLast(statement))) return []
  if (error && isNothing(error)) {
    const text = result ? `return ${result.getText()}` : 'return'
    return [
      {
        description: 'Return the result',
        kind: returned ? 'fix' : 'suggestion',
        edits: [replaceNode(code.file, statement, text)],
      },
    ]
  }
  if (error && !result)
    return [
      {
        description: 'Throw the error',
        kind: 'suggestion',
        edits: [replaceNode(code.file, statement, `throw ${error.getText()}`)],
      },
    ]
  return []
}

const isNothing = (node: ts.Expression): boolean => {
  const expression = bare(node)
  return (
    expression.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(expression) && expression.text === 'undefined')
  )
}

const isLast = (statement: ts.Statement): boolean =>
  ts.isBlock(statement.parent) && statement.parent.statements.at(-1) === statement
