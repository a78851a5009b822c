/** Finds the function behind an export, through whatever wraps it. */
import { resolveName, topLevelBindings } from './bindings.ts'
import { bundledExports } from './bundled-exports.ts'
import { isFunctionNode } from './code.ts'
import type { CodeFile, FunctionNode } from './code.ts'
import { ts } from './typescript.ts'
import { some } from './walk.ts'

/** An export with the function in it, and what was around that. */
export interface Unwrapped {
  readonly node: ts.Node
  readonly file: CodeFile
  readonly fn: FunctionNode | undefined
  readonly wrappers: readonly string[]
}

const MAX_HOPS = 30
/** Methods that add something to a chain, and answer the chain. */
const CHAIN = /^(use|before|after|onError|with|withContext|on)$/

/**
 * What a file exports under a name (`handler`, `api.handler`, `default`), wrappers taken off; undefined when there is
 * no such export.
 */
export function findExport(file: CodeFile, exportPath: string, seen = new Set<string>()): Unwrapped | undefined {
  const key = `${file.path}#${exportPath}`
  if (seen.has(key)) return undefined
  seen.add(key)
  const [name = '', ...rest] = exportPath.split('.')
  const exported = exportedNode(file, name, seen)
  if (!exported) return undefined
  let node = exported.node
  let at = exported.file
  for (const member of rest) {
    const found = memberOf(node, member)
    if (!found) return undefined
    node = found
    at = exported.file
  }
  return unwrap(node, at)
}

/** What `require` of a file gives, and an `import` of its default: `export default x`, `export = x`, `module.exports = x`. */
export function wholeExport(file: CodeFile): ts.Node | undefined {
  const named = exportedNode(file, 'default', new Set())
  if (named) return named.node
  for (const statement of exportingStatements(file.ast)) {
    if (ts.isExportAssignment(statement)) return statement.expression
    const whole = commonJsAssignments(statement).find(one => one.name === undefined)
    if (whole) return whole.value
  }
  return undefined
}

