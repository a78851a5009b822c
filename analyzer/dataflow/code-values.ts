/** Values of the code as far as the template tells them: literals, environment variables, and texts made of these. */
import type { CodeFile } from '../application/code.ts'
import { locOf } from '../application/code.ts'
import type { LambdaFunction } from '../application/model.ts'
import { ts } from '../application/typescript.ts'
import { absentValue, joinValues, scalarValue, unknownValue } from '../application/value.ts'
import type { Value } from '../application/value.ts'
import { bare, isProcessEnv, propertyName, resolveName } from '../syntax/syntax.ts'
import { follow, functionsBehind } from './origins.ts'

/** What an expression becomes in a function, by its environment; unknown when the code alone decides. */
export function valueInFunction(node: ts.Expression, file: CodeFile, fn: LambdaFunction, depth = 0): Value {
  const expression = bare(node)
  const unknown = (): Value => unknownValue(locOf(file, node), 'the code decides')
  if (depth > 8) return unknown()
  const variable = environmentVariable(expression, file)
  if (variable !== undefined) {
    const value = fn.environment.isAbsent ? absentValue(fn.loc) : fn.environment.at(variable)
    return value.isAbsent ? unknown() : value
  }
  if (ts.isStringLiteralLike(expression)) return scalarValue(locOf(file, expression), expression.text)
  if (ts.isTemplateExpression(expression)) {
    const at = locOf(file, expression)
    return joinValues(at, [
      scalarValue(at, expression.head.text),
      ...expression.templateSpans.flatMap(span => [
        valueInFunction(span.expression, file, fn, depth + 1),
        scalarValue(at, span.literal.text),
      ]),
    ])
  }
  if (ts.isBinaryExpression(expression)) {
    const operator = expression.operatorToken.kind
    if (operator === ts.SyntaxKind.PlusToken)
      return joinValues(locOf(file, expression), [
        valueInFunction(expression.left, file, fn, depth + 1),
        valueInFunction(expression.right, file, fn, depth + 1),
      ])
    if (operator === ts.SyntaxKind.QuestionQuestionToken || operator === ts.SyntaxKind.BarBarToken) {
      const name = environmentVariable(bare(expression.left), file)
      // A variable that the template sets is there; the fallback is for elsewhere.
      if (name !== undefined && fn.environment.kind === 'map' && !fn.environment.open)
        return valueInFunction(
          fn.environment.at(name).isAbsent ? expression.right : expression.left,
          file,
          fn,
          depth + 1,
        )
    }
    return unknown()
  }
  const target = follow(expression, file)
  return target.node === expression ? unknown() : valueInFunction(target.node, target.file, fn, depth + 1)
}

/**
 * The environment variable that an expression reads: `process.env.X`, a name taken from it, `env('X')` of a helper that
 * reads it, a member of parsed variables.
 */
export function environmentVariable(node: ts.Expression, file: CodeFile): string | undefined {
  const expression = bare(node)
  if (ts.isPropertyAccessExpression(expression)) {
    if (isProcessEnv(expression.expression) || isParsedEnvironment(expression.expression, file))
      return expression.name.text
    return undefined
  }
  if (ts.isElementAccessExpression(expression)) {
    return ts.isStringLiteralLike(expression.argumentExpression) && isProcessEnv(expression.expression)
      ? expression.argumentExpression.text
      : undefined
  }
  if (ts.isIdentifier(expression)) {
    const binding = resolveName(expression)
    const element = binding?.node
    if (!binding?.constant || !element || !ts.isBindingElement(element) || element.dotDotDotToken) return undefined
    const declaration = element.parent.parent
    if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined
    return isProcessEnv(declaration.initializer) || isParsedEnvironment(declaration.initializer, file)
      ? propertyName(element.propertyName ?? element.name)
      : undefined
  }
  if (ts.isCallExpression(expression)) {
    const [argument] = expression.arguments
    return argument && ts.isStringLiteralLike(argument) && readsEnvironment(expression.expression, file)
      ? argument.text
      : undefined
  }
  return undefined
}

/** `schema.parse(process.env)`, `cleanEnv(process.env, …)`: what comes of it has the variables by their names. */
function isParsedEnvironment(node: ts.Expression, file: CodeFile): boolean {
  const made = follow(node, file).node
  return ts.isCallExpression(made) && made.arguments[0] !== undefined && isProcessEnv(made.arguments[0])
}

/** A function of the project that takes the name of a variable and reads it. */
function readsEnvironment(callee: ts.Expression, file: CodeFile): boolean {
  const target = functionsBehind(callee, file)[0]?.node
  if (!target) return false
  const name = target.parameters[0]?.name
  return (
    name !== undefined &&
    ts.isIdentifier(name) &&
    new RegExp(`process\\.env\\[\\s*${name.text.replace(/\$/g, '\\$&')}\\s*(as \\w+\\s*)?\\]`).test(target.getText())
  )
}
