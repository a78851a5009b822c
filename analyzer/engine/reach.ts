/** Which functions run with an invocation: those that a handler reaches by calls, followed by name across files. */
import { resolveName } from '../application/bindings.ts'
import { isFunctionNode } from '../application/code.ts'
import type { CodeFile, FunctionNode, Handler } from '../application/code.ts'
import { findExport } from '../application/handlers.ts'
import { ts } from '../application/typescript.ts'

const cache = new WeakMap<Handler, ReadonlySet<string>>()

/** A function by its place: its node may be another when the file is parsed again. */
export const placeOf = (fn: ts.Node): string => `${fn.getSourceFile().fileName}:${fn.pos}:${fn.end}`

/** The places of the functions that run with an invocation of the handler: itself, what it calls or hands on, and what stands inside them. */
export function functionsReached(handler: Handler): ReadonlySet<string> {
  const known = cache.get(handler)
  if (known) return known
  const reached = new Set<string>()
  cache.set(handler, reached)
  const { fn: first } = handler
  if (!first) return reached
  const queue: { fn: ts.Node; file: CodeFile }[] = []
  const add = (fn: ts.Node | undefined, file: CodeFile | undefined): void => {
    if (!fn || !file || reached.has(placeOf(fn))) return
    reached.add(placeOf(fn))
    queue.push({ fn, file })
  }
  add(first, handler.home)
  for (let entry = queue.pop(); entry; entry = queue.pop()) {
    const { fn, file } = entry
    const walk = (node: ts.Node): void => {
      if (isFunctionNode(node)) reached.add(placeOf(node))
      if (ts.isIdentifier(node) && isUse(node)) {
        const target = functionBehind(node, file)
        add(target?.fn, target?.file)
      } else if (ts.isPropertyAccessExpression(node)) {
        for (const target of methodsBehind(node, file)) add(target.fn, target.file)
      } else if (ts.isNewExpression(node)) {
        const made = classBehind(node.expression, file)
        add(made?.node.members.find(ts.isConstructorDeclaration), made?.file)
      }
      ts.forEachChild(node, walk)
    }
    ts.forEachChild(fn, walk)
  }
  return reached
}

/** A name that is used as a value: not a declaration, not a property's name. */
function isUse(node: ts.Identifier): boolean {
  const parent = node.parent
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isTypeReferenceNode(parent)) return false
  return true
}

interface Found {
  readonly fn: FunctionNode
  readonly file: CodeFile
}

function functionBehind(identifier: ts.Identifier, file: CodeFile): Found | undefined {
  const binding = resolveName(identifier)
  if (!binding) return undefined
  if (binding.imported) return exportedFunction(file, binding.imported.module, binding.imported.name)
  if (isFunctionNode(binding.node)) return { fn: binding.node, file }
  const initializer = binding.initializer
  if (!initializer) return undefined
  if (isFunctionNode(initializer)) return { fn: initializer, file }
  // `const save = retry(async () => …)`: the function is an argument of what wraps it.
  if (ts.isCallExpression(initializer)) {
    const argument = initializer.arguments.find(one => isFunctionNode(one))
    if (argument && isFunctionNode(argument)) return { fn: argument, file }
  }
  return undefined
}

function exportedFunction(file: CodeFile, module: string, name: string): Found | undefined {
  const target = file.imports.find(one => one.specifier === module)?.file
  const found = target && name !== '*' ? findExport(target, name) : undefined
  return found?.fn && { fn: found.fn, file: found.file }
}

/** `this.method`, `instance.method` and `module.function`. */
function methodsBehind(access: ts.PropertyAccessExpression, file: CodeFile): Found[] {
  const name = access.name.text
  const left = access.expression
  if (left.kind === ts.SyntaxKind.ThisKeyword) {
    for (let node: ts.Node = access; node; node = node.parent) {
      if (ts.isClassLike(node)) return methods(node, name, file)
    }
    return []
  }
  if (ts.isIdentifier(left)) {
    const binding = resolveName(left)
    if (binding?.imported?.name === '*') {
      const found = exportedFunction(file, binding.imported.module, name)
      return found ? [found] : []
    }
    const initializer = binding?.initializer
    if (initializer && ts.isNewExpression(initializer)) {
      const made = classBehind(initializer.expression, file)
      return made ? methods(made.node, name, made.file) : []
    }
    if (initializer && ts.isObjectLiteralExpression(initializer)) {
      for (const property of initializer.properties) {
        if (!property.name || !ts.isIdentifier(property.name) || property.name.text !== name) continue
        if (ts.isMethodDeclaration(property)) return [{ fn: property, file }]
        if (ts.isPropertyAssignment(property) && isFunctionNode(property.initializer))
          return [{ fn: property.initializer, file }]
      }
    }
  }
  return []
}

function methods(node: ts.ClassLikeDeclaration, name: string, file: CodeFile): Found[] {
  return node.members.flatMap((member): Found[] => {
    if (
      !member.name ||
      !(ts.isIdentifier(member.name) || ts.isPrivateIdentifier(member.name)) ||
      member.name.text !== name
    )
      return []
    if (ts.isMethodDeclaration(member)) return [{ fn: member, file }]
    if (ts.isPropertyDeclaration(member) && member.initializer && isFunctionNode(member.initializer))
      return [{ fn: member.initializer, file }]
    return []
  })
}

function classBehind(
  expression: ts.Expression,
  file: CodeFile,
): { readonly node: ts.ClassLikeDeclaration; readonly file: CodeFile } | undefined {
  if (!ts.isIdentifier(expression)) return undefined
  const binding = resolveName(expression)
  if (!binding) return undefined
  if (ts.isClassLike(binding.node)) return { node: binding.node, file }
  if (!binding.imported) return undefined
  const target = file.imports.find(one => one.specifier === binding.imported!.module)?.file
  const found = target && findExport(target, binding.imported.name)
  return found && ts.isClassLike(found.node) ? { node: found.node, file: found.file } : undefined
}
