import { clientsMade, isKeptBetween, isSameForAll } from '../python/clients.ts'
import { enclosingFunction as enclosingPythonFunction } from '../python/syntax.ts'
import type { LambdaFunction } from '../application/model.ts'
import { topLevelBindings } from '../application/bindings.ts'
import { ts } from '../application/typescript.ts'
import { insertBefore, removeNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext, PythonContext, Repair } from '../engine/rule.ts'
import { isBusy, isSeldomRun, isSeldomScheduled, servesTraffic } from '../services/rare-runs.ts'
import { bare, enclosingFunction, importOf, outermost, resolveName, someUse } from '../syntax/syntax.ts'
import { some } from '../application/walk.ts'

/** Makers of connections, by module: `new` or call. */
const MAKERS: { readonly [module: string]: RegExp } = {
  pg: /(^|\.)(Pool|Client)$/,
  mysql: /(^|\.)create(Connection|Pool)$/,
  mysql2: /(^|\.)create(Connection|Pool)$/,
  'mysql2/promise': /(^|\.)create(Connection|Pool)$/,
  mongodb: /(^|\.)MongoClient$/,
  ioredis: /^(default|\*|Redis|Cluster)$/,
  redis: /(^|\.)createClient$/,
  '@prisma/client': /(^|\.)PrismaClient$/,
  mssql: /(^|\.)ConnectionPool$/,
  '@elastic/elasticsearch': /(^|\.)Client$/,
  '@opensearch-project/opensearch': /(^|\.)Client$/,
}

/** A client that is made anew for every invocation: handshakes and cold pools where there could be a warm one. */
export const rule = defineRule({
  id: 'client-inside-handler',
  python(code) {
    if (isRarelyRun(code)) return
    for (const { node, name } of clientsMade(code.file)) {
      const fn = enclosingPythonFunction(node)
      if (!fn || !code.isInvoked(node) || !isSameForAll(node, code.file) || isKeptBetween(node, code.file)) continue
      code.report({
        at: node,
        message: `${name} is made anew for every invocation: each pays for its connections, and none is used again`,
        help: 'Make it at module scope, where all invocations of an environment share it',
        isMinor: !isOftenRun(code),
      })
    }
  },
  visit: {
    NewExpression: check,
    CallExpression(node, code) {
      const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression
      if (ts.isIdentifier(name) && /^create(Connection|Pool|Client)$/.test(name.text)) check(node, code)
    },
  },
})

function check(node: ts.NewExpression | ts.CallExpression, code: CodeContext): void {
  const name = clientName(node)
  if (
    name === undefined ||
    !code.inHandler(node) ||
    !isUsedHere(node) ||
    !isSameEveryTime(node) ||
    isClosed(node) ||
    isCalledByOthers(node, code) ||
    isRarelyRun(code)
  )
    return
  code.report({
    at: node,
    message: `${name} is made anew for every invocation: each pays for its connections, and none is used again`,
    help: 'Make it at module scope, where all invocations of an environment share it',
    fixes: repairs(node, code),
    isMinor: !isOftenRun(code),
  })
}

