import { ts } from '../application/typescript.ts'
import { isLogging } from '../dataflow/logging.ts'
import { followMember, originsOf } from '../dataflow/origins.ts'
import type { Origin } from '../dataflow/origins.ts'
import { isSecretName } from '../dataflow/secrets.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext, Report } from '../engine/rule.ts'
import { pythonResultFlows } from '../python/event-flow.ts'
import { loggedBy } from '../python/logging.ts'
import { textOf } from '../python/syntax.ts'
import { botoCalls } from '../sdk/boto3.ts'
import type { BotoCall } from '../sdk/boto3.ts'
import { sdkCallsOf } from '../sdk/sdk-calls.ts'
import type { SdkCall } from '../sdk/sdk-calls.ts'

/** A secret that the code asked AWS for, in the log. */
export const rule = defineRule({
  id: 'log-secret',
  python(code) {
    for (const handler of code.handlers) {
      const secrets = new Map(
        botoCalls(handler).flatMap(call => {
          const store = storeOfBoto(call)
          return store ? [[call.node, store] as const] : []
        }),
      )
      if (!secrets.size) continue
      for (const argument of loggedBy(code.file))
        for (const [node, store] of secrets) {
          const flows = pythonResultFlows(argument, code.file, handler, call => call === node)
          if (flows.some(({ path }) => isSecretPart(path))) code.report({ at: argument, ...wordsFor(store) })
        }
    }
  },
  visit: {
    CallExpression(call, code) {
      if (!isLogging(call.expression)) return
      for (const argument of call.arguments) {
        const store = ts.isStringLiteralLike(argument) ? undefined : secretIn(argument, code)
        if (store) code.report({ at: argument, ...wordsFor(store) })
      }
    },
  },
})

/** What is kept encrypted; whether a parameter is a secret one, its name alone may tell. */
type Store = 'secret' | 'parameter'

const wordsFor = (store: Store): Pick<Report, 'message' | 'help' | 'severity'> => ({
  message:
    store === 'secret'
      ? 'What Secrets Manager keeps secret goes into the log, where everybody finds it who may read the log'
      : 'A parameter that was decrypted goes into the log, where everybody finds it who may read the log',
  help: 'Log that it was read, and its name',
  ...(store === 'parameter' ? { severity: 'warning' as const } : {}),
})

/** The members of an answer that lead to the secret, or a part of it that is called like one. */
const LEADS = /^(SecretString|SecretBinary|SecretValues|Parameters?|Value|\[\])$/

const isSecretPart = (path: readonly string[]): boolean =>
  path.every(step => LEADS.test(step)) || (path.some(step => LEADS.test(step)) && isSecretName(path.at(-1) ?? ''))

function storeOfBoto(call: BotoCall): Store | undefined {
  const { client } = call.object
  if (client === 'secrets-manager' && /^(Batch)?GetSecretValue$/.test(call.operation ?? '')) return 'secret'
  const decrypts = call.member('WithDecryption')
  return client === 'ssm' && /^GetParameter/.test(call.operation ?? '') && decrypts && textOf(decrypts) === 'True'
    ? 'parameter'
    : undefined
}

function storeOfSdk({ client, operation, input }: SdkCall): Store | undefined {
  if (client === 'secrets-manager' && /^(Batch)?GetSecretValue$/.test(operation)) return 'secret'
  if (client !== 'ssm' || !/^GetParameter/.test(operation) || !input) return undefined
  const decrypts = followMember(input.node, 'WithDecryption', input.file)
  return decrypts?.node.kind === ts.SyntaxKind.TrueKeyword ? 'parameter' : undefined
}

function secretIn(argument: ts.Expression, { file, handlers }: CodeContext): Store | undefined {
  if (!handlers.some(handler => handler.files.some(one => sdkCallsOf(one).some(call => storeOfSdk(call)))))
    return undefined
  for (const origin of originsOf(argument, { file, handlers, through: 'content', callers: true })) {
    const store = isSecretPart(origin.path) ? storeBehind(origin) : undefined
    if (store) return store
  }
  return undefined
}

/** `client.send(new GetSecretValueCommand(…))`, `client.getSecretValue(…).promise()`. */
function storeBehind({ node, file }: Origin): Store | undefined {
  if (!ts.isCallExpression(node)) return undefined
  for (const call of sdkCallsOf(file)) {
    const store = storeOfSdk(call)
    const isIt = (one: ts.Node): boolean => one === call.node
    if (store && (isIt(node) || node.arguments.some(isIt) || isIt(promised(node)))) return store
  }
  return undefined
}

/** The request of `request.promise()`. */
const promised = (call: ts.CallExpression): ts.Node =>
  ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === 'promise'
    ? call.expression.expression
    : call
