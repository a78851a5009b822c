import { ts } from '../application/typescript.ts'
import { removeNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import type { Handler } from '../application/code.ts'
import type { LambdaFunction } from '../application/model.ts'
import { isAsync } from '../syntax/syntax.ts'
import { retiredRuntime } from '../services/runtimes.ts'
import { callbackCalls, contextEnds, nodeVersions, ownFunction, usesOfParameter } from '../dataflow/handler-style.ts'

/** From this version on there is no callback, and no `context.done`. */
const WITHOUT_CALLBACK = 24

/** A handler that answers by a callback, which Node.js 24 no longer has. */
export const rule = defineRule({
  id: 'callback-unsupported-runtime',
  handler(handler, code) {
    const fn = ownFunction(handler)
    if (!fn) return
    const versions = nodeVersions(handler)
    // What it runs with is not known, or has to be left before it comes to that.
    if (!handler.functions.some(isInUse)) return
    const gone = versions.some(version => version !== undefined && version >= WITHOUT_CALLBACK)
    const third = fn.parameters[2]
    const usesCallback = callbackCalls(fn).length > 0 || usesOfParameter(fn, 2).length > 0
    // A third parameter that an async handler does not use is merely counted: by the runtime, when it starts.
    // The runtime counts as JavaScript does: up to the first parameter with a default.
    const counted = fn.parameters.slice(0, 3).every(one => !one.initializer && !one.dotDotDotToken)
    if (third && counted && (usesCallback || (gone && !isAsync(fn)))) {
      code.report({
        at: third,
        message: gone
          ? `${third.name.getText()}: a handler with a callback does not run with Node.js ${WITHOUT_CALLBACK}, ` +
            'the invocation ends in an error'
          : `${third.name.getText()}: a handler with a callback will not run with Node.js ` +
            `${WITHOUT_CALLBACK} and later`,
        help: 'Make the handler async: return the result and throw the error',
        related: runtimes(handler),
        ...(gone ? {} : { severity: 'info' as const }),
      })
    }
    for (const end of contextEnds(fn)) report(end, gone, handler, code)
    for (const use of usesOfParameter(fn, 1)) {
      const member = use.parent
      if (
        !gone ||
        !ts.isPropertyAccessExpression(member) ||
        member.expression !== use ||
        member.name.text !== 'callbackWaitsForEmptyEventLoop'
      )
        continue
      const statement = member.parent.parent
      code.report({
        at: member,
        message:
          `${member.getText()} does nothing with Node.js ${WITHOUT_CALLBACK}: ` +
          'there is no callback whose answer could wait',
        help: 'Leave it out',
        related: runtimes(handler),
        severity: 'warning',
        fixes:
          ts.isExpressionStatement(statement) && ts.isBlock(statement.parent)
            ? [{ description: 'Leave it out', kind: 'suggestion', edits: [removeNode(code.file, statement)] }]
            : [],
      })
    }
  },
})

/** Whether functions with this one's runtime can still be made. */
const isInUse = ({ runtime }: LambdaFunction): boolean => {
  const name = runtime.string()
  return name !== undefined && retiredRuntime(name)?.canCreate !== false
}

function report(end: ts.PropertyAccessExpression, gone: boolean, handler: Handler, code: CodeContext): void {
  code.report({
    at: end,
    message: gone
      ? `${end.getText()} is not there with Node.js ${WITHOUT_CALLBACK}: the call is an error`
      : `${end.getText()} is a way to answer from the first days of Lambda, and gone with Node.js ${WITHOUT_CALLBACK}`,
    help: 'Make the handler async: return the result and throw the error',
    related: runtimes(handler),
    ...(gone ? {} : { severity: 'info' as const }),
  })
}

const runtimes = (handler: Handler) =>
  handler.functions.map(fn => ({
    at: fn.runtime.isAbsent ? fn : fn.runtime,
    message: `${fn.id} runs with ${fn.runtime.string() ?? 'a runtime that is not known here'}`,
  }))
