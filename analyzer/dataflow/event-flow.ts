/** Where parts of the event go: through names, members, texts that are put together, and parameters of functions of the project. From the syntax alone. */
import type { CodeFile, Handler } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { bare, importOf, isFunctionNode, isGlobal, propertyName, resolveName, returnsOf } from '../engine/syntax.ts'
import type { Binding } from '../engine/syntax.ts'
import { functionBehind } from './follow.ts'
import type { EventPath } from './event-path.ts'

/** A part of the event that reaches an expression. */
export interface Flow {
  readonly path: EventPath
  /** The expression is this part, or this part decoded; not a text that it is a piece of. */
  readonly exact: boolean
  /** What it is called on its way, as written: `record.body`, `name`. */
  readonly names: readonly string[]
}

/** Where to look: the handlers whose first parameter is the event. */
interface Scope {
  readonly file: CodeFile
  readonly handlers: readonly Handler[]
  /** Steps that may still be taken: functions that call each other in circles have no end of ways. */
  readonly budget: { left: number }
  /** The calls that led into the function at hand, the last one first. */
  readonly calls?: { readonly fn: ts.Node; readonly call: ts.CallExpression; readonly from: Scope }
}

const MAX_DEPTH = 24
const MAX_CALL_SITES = 20
const MAX_STEPS = 500

/** The part of the event that reaches an expression; undefined when none does, or something unknown lies between. */
export function eventFlow(
  node: ts.Expression,
  scope: { readonly file: CodeFile; readonly handlers: readonly Handler[] },
): Flow | undefined {
  return flowOf(node, { file: scope.file, handlers: scope.handlers, budget: { left: MAX_STEPS } }, 0)
}

function flowOf(node: ts.Expression, scope: Scope, depth: number): Flow | undefined {
  if (depth > MAX_DEPTH || scope.budget.left-- <= 0) return undefined
  const expression = bare(node)
  const on = (next: ts.Expression): Flow | undefined => flowOf(next, scope, depth + 1)
  if (ts.isIdentifier(expression)) return called(expression, flowOfName(expression, scope, depth))
  if (ts.isPropertyAccessExpression(expression)) {
    return NO_TEXT.has(expression.name.text)
      ? undefined
      : called(expression, below(on(expression.expression), expression.name.text))
  }
  if (ts.isElementAccessExpression(expression)) {
    const key = bare(expression.argumentExpression)
    return called(expression, below(on(expression.expression), ts.isStringLiteralLike(key) ? key.text : '[]'))
  }
  if (ts.isAwaitExpression(expression)) return on(expression.expression)
  if (ts.isConditionalExpression(expression)) return on(expression.whenTrue) ?? on(expression.whenFalse)
  if (ts.isTemplateExpression(expression))
    return partly(
      first(
        expression.templateSpans.map(span => span.expression),
        on,
      ),
    )
  if (ts.isBinaryExpression(expression)) {
    const operator = expression.operatorToken.kind
    if (operator === ts.SyntaxKind.PlusToken) return partly(on(expression.left) ?? on(expression.right))
    if (operator === ts.SyntaxKind.BarBarToken || operator === ts.SyntaxKind.QuestionQuestionToken)
      return on(expression.left) ?? on(expression.right)
    if (operator === ts.SyntaxKind.AmpersandAmpersandToken) return on(expression.right)
    return undefined
  }
  if (ts.isNewExpression(expression)) {
    const [argument] = expression.arguments ?? []
    return argument && ts.isIdentifier(expression.expression) && expression.expression.text === 'URLSearchParams'
      ? on(argument)
      : undefined
  }
  if (ts.isCallExpression(expression)) return flowOfCall(expression, scope, depth)
  return undefined
}

/** What is no text any more. */
const NO_TEXT = new Set(['length', 'byteLength', 'size'])
/** Methods that give the text, or a part of it, as it was. */
const KEEPS = new Set([
  'trim',
  'trimStart',
  'trimEnd',
  'toString',
  'toLowerCase',
  'toUpperCase',
  'slice',
  'substring',
  'substr',
  'split',
  'join',
  'concat',
  'at',
  'pop',
  'shift',
  'normalize',
  'get',
])
const DECODES = new Set(['String', 'decodeURIComponent', 'decodeURI', 'unescape', 'atob', 'JSON.parse', 'Buffer.from'])

