import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import { dottedName, isAsync } from '../syntax/syntax.ts'
import { frontPlaces, frontsOf } from '../services/http-front.ts'
import { ownFunction } from '../dataflow/handler-style.ts'
import { find } from '../application/walk.ts'

/** A handler of an API that lets errors out: the client gets a bare 502 of the proxy. */
export const rule = defineRule({
  id: 'apigw-uncaught-error',
  handler(handler, code) {
    const fn = ownFunction(handler)
    const fronts = frontsOf(handler)
    if (!fn?.body || !fronts.length || !isAsync(fn)) return
    const open = firstUncaught(fn.body)
    if (!open) return
    code.report({
      at: open,
      message:
        'An error here leaves the handler: the client gets 502 or 500 with a text of the proxy, without headers ' +
        'for CORS and without a reason',
      help:
        'Catch it at the top of the handler and answer with a status code and a body of your own, ' +
        'or use middleware that does',
      related: frontPlaces(fronts),
    })
  },
})

/** The first `await` of the function's own that no `try` with a `catch` is around, and whose call has no `.catch`. */
const firstUncaught = (body: ts.ConciseBody): ts.AwaitExpression | undefined =>
  find(
    body,
    (node): node is ts.AwaitExpression => ts.isAwaitExpression(node) && !isHandled(node.expression),
    node => !ts.isFunctionLike(node) && !isCaughtBlock(node),
  )

/** `{ … }` of a `try` with a `catch`. */
const isCaughtBlock = (node: ts.Node): boolean =>
  ts.isTryStatement(node.parent) && node.parent.catchClause !== undefined && node.parent.tryBlock === node

const isHandled = (node: ts.Expression): boolean =>
  ts.isCallExpression(node) &&
  (/\.catch$/.test(dottedName(node.expression) ?? node.expression.getText()) ||
    /^Promise\.(allSettled|resolve)$/.test(dottedName(node.expression) ?? ''))
