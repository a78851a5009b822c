/**
 * What survives `JSON.stringify` for all that the syntax says: most answers need no type checker, which costs a third
 * of a short run.
 */
import { resolveName } from '../application/bindings.ts'
import { ts } from '../application/typescript.ts'
import { bare } from '../syntax/syntax.ts'

const MAX_DEPTH = 6

/** Functions and methods that give texts, numbers and truth values, whatever they are called on. */
const PLAIN_FUNCTIONS = /^(String|Number|Boolean|parseInt|parseFloat|encodeURIComponent|decodeURIComponent|isNaN)$/
const PLAIN_MEMBERS = /^(JSON\.stringify|Date\.now|Object\.keys|Math\.\w+|Number\.\w+|crypto\.randomUUID)$/
const PLAIN_METHODS =
  /^(toString|toISOString|toJSON|toFixed|toLocaleString|join|trim|trimStart|trimEnd|toUpperCase|toLowerCase|padStart|padEnd|replace|replaceAll|substring|charAt|indexOf|lastIndexOf|includes|startsWith|endsWith|getTime)$/
const PLAIN_PROPERTIES = /^(length|size|message|stack|byteLength)$/

/**
 * Whether an expression surely gives what JSON has: texts, numbers, truth values, `null`, and objects and lists of
 * these.
 */
export function isPlainValue(node: ts.Expression, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false
  const expression = bare(node)
  const plain = (one: ts.Expression): boolean => isPlainValue(one, depth + 1)
  if (ts.isBigIntLiteral(expression) || ts.isRegularExpressionLiteral(expression)) return false
  if (ts.isLiteralExpression(expression) || ts.isTemplateExpression(expression) || isKeyword(expression)) return true
  if (ts.isTypeOfExpression(expression)) return true
  if (ts.isPrefixUnaryExpression(expression))
    return expression.operator === ts.SyntaxKind.ExclamationToken || plain(expression.operand)
  if (ts.isConditionalExpression(expression)) return plain(expression.whenTrue) && plain(expression.whenFalse)
  if (ts.isBinaryExpression(expression)) return isPlainOperation(expression, plain)
  if (ts.isAwaitExpression(expression)) return plain(expression.expression)
  if (ts.isObjectLiteralExpression(expression)) return expression.properties.every(one => isPlainProperty(one, plain))
  if (ts.isArrayLiteralExpression(expression)) return expression.elements.length > 0 && expression.elements.every(plain)
  if (ts.isSpreadElement(expression)) return plain(expression.expression)
  if (ts.isCallExpression(expression)) return isPlainCall(expression)
  if (ts.isPropertyAccessExpression(expression)) return isPlainMember(expression)
  return ts.isIdentifier(expression) && isPlainName(expression, plain)
}

const isKeyword = ({ kind }: ts.Node): boolean =>
  kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword || kind === ts.SyntaxKind.NullKeyword

function isPlainOperation(
  { left, operatorToken: { kind }, right }: ts.BinaryExpression,
  plain: (one: ts.Expression) => boolean,
): boolean {
  switch (kind) {
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.LessThanToken:
    case ts.SyntaxKind.LessThanEqualsToken:
    case ts.SyntaxKind.GreaterThanToken:
    case ts.SyntaxKind.GreaterThanEqualsToken:
    case ts.SyntaxKind.InKeyword:
    case ts.SyntaxKind.InstanceOfKeyword:
      return true
    default:
      return plain(left) && plain(right)
  }
}

function isPlainProperty(property: ts.ObjectLiteralElementLike, plain: (one: ts.Expression) => boolean): boolean {
  if (ts.isPropertyAssignment(property)) return plain(property.initializer)
  if (ts.isShorthandPropertyAssignment(property)) return plain(property.name)
  return ts.isSpreadAssignment(property) && plain(property.expression)
}

function isPlainCall({ expression: callee }: ts.CallExpression): boolean {
  if (ts.isIdentifier(callee)) return PLAIN_FUNCTIONS.test(callee.text) && !resolveName(callee)
  if (!ts.isPropertyAccessExpression(callee)) return false
  if (PLAIN_METHODS.test(callee.name.text)) return true
  return ts.isIdentifier(callee.expression) && PLAIN_MEMBERS.test(`${callee.expression.text}.${callee.name.text}`)
}

/** `process.env.X`, lengths, what an error says. */
const isPlainMember = (access: ts.PropertyAccessExpression): boolean =>
  PLAIN_PROPERTIES.test(access.name.text) || /^process\.env\.\w+$/.test(access.getText())

/** A constant is what it is set to; what has a type is what the type says. */
function isPlainName(name: ts.Identifier, plain: (one: ts.Expression) => boolean): boolean {
  const binding = resolveName(name)
  if (!binding) return name.text === 'undefined' || name.text === 'NaN'
  const { node, constant, initializer } = binding
  if ((ts.isVariableDeclaration(node) || ts.isParameter(node)) && ts.isIdentifier(node.name) && node.type)
    return isPlainType(node.type)
  return constant && initializer !== undefined && plain(initializer)
}

function isPlainType(type: ts.TypeNode): boolean {
  switch (type.kind) {
    case ts.SyntaxKind.StringKeyword:
    case ts.SyntaxKind.NumberKeyword:
    case ts.SyntaxKind.BooleanKeyword:
    case ts.SyntaxKind.UndefinedKeyword:
    case ts.SyntaxKind.LiteralType:
      return true
  }
  if (ts.isParenthesizedTypeNode(type)) return isPlainType(type.type)
  if (ts.isArrayTypeNode(type)) return isPlainType(type.elementType)
  if (ts.isTypeOperatorNode(type)) return isPlainType(type.type)
  if (ts.isUnionTypeNode(type)) return type.types.every(isPlainType)
  return (
    ts.isTypeLiteralNode(type) &&
    type.members.every(
      member => ts.isPropertySignature(member) && member.type !== undefined && isPlainType(member.type),
    )
  )
}
