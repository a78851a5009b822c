import { bare, dottedName, importOf, isFunctionNode, isGlobal, isProcessEnv, resolveName } from '../engine/syntax.ts'
import { defineRule } from '../engine/rule.ts'
import { ts } from '../application/typescript.ts'

const CONSOLE = /^console\.(log|info|warn|error|debug|trace|dir|table)$/
const LEVEL = /^(log|trace|debug|info|warn|warning|error|fatal|critical|silly|verbose|http|appendKeys|addContext)$/
const LOGGERS = /^(pino|winston|bunyan|loglevel|lambda-log|@aws-lambda-powertools\/logger|pino-lambda)$/

/** The whole environment in the log: it holds the credentials of the role. */
export const rule = defineRule({
  id: 'log-process-env',
  visit: {
    CallExpression(call, code) {
      if (!isLogging(call.expression)) return
      for (const argument of call.arguments) {
        const shown = wholeEnvironment(argument)
        if (!shown) continue
        code.report({
          at: shown,
          message: 'The whole environment goes into the log, with the session credentials of the role',
          help: 'Log the variables that you need by name',
        })
      }
    },
  },
})

function isLogging(callee: ts.Expression): boolean {
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

/** The environment itself, a copy of it, or a text of it; `asText` when only a text that shows its values counts. */
function wholeEnvironment(node: ts.Expression, asText = false): ts.Expression | undefined {
  const expression = bare(node)
  // `'env: ' + process.env` is `env: [object Object]`: useless, and harmless.
  if (!asText && isProcessEnv(expression)) return expression
  const first = (nodes: readonly ts.Expression[], text: boolean): ts.Expression | undefined => {
    for (const one of nodes) {
      const found = wholeEnvironment(one, text)
      if (found) return found
    }
    return undefined
  }
  if (ts.isCallExpression(expression))
    return showsValues(expression.expression) ? first(expression.arguments, false) : undefined
  if (ts.isObjectLiteralExpression(expression) && !asText) {
    return first(
      expression.properties.flatMap(property =>
        ts.isSpreadAssignment(property)
          ? [property.expression]
          : ts.isPropertyAssignment(property)
            ? [property.initializer]
            : [],
      ),
      false,
    )
  }
  if (ts.isArrayLiteralExpression(expression) && !asText) return first(expression.elements, false)
  if (ts.isTemplateExpression(expression))
    return first(
      expression.templateSpans.map(span => span.expression),
      true,
    )
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return first([expression.left, expression.right], true)
  return undefined
}

/** A function whose result holds the values of its argument: a serialiser, or one of the file that is made of one. */
function showsValues(callee: ts.Expression): boolean {
  const name = dottedName(callee)
  if (name === undefined) return false
  if (
    /^(JSON\.stringify|util\.(inspect|format)|inspect|format|Object\.(entries|values|assign|fromEntries)|structuredClone)$/.test(
      name,
    )
  )
    return true
  if (!ts.isIdentifier(callee)) return false
  const binding = resolveName(callee)
  const maker = binding && (binding.initializer ?? binding.node)
  return (
    maker !== undefined &&
    isFunctionNode(maker) &&
    maker.parameters.length > 0 &&
    /JSON\.stringify\(|inspect\(/.test(maker.getText())
  )
}
