import { locOf } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import { isAsync, propertyName } from '../syntax/syntax.ts'
import { closedObject, mayFallThrough, resultsOf } from '../dataflow/handler-results.ts'
import { callbackCalls, ownFunction } from '../dataflow/handler-style.ts'
import { collect } from '../application/walk.ts'

/** A tumbling window whose handler forgets: what it has added up is gone with the next batch. */
export const rule = defineRule({
  id: 'stream-window-state-missing',
  handler(handler, code) {
    const fn = ownFunction(handler)
    const events = handler.functions.flatMap(one =>
      one.events.filter(
        event =>
          (event.kind === 'kinesis' || event.kind === 'dynamodb') &&
          (event.property('TumblingWindowInSeconds').number() ?? 0) > 0,
      ),
    )
    const [event] = events
    if (!fn?.body || !event || (!isAsync(fn) && callbackCalls(fn).length)) return
    const related = [
      {
        at: event.property('TumblingWindowInSeconds'),
        message: `${event.id} has a window of ${event.property('TumblingWindowInSeconds').number()} s`,
      },
    ]
    const help = 'Return {state: …} on every way; without it the next invocation of the window begins anew'
    for (const result of resultsOf(handler)) {
      const object = closedObject(result)
      if (
        result &&
        (!object || object.properties.some(one => propertyName(one.name) === 'state') || isFinal(result.node))
      )
        continue
      // Where a bare `return` stands cannot be told from here: it is found below.
      if (result)
        code.report({
          at: locOf(result.file, result.node),
          message: 'This result has no state: what the window has added up so far is lost',
          help,
          related,
        })
    }
    for (const node of emptyReturns(fn.body))
      if (!isFinal(node))
        code.report({
          at: node,
          message: 'Nothing is returned here: what the window has added up so far is lost',
          help,
          related,
        })
    if (mayFallThrough(fn) && isAsync(fn) && !endsInQuestion(fn.body))
      code.report({
        at: fn,
        message: 'The handler can end without returning a state: what the window has added up so far is lost',
        help,
        related,
      })
  },
})

/** The last invocation of a window has nobody to hand a state to. */
function isFinal(node: ts.Node): boolean {
  for (let current: ts.Node = node; current.parent && !ts.isFunctionLike(current); current = current.parent) {
    if (
      ts.isIfStatement(current.parent) &&
      /isFinalInvokeForWindow|isWindowTerminatedEarly/.test(current.parent.expression.getText())
    )
      return true
    if (
      ts.isConditionalExpression(current.parent) &&
      /isFinalInvokeForWindow|isWindowTerminatedEarly/.test(current.parent.condition.getText())
    )
      return true
  }
  return false
}

/** An `if` about the end of the window is what the handler ends with. */
function endsInQuestion(body: ts.ConciseBody): boolean {
  return /isFinalInvokeForWindow|isWindowTerminatedEarly/.test(body.getText())
}

const emptyReturns = (body: ts.ConciseBody): readonly ts.ReturnStatement[] =>
  collect(body, ts.isReturnStatement, node => !ts.isFunctionLike(node)).filter(one => !one.expression)
