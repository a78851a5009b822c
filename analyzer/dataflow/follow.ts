/** What a name of the code stands for, followed through constants, imports, properties and small factories, without the type checker. */
import type { CodeFile } from '../application/code.ts'
import { findExport } from '../application/handlers.ts'
import { ts } from '../application/typescript.ts'
import { bare, isFunctionNode, propertyName, resolveName, returnsOf } from '../engine/syntax.ts'

/** An expression and the file that it stands in. */
export interface Placed {
  readonly node: ts.Expression
  readonly file: CodeFile
}

const MAX_HOPS = 20

/** The expression that gives a value: through names, members of object literals, class members, and calls of functions that return one thing. Stops where it cannot go on. */
export function follow(node: ts.Expression, file: CodeFile): Placed {
  let current: Placed = { node: bare(node), file }
  const seen = new Set<ts.Node>()
  for (let hop = 0; hop < MAX_HOPS && !seen.has(current.node); hop++) {
    seen.add(current.node)
    const next = step(current)
    if (!next) return current
    current = { node: bare(next.node), file: next.file }
  }
  return current
}

function step({ node, file }: Placed): Placed | undefined {
  if (ts.isIdentifier(node)) return behindName(node, file)
  if (ts.isPropertyAccessExpression(node)) {
    if (node.expression.kind === ts.SyntaxKind.ThisKeyword) return memberOfThis(node, file)
    return memberOf(node.expression, node.name.text, file)
  }
  if (ts.isAwaitExpression(node)) return { node: node.expression, file }
  if (ts.isCallExpression(node) && node.arguments.length === 0) return returned(node.expression, file)
  if (ts.isBinaryExpression(node) && isFallback(node)) return lazilyMade(node, file)
  return undefined
}

/** `client ??= new Client()`, `client || (client = new Client())`: what is made when there is none yet. */
function lazilyMade(node: ts.BinaryExpression, file: CodeFile): Placed | undefined {
  const right = bare(node.right)
  if (ts.isNewExpression(right)) return { node: right, file }
  if (ts.isBinaryExpression(right) && right.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return { node: right.right, file }
  return undefined
}

const isFallback = (node: ts.BinaryExpression): boolean => {
  const operator = node.operatorToken.kind
  return (
    operator === ts.SyntaxKind.QuestionQuestionToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.QuestionQuestionEqualsToken ||
    operator === ts.SyntaxKind.BarBarEqualsToken
  )
}

function behindName(node: ts.Identifier, file: CodeFile): Placed | undefined {
  const binding = resolveName(node)
  if (!binding) return undefined
  if (binding.imported) return exported(file, binding.imported.module, binding.imported.name)
  if (ts.isBindingElement(binding.node) && ts.isObjectBindingPattern(binding.node.parent)) {
    const declaration = binding.node.parent.parent
    const name = propertyName(binding.node.propertyName ?? binding.node.name)
    if (
      name !== undefined &&
      binding.constant &&
      ts.isVariableDeclaration(declaration) &&
      declaration.initializer &&
      !binding.node.dotDotDotToken
    )
      return memberOf(declaration.initializer, name, file)
    return undefined
  }
  if (binding.constant) return binding.initializer && { node: binding.initializer, file }
  return onlyAssignment(binding.identifier, binding.initializer, file)
}

/** A `let` that is given one value, at once or later. */
function onlyAssignment(
  name: ts.Identifier,
  initializer: ts.Expression | undefined,
  file: CodeFile,
): Placed | undefined {
  if (!ts.isVariableDeclaration(name.parent)) return undefined
  const given: ts.Expression[] = initializer && !isNothing(initializer) ? [initializer] : []
  const walk = (node: ts.Node): void => {
    if (
      ts.isBinaryExpression(node) &&
      ts.isIdentifier(node.left) &&
      node.left.text === name.text &&
      isAssignment(node) &&
      resolveName(node.left)?.identifier === name
    )
      given.push(node.right)
    ts.forEachChild(node, walk)
  }
  walk(file.ast)
  return given.length === 1 ? { node: given[0]!, file } : undefined
}

const isNothing = (node: ts.Expression): boolean =>
  node.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(node) && node.text === 'undefined')

const isAssignment = (node: ts.BinaryExpression): boolean => {
  const operator = node.operatorToken.kind
  return (
    operator === ts.SyntaxKind.EqualsToken ||
    operator === ts.SyntaxKind.QuestionQuestionEqualsToken ||
    operator === ts.SyntaxKind.BarBarEqualsToken
  )
}

/** What a file of the project exports under a name. */
function exported(file: CodeFile, module: string, name: string): Placed | undefined {
  const target = file.imports.find(one => one.specifier === module)?.file
  if (!target || name === '*') return undefined
  const found = findExport(target, name)
  if (!found) return undefined
  return placed(found.node, found.file)
}

