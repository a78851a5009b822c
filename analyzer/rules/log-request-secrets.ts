import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext, Report } from '../engine/rule.ts'
import type { EventKind } from '../application/model.ts'
import type { EventPath } from '../dataflow/event-origins.ts'
import { pythonEventFlows } from '../python/event-flow.ts'
import { loggedBy } from '../python/logging.ts'
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
  python(code) {
    for (const argument of loggedBy(code.file)) {
      if (!code.isInvoked(argument)) continue
      const kinds = new Set(code.functions.flatMap(fn => fn.events.map(event => event.kind)))
      const paths = code.handlers.flatMap(handler =>
        pythonEventFlows(argument, code.file, handler).map(flow => flow.path),
      )
      const found = secretAmong(paths, isOnlyRequests(kinds))
      if (found) code.report({ at: argument, ...wordsFor(found) })
    }
  },
  visit: {
    CallExpression(call, code) {
      if (!isLogging(call.expression) || !code.inHandler(call)) return
      for (const argument of call.arguments) {
        const found = secretIn(argument, code)
        if (!found) continue
        code.report({ at: argument, ...wordsFor(found) })
        return
      }
    },
  },
})

const CREDENTIALS =
  /^(multiValueH|h)eaders\.(authorization|cookie|x-api-key|x-amz-security-token|x-auth-token)$|^(cookies(\.|$)|authorizationToken$|identitySource(\.|$))/i
const WHOLE = /^(|headers|multiValueHeaders)$/
const REQUESTS = /^(rest-api|http-api|url|alb|websocket-api|authorizer|appsync)$/

interface Secret {
  readonly path: string
  readonly whole: boolean
}

const wordsFor = ({ path, whole }: Secret): Pick<Report, 'message' | 'help' | 'severity'> => ({
  message: whole
    ? 'The whole request goes into the log, with the tokens and cookies of whoever asked'
    : `event.${path} goes into the log, with which whoever reads it may act as whoever asked`,
  help: 'Log the members that are needed, such as the id of the request, by name',
  ...(whole ? { severity: 'info' as const } : {}),
})

const isOnlyRequests = (kinds: ReadonlySet<EventKind>): boolean =>
  kinds.size > 0 && [...kinds].every(kind => REQUESTS.test(kind))

function secretIn(node: ts.Expression, code: CodeContext): Secret | undefined {
  const isRequest = isOnlyRequests(new Set(code.handlers.flatMap(handler => [...kindsOf(handler)])))
  if (
    ts.isStringLiteralLike(node) ||
    (!isRequest && !/pass|pwd|token|secret|key|credential/i.test(code.file.source.text))
  )
    return undefined
  return secretAmong(
    eventFlows(node, code).map(flow => flow.path),
    isRequest,
  )
}

function secretAmong(paths: readonly EventPath[], isRequest: boolean): Secret | undefined {
  const secret = paths.find(path => {
    const name = path.at(-1) ?? ''
    return (
      ((isRequest || /^headers$/i.test(path[0] ?? '')) && CREDENTIALS.test(path.join('.'))) ||
      (/^(body|queryStringParameters|arguments)$/.test(path[0] ?? '') && path.length > 1 && isSecretName(name))
    )
  })
  if (secret) return { path: secret.join('.').replaceAll('.[]', '[]'), whole: false }
  return isRequest && paths.some(path => WHOLE.test(path.join('.'))) ? { path: '', whole: true } : undefined
}
