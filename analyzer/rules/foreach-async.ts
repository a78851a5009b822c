import { ts } from '../application/typescript.ts'
import { replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext, Repair } from '../engine/rule.ts'
import { enclosingFunction, isAsync, isFunctionNode, returnsOf } from '../syntax/syntax.ts'
import type { FunctionNode } from '../syntax/syntax.ts'
import { follow, functionsBehind } from '../dataflow/origins.ts'
import { some } from '../application/walk.ts'

/** `forEach` with an async function: nobody waits for any of them. */
export const rule = defineRule({
  id: 'foreach-async',
  visit: {
    CallExpression(call, code) {
      if (!ts.isPropertyAccessExpression(call.expression) || call.expression.name.text !== 'forEach') return
      const fn = callbackOf(call, code)
      if (!fn || !isAsync(fn) || !waits(fn) || !code.inHandler(call)) return
      // Libraries have a `forEach` that waits; whoever uses the result of a call means one of these, or knows a list.
      if (!ts.isExpressionStatement(call.parent) && !isList(call.expression.expression, code)) return
      code.report({
        at: call.expression.name,
        message:
          'forEach does not wait for async functions: the handler goes on, and may be done and frozen before ' +
          'they are, and their errors reach nobody',
        help: 'Loop with for...of and await, or await Promise.all(list.map(...))',
        fixes: repairs(call, fn, code),
      })
    },
  },
})

/** Without an `await` it is over when `forEach` comes to the next. */
function waits(fn: FunctionNode): boolean {
  if (fn.body && !ts.isBlock(fn.body)) return true
  return (
    returnsOf(fn).some(one => one && ts.isCallExpression(one)) ||
    some(
      fn.body,
      node => ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined),
      'own',
    )
  )
}

function isList(node: ts.Expression, code: CodeContext): boolean {
  if (ts.isArrayLiteralExpression(follow(node, code.file).node)) return true
  const symbol = code.types().getTypeAtLocation(node).getSymbol()?.getName()
  return symbol === 'Array' || symbol === 'ReadonlyArray' || symbol === 'Map' || symbol === 'Set'
}

/** A loop in its place, where the function takes one plain element and returns nothing. */
function repairs(call: ts.CallExpression, fn: FunctionNode, code: CodeContext): readonly Repair[] {
  const around = enclosingFunction(call)
  const [argument] = call.arguments
  const [element] = fn.parameters
  if (
    argument !== fn ||
    !element ||
    element.type ||
    !around ||
    !isAsync(around) ||
    fn.parameters.length !== 1 ||
    !ts.isExpressionStatement(call.parent) ||
    !fn.body
  )
    return []
  if (ts.isBlock(fn.body) && returnsOf(fn).length) return []
  const body = ts.isBlock(fn.body) ? fn.body.getText() : `{ await ${fn.body.getText()} }`
  const list = (call.expression as ts.PropertyAccessExpression).expression.getText()
  return [
    {
      description: 'Loop and await one after the other',
      kind: 'suggestion',
      edits: [replaceNode(code.file, call.parent, `for (const ${element.name.getText()} of ${list}) ${body}`)],
    },
  ]
}

/** The function that `forEach` calls, written there or elsewhere under a name. */
function callbackOf({ arguments: [argument] }: ts.CallExpression, code: CodeContext): FunctionNode | undefined {
  if (!argument || isFunctionNode(argument)) return argument
  return ts.isIdentifier(argument) ? functionsBehind(argument, code.file)[0]?.node : undefined
}
