/** Questions that rules ask of syntax, answered without the type checker. */
import { resolveName } from '../application/bindings.ts'
import type { Binding } from '../application/bindings.ts'
import { bare, isFunctionNode } from '../application/code.ts'
import type { FunctionNode } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { collect, some } from '../application/walk.ts'

export { bare, isFunctionNode, resolveName }
export type { Binding, FunctionNode }

/**
 * The outermost node that `node` is wrapped in by nothing but nodes of these kinds, such as parentheses and `as`:
 * `node` itself where its parent is of another kind.
 */
export function outermost(node: ts.Node, ...wraps: readonly ((around: ts.Node) => boolean)[]): ts.Node {
  return wraps.some(is => is(node.parent)) ? outermost(node.parent, ...wraps) : node
}

/**
 * The dotted name of an expression as written: `console.log`, `this.client.send`, `process.env`; undefined for anything
 * computed.
 */
export function dottedName(node: ts.Expression): string | undefined {
  const expression = bare(node)
  if (ts.isIdentifier(expression)) return expression.text
  if (expression.kind === ts.SyntaxKind.ThisKeyword) return 'this'
  if (ts.isPropertyAccessExpression(expression)) {
    const left = dottedName(expression.expression)
    return left === undefined ? undefined : `${left}.${expression.name.text}`
  }
  if (ts.isElementAccessExpression(expression) && ts.isStringLiteralLike(expression.argumentExpression)) {
    const left = dottedName(expression.expression)
    return left === undefined ? undefined : `${left}.${expression.argumentExpression.text}`
  }
  return undefined
}

/** Whether an identifier names a global, not something that the file declares. */
export const isGlobal = (identifier: ts.Identifier): boolean => resolveName(identifier) === undefined

/**
 * The import that an expression stands for: `{module: '@aws-sdk/client-s3', name: 'S3Client'}` for `S3Client`,
 * `s3.S3Client` (namespace or `require`) and an alias of it. `name` is `default`, `*`, or a dotted path of exports.
 */
export function importOf(node: ts.Expression): { readonly module: string; readonly name: string } | undefined {
  const expression = bare(node)
  if (ts.isIdentifier(expression)) {
    const binding = resolveName(expression)
    if (binding?.imported) return binding.imported
    const initializer = binding?.constant ? binding.initializer : undefined
    return initializer && (ts.isIdentifier(initializer) || ts.isPropertyAccessExpression(initializer))
      ? importOf(initializer)
      : undefined
  }
  if (ts.isPropertyAccessExpression(expression)) {
    const left = importOf(expression.expression)
    if (!left) return undefined
    return {
      module: left.module,
      name: left.name === '*' ? expression.name.text : `${left.name}.${expression.name.text}`,
    }
  }
  if (
    ts.isCallExpression(expression) &&
    ts.isIdentifier(expression.expression) &&
    expression.expression.text === 'require'
  ) {
    const [argument] = expression.arguments
    return argument && ts.isStringLiteralLike(argument) ? { module: argument.text, name: '*' } : undefined
  }
  return undefined
}

/** Name of a property of an object, class or type: identifier, string or number; undefined when computed. */
export function propertyName(name: ts.PropertyName | ts.BindingName | undefined): string | undefined {
  if (!name) return undefined
  if (
    ts.isIdentifier(name) ||
    ts.isStringLiteralLike(name) ||
    ts.isNumericLiteral(name) ||
    ts.isPrivateIdentifier(name)
  )
    return name.text
  if (ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression)) return name.expression.text
  return undefined
}

/** How a property of an object literal is written; undefined when it is not there or comes by a spread. */
export function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const property of object.properties) {
    if (propertyName(property.name) !== name) continue
    if (ts.isPropertyAssignment(property)) return property.initializer
    if (ts.isShorthandPropertyAssignment(property)) return property.name
  }
  return undefined
}

/** Whether an object literal may hold more than what is written: it has a spread or computed names. */
export const isOpenObject = (object: ts.ObjectLiteralExpression): boolean =>
  object.properties.some(property => ts.isSpreadAssignment(property) || propertyName(property.name) === undefined)

/** The nearest function around a node (a constructor and accessors count), or undefined at module scope. */
export function enclosingFunction(node: ts.Node): ts.SignatureDeclaration | undefined {
  for (let current = node.parent; current; current = current.parent) if (ts.isFunctionLike(current)) return current
  return undefined
}

/** The call that a function expression is handed to, as in `list.map(fn)`; undefined for any other function. */
export const calledWith = (fn: ts.Node): ts.CallExpression | undefined =>
  (ts.isArrowFunction(fn) || ts.isFunctionExpression(fn)) &&
  ts.isCallExpression(fn.parent) &&
  fn.parent.expression !== fn
    ? fn.parent
    : undefined

/** Whether a test holds for any use below `root` of a name, given where it is declared. */
export const someUse = (root: ts.Node, declared: ts.Identifier, test: (use: ts.Identifier) => boolean): boolean =>
  some(
    root,
    node =>
      ts.isIdentifier(node) &&
      node !== declared &&
      node.text === declared.text &&
      resolveName(node)?.identifier === declared &&
      test(node),
  )

/** `process.env`, also through `import { env } from 'process'` and `const { env } = process`. */
export function isProcessEnv(node: ts.Expression): boolean {
  const expression = bare(node)
  if (ts.isPropertyAccessExpression(expression)) {
    if (expression.name.text !== 'env') return false
    const left = bare(expression.expression)
    if (ts.isIdentifier(left)) {
      const binding = resolveName(left)
      return binding ? isProcessModule(binding.imported?.module) : left.text === 'process'
    }
    return dottedName(left) === 'globalThis.process'
  }
  if (ts.isIdentifier(expression)) {
    const binding = resolveName(expression)
    if (!binding) return false
    if (isProcessModule(binding.imported?.module) && binding.imported?.name === 'env') return true
    if (binding.constant && binding.initializer && binding.initializer !== expression)
      return isProcessEnv(binding.initializer)
    if (ts.isBindingElement(binding.node) && propertyName(binding.node.propertyName ?? binding.node.name) === 'env') {
      const declaration = binding.node.parent.parent
      return (
        ts.isVariableDeclaration(declaration) &&
        declaration.initializer !== undefined &&
        ts.isIdentifier(declaration.initializer) &&
        declaration.initializer.text === 'process'
      )
    }
  }
  return false
}

const isProcessModule = (module: string | undefined): boolean => module === 'process' || module === 'node:process'

/** Whether a function is `async`. */
export const isAsync = (fn: ts.Node): boolean =>
  ts.canHaveModifiers(fn) &&
  (ts.getModifiers(fn)?.some(modifier => modifier.kind === ts.SyntaxKind.AsyncKeyword) ?? false)

/** The `return` statements of a function's own body, and the expression of an arrow without braces. */
export function returnsOf(fn: FunctionNode): readonly (ts.Expression | undefined)[] {
  if (!fn.body) return []
  if (!ts.isBlock(fn.body)) return [fn.body]
  return collect(fn.body, ts.isReturnStatement, 'own').map(one => one.expression)
}