/** Whether everything that a file exports can be seen: no computed exports and no `export *` of a foreign module. */
export function exportsAreClosed(file: CodeFile): boolean {
  const bundled = bundledExports(file.ast)
  if (bundled) return bundled.closed
  const text = file.source.text
  if (
    /\bmodule\.exports\s*=\s*(require\s*\(|Object\.|__|\.\.\.)/.test(text) ||
    /\bexports\s*\[/.test(text) ||
    /Object\.assign\(\s*(module\.)?exports/.test(text)
  )
    return false
  // What a call makes of it, a minified bundle's too.
  if (/__exportStar|__export\(|__reExport|\bmodule\.exports\s*=\s*[\w$.]+\s*\(/.test(text)) return false
  return file.ast.statements.every(statement => {
    if (ts.isExportDeclaration(statement) && !statement.exportClause) {
      return importedFile(file, statement.moduleSpecifier) !== undefined
    }
    return true
  })
}

/** The names that a file surely exports, without following `export *`. */
export function exportNames(file: CodeFile): readonly string[] {
  const names = new Set(bundledExports(file.ast)?.nodes.keys())
  for (const statement of file.ast.statements) {
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      for (const element of statement.exportClause.elements)
        if (!element.isTypeOnly && !statement.isTypeOnly) names.add(element.name.text)
    } else if (ts.isExportAssignment(statement)) {
      if (!statement.isExportEquals) names.add('default')
      else for (const name of objectKeys(statement.expression)) names.add(name)
    } else if (hasExport(statement)) {
      if (ts.isVariableStatement(statement)) {
        for (const declaration of statement.declarationList.declarations)
          if (ts.isIdentifier(declaration.name)) names.add(declaration.name.text)
      } else if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && !isDeclare(statement)) {
        names.add(isDefault(statement) ? 'default' : (statement.name?.text ?? 'default'))
      }
    } else {
      for (const assignment of commonJsAssignments(statement)) {
        if (assignment.name !== undefined) names.add(assignment.name)
        else for (const name of objectKeys(assignment.value)) names.add(name)
      }
    }
  }
  return [...names]
}

const exporting = new WeakMap<ts.SourceFile, readonly ts.Statement[]>()

/** The statements that may export something: a bundle has thousands of others. */
function exportingStatements(ast: ts.SourceFile): readonly ts.Statement[] {
  const known = exporting.get(ast)
  if (known) return known
  const found = ast.statements.filter(
    one =>
      ts.isExportDeclaration(one) ||
      ts.isExportAssignment(one) ||
      hasExport(one) ||
      commonJsAssignments(one).length > 0,
  )
  exporting.set(ast, found)
  return found
}

function exportedNode(file: CodeFile, name: string, seen: Set<string>): { node: ts.Node; file: CodeFile } | undefined {
  const here = (node: ts.Node): { node: ts.Node; file: CodeFile } => ({ node, file })
  const bundled = bundledExports(file.ast)?.nodes.get(name)
  if (bundled) return here(bundled)
  const stars: CodeFile[] = []
  let placeholder: ts.Node | undefined
  for (const statement of exportingStatements(file.ast)) {
    if (ts.isExportDeclaration(statement)) {
      const from = importedFile(file, statement.moduleSpecifier)
      if (!statement.exportClause) {
        if (from) stars.push(from)
        continue
      }
      if (ts.isNamedExports(statement.exportClause)) {
        const element = statement.exportClause.elements.find(one => one.name.text === name)
        if (!element) continue
        const source = element.propertyName ?? element.name
        if (!statement.moduleSpecifier) return ts.isIdentifier(source) ? here(source) : undefined
        if (!from) return here(element)
        const found = findExport(from, source.text, seen)
        return found ? { node: found.node, file: found.file } : undefined
      }
      if (statement.exportClause.name.text === name) return here(statement)
    } else if (ts.isExportAssignment(statement)) {
      if (!statement.isExportEquals && name === 'default') return here(statement.expression)
      if (statement.isExportEquals) {
        const member = memberOf(statement.expression, name)
        if (member) return here(member)
      }
    } else if (hasExport(statement)) {
      if (ts.isVariableStatement(statement)) {
        for (const declaration of statement.declarationList.declarations) {
          if (ts.isIdentifier(declaration.name) && declaration.name.text === name) return here(declaration)
          if (
            ts.isObjectBindingPattern(declaration.name) &&
            declaration.name.elements.some(one => ts.isIdentifier(one.name) && one.name.text === name)
          )
            return here(declaration)
        }
      } else if (
        (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) &&
        (isDefault(statement) ? name === 'default' : statement.name?.text === name)
      ) {
        return here(statement)
      } else if (ts.isModuleDeclaration(statement) && statement.name.text === name) return here(statement)
    } else {
      for (const assignment of commonJsAssignments(statement)) {
        if (assignment.name === name) {
          if (!ts.isVoidExpression(assignment.value)) return here(assignment.value)
          // TypeScript writes `exports.handler = void 0` first, and the handler further down.
          placeholder ??= assignment.value
        }
        if (assignment.name === undefined) {
          const member = memberOf(assignment.value, name)
          if (member) return here(member)
          // `module.exports = require('./x')`
          const from = requiredFile(assignment.value, file)
          if (from) stars.push(from)
        }
      }
    }
  }
  for (const star of stars) {
    const found = findExport(star, name, seen)
    if (found) return { node: found.node, file: found.file }
  }
  return placeholder && here(placeholder)
}

/** `exports.x = …`, `module.exports.x = …` (name), `module.exports = …` (no name); chains give each of them. */
function commonJsAssignments(
  statement: ts.Statement,
): { readonly name: string | undefined; readonly value: ts.Expression }[] {
  if (!ts.isExpressionStatement(statement)) return []
  const found: { name: string | undefined; value: ts.Expression }[] = []
  const targets: ts.Expression[] = []
  let expression: ts.Expression = statement.expression
  while (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    targets.push(expression.left)
    expression = expression.right
  }
  for (const target of targets) {
    if (!ts.isPropertyAccessExpression(target)) continue
    if (isModuleExports(target)) found.push({ name: undefined, value: expression })
    else if (
      isModuleExports(target.expression) ||
      (ts.isIdentifier(target.expression) && target.expression.text === 'exports')
    )
      found.push({ name: target.name.text, value: expression })
  }
  return found
}

const isModuleExports = (node: ts.Node): boolean =>
  ts.isPropertyAccessExpression(node) &&
  node.name.text === 'exports' &&
  ts.isIdentifier(node.expression) &&
  node.expression.text === 'module'

function memberOf(node: ts.Node, name: string): ts.Node | undefined {
  const target = followIdentifier(node)
  if (ts.isObjectLiteralExpression(target)) {
    for (const property of target.properties) {
      if (
        !property.name ||
        !(ts.isIdentifier(property.name) || ts.isStringLiteral(property.name)) ||
        property.name.text !== name
      )
        continue
      if (ts.isPropertyAssignment(property)) return property.initializer
      if (ts.isShorthandPropertyAssignment(property)) return property.name
      return property
    }
  }
  if (ts.isNewExpression(target)) {
    const made = ts.isIdentifier(target.expression) ? resolveName(target.expression)?.node : target.expression
    if (made && ts.isClassLike(made)) return classMember(made, name)
  }
  if (ts.isClassLike(target)) return classMember(target, name)
  return undefined
}

function classMember(node: ts.ClassLikeDeclaration, name: string): ts.Node | undefined {
  for (const member of node.members) {
    if (!member.name || !(ts.isIdentifier(member.name) || ts.isStringLiteral(member.name)) || member.name.text !== name)
      continue
    if (ts.isMethodDeclaration(member)) return member
    if (ts.isPropertyDeclaration(member) && member.initializer) return member.initializer
  }
  return undefined
}

function followIdentifier(node: ts.Node): ts.Node {
  let current = node
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    if (ts.isVariableDeclaration(current) && current.initializer) current = current.initializer
    else if (
      ts.isParenthesizedExpression(current) ||
      ts.isAsExpression(current) ||
      ts.isSatisfiesExpression(current) ||
      ts.isNonNullExpression(current)
    )
      current = current.expression
    else if (ts.isIdentifier(current)) {
      const binding = resolveName(current)
      if (!binding || binding.node === current) return current
      current = binding.initializer ?? binding.node
    } else return current
  }
  return current
}

/**
 * Takes wrappers off until a function is found: calls, chains (`middy().use().handler(fn)`), `.bind`, class methods,
 * imports.
 */
export function unwrap(node: ts.Node, file: CodeFile): Unwrapped {
  const search: Search = { wrappers: [], visited: new Set() }
  const found = functionIn(node, file, 0, search)
  return { node, file: found?.file ?? file, fn: found?.fn, wrappers: search.wrappers }
}

/** What a search has taken off, and where it was. */
interface Search {
  readonly wrappers: string[]
  readonly visited: Set<ts.Node>
}

interface FoundFunction {
  readonly fn: FunctionNode
  readonly file: CodeFile
}

const foundIn = (target: Unwrapped | undefined): FoundFunction | undefined =>
  target?.fn && { fn: target.fn, file: target.file }

const isAround = (
  node: ts.Node,
): node is
  | ts.ParenthesizedExpression
  | ts.AsExpression
  | ts.SatisfiesExpression
  | ts.NonNullExpression
  | ts.TypeAssertion
  | ts.AwaitExpression =>
  ts.isParenthesizedExpression(node) ||
  ts.isAsExpression(node) ||
  ts.isSatisfiesExpression(node) ||
  ts.isNonNullExpression(node) ||
  ts.isTypeAssertionExpression(node) ||
  ts.isAwaitExpression(node)

function functionIn(node: ts.Node, at: CodeFile, depth: number, search: Search): FoundFunction | undefined {
  if (depth > MAX_HOPS || search.visited.has(node)) return undefined
  search.visited.add(node)
  const next = (inner: ts.Node): FoundFunction | undefined => functionIn(inner, at, depth + 1, search)
  if (isFunctionNode(node)) return { fn: node, file: at }
  if (ts.isVariableDeclaration(node)) return node.initializer && next(node.initializer)
  if (isAround(node)) return next(node.expression)
  if (ts.isIdentifier(node)) {
    const binding = resolveName(node)
    if (!binding?.imported) return binding && next(binding.initializer ?? binding.node)
    const { module, name } = binding.imported
    const target = at.imports.find(one => one.specifier === module)?.file
    return foundIn(target && findExport(target, name === '*' ? 'default' : name))
  }
  if (ts.isPropertyAccessExpression(node)) {
    const required = requiredFile(node.expression, at)
    if (required) return foundIn(findExport(required, node.name.text))
    const member = memberOf(node.expression, node.name.text)
    return member ? next(member) : importedMember(node, at)
  }
  if (ts.isConditionalExpression(node)) return next(node.whenTrue) ?? next(node.whenFalse)
  return ts.isCallExpression(node) ? functionOfCall(node, at, next, search) : undefined
}

/** `handlers.main` of `import * as handlers`. */
function importedMember({ expression, name }: ts.PropertyAccessExpression, at: CodeFile): FoundFunction | undefined {
  const imported = ts.isIdentifier(expression) ? resolveName(expression)?.imported : undefined
  const target = imported && at.imports.find(one => one.specifier === imported.module)?.file
  return foundIn(target && findExport(target, name.text))
}

function functionOfCall(
  call: ts.CallExpression,
  at: CodeFile,
  next: (node: ts.Node) => FoundFunction | undefined,
  { wrappers }: Search,
): FoundFunction | undefined {
  const callee = call.expression
  // `instance.method.bind(instance)` is the method.
  if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'bind') return next(callee.expression)
  const before = wrappers.length
  wrappers.push(nameOf(callee))
  const inner = (node: ts.Node): FoundFunction | undefined => {
    const mark = wrappers.length
    const target = next(node)
    if (!target) wrappers.length = mark
    return target
  }
  const isChain = ts.isPropertyAccessExpression(callee) && CHAIN.test(callee.name.text)
  // `middy(fn).use(plugin)`: what is handed to a link of the chain is not the handler.
  const ofChain = isChain ? inner(callee.expression) : undefined
  if (ofChain) return ofChain
  // The handler is the argument that is a function, first come first served, or sits in an options object.
  const written = call.arguments.find(one => ts.isArrowFunction(one) || ts.isFunctionExpression(one))
  if (written && isFunctionNode(written)) return { fn: written, file: at }
  for (const argument of call.arguments) {
    const target = ts.isObjectLiteralExpression(argument) ? undefined : inner(argument)
    if (target) return target
  }
  const left = ts.isPropertyAccessExpression(callee) && !isChain ? callee.expression : callee
  const ofCallee = left !== callee || ts.isCallExpression(callee) ? inner(left) : undefined
  if (ofCallee) return ofCallee
  // A factory of the project: `makeHandler(deps)` that returns the function.
  const made = inner(callee)
  const returned = made && returnedFunction(made.fn)
  if (returned && made) return { fn: returned, file: made.file }
  wrappers.length = before
  return undefined
}

/** The file of the project that a module specifier means. */
function importedFile(file: CodeFile, specifier: ts.Expression | undefined): CodeFile | undefined {
  return specifier && ts.isStringLiteralLike(specifier)
    ? file.imports.find(one => one.specifier === specifier.text)?.file
    : undefined
}

/** The file of the project behind `require('./x')`. */
function requiredFile(node: ts.Expression, file: CodeFile): CodeFile | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'require')
    return undefined
  return importedFile(file, node.arguments[0])
}

