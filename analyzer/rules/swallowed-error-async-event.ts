import type { CodeFile, FunctionNode } from '../application/code.ts'
import type { EventSource, LambdaFunction } from '../application/model.ts'
import { ts } from '../application/typescript.ts'
import { insertAfter, insertBefore } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { Repair, Report } from '../engine/rule.ts'
import { bare, dottedName, isFunctionNode } from '../syntax/syntax.ts'
import { endsAlways } from '../dataflow/handler-results.ts'
import { ownFunction, parameterName } from '../dataflow/handler-style.ts'
import { isIdle, lostFailures } from '../dataflow/lost-failures.ts'
import type { LostFailure } from '../dataflow/lost-failures.ts'
import { forgottenExceptions } from '../python/lost-failures.ts'
import { botoCalls } from '../sdk/boto3.ts'
import { collect } from '../application/walk.ts'

/** An error that is printed and forgotten where its failure would have been tried again: the event is lost. */
export const rule = defineRule({
  id: 'swallowed-error-async-event',
  python(code) {
    for (const handler of code.handlers) {
      // Once a handler, with all of its files.
      if (handler.file !== code.file) continue
      const events = unheardEvents(handler.functions)
      if (!events.length) continue
      const requests = new Set(botoCalls(handler).map(call => call.node))
      for (const { node } of forgottenExceptions(handler, call => requests.has(call)))
        code.report({ at: node, ...wordsFor('catch', events, 'Raise it again') })
    }
  },
  handler(handler, code) {
    const events = unheardEvents(handler.functions)
    if (!handler.fn?.body || !events.length) return
    // No wrapper hears of an error that is forgotten inside; what becomes of an answer it may decide.
    const fn = ownFunction(handler)
    const failures = [
      ...lostFailures(handler),
      ...(fn ? swallowingCallbacks(fn, parameterName(fn, 2)?.text) : []).map(
        (node): LostFailure => ({ node, file: handler.home, how: 'catch' }),
      ),
    ]
    for (const lost of failures) {
      code.report({
        at: lost.node,
        ...wordsFor(lost.how, events, 'Throw it again'),
        fixes: lost.block && lost.error !== undefined ? throwAgain(lost.block, lost.error, lost.file) : [],
      })
    }
  },
})

/** The events of functions that are never asked for an answer: whoever waits for one may well be given one. */
function unheardEvents(functions: readonly LambdaFunction[]): readonly EventSource[] {
  const events = functions.flatMap(one => one.events)
  return events.every(event => event.invocation !== 'sync') ? events : []
}

function wordsFor(how: LostFailure['how'], events: readonly EventSource[], help: string): Omit<Report, 'at'> {
  const batch = events.find(event => event.invocation === 'poll')
  return {
    message: `${WORDS[how]}: for Lambda the invocation succeeded, so ${
      batch?.kind === 'sqs'
        ? 'the message is deleted though it failed, and is never seen in a dead-letter queue'
        : 'it is neither tried again nor sent to a failure destination, and the event is lost'
    }`,
    help: `${help}${batch ? ', or name the failed items in batchItemFailures' : ''}`,
    // The next time the schedule comes all of it is done again.
    isMinor: events.every(event => event.kind === 'schedule'),
    related: events.slice(0, 3).map(event => ({
      at: event,
      message:
        event.invocation === 'poll'
          ? 'a failed batch of this source is delivered again'
          : 'a failed event of this source is tried twice more',
    })),
  }
}

const WORDS: { readonly [how in LostFailure['how']]: string } = {
  catch: 'The error is printed and forgotten',
  callback: 'The error is printed and forgotten',
  settled: 'Nobody reads which of these failed',
}

/** `(error) => { if (error) print; …; callback(null, …) }`: the success is told whatever happened. */
function swallowingCallbacks(fn: FunctionNode, callback: string | undefined): readonly ts.Node[] {
  if (callback === undefined) return []
  return collect(fn.body, isFunctionNode).flatMap(node => {
    if (!node.body || !ts.isBlock(node.body)) return []
    const error = parameterName(node, 0)?.text
    const [first, ...rest] = node.body.statements
    return error !== undefined &&
      /^e(rr(or)?)?$/.test(error) &&
      first &&
      ts.isIfStatement(first) &&
      ts.isIdentifier(bare(first.expression)) &&
      first.expression.getText() === error &&
      ts.isBlock(first.thenStatement) &&
      first.thenStatement.statements.length > 0 &&
      !endsAlways(first.thenStatement) &&
      first.thenStatement.statements.every(isIdle) &&
      rest.length > 0 &&
      rest.every(one => isIdle(one) || isSuccess(one, callback)) &&
      rest.some(one => isSuccess(one, callback))
      ? [first]
      : []
  })
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
      (call.arguments.length === 0 || call.arguments[0]?.kind === ts.SyntaxKind.NullKeyword))
  )
}

function throwAgain(block: ts.Block, error: string, file: CodeFile): readonly Repair[] {
  const last = block.statements.at(-1)
  if (!last) return []
  const edit = ts.isReturnStatement(last)
    ? insertBefore(file, last, `throw ${error}\n`)
    : insertAfter(file, last, `\nthrow ${error}`)
  return [{ description: 'Throw it again', kind: 'suggestion', edits: [edit] }]
}
