/** Where a failure of the work that an event asks for ends without anybody hearing of it. From the syntax alone. */
import type { CodeFile, FunctionNode, Handler } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import {
  bare,
  calledWith,
  dottedName,
  enclosingFunction,
  isFunctionNode,
  resolveName,
  returnsOf,
  someUse,
} from '../syntax/syntax.ts'
import { collect, find, some } from '../application/walk.ts'
import { eventFlows } from './event-origins.ts'
import { endsAlways } from './handler-results.ts'
import { functionsBehind, sitesOf } from './origins.ts'
import { isInvoked } from './reach.ts'

/** A failure that nobody learns of. */
export interface LostFailure {
  readonly node: ts.Node
  readonly file: CodeFile
  /**
   * `catch`: caught and printed. `callback`: `.catch(print)`. `settled`: what `Promise.allSettled` answers is not read.
   */
  readonly how: 'catch' | 'callback' | 'settled'
  /** The block after whose statements it could be thrown again, and the name of the error. */
  readonly block?: ts.Block
  readonly error?: string | undefined
}

/**
 * The failures that are lost in code that runs with an invocation of the handler; the results of which nobody waits
 * for.
 */
export function lostFailures(handler: Handler): readonly LostFailure[] {
  const lost: LostFailure[] = []
  for (const file of handler.files) {
    if (file.generated || !/\bcatch\b|\ballSettled\b|\.then\b/.test(file.source.text)) continue
    const where: Where = { file, handler }
    for (const node of collect(file.ast, isCandidate)) {
      if (!isInvoked(node, handler)) continue
      const found = ts.isTryStatement(node) ? swallowing(node, where) : ofCall(node, where)
      if (found) lost.push(found)
    }
  }
  return lost
}

interface Where {
  readonly file: CodeFile
  readonly handler: Handler
}

const isCandidate = (node: ts.Node): node is ts.TryStatement | ts.CallExpression =>
  (ts.isTryStatement(node) && node.catchClause !== undefined) ||
  (ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    /^(catch|then|allSettled)$/.test(node.expression.name.text))

/** `try { await work(record) } catch (error) { console.error(error) }`. */
function swallowing(node: ts.TryStatement, where: Where): LostFailure | undefined {
  const { catchClause } = node
  if (!catchClause) return undefined
  const { block, variableDeclaration } = catchClause
  const fn = enclosingFunction(node)
  if (!fn || !isFunctionNode(fn) || !block.statements.every(isIdle)) return undefined
  if (node.finallyBlock && !node.finallyBlock.statements.every(isIdle)) return undefined
  if (!worksOnEvent(node.tryBlock, where) || tells(node, block)) return undefined
  const leaves =
    endsAlways(block) || block.statements.some(one => ts.isContinueStatement(one) || ts.isBreakStatement(one))
  if (!leaves && !restOf(node).every(isIdle)) return undefined
  if (fn !== where.handler.fn && !isResultLost(fn, where)) return undefined
  const name = variableDeclaration?.name
  return {
    node: catchClause,
    file: where.file,
    how: 'catch',
    block,
    error: name && ts.isIdentifier(name) ? name.text : undefined,
  }
}

/** The statements that come after one in its own block; in a `try` of its own block too. */
function restOf(node: ts.Statement): readonly ts.Statement[] {
  const { parent } = node
  if (!ts.isBlock(parent) && !ts.isSourceFile(parent) && !ts.isCaseOrDefaultClause(parent)) return []
  const { statements } = parent
  return statements.slice(statements.indexOf(node) + 1)
}

/** What an assignment, `++`, or a method that adds to a collection or takes from it, changes. */
function changedBy(node: ts.Node): ts.Expression | undefined {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken
    return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment ? node.left : undefined
  }
  if (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) return node.operand
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined
  return /^(push|add|set|delete|unshift)$/.test(node.expression.name.text) ? node.expression.expression : undefined
}

/**
 * Whether the `try` leaves a sign of its success behind that is looked at later: what failed can be told by its
 * absence.
 */
