import { insertBefore } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { bare, dottedName, enclosingFunction, isAsync, resolveName, returnsOf, someUse } from '../syntax/syntax.ts'
import { some } from '../application/walk.ts'
import { ts } from '../application/typescript.ts'
import { contextEnds, ownFunction, usesOfParameter } from '../dataflow/handler-style.ts'
import { promiseOf } from '../dataflow/promises.ts'

/** A promise that nobody waits for: the environment is frozen when the handler returns, and the work with it. */
export const rule = defineRule({
  id: 'no-floating-promise-in-handler',
  visit: {
    ExpressionStatement(statement, code) {
      const [candidate] = callsLeft(statement.expression)
      if (!candidate) return
      // `jobs.push(work())`, where nobody looks at `jobs`.
      const pushed = pushedIn(candidate)
      if (pushed) check(statement, pushed, code, false)
      else
        for (const call of callsLeft(statement.expression))
          check(statement, call, code, call === bare(statement.expression))
    },
    VariableDeclaration(declaration, code) {
      const { initializer, name } = declaration
      const call = initializer && bare(initializer)
      if (!call || !ts.isCallExpression(call) || !ts.isIdentifier(name) || isUsed(name, declaration)) return
      check(declaration, call, code, false)
    },
  },
})

function check(at: ts.Node, call: ts.CallExpression, code: CodeContext, canBeAwaited: boolean): void {
  // Syntax first: only a call can leave a promise behind, and the type checker is dear.
  if (
    !code.inHandler(at) ||
    isWaitedFor(code) ||
    settlesPromiseAround(call) ||
    isOfTimer(at) ||
    feedsStream(at, call) ||
    !isPromise(call, code)
  )
    return
  const fn = enclosingFunction(at)
  const canAwait = fn !== undefined && isAsync(fn)
  code.report({
    at,
    message:
      `Nobody waits for the promise of ${dottedName(call.expression) ?? 'this call'}: ` +
      'Lambda freezes the environment when the handler is done, and the work may stop half way',
    help: canAwait
      ? 'Await it, return it, or mark it with void when it really may be lost'
      : 'Make the function async and await it, or return it',
    fixes:
      canAwait && canBeAwaited
        ? [{ description: 'Await the promise', kind: 'fix', edits: [insertBefore(code.file, call, 'await ')] }]
        : [],
  })
}

/**
 * Work that settles the promise that it stands in (`new Promise(resolve => { work().then(resolve) })`): whoever waits
 * for that, waits for it.
 */
function settlesPromiseAround(call: ts.CallExpression): boolean {
  for (let fn = enclosingFunction(call); fn; fn = enclosingFunction(fn)) {
    const made = fn.parent
    if (!ts.isNewExpression(made) || dottedName(made.expression) !== 'Promise' || made.arguments?.[0] !== fn) continue
    const settlers = fn.parameters.map(one => one.name).filter(ts.isIdentifier)
    return some(call, node => ts.isIdentifier(node) && settlers.some(one => resolveName(node)?.identifier === one))
  }
  return false
}

/**
 * Work that goes on into a stream (`open().then(from => from.pipe(to))`), where its function waits for something
 * further down: the end of the stream, by whatever tells it.
 */
function feedsStream(at: ts.Node, call: ts.CallExpression): boolean {
  const fn = enclosingFunction(at)
  const pipes = some(call, node => ts.isPropertyAccessExpression(node) && node.name.text === 'pipe')
  return pipes && fn !== undefined && some(fn, node => ts.isAwaitExpression(node) && node.pos >= at.end)
}

/**
 * In the callback of a timer that watches or repeats beside the work: one that ticks, that is kept so that it can be
 * taken back, or that goes off when the time of the invocation is nearly up. Nobody could wait there.
 */
function isOfTimer(node: ts.Node): boolean {
  for (let fn = enclosingFunction(node); fn; fn = enclosingFunction(fn)) {
    const call = fn.parent
    if (!ts.isCallExpression(call) || call.arguments[0] !== fn) continue
    const timer = dottedName(call.expression)?.replace(/^(?:globalThis|global)\./, '')
    if (timer === 'setInterval') return true
    if (timer !== 'setTimeout') continue
    const delay = call.arguments[1]
    if (!ts.isExpressionStatement(call.parent)) return true
    if (delay && some(delay, isRemainingTime)) return true
  }
  return false
}

