import { addEntry } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext, Place, Repair, Report } from '../engine/rule.ts'
import { isGuarded as isGuardedRead, variablesRead } from '../python/environment.ts'
import { enclosingFunction } from '../python/syntax.ts'
import { isProcessEnv, outermost } from '../syntax/syntax.ts'
import type { LambdaFunction } from '../application/model.ts'
import { variablesReadElsewhere } from '../application/other-environment.ts'
import { ts } from '../application/typescript.ts'

/** Set by Lambda itself, by Node.js or by a layer's wrapper, not by the template. */
const GIVEN =
  /^(AWS_|_HANDLER$|_X_AMZN_|LAMBDA_|X_AMZN_|TZ$|LANG$|PATH$|LD_LIBRARY_PATH$|NODE_|HOME$|PWD$|HOSTNAME$|USER$|TMPDIR$|POWERTOOLS_|OTEL_|DD_|NEW_RELIC_|SENTRY_|IS_OFFLINE$|IS_LOCAL$|CI$|DEBUG$|npm_|JEST_|VITEST)/

/** A variable that the code reads and the template does not set: `undefined` in production. */
export const rule = defineRule({
  id: 'env-var-undeclared',
  application(app, { report, turnTo }) {
    for (const fn of app.functions)
      for (const { name, loc } of variablesReadElsewhere(fn, app)) {
        if (GIVEN.test(name) || !lacks(fn, name)) continue
        turnTo(fn)
        // Whether the line runs is not followed.
        report({ ...undeclared(fn, name, { loc }), severity: 'warning' })
      }
  },
  python(code) {
    for (const read of variablesRead(code.file)) {
      if (!read.required || GIVEN.test(read.name) || isGuardedRead(read, code.file)) continue
      // What stands in a function is read by the handlers that call it.
      const readers =
        enclosingFunction(read.node) === undefined
          ? code.functions
          : code.handlers.filter(handler => handler.isInvoked(read.node)).flatMap(handler => handler.functions)
      // An image may set it itself.
      for (const fn of readers)
        if (fn.packageType === 'Zip' && lacks(fn, read.name)) code.report(undeclared(fn, read.name, read.node))
    }
  },
  visit: {
    PropertyAccessExpression(node, code) {
      if (isProcessEnv(node.expression)) check(node, node.name.text, code)
    },
    ElementAccessExpression(node, code) {
      if (ts.isStringLiteralLike(node.argumentExpression) && isProcessEnv(node.expression))
        check(node, node.argumentExpression.text, code)
    },
    BindingElement(node, code) {
      // `const { TABLE } = process.env`
      const pattern = node.parent
      const declaration = pattern.parent
      if (
        !ts.isObjectBindingPattern(pattern) ||
        !ts.isVariableDeclaration(declaration) ||
        !declaration.initializer ||
        node.dotDotDotToken
      )
        return
      const name = node.propertyName ?? node.name
      if (ts.isIdentifier(name) && !node.initializer && isProcessEnv(declaration.initializer))
        check(name, name.text, code)
    },
  },
})

function check(node: ts.Node, name: string, code: CodeContext): void {
  if (
    !code.functions.length ||
    GIVEN.test(name) ||
    hasFallback(node) ||
    isWrittenOrTested(node) ||
    isGuarded(node, name) ||
    isSetInCode(name, code)
  )
    return
  for (const fn of code.functionsReaching(node)) {
    if (lacks(fn, name)) code.report(undeclared(fn, name, node))
  }
}

function undeclared(fn: LambdaFunction, name: string, at: Place): Report {
  return {
    at,
    message: `${fn.id} reads the environment variable ${name}, which its template does not set`,
    help: `Set ${name} under the environment of ${fn.id}, or give the code a fallback`,
    related: [
      {
        at: fn.environment.isAbsent ? fn : fn.environment,
        message: fn.environment.isAbsent ? `${fn.id} has no environment variables` : `the environment of ${fn.id}`,
      },
    ],
    fixes: repairs(fn, name),
  }
}

