/** What a handler resolves with: its returns, followed through names, conditions and functions of the project. */
import type { CodeFile, FunctionNode, Handler } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { bare, dottedName, isAsync, returnsOf } from '../syntax/syntax.ts'
import { callbackCalls } from './handler-style.ts'
import { follow, functionsBehind } from './origins.ts'
import type { Placed } from './origins.ts'

const MAX_DEPTH = 5

/**
 * The expressions that become the result of an invocation, as far as they can be followed; the last that could be is
 * given where it ends. Undefined stands for a `return` without a value.
 */
export function resultsOf(handler: Handler): readonly (Placed | undefined)[] {
  const { fn } = handler
  if (!fn) return []
  return [...resultsOfFunction(fn, handler.home, 0), ...callbackResults(fn, handler.home)]
}

function resultsOfFunction(fn: FunctionNode, file: CodeFile, depth: number): (Placed | undefined)[] {
  return returnsOf(fn).flatMap(one => (one ? resultsOfExpression(one, file, depth) : [undefined]))
}

/** `callback(null, result)`, for handlers that are not async. */
function callbackResults(fn: FunctionNode, file: CodeFile): (Placed | undefined)[] {
  if (isAsync(fn)) return []
  return callbackCalls(fn).flatMap(call => {
    const [error, result] = call.arguments
    if (!error || !result || error.kind !== ts.SyntaxKind.NullKeyword) return []
    return resultsOfExpression(result, file, 0)
  })
}

function resultsOfExpression(node: ts.Expression, file: CodeFile, depth: number): (Placed | undefined)[] {
  const expression = bare(node)
  if (depth > MAX_DEPTH) return [{ node: expression, file }]
  if (ts.isConditionalExpression(expression))
    return [
      ...resultsOfExpression(expression.whenTrue, file, depth + 1),
      ...resultsOfExpression(expression.whenFalse, file, depth + 1),
    ]
  if (ts.isAwaitExpression(expression)) return resultsOfExpression(expression.expression, file, depth + 1)
  if (ts.isCallExpression(expression)) {
    if (dottedName(expression.expression) === 'Promise.resolve' && expression.arguments[0])
      return resultsOfExpression(expression.arguments[0], file, depth + 1)
    const target = functionsBehind(expression.expression, file)[0]
    if (target?.node.body && !target.node.asteriskToken) return resultsOfFunction(target.node, target.file, depth + 1)
    return [{ node: expression, file }]
  }
  if (ts.isIdentifier(expression)) {
    const target = follow(expression, file)
    if (target.node === expression) return [target]
    return ts.isObjectLiteralExpression(target.node)
      ? [target]
      : resultsOfExpression(target.node, target.file, depth + 1)
  }
  return [{ node: expression, file }]
}

/** The object that is surely and wholly written: no spreads, no computed names. */
export function closedObject(result: Placed | undefined): ts.ObjectLiteralExpression | undefined {
  return result &&
    ts.isObjectLiteralExpression(result.node) &&
    !result.node.properties.some(
      one => ts.isSpreadAssignment(one) || (one.name !== undefined && ts.isComputedPropertyName(one.name)),
    )
    ? result.node
    : undefined
}

/** The end of a function can be reached without a `return`: its last statement is none, and ends nothing. */
export function mayFallThrough(fn: FunctionNode): boolean {
  return fn.body !== undefined && ts.isBlock(fn.body) && !endsAlways(fn.body)
}

/** Whether what follows a statement is never reached. Loops count only when they are endless. */
export function endsAlways(statement: ts.Statement | undefined): boolean {
  if (!statement) return false
  if (ts.isReturnStatement(statement) || ts.isThrowStatement(statement)) return true
  if (ts.isBlock(statement)) return statement.statements.some(endsAlways)
  if (ts.isIfStatement(statement)) return endsAlways(statement.thenStatement) && endsAlways(statement.elseStatement)
  if (ts.isTryStatement(statement)) {
    if (statement.finallyBlock && endsAlways(statement.finallyBlock)) return true
    return endsAlways(statement.tryBlock) && (!statement.catchClause || endsAlways(statement.catchClause.block))
  }
  if (ts.isSwitchStatement(statement)) {
    const { clauses } = statement.caseBlock
    return (
      clauses.some(ts.isDefaultClause) &&
      clauses.every(
        (clause, index) =>
          clause.statements.some(endsAlways) || (clause.statements.length === 0 && index < clauses.length - 1),
      )
    )
  }
  if (ts.isWhileStatement(statement)) return statement.expression.kind === ts.SyntaxKind.TrueKeyword
  if (ts.isForStatement(statement)) return statement.condition === undefined
  return ts.isLabeledStatement(statement) && endsAlways(statement.statement)
}
