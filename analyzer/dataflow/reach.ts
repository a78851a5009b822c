/** The call graph: which functions run with an invocation of a handler, and which when its environment starts. */
import type { CodeFile, Handler } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { dottedName, isFunctionNode, resolveName } from '../syntax/syntax.ts'
import { each, find } from '../application/walk.ts'
import { functionsBehind, originsOf } from './origins.ts'

/** A function by its place: its node may be another when the file is parsed again. */
export const placeOf = (fn: ts.Node): string => `${fn.getSourceFile().fileName}:${fn.pos}:${fn.end}`

interface Work {
  readonly fn: ts.Node
  readonly file: CodeFile
}

const invoked = new WeakMap<Handler, ReadonlySet<string>>()
const started = new WeakMap<Handler, ReadonlySet<string>>()

/**
 * The places of the functions that run with an invocation of the handler: itself, what it calls or hands on, and what
 * stands inside them.
 */
export function functionsReached(handler: Handler): ReadonlySet<string> {
  const known = invoked.get(handler)
  if (known) return known
  const reached = new Set<string>()
  invoked.set(handler, reached)
  const { fn } = handler
  const routes = handler.files.flatMap(file => (file.generated ? [] : atModuleScope(file).routes))
  spread([...(fn ? [{ fn, file: handler.home }] : []), ...routes], reached)
  return reached
}

/** The places of the functions that run while the handler's modules are loaded. */
function functionsStarted(handler: Handler): ReadonlySet<string> {
  const known = started.get(handler)
  if (known) return known
  const reached = new Set<string>()
  started.set(handler, reached)
  spread(
    handler.files.flatMap(file => (file.generated ? [] : atModuleScope(file).called)),
    reached,
  )
  return reached
}

/**
 * Whether a node runs with an invocation of the handler, or when its environment starts, as far as calls can be
 * followed.
 */
export function isReached(node: ts.Node, handler: Handler): boolean {
  const around = functionsAround(node)
  if (around === undefined) return false
  return (
    around.length === 0 ||
    isInside(handler, around) ||
    hasAny(functionsReached(handler), around) ||
    hasAny(functionsStarted(handler), around)
  )
}

/**
 * Whether a node runs with an invocation of the handler: code at module scope runs once for an environment, and does
 * not.
 */
export function isInvoked(node: ts.Node, handler: Handler): boolean {
  const around = functionsAround(node)
  if (around === undefined || !around.length) return false
  return isInside(handler, around) || hasAny(functionsReached(handler), around)
}

/** What stands in the handler itself needs no calls to be followed. */
const isInside = ({ fn }: Handler, around: readonly string[]): boolean =>
  fn !== undefined && around.includes(placeOf(fn))

const hasAny = (set: ReadonlySet<string>, places: readonly string[]): boolean => places.some(place => set.has(place))

/** The functions around a node; undefined where it runs only when the file is started as a program. */
function functionsAround(node: ts.Node): readonly string[] | undefined {
  const places: string[] = []
  for (let current: ts.Node | undefined = node; current; current = current.parent) {
    if (ts.isIfStatement(current) && /require\.main\b|import\.meta\.(main|url)\b/.test(current.expression.getText()))
      return undefined
    if (ts.isFunctionLike(current)) places.push(placeOf(current))
  }
  return places
}

/** Adds everything that these functions call, hand on or hold. */
function spread(from: readonly Work[], reached: Set<string>): void {
  const queue: Work[] = []
  const add = (fn: ts.Node, file: CodeFile): void => {
    const place = placeOf(fn)
    if (reached.has(place)) return
    reached.add(place)
    queue.push({ fn, file })
  }
  for (const { fn, file } of from) add(fn, file)
  for (let entry = queue.pop(); entry; entry = queue.pop()) {
    const { fn, file } = entry
    each(fn, node => {
      if (node === fn) return
      if (isFunctionNode(node)) reached.add(placeOf(node))
      for (const one of ledTo(node, file)) add(one.fn, one.file)
    })
  }
}