/** Surely does not set it: everything that could is known. */
function lacks(fn: LambdaFunction, name: string): boolean {
  const { environment } = fn
  if (environment.isAbsent) return true
  return environment.kind === 'map' && !environment.open && environment.at(name).isAbsent
}

function repairs(fn: LambdaFunction, name: string): Repair[] {
  const own = fn.resource.property('Environment', 'Variables')
  const edit = own.kind === 'map' ? addEntry(own, name, 'TODO') : undefined
  return edit ? [{ description: `Add ${name} to the environment of ${fn.id}`, kind: 'suggestion', edits: [edit] }] : []
}

/** `process.env.X ?? 'y'`, `process.env.X || 'y'`, `process.env.X ? … : …`, `process.env.X?.trim()`. */
function hasFallback(node: ts.Node): boolean {
  const current = outermost(node, ts.isParenthesizedExpression, ts.isAsExpression)
  const parent = current.parent
  if (ts.isBinaryExpression(parent)) {
    const operator = parent.operatorToken.kind
    return (
      parent.left === current &&
      (operator === ts.SyntaxKind.QuestionQuestionToken ||
        operator === ts.SyntaxKind.BarBarToken ||
        operator === ts.SyntaxKind.AmpersandAmpersandToken)
    )
  }
  if (ts.isConditionalExpression(parent)) return parent.condition === current
  return (
    (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) &&
    parent.questionDotToken !== undefined
  )
}

/** Assigned to, deleted, or only asked whether it is there: code that knows that it may be missing. */
function isWrittenOrTested(node: ts.Node): boolean {
  const parent = node.parent
  if (ts.isDeleteExpression(parent) || ts.isTypeOfExpression(parent)) return true
  if (ts.isPrefixUnaryExpression(parent) || ts.isIfStatement(parent)) return true
  if (!ts.isBinaryExpression(parent)) return false
  switch (parent.operatorToken.kind) {
    case ts.SyntaxKind.EqualsToken:
    case ts.SyntaxKind.QuestionQuestionEqualsToken:
    case ts.SyntaxKind.BarBarEqualsToken:
      return parent.left === node
    // A comparison is a switch that may well be off.
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return true
    default:
      return false
  }
}

/** Within `if (process.env.X) { … }`, `process.env.X && …` or the like: it runs only where the variable is set. */
function isGuarded(node: ts.Node, name: string): boolean {
  const asks = (condition: ts.Node): boolean => {
    const bare = ts.isParenthesizedExpression(condition) ? condition.expression : condition
    if (ts.isBinaryExpression(bare) && bare.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken)
      return asks(bare.left) || asks(bare.right)
    if (ts.isPropertyAccessExpression(bare)) return bare.name.text === name && isProcessEnv(bare.expression)
    return (
      ts.isElementAccessExpression(bare) &&
      ts.isStringLiteralLike(bare.argumentExpression) &&
      bare.argumentExpression.text === name &&
      isProcessEnv(bare.expression)
    )
  }
  for (let current = node; current.parent && !ts.isFunctionLike(current); current = current.parent) {
    const { parent } = current
    if (ts.isIfStatement(parent) && parent.thenStatement === current && asks(parent.expression)) return true
    if (ts.isConditionalExpression(parent) && parent.whenTrue === current && asks(parent.condition)) return true
    if (
      ts.isBinaryExpression(parent) &&
      parent.right === current &&
      parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken &&
      asks(parent.left)
    )
      return true
  }
  return false
}

const assigned = new WeakMap<ts.SourceFile, ReadonlySet<string>>()

/** Variables that the code sets itself, or tests somewhere, in any file that the handlers reach. */
function isSetInCode(name: string, code: CodeContext): boolean {
  return code.handlers.some(handler =>
    handler.files.some(file => {
      let names = assigned.get(file.ast)
      if (!names) {
        names = new Set(
          [...file.source.text.matchAll(/process\.env(?:\.|\[['"])(\w+)(?:['"]\])?\s*(?:=(?!=)|\?\?=|\|\|=)/g)].map(
            match => match[1] ?? '',
          ),
        )
        assigned.set(file.ast, names)
      }
      return names.has(name) || /\bdotenv\b/.test(file.source.text)
    }),
  )
}