/** The function that a factory returns. */
function returnedFunction(factory: FunctionNode): FunctionNode | undefined {
  const body = factory.body
  if (!body) return undefined
  if (!ts.isBlock(body)) {
    const target = followIdentifier(body)
    return isFunctionNode(target) ? target : undefined
  }
  for (const statement of body.statements) {
    if (!ts.isReturnStatement(statement) || !statement.expression) continue
    const target = followIdentifier(statement.expression)
    if (isFunctionNode(target)) return target
  }
  return undefined
}

function nameOf(callee: ts.Expression): string {
  if (ts.isIdentifier(callee)) return callee.text
  if (ts.isPropertyAccessExpression(callee)) return `${nameOf(callee.expression)}.${callee.name.text}`
  if (ts.isCallExpression(callee)) return nameOf(callee.expression)
  return '…'
}

const objectKeys = (node: ts.Node): string[] => {
  const target = followIdentifier(node)
  if (!ts.isObjectLiteralExpression(target)) return []
  return target.properties.flatMap(property =>
    property.name && (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name)) ? [property.name.text] : [],
  )
}

const modifiersOf = (node: ts.Node): readonly ts.ModifierLike[] =>
  ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : []
const hasExport = (node: ts.Node): boolean => modifiersOf(node).some(one => one.kind === ts.SyntaxKind.ExportKeyword)
const isDefault = (node: ts.Node): boolean => modifiersOf(node).some(one => one.kind === ts.SyntaxKind.DefaultKeyword)
const isDeclare = (node: ts.Node): boolean => modifiersOf(node).some(one => one.kind === ts.SyntaxKind.DeclareKeyword)

