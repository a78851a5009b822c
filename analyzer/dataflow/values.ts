/**
 * Texts and values that expressions stand for, as far as the code and the template of a function tell them: literals,
 * environment variables, and what is put together of these. What an expression is, `origins.ts` follows.
 */
import type { CodeFile } from '../application/code.ts'
import { locOf } from '../application/code.ts'
import type { LambdaFunction } from '../application/model.ts'
import { ts } from '../application/typescript.ts'
import { absentValue, joinValues, scalarValue, unknownValue } from '../application/value.ts'
import type { Value } from '../application/value.ts'
import { bare, isProcessEnv, propertyName, resolveName } from '../syntax/syntax.ts'
import { follow, functionsBehind } from './origins.ts'
import type { Placed } from './origins.ts'

/** A text that is written, or what has to be followed further. */
export type Piece = Placed | string

const MAX_DEPTH = 8

/** The pieces that a text is put together of: a name is what it stands for, and what is no text is a piece by itself. */
export function piecesOf(placed: Placed, depth = 0): readonly Piece[] {
  const { node, file } = follow(placed.node, placed.file)
  const inside = (one: ts.Expression): readonly Piece[] => piecesOf({ node: one, file }, depth + 1)
  if (depth > MAX_DEPTH) return [placed]
  if (ts.isStringLiteralLike(node)) return [node.text]
  if (ts.isNumericLiteral(node)) return [String(Number(node.text))]
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.flatMap(span => [...inside(span.expression), span.literal.text])]
  return isSum(node) ? [...inside(node.left), ...inside(node.right)] : [placed]
}

const isSum = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken

/** The text or number that an expression is, as a text, wherever in the project it is written; undefined when it may vary. */
export function textOf(node: ts.Expression, file: CodeFile): string | undefined {
  const pieces = piecesOf({ node, file })
  return pieces.every(one => typeof one === 'string') ? pieces.join('') : undefined
}

/** What an expression becomes in a function, by its environment; unknown when the code alone decides. */
export function valueInFunction(node: ts.Expression, file: CodeFile, fn: LambdaFunction, depth = 0): Value {
  const at = locOf(file, node)
  const values = piecesOf({ node, file }).map(one =>
    typeof one === 'string' ? scalarValue(at, one) : readInFunction(one, fn, depth),
  )
  const [only, ...others] = values
  return only && !others.length ? only : joinValues(at, values)
}

/** A piece that is no text by itself: an environment variable, or one with a fallback. */
function readInFunction(placed: Placed, fn: LambdaFunction, depth: number): Value {
  const unknown = (): Value => unknownValue(locOf(placed.file, placed.node), 'the code decides')
  const { node, file } = follow(placed.node, placed.file)
  const variable = environmentVariable(placed.node, placed.file) ?? environmentVariable(node, file)
  if (variable !== undefined) {
    const value = fn.environment.isAbsent ? absentValue(fn.loc) : fn.environment.at(variable)
    return value.isAbsent ? unknown() : value
  }
  const isFallback =
    ts.isBinaryExpression(node) &&
    (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken ||
      node.operatorToken.kind === ts.SyntaxKind.BarBarToken)
  const name = isFallback ? environmentVariable(node.left, file) : undefined
  if (!isFallback || name === undefined || fn.environment.kind !== 'map' || fn.environment.open || depth > MAX_DEPTH)
    return unknown()
  // A variable that the template sets is there; the fallback is for elsewhere.
  return valueInFunction(fn.environment.at(name).isAbsent ? node.right : node.left, file, fn, depth + 1)
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
