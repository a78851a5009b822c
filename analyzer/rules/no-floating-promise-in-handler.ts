import { insertBefore } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { bare, dottedName, enclosingFunction, isAsync } from '../engine/syntax.ts'
import { ts } from '../application/typescript.ts'
import { ownFunction, usesOfParameter } from '../dataflow/handler-style.ts'

/** A promise that nobody waits for: the environment is frozen when the handler returns, and the work with it. */
export const rule = defineRule({
  id: 'no-floating-promise-in-handler',
  visit: {
    ExpressionStatement(statement, code) {
      const expression = bare(statement.expression)
      // Syntax first: only a call can leave a promise behind, and the type checker is dear.
      const candidate = floatingCandidate(expression)
      if (!candidate || !code.inHandler(statement) || isWaitedFor(code)) return
      if (!isPromise(code.types(), candidate)) return
      const fn = enclosingFunction(statement)
      const canAwait = fn !== undefined && isAsync(fn)
      code.report({
        at: statement,
        message: `Nobody waits for the promise of ${dottedName(callee(candidate)) ?? 'this call'}: Lambda freezes the environment when the handler is done, and the work may stop half way`,
        help: canAwait
          ? 'Await it, return it, or mark it with void when it really may be lost'
          : 'Make the function async and await it, or return it',
        fixes: canAwait
          ? [
              {
                description: 'Await the promise',
                kind: 'fix',
                edits: [insertBefore(code.file, statement.expression, 'await ')],
              },
            ]
          : [],
      })
    },
  },
})

/**
 * Lambda waits for the event loop of a handler that answers by its callback, unless it is told not to: what it left running is done
 * by then.
 */
const isWaitedFor = (code: CodeContext): boolean =>
  code.handlers.length > 0 &&
  code.handlers.every(handler => {
    const fn = ownFunction(handler)
    return (
      fn !== undefined &&
      !isAsync(fn) &&
      usesOfParameter(fn, 2).length > 0 &&
      !/\bcallbackWaitsForEmptyEventLoop\b/.test(handler.file.source.text)
    )
  })

const callee = (node: ts.Expression): ts.Expression => (ts.isCallExpression(node) ? node.expression : node)

/** A call, unless its rejection is handled and it is awaited elsewhere; `a && b()` and `a ? b() : c()` count by their calls. */
function floatingCandidate(node: ts.Expression): ts.CallExpression | undefined {
  const expression = bare(node)
  if (
    ts.isBinaryExpression(expression) &&
    (expression.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ||
      expression.operatorToken.kind === ts.SyntaxKind.BarBarToken)
  ) {
    return undefined
  }
  return ts.isCallExpression(expression) && !/^console\./.test(dottedName(expression.expression) ?? '')
    ? expression
    : undefined
}

/** Whether the type surely is a promise: a class or interface with a `then` that takes a callback. `any` says nothing. */
function isPromise(checker: ts.TypeChecker, node: ts.CallExpression): boolean {
  const type = checker.getTypeAtLocation(node)
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Never)) return false
  const parts = type.isUnion() ? type.types : [type]
  return parts.some(part => {
    const then = part.getProperty('then')
    if (!then) return false
    const signatures = checker.getTypeOfSymbolAtLocation(then, node).getCallSignatures()
    return signatures.some(signature => signature.parameters.length > 0)
  })
}
