/** Calls that print. */
import { ts } from '../application/typescript.ts'
import { bare, dottedName, importOf, isGlobal, resolveName } from '../syntax/syntax.ts'

const CONSOLE = /^console\.(log|info|warn|error|debug|trace|dir|table)$/
const LEVEL = /^(log|trace|debug|info|warn|warning|error|fatal|critical|silly|verbose|http|appendKeys|addContext)$/
const LOGGERS = /^(pino|winston|bunyan|loglevel|lambda-log|@aws-lambda-powertools\/logger|pino-lambda)$/

/**
 * Whether a callee prints what it is given: a method of the console, or of a logger by where it comes from or what it
 * is called.
 */
export function isLogging(callee: ts.Expression): boolean {
  const name = dottedName(callee)
  if (name === undefined) return false
  if (CONSOLE.test(name)) {
    const root = rootOf(callee)
    return root !== undefined && isGlobal(root)
  }
  if (!ts.isPropertyAccessExpression(callee) || !LEVEL.test(callee.name.text)) return false
  return isLogger(callee.expression)
}

/** A logger by where it comes from, or by what it is called. */
function isLogger(node: ts.Expression): boolean {
  const imported = importOf(node)
  if (imported && LOGGERS.test(imported.module)) return true
  const name = dottedName(node)
  if (name !== undefined && /(^|\.)_?(log|logger)$/i.test(name)) return true
  if (!ts.isIdentifier(node)) return false
  const made = resolveName(node)?.initializer
  const maker = made && (ts.isNewExpression(made) || ts.isCallExpression(made)) ? importOf(made.expression) : undefined
  return maker !== undefined && LOGGERS.test(maker.module)
}

function rootOf(node: ts.Expression): ts.Identifier | undefined {
  let current = bare(node)
  while (ts.isPropertyAccessExpression(current)) current = bare(current.expression)
  return ts.isIdentifier(current) ? current : undefined
}