/**
 * The exports of a file that look like Lambda handlers though no template names them: a function of up to three
 * parameters under a usual name, one with a handler type of `aws-lambda`, or one that takes an event type of it and can
 * answer. What other files import and what neither waits nor takes a context is more often a helper that reads an
 * event.
 */
export function handlersBySignature(
  file: CodeFile,
  imported: boolean,
): readonly { readonly exportName: string; readonly found: Unwrapped }[] {
  const text = file.source.text
  if (!mayHoldHandler(file)) return []
  const knowsLambda = /['"](aws-lambda|@types\/aws-lambda|@middy\/|@aws-lambda-powertools\/|@aws-sdk\/|aws-sdk)/.test(
    text,
  )
  const found: { exportName: string; found: Unwrapped }[] = []
  for (const name of exportNames(file)) {
    const usual = /^(handler|lambdaHandler|main)$/.test(name)
    if (!usual && !mayHoldUnusual(text)) continue
    const target = findExport(file, name)
    if (!target?.fn) continue
    if (
      typedAsHandler(target, file, usual || (!imported && mayAnswer(target.fn))) ||
      (usual && name !== 'main' && takesEvent(target.fn, knowsLambda)) ||
      (!usual && !imported && knowsLambda && isToldByParameters(target.fn, name, file))
    )
      found.push({ exportName: name, found: target })
  }
  return found
}