function tells(node: ts.TryStatement, block: ts.Block): boolean {
  if (endsAlways(block) && !some(block, ts.isReturnStatement, 'own')) return false
  const fn = enclosingFunction(node)
  const changed = new Set<ts.Identifier>()
  find(
    node.tryBlock,
    inner => {
      const target = changedBy(inner)
      const name = target && rootName(target)
      const declared = name && resolveName(name)?.identifier
      if (declared && !(declared.pos >= node.pos && declared.end <= node.end)) changed.add(declared)
      return false
    },
    'own',
  )
  if (!changed.size || endsAlways(block)) return false
  return some(fn, inner => {
    if (!ts.isIdentifier(inner) || inner.pos < node.end) return false
    const declared = resolveName(inner)?.identifier
    return declared !== undefined && changed.has(declared) && !isPrinted(inner)
  })
}

function rootName(node: ts.Expression): ts.Identifier | undefined {
  let root: ts.Expression = bare(node)
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) root = bare(root.expression)
  return ts.isIdentifier(root) ? root : undefined
}

function isPrinted(node: ts.Node): boolean {
  for (let current = node.parent; current && !ts.isStatement(current); current = current.parent)
    if (ts.isCallExpression(current) && isPrinting(current)) return true
  return false
}

/** `.catch(print)`, `.then(done, print)`, and `Promise.allSettled` whose answer is not read. */
function ofCall(node: ts.CallExpression, where: Where): LostFailure | undefined {
  const callee = node.expression as ts.PropertyAccessExpression
  const lost = (how: LostFailure['how']): LostFailure => ({ node, file: where.file, how })
  if (callee.name.text === 'allSettled') {
    const [list] = node.arguments
    return dottedName(callee) === 'Promise.allSettled' && list && touchesEvent(list, where) && isDiscarded(node, where)
      ? lost('settled')
      : undefined
  }
  const reaction = callee.name.text === 'catch' ? node.arguments[0] : node.arguments[1]
  if (!reaction || !isIdleReaction(reaction, where) || isBestEffort(callee.expression)) return undefined
  return touchesEvent(callee.expression, where) && isOnlyWork(node) && isDiscarded(node, where)
    ? lost('callback')
    : undefined
}

/** `console.error`, `(error) => console.error(error)`, `() => {}`, or a function of the project that only prints. */
function isIdleReaction(reaction: ts.Expression, where: Where, hops = 2): boolean {
  const expression = bare(reaction)
  if (isFunctionNode(expression)) {
    if (!expression.body) return false
    return ts.isBlock(expression.body)
      ? expression.body.statements.every(isIdle)
      : isPrinting(expression.body) || isInert(expression.body)
  }
  if (PRINTS.test(dottedName(expression) ?? '')) return true
  if (hops === 0) return false
  const found = functionsBehind(expression, where.file)
  return (
    found.length > 0 &&
    found.every(one => ts.isFunctionDeclaration(one.node) || !ts.isMethodDeclaration(one.node)) &&
    found.every(one => isIdleFunction(one.node))
  )
}

const isIdleFunction = (fn: FunctionNode): boolean =>
  fn.body !== undefined &&
  (ts.isBlock(fn.body) ? fn.body.statements.every(isIdle) : isPrinting(fn.body) || isInert(fn.body))

const PRINTS =
  /^(console\.\w+|(.*\.)?_?log(ger)?\.(log|trace|debug|info|warn|warning|error|fatal|critical)|log(ger)?)$/i

/** Whether an expression does nothing but print or log, waited for or not. */
export function isPrinting(node: ts.Expression): boolean {
  const call = bare(node)
  if (ts.isAwaitExpression(call)) return isPrinting(call.expression)
  return ts.isCallExpression(call) && PRINTS.test(dottedName(call.expression) ?? '')
}

/** It prints, names a text, or leaves with something written: nothing that could bring the event to safety. */
export function isIdle(statement: ts.Statement): boolean {
  if (ts.isReturnStatement(statement)) return !statement.expression || isInert(statement.expression)
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.every(one => !one.initializer || isInert(one.initializer))
  if (ts.isEmptyStatement(statement) || ts.isContinueStatement(statement) || ts.isBreakStatement(statement)) return true
  if (ts.isBlock(statement)) return statement.statements.every(isIdle)
  if (ts.isIfStatement(statement))
    return (
      isInert(statement.expression) &&
      isIdle(statement.thenStatement) &&
      (!statement.elseStatement || isIdle(statement.elseStatement))
    )
  return ts.isExpressionStatement(statement) && isPrinting(statement.expression)
}