/** The name of what is made, when it is a client of AWS or of a database. */
function clientName(node: ts.NewExpression | ts.CallExpression): string | undefined {
  const made = importOf(node.expression)
  if (!made) return undefined
  const last = made.name.split('.').at(-1) ?? ''
  if (ts.isNewExpression(node)) {
    if (/^@aws-sdk\/client-/.test(made.module))
      return /^([A-Z]\w*Client|DynamoDB|S3|SQS|SNS|Lambda|SSM|SecretsManager|EventBridge|Kinesis|SFN|SES|STS|KMS|CloudWatch|CloudWatchLogs)$/.test(
        last,
      )
        ? last
        : undefined
    if (made.module === 'aws-sdk')
      return /^([A-Z]\w+|DynamoDB\.DocumentClient)$/.test(made.name) &&
        !/^(Credentials|Config|Endpoint|Request|HttpRequest|\w*Credentials|CredentialProviderChain|Service)$/.test(last)
        ? made.name
        : undefined
    if (/^aws-sdk\/clients\//.test(made.module)) return node.expression.getText()
  }
  // biome-ignore lint/style/noNonNullAssertion: the lines above have made sure of it
  const form = Object.hasOwn(MAKERS, made.module) ? MAKERS[made.module]! : undefined
  return form?.test(made.name) ? node.expression.getText() : undefined
}

/**
 * It serves the function that makes it: a local constant, or a method of it is called. What is kept or handed back may
 * be made once.
 */
function isUsedHere(node: ts.Expression): boolean {
  const { parent } = outermost(node, ts.isParenthesizedExpression, ts.isAwaitExpression, ts.isAsExpression)
  if (ts.isPropertyAccessExpression(parent)) return true
  // A document client around it is as short-lived.
  if (ts.isCallExpression(parent) && ts.isVariableDeclaration(parent.parent)) return isLocalUse(parent.parent)
  return ts.isVariableDeclaration(parent) && isLocalUse(parent)
}

/** A constant of the function that is neither returned nor stored where it lasts. */
function isLocalUse(declaration: ts.VariableDeclaration): boolean {
  const { name } = declaration
  const fn = enclosingFunction(declaration)
  if (!ts.isIdentifier(name) || !fn || (declaration.parent.flags & ts.NodeFlags.Const) === 0) return false
  return !someUse(
    fn,
    name,
    use =>
      ts.isReturnStatement(use.parent) ||
      ts.isArrowFunction(use.parent) ||
      ts.isShorthandPropertyAssignment(use.parent) ||
      ts.isPropertyAssignment(use.parent) ||
      (ts.isBinaryExpression(use.parent) && use.parent.right === use),
  )
}

/** Its arguments are made of literals, the environment and names of the module alone: nothing of the invocation. */
const isSameEveryTime = (node: ts.NewExpression | ts.CallExpression): boolean =>
  !node.arguments?.some(
    argument =>
      // Credentials, roles and endpoints of somebody else are chosen for a reason.
      /\b(credentials|accessKeyId|sessionToken)\b/.test(argument.getText()) || some(argument, mayDiffer),
  )

function mayDiffer(node: ts.Node): boolean {
  if (!ts.isIdentifier(node))
    return (
      node.kind === ts.SyntaxKind.ThisKeyword ||
      ts.isFunctionLike(node) ||
      ts.isAwaitExpression(node) ||
      ts.isCallExpression(node)
    )
  const binding = isName(node) ? resolveName(node) : undefined
  return (
    binding !== undefined &&
    (enclosingFunction(binding.node) !== undefined || !binding.constant || binding.kind === 'parameter')
  )
}

const isName = (node: ts.Identifier): boolean =>
  !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
  !(ts.isPropertyAssignment(node.parent) && node.parent.name === node)

/** Whoever closes it means it to be short-lived. */
const isClosed = (node: ts.Node): boolean =>
  some(
    enclosingFunction(node),
    inner =>
      ts.isCallExpression(inner) &&
      ts.isPropertyAccessExpression(inner.expression) &&
      /^(end|close|destroy|quit|disconnect|release|\$disconnect)$/.test(inner.expression.name.text),
    'own',
  )

/**
 * In a function that is handed back, such as a provider of credentials: who calls it, and how often, cannot be seen.
 */
function isCalledByOthers(node: ts.Node, code: CodeContext): boolean {
  for (let fn = enclosingFunction(node); fn; fn = enclosingFunction(fn.parent)) {
    if (code.handlers.some(handler => handler.fn === fn)) return false
    const { parent } = outermost(fn, ts.isParenthesizedExpression)
    if (
      ts.isReturnStatement(parent) ||
      (ts.isArrowFunction(parent) && parent.body !== undefined && bare(parent.body as ts.Expression) === fn)
    )
      return true
  }
  return false
}

/** No environment is warm by the next time. */
const isRarelyRun = ({ handlers, functions }: Pick<CodeContext | PythonContext, 'handlers' | 'functions'>): boolean =>
  (functions.length > 0 && functions.every(isSeldomScheduled)) ||
  (handlers.length > 0 && handlers.every(({ file }) => isSeldomRun(file.source.text)))

/**
 * A template says what runs a function, as far as it does; else what it answers or reads may. One that says it of its
 * other functions says of this one that it is called by name.
 */
const isOftenRun = ({
  app,
  handlers,
  functions,
}: Pick<CodeContext | PythonContext, 'app' | 'handlers' | 'functions'>): boolean =>
  functions.some(isBusy) ||
  (functions.length > 0 &&
    functions.every(fn => fn.events.length === 0 && !app.functions.some(one => isBusy(one) && isBeside(one, fn))) &&
    handlers.some(({ file }) => servesTraffic(file.source.text)))

const isBeside = (one: LambdaFunction, other: LambdaFunction): boolean => one.template === other.template

/** Moves the constant before the outermost statement around it; tests that replace the client may have to follow. */
function repairs(node: ts.Expression, code: CodeContext): readonly Repair[] {
  const declaration = node.parent
  if (
    !ts.isVariableDeclaration(declaration) ||
    !ts.isIdentifier(declaration.name) ||
    !ts.isVariableDeclarationList(declaration.parent) ||
    declaration.parent.declarations.length !== 1
  )
    return []
  const statement = declaration.parent.parent
  if (
    !ts.isVariableStatement(statement) ||
    !ts.isBlock(statement.parent) ||
    topLevelBindings(code.file.ast).has(declaration.name.text)
  )
    return []
  let outermost: ts.Node = statement
  while (!ts.isSourceFile(outermost.parent)) outermost = outermost.parent
  if (bare(node) !== node) return []
  return [
    {
      description: 'Make it at module scope',
      kind: 'suggestion',
      edits: [insertBefore(code.file, outermost, `${statement.getText()}\n\n`), removeNode(code.file, statement)],
    },
  ]
}