/** Whether a look at the text leaves it open that a file exports a handler. */
export const mayHoldHandler = (file: CodeFile): boolean =>
  /[hH]andler/.test(file.source.text) || mayHoldUnusual(file.source.text)

/** The same, for handlers under any name. */
const mayHoldUnusual = (text: string): boolean =>
  /['"]aws-lambda['"]|\(\s*event\s*,\s*context\b|\.ResourceProperties\b/.test(text)

/** What hands an `event` and a `context` of its own to functions: pages in a browser, servers, other clouds, tests. */
const OTHER_EVENTS =
  /^(p?react(-dom)?|vue|svelte|solid-js|next|nuxt|gatsby|electron|xstate|h3|koa|express|fastify|probot|firebase(-functions)?|jest|vitest|mocha|chai|sinon|cypress)(\/|$)|^@(angular|vue|remix-run|sveltejs|hapi|nestjs|xstate|google-cloud|azure|cloudflare|jest|vitest|playwright|storybook|testing-library)\//

/**
 * `(event, context)`, as every handler of AWS's own documentation, or a custom resource, which reads what
 * CloudFormation alone sends. It answers, or reads what Lambda alone gives: a listener does neither. What the file
 * itself calls or hands on is no entry of a function.
 */
function isToldByParameters(fn: FunctionNode, name: string, file: CodeFile): boolean {
  const [first, second] = fn.parameters.map(parameter =>
    ts.isIdentifier(parameter.name) ? parameter.name.text : undefined,
  )
  // With a callback besides, it is as often what a library hands to a handler.
  if (first !== 'event' || fn.parameters.length > 2) return false
  const text = fn.getText()
  if (fn.parameters.length === 1) return /\bevent\.ResourceProperties\b/.test(text)
  if (second !== 'context' || isUsedInside(file, name)) return false
  if (/\.[jt]sx$/.test(file.path) || file.imports.some(one => OTHER_EVENTS.test(one.specifier))) return false
  return answers(fn) || LAMBDA_ALONE.test(text)
}

/** Members of the context, and of the events that services send. */
const LAMBDA_ALONE =
  /\bcontext\.(awsRequestId|functionName|functionVersion|invokedFunctionArn|memoryLimitInMB|logGroupName|logStreamName|getRemainingTimeInMillis|callbackWaitsForEmptyEventLoop|succeed|fail|done)\b|\bevent\.(Records|ResourceProperties|requestContext|pathParameters|queryStringParameters)\b/

/** Whether anything comes back: a promise, a value. */
const answers = (fn: FunctionNode): boolean =>
  (ts.getCombinedModifierFlags(fn) & ts.ModifierFlags.Async) !== 0 ||
  (fn.body !== undefined &&
    (!ts.isBlock(fn.body) ||
      some(
        fn.body,
        node => ts.isReturnStatement(node) && node.expression !== undefined,
        node => !isFunctionNode(node),
      )))

/** A name that the file calls, or hands to a call: `query(event, context)`, `bus.on('order', query)`. */
function isUsedInside(file: CodeFile, name: string): boolean {
  const isIt = (node: ts.Expression): boolean =>
    (ts.isIdentifier(node) && node.text === name) ||
    (ts.isPropertyAccessExpression(node) &&
      node.name.text === name &&
      /^(module\.)?exports$/.test(node.expression.getText()))
  return some(file.ast, node => ts.isCallExpression(node) && (isIt(node.expression) || node.arguments.some(isIt)))
}

const mayAnswer = (fn: FunctionNode): boolean =>
  fn.parameters.length > 1 ||
  (ts.getCombinedModifierFlags(fn) & ts.ModifierFlags.Async) !== 0 ||
  /^(Promise|.*Result(V2)?)\b/.test(fn.type?.getText() ?? '')

function typedAsHandler(target: Unwrapped, file: CodeFile, byParameters: boolean): boolean {
  const { node } = target
  const declared = ts.isVariableDeclaration(node) || ts.isSatisfiesExpression(node) ? node.type : undefined
  const mentions = (type: ts.TypeNode | undefined, ending: RegExp): boolean => {
    if (!type || !ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return false
    const binding = topLevelBindings(file.ast).get(type.typeName.text)
    return binding?.imported?.module === 'aws-lambda' && ending.test(binding.imported.name)
  }
  return (
    mentions(declared, /Handler$/) ||
    (byParameters &&
      (target.fn?.parameters.some(parameter => mentions(parameter.type, /(Event|Context|V2|EventV2)$/)) ?? false))
  )
}

function takesEvent(fn: FunctionNode, knowsLambda: boolean): boolean {
  if (fn.parameters.length > 3) return false
  const names = fn.parameters.map(parameter => (ts.isIdentifier(parameter.name) ? parameter.name.text : ''))
  if (names.some(name => /^(req|request|res|response|next|args|argv|yargs)$/i.test(name))) return false
  if (!fn.parameters.length) return knowsLambda || (ts.getCombinedModifierFlags(fn) & ts.ModifierFlags.Async) !== 0
  return (
    knowsLambda || /^_?(event|evt|e|input|payload)$/i.test(names[0] ?? '') || /^_?(context|ctx)$/i.test(names[1] ?? '')
  )
}