const TEXT_MAKERS = /^(JSON\.stringify|String|Date\.now|(.*\.)?(toString|toISOString|join|format|includes|startsWith))$/

/** No call but of a text's maker, nothing that is set; a result that names failed items is none of these. */
export function isInert(node: ts.Expression): boolean {
  return !some(
    node,
    inner =>
      ts.isAwaitExpression(inner) ||
      (ts.isNewExpression(inner) && !/^(Date|Error)$/.test(inner.expression.getText())) ||
      (ts.isCallExpression(inner) && !TEXT_MAKERS.test(dottedName(inner.expression) ?? '')) ||
      (ts.isBinaryExpression(inner) &&
        inner.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
        inner.operatorToken.kind <= ts.SyntaxKind.LastAssignment) ||
      ((ts.isPropertyAssignment(inner) || ts.isShorthandPropertyAssignment(inner)) &&
        inner.name.getText() === 'batchItemFailures' &&
        !(ts.isPropertyAssignment(inner) && isEmptyList(inner.initializer))),
  )
}

const isEmptyList = (node: ts.Expression): boolean => {
  const list = bare(node)
  return ts.isArrayLiteralExpression(list) && list.elements.length === 0
}

/** Something is waited for, or answered, that has to do with the event: what fails here is what the event asked for. */
function worksOnEvent(block: ts.Block, where: Where): boolean {
  const waited = collect(block, isWait, 'own')
  if (!waited.length) return false
  const fn = enclosingFunction(block)
  // All of the handler is its work.
  if (fn === where.handler.fn && block.parent.parent === fn?.body) return true
  return waited.some(one => !isBestEffort(one) && touchesEvent(one, where)) || touchesEvent(block, where)
}

const isWait = (node: ts.Node): node is ts.Expression =>
  ts.isAwaitExpression(node) ||
  (ts.isReturnStatement(node.parent) &&
    node.parent.expression === node &&
    ts.isCallExpression(node) &&
    enclosingFunction(node) !== undefined)

/** Work that is done on the side, and may fail: to tidy up, to count, to tell somebody. */
function isBestEffort(node: ts.Node): boolean {
  const call = find(node, ts.isCallExpression)
  return (
    call !== undefined &&
    /unlink|\brm(dir)?\b|clean|close|\bend\b|disconnect|release|metric|track|audit|notif|warm|cache|heartbeat|telemetry|analytics|slack|alert|report|ping|flush/i.test(
      dottedName(call.expression) ?? '',
    )
  )
}

/** Whether a part of the event is named in a node. */
function touchesEvent(node: ts.Node, { file, handler }: Where): boolean {
  return some(
    node,
    inner =>
      ts.isIdentifier(inner) &&
      !(ts.isPropertyAccessExpression(inner.parent) && inner.parent.name === inner) &&
      resolveName(inner) !== undefined &&
      eventFlows(inner, { file, handlers: [handler] }).length > 0,
  )
}

/** Whether nothing else is waited for in the same block or callback. */
function isOnlyWork(node: ts.Node): boolean {
  let home: ts.Node = node
  while (home.parent && !ts.isBlock(home) && !ts.isFunctionLike(home) && !ts.isIterationStatement(home, false))
    home = home.parent
  return !some(home, inner => ts.isAwaitExpression(inner) && inner.pos >= node.end && !isBestEffort(inner), 'own')
}

/** Whether nobody sees what a function answers: it answers nothing, or every caller lets it fall. */
function isResultLost(fn: FunctionNode, where: Where): boolean {
  const returned = returnsOf(fn)
  const answers = returned.some(one => one && !isInert(one)) || new Set(returned.map(one => one?.getText())).size > 1
  const taker = calledWith(fn)
  if (taker) return isDiscardedCallback(taker, where)
  const sites = sitesOf(fn, where.file, [where.handler])
  if (!sites.length) return false
  return sites.every(({ call, file, position }) => {
    const there = { ...where, file }
    if (isBestEffort(call) || !touchesEvent(call, there)) return false
    if (position !== undefined) return isDiscardedCallback(call as ts.CallExpression, there)
    return (!answers && isOnlyWork(call)) || isDiscarded(call, there)
  })
}

/**
 * `list.map(fn)`, `forEach(fn)`, `processPartialResponse(event, fn)`: what the callback answers goes where the call
 * goes.
 */