function flowOfCall(call: ts.CallExpression, scope: Scope, depth: number): Flow | undefined {
  const [argument] = call.arguments
  const callee = bare(call.expression)
  const on = (next: ts.Expression): Flow | undefined => flowOf(next, scope, depth + 1)
  const name = ts.isIdentifier(callee)
    ? isGlobal(callee)
      ? callee.text
      : undefined
    : ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.expression) && isGlobal(callee.expression)
      ? `${callee.expression.text}.${callee.name.text}`
      : undefined
  if (name !== undefined && DECODES.has(name)) return argument && on(argument)
  if (name === 'JSON.stringify') return argument && partly(on(argument))
  const made = importOf(callee)
  if (made && /^(node:)?(querystring|qs)$/.test(made.module) && /(^|\.)(parse|decode)$/.test(made.name))
    return argument && on(argument)
  if (made && /^(node:)?path$/.test(made.module) && /(^|\.)(join|resolve|normalize)$/.test(made.name))
    return partly(first(call.arguments, on))
  if (ts.isPropertyAccessExpression(callee) && KEEPS.has(callee.name.text)) {
    const flow = on(callee.expression)
    if (flow)
      return callee.name.text === 'get' && argument && ts.isStringLiteralLike(argument)
        ? below(flow, argument.text)
        : flow
    return callee.name.text === 'concat' ? partly(first(call.arguments, on)) : undefined
  }
  // A decoded key of a bucket: `decodeURIComponent(key.replace(/\+/g, ' '))`.
  if (
    ts.isPropertyAccessExpression(callee) &&
    /^replace(All)?$/.test(callee.name.text) &&
    argument &&
    /^(\/\\\+\/g|'\+'|"\+")$/.test(argument.getText())
  )
    return on(callee.expression)
  const target = functionBehind(callee, scope.file)
  if (!target) return undefined
  const returned = returnsOf(target.node).filter(one => one !== undefined)
  if (returned.length !== 1) return undefined
  return flowOf(
    returned[0]!,
    {
      file: target.file,
      handlers: scope.handlers,
      budget: scope.budget,
      calls: { fn: target.node, call, from: scope },
    },
    depth + 1,
  )
}

const partly = (flow: Flow | undefined): Flow | undefined => flow && { ...flow, exact: false }
const below = (flow: Flow | undefined, name: string): Flow | undefined =>
  flow && { ...flow, path: [...flow.path, /^\d+$/.test(name) ? '[]' : name] }
const called = (node: ts.Expression, flow: Flow | undefined): Flow | undefined =>
  flow && { ...flow, names: [...flow.names, node.getText().replaceAll('?.', '.')] }

function first(nodes: readonly ts.Expression[], flow: (node: ts.Expression) => Flow | undefined): Flow | undefined {
  for (const node of nodes) {
    const found = flow(node)
    if (found) return found
  }
  return undefined
}

function flowOfName(identifier: ts.Identifier, scope: Scope, depth: number): Flow | undefined {
  const binding = resolveName(identifier)
  return binding && flowOfBinding(binding, scope, depth)
}

function flowOfBinding(binding: Binding, scope: Scope, depth: number): Flow | undefined {
  const { node } = binding
  if (ts.isParameter(node)) return flowOfParameter(node, scope, depth)
  if (ts.isVariableDeclaration(node)) return flowOfVariable(node, scope, depth)
  if (ts.isBindingElement(node) && !node.dotDotDotToken) return flowOfElement(node, scope, depth)
  return undefined
}

/** `const { body } = record`, and patterns in patterns. */
function flowOfElement(node: ts.BindingElement, scope: Scope, depth: number): Flow | undefined {
  const pattern = node.parent
  const outer = pattern.parent
  const left = ts.isParameter(outer)
    ? flowOfParameter(outer, scope, depth + 1)
    : ts.isVariableDeclaration(outer)
      ? flowOfVariable(outer, scope, depth + 1)
      : flowOfElement(outer, scope, depth + 1)
  if (ts.isArrayBindingPattern(pattern)) return below(left, '[]')
  const name = propertyName(node.propertyName ?? (node.name as ts.BindingName))
  return name === undefined ? undefined : below(left, name)
}

/** What a variable is given: where it is declared, by a loop, or later. */
function flowOfVariable(node: ts.VariableDeclaration, scope: Scope, depth: number): Flow | undefined {
  const loop = node.parent.parent
  if (ts.isForOfStatement(loop)) return below(flowOf(loop.expression, scope, depth + 1), '[]')
  const declared = node.initializer && flowOf(node.initializer, scope, depth + 1)
  if (declared || (node.parent.flags & ts.NodeFlags.Const) !== 0 || !ts.isIdentifier(node.name)) return declared
  for (const given of assignments(node.name)) {
    const flow = flowOf(given.right, scope, depth + 1)
    if (flow) return given.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken ? partly(flow) : flow
  }
  return undefined
}

