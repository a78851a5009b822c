import { own } from '../../base/own.ts'
import type { CodeFile, Handler } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { insertBefore } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { dottedName, enclosingFunction, importOf, isAsync, isGlobal } from '../syntax/syntax.ts'
import { callbackCalls, nodeVersions, ownFunction, parameterName } from '../dataflow/handler-style.ts'
import { locOf } from '../application/code.ts'
import { find } from '../application/walk.ts'

/** Connections that keep the event loop busy from the start, by module. */
const CONNECTIONS: { readonly [module: string]: RegExp } = {
  mysql: /(^|\.)create(Connection|Pool)$/,
  mysql2: /(^|\.)create(Connection|Pool)$/,
  pg: /(^|\.)(Pool|Client)$/,
  ioredis: /^(default|\*|Redis|Cluster)$/,
  redis: /(^|\.)createClient$/,
  mongodb: /(^|\.)MongoClient$|(^|\.)MongoClient\.connect$/,
  mongoose: /(^|\.)(connect|createConnection)$/,
  net: /(^|\.)(connect|createConnection)$/,
  'node:net': /(^|\.)(connect|createConnection)$/,
  tls: /(^|\.)connect$/,
  'node:tls': /(^|\.)connect$/,
}

/** A callback whose answer waits for an event loop that never empties. */
export const rule = defineRule({
  id: 'callback-without-loop-flag',
  handler(handler, code) {
    const fn = ownFunction(handler)
    if (
      !fn?.body ||
      isAsync(fn) ||
      !callbackCalls(fn).length ||
      nodeVersions(handler).some(version => version !== undefined && version >= 24)
    )
      return
    if (
      handler.files.some(file =>
        /callbackWaitsForEmptyEventLoop|\.unref\(|\.(end|quit|disconnect|destroy|close)\(/.test(file.source.text),
      )
    )
      return
    const open = firstConnection(handler)
    if (!open) return
    const context = parameterName(fn, 1)
    code.report({
      at: fn.parameters[2] ?? fn,
      message:
        `The answer of the callback waits until nothing is left to do, and ${open.name} at module scope always ` +
        'is: the invocation runs into its timeout',
      help: 'Set context.callbackWaitsForEmptyEventLoop = false, or make the handler async',
      related: [{ at: open.loc, message: 'this keeps the event loop busy' }],
      fixes:
        context && ts.isBlock(fn.body) && fn.body.statements[0]
          ? [
              {
                description: 'Do not wait for the event loop',
                kind: 'suggestion',
                edits: [
                  insertBefore(
                    code.file,
                    fn.body.statements[0],
                    `${context.text}.callbackWaitsForEmptyEventLoop = false\n`,
                  ),
                ],
              },
            ]
          : [],
    })
  },
})

function firstConnection(
  handler: Handler,
): { readonly name: string; readonly loc: ReturnType<typeof locOf> } | undefined {
  for (const file of handler.files) {
    if (file.generated || !/\b(setInterval|mysql2?|pg|ioredis|redis|mongodb|mongoose|net|tls)\b/.test(file.source.text))
      continue
    const found = connectionIn(file)
    if (found) return { name: found.expression.getText(), loc: locOf(file, found) }
  }
  return undefined
}

const connectionIn = (file: CodeFile): ts.CallExpression | ts.NewExpression | undefined =>
  find(
    file.ast,
    (node): node is ts.CallExpression | ts.NewExpression =>
      (ts.isCallExpression(node) || ts.isNewExpression(node)) && !enclosingFunction(node) && keepsBusy(node),
    node => !ts.isFunctionLike(node),
  )

function keepsBusy(node: ts.CallExpression | ts.NewExpression): boolean {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && dottedName(node.expression) === 'setInterval')
    return isGlobal(node.expression)
  const made = importOf(node.expression)
  return made !== undefined && own(CONNECTIONS, made.module)?.test(made.name) === true
}