function isDiscardedCallback(call: ts.CallExpression, where: Where): boolean {
  const name = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : dottedName(call.expression)
  if (/^processPartialResponse|^forEach$/.test(name ?? '')) return true
  if (!/map|each|then|series|limit/i.test(name ?? '')) return false
  return isDiscarded(call, where)
}

/**
 * Whether the value of an expression is let fall: a statement of its own, or what the handler answers to a source that
 * does not read it.
 */
function isDiscarded(node: ts.Node, where: Where, hops = 6): boolean {
  const { parent } = node
  if (hops === 0 || !parent) return false
  if (ts.isAwaitExpression(parent) || ts.isParenthesizedExpression(parent) || ts.isVoidExpression(parent))
    return isDiscarded(parent, where, hops)
  if (ts.isExpressionStatement(parent)) return true
  if (ts.isPropertyAccessExpression(parent) && ts.isCallExpression(parent.parent) && parent.expression === node)
    return /^(finally|catch)$/.test(parent.name.text) && isDiscarded(parent.parent, where, hops)
  if (ts.isCallExpression(parent) && parent.expression !== node) {
    const name = dottedName(parent.expression) ?? ''
    if (/^Promise\.(all|allSettled)$/.test(name)) return isDiscarded(parent, where, hops - 1)
    // `jobs.push(work(record))`, and `await Promise.all(jobs)`.
    const list = /^(\w+)\.push$/.test(name) ? rootName(parent.expression) : undefined
    return (
      list !== undefined && ts.isExpressionStatement(parent.parent) && isNameDiscarded(list, where, hops - 1, parent)
    )
  }
  const fn = enclosingFunction(node)
  if (!fn || !isFunctionNode(fn)) return false
  if ((ts.isReturnStatement(parent) && parent.expression === node) || fn.body === node)
    return fn === where.handler.fn ? where.handler.wrappers.length === 0 : isReturnDiscarded(fn, where, hops - 1)
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)
    ? isNameDiscarded(parent.name, where, hops - 1, parent)
    : false
}

function isReturnDiscarded(fn: FunctionNode, where: Where, hops: number): boolean {
  const taker = calledWith(fn)
  if (taker) return isDiscardedCallback(taker, where)
  const sites = sitesOf(fn, where.file, [where.handler])
  return (
    sites.length > 0 &&
    sites.every(({ call, file, position }) =>
      position === undefined
        ? isDiscarded(call, { ...where, file }, hops)
        : isDiscardedCallback(call as ts.CallExpression, { ...where, file }),
    )
  )
}

/** Whether a name is only waited for, or printed. */
function isNameDiscarded(name: ts.Identifier, where: Where, hops: number, but: ts.Node): boolean {
  const declared = resolveName(name)?.identifier
  const fn = enclosingFunction(name)
  if (!declared || !fn) return false
  return !someUse(
    fn,
    declared,
    use =>
      !(use.pos >= but.pos && use.end <= but.end) &&
      !isPrinted(use) &&
      !isIdleLook(use) &&
      !isDiscarded(use, where, hops),
  )
}

/** `results.filter(failed).forEach(print)`, `for (const one of results) if (…) print`, `results.length`. */
function isIdleLook(node: ts.Identifier): boolean {
  for (let current: ts.Node = node; current.parent && !ts.isFunctionLike(current); current = current.parent) {
    const { parent } = current
    if (ts.isForOfStatement(parent) && parent.expression === current) return isIdle(parent.statement)
    if (
      ts.isCallExpression(parent) &&
      ts.isPropertyAccessExpression(parent.expression) &&
      parent.expression.name.text === 'forEach' &&
      ts.isExpressionStatement(parent.parent)
    ) {
      const [callback] = parent.arguments
      return callback !== undefined && isFunctionNode(callback) && isIdleFunction(callback)
    }
    if (ts.isIfStatement(parent) && parent.expression === current) return isIdle(parent)
    if (ts.isVariableDeclaration(parent)) {
      const { name } = parent
      const home = enclosingFunction(parent)
      return (
        ts.isIdentifier(name) &&
        home !== undefined &&
        !some(
          home,
          inner =>
            ts.isIdentifier(inner) &&
            inner !== name &&
            inner.text === name.text &&
            !isPrinted(inner) &&
            !isIdleLook(inner),
        )
      )
    }
    if (ts.isStatement(parent)) return false
  }
  return false
}