/** `getRemainingTimeInMillis`, or a constant that comes from it. */
function isRemainingTime(node: ts.Node): boolean {
  if (!ts.isIdentifier(node)) return false
  if (node.text === 'getRemainingTimeInMillis') return true
  const from = resolveName(node)?.initializer
  return from !== undefined && some(from, inner => ts.isIdentifier(inner) && inner.text === 'getRemainingTimeInMillis')
}

/**
 * Lambda waits for the event loop of a handler that answers by its callback, by its context or not at all, unless it is
 * told not to: what it left running is done by then.
 */
const isWaitedFor = (code: CodeContext): boolean =>
  code.handlers.length > 0 &&
  code.handlers.every(handler => {
    const fn = ownFunction(handler)
    return (
      fn !== undefined &&
      !isAsync(fn) &&
      (usesOfParameter(fn, 2).length > 0 ||
        contextEnds(fn).length > 0 ||
        returnsOf(fn).every(one => one === undefined)) &&
      !/\bcallbackWaitsForEmptyEventLoop\b/.test(handler.file.source.text)
    )
  })

/** The calls whose values a statement lets fall: `a && b()` and `a ? b() : c()` count by their calls. */
function callsLeft(node: ts.Expression): readonly ts.CallExpression[] {
  const expression = bare(node)
  if (ts.isBinaryExpression(expression))
    return /^(&&|\|\||\?\?|,)$/.test(expression.operatorToken.getText()) ? callsLeft(expression.right) : []
  if (ts.isConditionalExpression(expression))
    return [...callsLeft(expression.whenTrue), ...callsLeft(expression.whenFalse)]
  return ts.isCallExpression(expression) && !/^console\./.test(dottedName(expression.expression) ?? '')
    ? [expression]
    : []
}

/** The promise that goes into a list of the function that nobody looks at. */
function pushedIn(call: ts.CallExpression): ts.CallExpression | undefined {
  const callee = call.expression
  const [argument, ...others] = call.arguments
  if (
    !argument ||
    others.length ||
    !ts.isPropertyAccessExpression(callee) ||
    callee.name.text !== 'push' ||
    !ts.isIdentifier(callee.expression)
  )
    return undefined
  const work = bare(argument)
  const list = resolveName(callee.expression)
  if (!ts.isCallExpression(work) || !list?.initializer || !ts.isArrayLiteralExpression(list.initializer))
    return undefined
  return isUsed(list.identifier, list.node) ? undefined : work
}

/** Whether a name is used for anything but to add to it; one at module scope may be used elsewhere. */
function isUsed(name: ts.Identifier, declaration: ts.Node): boolean {
  const home = enclosingFunction(declaration)
  return (
    !home ||
    someUse(
      home,
      name,
      ({ parent }) =>
        !(
          ts.isPropertyAccessExpression(parent) &&
          parent.name.text === 'push' &&
          ts.isExpressionStatement(parent.parent.parent)
        ),
    )
  )
}

/** By what is known of the libraries, else by its type. */
function isPromise(call: ts.CallExpression, code: CodeContext): boolean {
  const known = promiseOf(call, code.file)
  if (typeof known === 'string') return known === 'promise'
  const type = typeOf(call, code)
  if (type === 'any' && known.module !== undefined) code.missTypes(known.module)
  return type === 'promise'
}

/**
 * Whether the type surely is a promise: a class or interface with a `then` that takes a callback. `any` says nothing.
 */
function typeOf(node: ts.CallExpression, code: CodeContext): 'promise' | 'any' | 'other' {
  const checker = code.types()
  const type = checker.getTypeAtLocation(node)
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return 'any'
  if (type.flags & ts.TypeFlags.Never) return 'other'
  const parts = type.isUnion() ? type.types : [type]
  const isOne = parts.some(part => {
    const then = part.getProperty('then')
    if (!then) return false
    const signatures = checker.getTypeOfSymbolAtLocation(then, node).getCallSignatures()
    return signatures.some(signature => signature.parameters.length > 0)
  })
  return isOne ? 'promise' : 'other'
}
