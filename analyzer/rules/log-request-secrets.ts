import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { kindsOf } from '../dataflow/event-kinds.ts'
import { eventFlows } from '../dataflow/event-origins.ts'
import { isLogging } from '../dataflow/logging.ts'
import { isSecretName } from '../dataflow/secrets.ts'

/**
 * What whoever asked proved themselves with, in the log: tokens, cookies, passwords, and the whole request that holds
 * them.
 */
export const rule = defineRule({
  id: 'log-request-secrets',
  visit: {
    CallExpression(call, code) {
      if (!isLogging(call.expression) || !code.inHandler(call)) return
      for (const argument of call.arguments) {
        const found = secretIn(argument, code)
        if (!found) continue
        code.report({
          at: argument,
          message: `${found.whole ? 'The whole request goes' : `event.${found.path} goes`} into the log, with ${found.whole ? 'the tokens and cookies of whoever asked' : 'which whoever reads it may act as whoever asked'}`,
          help: 'Log the members that are needed, such as the id of the request, by name',
          ...(found.whole ? { severity: 'info' as const } : {}),
        })
        return
      }
    },
  },
})

const CREDENTIALS =
  /^(multiValueH|h)eaders\.(authorization|cookie|x-api-key|x-amz-security-token|x-auth-token)$|^(cookies(\.|$)|authorizationToken$|identitySource(\.|$))/i
const WHOLE = /^(|headers|multiValueHeaders)$/
const REQUESTS = /^(rest-api|http-api|url|alb|websocket-api|authorizer|appsync)$/

function secretIn(
  node: ts.Expression,
  code: CodeContext,
): { readonly path: string; readonly whole: boolean } | undefined {
  const kinds = new Set(code.handlers.flatMap(handler => [...kindsOf(handler)]))
  const isRequest = kinds.size > 0 && [...kinds].every(kind => REQUESTS.test(kind))
  if (
    ts.isStringLiteralLike(node) ||
    (!isRequest && !/pass|pwd|token|secret|key|credential/i.test(code.file.source.text))
  )
    return undefined
  const paths = eventFlows(node, code).map(flow => flow.path)
  const secret = paths.find(path => {
    const name = path.at(-1) ?? ''
    return (
      (isRequest && CREDENTIALS.test(path.join('.'))) ||
      (/^(body|queryStringParameters|arguments)$/.test(path[0] ?? '') && path.length > 1 && isSecretName(name))
    )
  })
  if (secret) return { path: secret.join('.').replaceAll('.[]', '[]'), whole: false }
  return isRequest && paths.some(path => WHOLE.test(path.join('.'))) ? { path: '', whole: true } : undefined
}