/** `name = …` and `name += …` in the function in which a variable is declared. */
export function assignments(name: ts.Identifier): readonly ts.BinaryExpression[] {
  let home: ts.Node = name
  while (home.parent && !ts.isFunctionLike(home) && !ts.isSourceFile(home)) home = home.parent
  const found: ts.BinaryExpression[] = []
  const walk = (node: ts.Node): void => {
    if (
      ts.isBinaryExpression(node) &&
      ts.isIdentifier(node.left) &&
      node.left.text === name.text &&
      (node.operatorToken.kind === ts.SyntaxKind.EqualsToken ||
        node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken) &&
      resolveName(node.left)?.identifier === name
    )
      found.push(node)
    ts.forEachChild(node, walk)
  }
  walk(home)
  return found
}

const ELEMENT_FIRST = new Set(['forEach', 'map', 'flatMap', 'filter', 'some', 'every', 'find', 'findIndex'])

/** The event itself, the element that a method of a list hands to its callback, or what the calls of a function give it. */
function flowOfParameter(node: ts.ParameterDeclaration, scope: Scope, depth: number): Flow | undefined {
  const fn = node.parent
  if (depth > MAX_DEPTH || !isFunctionNode(fn)) return undefined
  const index = fn.parameters.indexOf(node)
  if (index === 0 && scope.handlers.some(handler => handler.fn === fn)) return { path: [], exact: true, names: [] }
  for (let frame = scope.calls; frame; frame = frame.from.calls) {
    if (frame.fn !== fn) continue
    const argument = frame.call.arguments[index]
    return argument && flowOf(argument, frame.from, depth + 1)
  }
  const call = fn.parent
  if ((ts.isArrowFunction(fn) || ts.isFunctionExpression(fn)) && ts.isCallExpression(call)) {
    if (call.arguments[0] !== fn || !ts.isPropertyAccessExpression(call.expression)) return undefined
    const method = call.expression.name.text
    if (!(index === 0 && ELEMENT_FIRST.has(method)) && !(index === 1 && method === 'reduce')) return undefined
    return below(flowOf(call.expression.expression, scope, depth + 1), '[]')
  }
  for (const site of callSites(fn, scope)) {
    const argument = site.call.arguments[index]
    const flow =
      argument && flowOf(argument, { file: site.file, handlers: scope.handlers, budget: scope.budget }, depth + 1)
    if (flow) return flow
  }
  return undefined
}

interface CallSite {
  readonly call: ts.CallExpression
  readonly file: CodeFile
}

const callsByName = new WeakMap<ts.SourceFile, ReadonlyMap<string, readonly ts.CallExpression[]>>()

/** The calls of a named function, in its file and in the files of the handlers that import it. */
export function callSites(
  fn: ts.Node,
  scope: { readonly file: CodeFile; readonly handlers: readonly Handler[] },
): readonly CallSite[] {
  const name = nameOf(fn)
  if (name === undefined) return []
  const importing = new Set(
    scope.handlers
      .flatMap(handler => handler.files)
      .filter(file => file !== scope.file && !file.generated && file.imports.some(one => one.file === scope.file)),
  )
  return [scope.file, ...importing]
    .flatMap(file =>
      (callsIn(file.ast).get(name) ?? []).flatMap(call =>
        functionBehind(call.expression, file)?.node === fn ? [{ call, file }] : [],
      ),
    )
    .slice(0, MAX_CALL_SITES)
}

function nameOf(fn: ts.Node): string | undefined {
  if (ts.isFunctionDeclaration(fn)) return fn.name?.text
  const parent = fn.parent
  // `exports.save = async () => …` is called by that name where it is imported.
  if (ts.isBinaryExpression(parent) && ts.isPropertyAccessExpression(parent.left)) return parent.left.name.text
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name.text : undefined
}

function callsIn(ast: ts.SourceFile): ReadonlyMap<string, readonly ts.CallExpression[]> {
  const known = callsByName.get(ast)
  if (known) return known
  const found = new Map<string, ts.CallExpression[]>()
  const walk = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression))
      found.set(node.expression.text, [...(found.get(node.expression.text) ?? []), node])
    ts.forEachChild(node, walk)
  }
  walk(ast)
  callsByName.set(ast, found)
  return found
}