function placed(node: ts.Node, file: CodeFile): Placed | undefined {
  if (ts.isVariableDeclaration(node)) {
    if (node.initializer && (node.parent.flags & ts.NodeFlags.Const) !== 0) return { node: node.initializer, file }
    return ts.isIdentifier(node.name) ? onlyAssignment(node.name, node.initializer, file) : undefined
  }
  return ts.isExpression(node) ? { node, file } : undefined
}

/** A member of an object literal, or of what a module of the project exports; undefined when it is not there or cannot be told. */
export function memberOf(object: ts.Expression, name: string, file: CodeFile): Placed | undefined {
  const left = bare(object)
  if (ts.isIdentifier(left)) {
    const binding = resolveName(left)
    if (binding?.imported?.name === '*') return exported(file, binding.imported.module, name)
  }
  const target = follow(left, file)
  if (target.node === left && ts.isIdentifier(left)) return undefined
  return memberOfObject(target, name)
}

function memberOfObject({ node, file }: Placed, name: string): Placed | undefined {
  if (ts.isNewExpression(node)) {
    const made = classBehind(node.expression, file)
    return made && memberOfClass(made.node, name, made.file)
  }
  if (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'freeze' &&
    node.arguments[0]
  )
    return memberOfObject(follow(node.arguments[0], file), name)
  if (!ts.isObjectLiteralExpression(node)) return undefined
  // The last one wins; what an unknown spread holds may win too.
  for (const property of [...node.properties].reverse()) {
    if (ts.isSpreadAssignment(property)) {
      const found = memberOf(property.expression, name, file)
      if (found) return found
      const spread = follow(property.expression, file).node
      if (!ts.isObjectLiteralExpression(spread) || spread.properties.some(ts.isSpreadAssignment)) return undefined
      continue
    }
    if (propertyName(property.name) !== name) continue
    if (ts.isPropertyAssignment(property)) return { node: property.initializer, file }
    return ts.isShorthandPropertyAssignment(property) ? { node: property.name, file } : undefined
  }
  return undefined
}

function memberOfThis(node: ts.PropertyAccessExpression, file: CodeFile): Placed | undefined {
  for (let current: ts.Node | undefined = node; current; current = current.parent) {
    if (ts.isClassLike(current)) return memberOfClass(current, node.name.text, file)
  }
  return undefined
}

/** What a property of a class is given: where it is declared, or in the constructor. */
function memberOfClass(node: ts.ClassLikeDeclaration, name: string, file: CodeFile): Placed | undefined {
  const given: ts.Expression[] = []
  for (const member of node.members) {
    if (ts.isPropertyDeclaration(member) && propertyName(member.name) === name && member.initializer)
      given.push(member.initializer)
    if (ts.isConstructorDeclaration(member) && member.body) {
      const walk = (inner: ts.Node): void => {
        if (
          ts.isBinaryExpression(inner) &&
          isAssignment(inner) &&
          ts.isPropertyAccessExpression(inner.left) &&
          inner.left.expression.kind === ts.SyntaxKind.ThisKeyword &&
          inner.left.name.text === name
        )
          given.push(inner.right)
        if (!ts.isFunctionLike(inner)) ts.forEachChild(inner, walk)
      }
      ts.forEachChild(member.body, walk)
    }
  }
  return given.length === 1 ? { node: given[0]!, file } : undefined
}

function classBehind(
  expression: ts.Expression,
  file: CodeFile,
): { readonly node: ts.ClassLikeDeclaration; readonly file: CodeFile } | undefined {
  if (!ts.isIdentifier(expression)) return undefined
  const binding = resolveName(expression)
  if (!binding) return undefined
  if (ts.isClassLike(binding.node)) return { node: binding.node, file }
  const target = binding.imported && file.imports.find(one => one.specifier === binding.imported!.module)?.file
  const found = target && binding.imported ? findExport(target, binding.imported.name) : undefined
  return found && ts.isClassLike(found.node) ? { node: found.node, file: found.file } : undefined
}

/** What a function of the project without parameters returns, when it is one thing. */
function returned(callee: ts.Expression, file: CodeFile): Placed | undefined {
  const target = functionBehind(callee, file)
  if (!target) return undefined
  const returns = returnsOf(target.node).filter(one => one !== undefined)
  return returns.length === 1 ? { node: returns[0]!, file: target.file } : undefined
}

/** The function of the project that a name stands for. */
export function functionBehind(
  callee: ts.Expression,
  file: CodeFile,
): { readonly node: Parameters<typeof returnsOf>[0]; readonly file: CodeFile } | undefined {
  const expression = bare(callee)
  if (!ts.isIdentifier(expression)) return undefined
  const binding = resolveName(expression)
  if (!binding) return undefined
  if (binding.imported) {
    const target = file.imports.find(one => one.specifier === binding.imported!.module)?.file
    const found = target && binding.imported.name !== '*' ? findExport(target, binding.imported.name) : undefined
    return found?.fn && { node: found.fn, file: found.file }
  }
  const node = binding.initializer ? bare(binding.initializer) : binding.node
  return isFunctionNode(node) ? { node, file } : undefined
}
