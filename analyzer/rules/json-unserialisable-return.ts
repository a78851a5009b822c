import { own } from '../../base/own.ts'
import { locOf } from '../application/code.ts'
import type { CodeFile } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { bare, isFunctionNode } from '../syntax/syntax.ts'
import { resultsOf } from '../dataflow/handler-results.ts'
import { isPlainValue } from '../dataflow/plain-value.ts'
import { ownFunction } from '../dataflow/handler-style.ts'

const MAX_DEPTH = 4

/** A result with something in it that JSON does not have. */
export const rule = defineRule({
  id: 'json-unserialisable-return',
  handler(handler, code) {
    if (!ownFunction(handler)) return
    for (const result of resultsOf(handler)) if (result) check(result.node, result.file, '', code, 0)
  },
})

interface Loss {
  readonly what: string
  readonly becomes: string
  readonly help: string
  /** The invocation fails, nothing is merely lost. */
  readonly fails: boolean
}

/** Looks into written objects and lists; what is a name or a call is asked for its type. */
function check(node: ts.Expression, file: CodeFile, path: string, code: CodeContext, depth: number): void {
  const expression = bare(node)
  if (depth > MAX_DEPTH) return
  if (ts.isObjectLiteralExpression(expression)) {
    for (const property of expression.properties) {
      const at = property.name ? `${path}.${property.name.getText()}` : path
      if (ts.isPropertyAssignment(property)) check(property.initializer, file, at, code, depth + 1)
      else if (ts.isShorthandPropertyAssignment(property)) check(property.name, file, at, code, depth + 1)
      else if (ts.isMethodDeclaration(property) && property.name.getText() !== 'toJSON')
        report(property.name, at, FUNCTION, file, code)
    }
    return
  }
  if (ts.isArrayLiteralExpression(expression)) {
    for (const element of expression.elements)
      if (!ts.isSpreadElement(element)) check(element, file, `${path}[]`, code, depth + 1)
    return
  }
  if (isFunctionNode(expression)) {
    if (path) report(expression, path, FUNCTION, file, code)
    return
  }
  if (ts.isBigIntLiteral(expression)) {
    report(expression, path, BIGINT, file, code)
    return
  }
  if (isPlainValue(expression) || !code.app.code.includes(file)) return
  const checker = code.types()
  const shorthand = ts.isShorthandPropertyAssignment(expression.parent)
    ? checker.getShorthandAssignmentValueSymbol(expression.parent)
    : undefined
  const type = checker.getAwaitedType(
    shorthand ? checker.getTypeOfSymbolAtLocation(shorthand, expression) : checker.getTypeAtLocation(expression),
  )
  const found = type && lossIn(type, path, checker, expression, 0, new Set())
  if (found) report(expression, found.path, found.loss, file, code)
}

const BIGINT: Loss = {
  what: 'a bigint',
  becomes: 'JSON.stringify throws on it, and the invocation fails',
  help: 'Make a text of it: String(value)',
  fails: true,
}
const FUNCTION: Loss = {
  what: 'a function',
  becomes: 'it is left out of the answer',
  help: 'Return what it computes',
  fails: false,
}
const BY_NAME: { readonly [name: string]: Loss } = {
  Map: { what: 'a Map', becomes: 'it becomes {}', help: 'Return Object.fromEntries(map)', fails: false },
  Set: { what: 'a Set', becomes: 'it becomes {}', help: 'Return [...set]', fails: false },
  ReadonlyMap: { what: 'a Map', becomes: 'it becomes {}', help: 'Return Object.fromEntries(map)', fails: false },
  ReadonlySet: { what: 'a Set', becomes: 'it becomes {}', help: 'Return [...set]', fails: false },
  Promise: { what: 'a promise', becomes: 'it becomes {}', help: 'Await it', fails: false },
  RegExp: { what: 'a regular expression', becomes: 'it becomes {}', help: 'Return its source', fails: false },
}

/** The first part of a type that does not survive: every alternative of it must be so, but for what is nothing. */
function lossIn(
  type: ts.Type,
  path: string,
  checker: ts.TypeChecker,
  at: ts.Node,
  depth: number,
  seen: Set<ts.Type>,
): { readonly path: string; readonly loss: Loss } | undefined {
  if (depth > MAX_DEPTH || seen.has(type)) return undefined
  seen.add(type)
  if (type.isUnion()) {
    const parts = type.types.filter(part => !(part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)))
    const [only, ...others] = parts
    return only && others.length === 0 ? lossIn(only, path, checker, at, depth, seen) : undefined
  }
  if (type.flags & ts.TypeFlags.BigIntLike) return { path, loss: BIGINT }
  if (!(type.flags & ts.TypeFlags.Object) || type.getProperty('toJSON')) return undefined
  const name = type.getSymbol()?.getName() ?? ''
  const loss = own(BY_NAME, name)
  if (loss && isOfLanguage(type)) return { path, loss }
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference)
    return element && lossIn(element, `${path}[]`, checker, at, depth + 1, seen)
  }
  if (isOfLanguage(type) || isForeign(type)) return undefined
  for (const property of type.getProperties()) {
    const inner = checker.getTypeOfSymbolAtLocation(property, at)
    const found = lossIn(inner, `${path}.${property.getName()}`, checker, at, depth + 1, seen)
    if (found) return found
  }
  return undefined
}

const declaredIn = (type: ts.Type): readonly string[] =>
  (type.getSymbol()?.declarations ?? []).map(one => one.getSourceFile().fileName)
const isOfLanguage = (type: ts.Type): boolean => declaredIn(type).some(file => /\/lib\.[^/]*\.d\.ts$/.test(file))
/** Types of packages say more than their values hold. */
const isForeign = (type: ts.Type): boolean =>
  declaredIn(type).some(file => /\/node_modules\/.*\.d\.[cm]?ts$/.test(file))

function report(node: ts.Node, path: string, loss: Loss, file: CodeFile, code: CodeContext): void {
  code.report({
    at: locOf(file, node),
    message: `${path ? `${path.replace(/^\./, '')} of the result` : 'The result'} is ${loss.what}: ${loss.becomes}`,
    help: loss.help,
    ...(loss.fails ? {} : { severity: 'warning' as const }),
  })
}
