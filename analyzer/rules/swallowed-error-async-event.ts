import type { FunctionNode } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { insertAfter, insertBefore } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext, Repair } from '../engine/rule.ts'
import { bare, dottedName, isFunctionNode } from '../engine/syntax.ts'
import { endsAlways } from '../dataflow/handler-results.ts'
import { ownFunction, parameterName } from '../dataflow/handler-style.ts'

/** An error that is printed and forgotten where its failure would have been tried again: the event is lost. */
export const rule = defineRule({
  id: 'swallowed-error-async-event',
  handler(handler, code) {
    const fn = ownFunction(handler)
    const events = handler.functions.flatMap(one => one.events)
    // Whoever waits for an answer may well be given one.
    if (!fn?.body || !ts.isBlock(fn.body) || !events.length || !events.every(event => event.invocation !== 'sync'))
      return
    const callback = parameterName(fn, 2)?.text
    for (const [node, block, fixes] of [
      ...swallowingCatches(fn.body, callback, code),
      ...swallowingCallbacks(fn, callback),
    ]) {
      code.report({
        at: node,
        message: `The error is printed and forgotten: for Lambda the invocation succeeded, so it is neither tried again nor sent to a failure destination, and the event is lost`,
        help: `Throw it again${events.some(event => event.kind === 'sqs' || event.kind === 'kinesis' || event.kind === 'dynamodb') ? ', or name the failed items in batchItemFailures' : ''}`,
        related: events.slice(0, 3).map(event => ({
          at: event,
          message:
            event.invocation === 'poll'
              ? 'a failed batch of this source is delivered again'
              : 'a failed event of this source is tried twice more',
        })),
        fixes: fixes ? throwAgain(block, fixes, code) : [],
      })
    }
  },
})

type Swallowed = readonly [node: ts.Node, block: ts.Block, error: string | undefined]

/** `try { work } catch { print }` around the work of the handler, with nothing after it. */
function swallowingCatches(body: ts.Block, callback: string | undefined, code: CodeContext): readonly Swallowed[] {
  const found: Swallowed[] = []
  body.statements.forEach((statement, index) => {
    if (!ts.isTryStatement(statement) || !statement.catchClause || !doesWork(statement.tryBlock)) return
    const { block, variableDeclaration } = statement.catchClause
    const rest = body.statements.slice(index + 1)
    if (
      !(endsAlways(block) || rest.every(one => isIdle(one, callback))) ||
      !block.statements.every(one => isIdle(one, callback))
    )
      return
    if (statement.finallyBlock && !statement.finallyBlock.statements.every(one => isIdle(one, callback))) return
    if (/\bbatchItemFailures\b/.test(code.file.source.text)) return
    const name = variableDeclaration?.name
    found.push([statement.catchClause, block, name && ts.isIdentifier(name) ? name.text : undefined])
  })
  return found
}

/** `(error) => { if (error) print; …; callback(null, …) }`: the success is told whatever happened. */
function swallowingCallbacks(fn: FunctionNode, callback: string | undefined): readonly Swallowed[] {
  if (callback === undefined) return []
  const found: Swallowed[] = []
  const walk = (node: ts.Node): void => {
    if (isFunctionNode(node) && node !== fn && node.body && ts.isBlock(node.body)) {
      const error = parameterName(node, 0)?.text
      const [first, ...rest] = node.body.statements
      if (
        error !== undefined &&
        /^e(rr(or)?)?$/.test(error) &&
        first &&
        ts.isIfStatement(first) &&
        ts.isIdentifier(bare(first.expression)) &&
        first.expression.getText() === error &&
        ts.isBlock(first.thenStatement) &&
        first.thenStatement.statements.length > 0 &&
        !endsAlways(first.thenStatement) &&
        first.thenStatement.statements.every(one => isIdle(one, undefined)) &&
        rest.length > 0 &&
        rest.every(one => isIdle(one, callback)) &&
        rest.some(one => isSuccess(one, callback))
      ) {
        found.push([first, first.thenStatement, undefined])
      }
    }
    ts.forEachChild(node, walk)
  }
  ts.forEachChild(fn.body!, walk)
  return found
}

/** Something is waited for or called whose failure may pass: reading a text again gains nothing. */
function doesWork(block: ts.Block): boolean {
  let work = false
  const walk = (node: ts.Node): void => {
    if (ts.isAwaitExpression(node)) work = true
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, walk)
  }
  ts.forEachChild(block, walk)
  return work
}

/** It prints, names a text, or returns something written: nothing that could bring the event to safety. */
function isIdle(statement: ts.Statement, callback: string | undefined): boolean {
  if (ts.isReturnStatement(statement))
    return !statement.expression || isInert(statement.expression) || isSuccessCall(statement.expression, callback)
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.every(one => !one.initializer || isInert(one.initializer))
  if (ts.isEmptyStatement(statement)) return true
  if (!ts.isExpressionStatement(statement)) return false
  return isPrinting(statement.expression) || isSuccessCall(statement.expression, callback)
}

const isSuccess = (statement: ts.Statement, callback: string): boolean =>
  (ts.isExpressionStatement(statement) || ts.isReturnStatement(statement)) &&
  statement.expression !== undefined &&
  isSuccessCall(statement.expression, callback)

/** `callback(null, …)`, `context.succeed(…)`. */
function isSuccessCall(node: ts.Expression, callback: string | undefined): boolean {
  const call = bare(node)
  if (!ts.isCallExpression(call)) return false
  const name = dottedName(call.expression)
  return (
    name === 'context.succeed' ||
    (callback !== undefined &&
      name === callback &&
      (call.arguments.length === 0 || call.arguments[0]!.kind === ts.SyntaxKind.NullKeyword))
  )
}

function isPrinting(node: ts.Expression): boolean {
  const call = bare(node)
  if (!ts.isCallExpression(call)) return false
  return /^(console\.\w+|(.*\.)?_?log(ger)?\.(log|trace|debug|info|warn|warning|error|fatal|critical)|log(ger)?)$/i.test(
    dottedName(call.expression) ?? '',
  )
}

/** No call but of a text's maker; the rest is values. */
function isInert(node: ts.Expression): boolean {
  let inert = true
  const walk = (inner: ts.Node): void => {
    if (
      ts.isAwaitExpression(inner) ||
      ts.isNewExpression(inner) ||
      (ts.isCallExpression(inner) &&
        !/^(JSON\.stringify|String|(.*\.)?(toString|join|format))$/.test(dottedName(inner.expression) ?? ''))
    )
      inert = false
    ts.forEachChild(inner, walk)
  }
  walk(node)
  return inert
}

function throwAgain(block: ts.Block, error: string, code: CodeContext): readonly Repair[] {
  const last = block.statements.at(-1)
  if (!last) return []
  const edit = ts.isReturnStatement(last)
    ? insertBefore(code.file, last, `throw ${error}\n`)
    : insertAfter(code.file, last, `\nthrow ${error}`)
  return [{ description: 'Throw it again', kind: 'suggestion', edits: [edit] }]
}