/** The functions that a node names, calls or makes an object of. */
function ledTo(node: ts.Node, file: CodeFile): readonly Work[] {
  if (ts.isNewExpression(node)) {
    return originsOf(node.expression, { file, handlers: [], through: 'value', callers: false }).flatMap(one =>
      !one.path.length && ts.isClassLike(one.node) ? startOf(one.node, one.file) : [],
    )
  }
  if (!isUse(node) || !mayLeadOn(node)) return []
  return functionsBehind(node, file).map(one => ({ fn: one.node, file: one.file }))
}

/** What runs when an object of a class is made: constructors and what properties are declared with. */
function startOf(node: ts.ClassLikeDeclaration, file: CodeFile, hops = 5): readonly Work[] {
  const own = node.members
    .filter(
      one => ts.isConstructorDeclaration(one) || (ts.isPropertyDeclaration(one) && !isFunctionNode(one.initializer)),
    )
    .map(fn => ({ fn, file }))
  const base = node.heritageClauses?.find(one => one.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression
  if (!base || hops === 0) return own
  return [
    ...own,
    ...originsOf(base, { file, handlers: [], through: 'value', callers: false }).flatMap(one =>
      !one.path.length && ts.isClassLike(one.node) ? startOf(one.node, one.file, hops - 1) : [],
    ),
  ]
}

/** A name or member that is used as a value: not a declaration, not a property's name, not a part of a longer one. */
function isUse(node: ts.Node): node is ts.Expression {
  if (ts.isPropertyAccessExpression(node)) return true
  if (ts.isElementAccessExpression(node)) return ts.isStringLiteralLike(node.argumentExpression)
  if (!ts.isIdentifier(node)) return false
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return false
  if (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent)) return parent.initializer === node
  if (ts.isBindingElement(parent) || ts.isParameter(parent)) return parent.initializer === node
  return !(ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isTypeReferenceNode(parent))
}

/**
 * Whether there may be a function of the project behind a name: no global, no parameter without more, nothing of a
 * package.
 */
function mayLeadOn(node: ts.Expression): boolean {
  let root: ts.Node = node
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root) || ts.isNonNullExpression(root))
    root = root.expression
  if (root.kind === ts.SyntaxKind.ThisKeyword) return root !== node
  if (!ts.isIdentifier(root))
    return ts.isCallExpression(root) || ts.isNewExpression(root) || ts.isParenthesizedExpression(root)
  const binding = resolveName(root)
  return binding !== undefined && (binding.kind !== 'parameter' || root !== node)
}

interface ModuleScope {
  /** Functions that are called while the module is loaded. */
  readonly called: readonly Work[]
  /**
   * `app.get('/', async () => …)`: callbacks that module scope hands to a framework, which calls them with every
   * invocation.
   */
  readonly routes: readonly Work[]
}

const scopes = new WeakMap<ts.SourceFile, ModuleScope>()

function atModuleScope(file: CodeFile): ModuleScope {
  const { ast } = file
  const known = scopes.get(ast)
  if (known) return known
  const called: Work[] = []
  const routes: Work[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const { expression } = node
      // `(async () => { … })()`
      const direct = ts.isParenthesizedExpression(expression) ? expression.expression : expression
      if (isFunctionNode(direct)) called.push({ fn: direct, file })
      else if (mayLeadOn(expression))
        called.push(...functionsBehind(expression, file).map(one => ({ fn: one.node, file: one.file })))
      if (isRoute(node))
        for (const argument of node.arguments) {
          if (isFunctionNode(argument)) routes.push({ fn: argument, file })
          else if (isUse(argument) && mayLeadOn(argument))
            routes.push(...functionsBehind(argument, file).map(one => ({ fn: one.node, file: one.file })))
        }
    } else if (ts.isNewExpression(node)) called.push(...ledTo(node, file))
  }
  each(ast, visit, node => !ts.isFunctionLike(node))
  const scope = { called, routes }
  scopes.set(ast, scope)
  return scope
}

const isRoute = (call: ts.CallExpression): boolean =>
  ts.isPropertyAccessExpression(call.expression) &&
  /^(get|post|put|patch|delete|all|use|route|any|options|head|on|register|resolver|add|handle)$/.test(
    call.expression.name.text,
  ) &&
  !/^process\b/.test(dottedName(call.expression) ?? '') &&
  find(call.expression, node => ts.isCallExpression(node) && /^(middy|wrap)/.test(node.expression.getText())) ===
    undefined
