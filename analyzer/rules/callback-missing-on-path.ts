import type { FunctionNode } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import { enclosingFunction, isAsync, isFunctionNode, resolveName } from '../syntax/syntax.ts'
import { callbackCalls, nodeVersions, ownFunction, parameterName, usesOfParameter } from '../dataflow/handler-style.ts'

/** A way through a callback handler on which nobody calls the callback: the caller gets null. */
export const rule = defineRule({
  id: 'callback-missing-on-path',
  handler(handler, code) {
    const fn = ownFunction(handler)
    const callback = fn && parameterName(fn, 2)
    if (
      !fn ||
      !callback ||
      isAsync(fn) ||
      nodeVersions(handler).some(version => version !== undefined && version >= 24)
    )
      return
    const answers = whatAnswers(fn)
    if (!callbackCalls(fn).length) return
    // Only functions that answer on one way are expected to answer on the others: the handler, and those that call the
    // callback.
    const owners = new Set(
      [
        fn,
        ...callbackCalls(fn).flatMap(call => {
          const owner = enclosingFunction(call)
          return owner && isFunctionNode(owner) ? [owner] : []
        }),
      ].filter(owner => owner.body !== undefined && ts.isBlock(owner.body)),
    )
    for (const owner of owners) {
      for (const exit of silentExits(owner, answers)) {
        // Whoever keeps a function warm looks at no answer.
        if (/warm/i.test(exit.condition ?? '')) continue
        code.report({
          at: exit.node,
          message:
            `${exit.condition ? `When ${exit.condition} ` : ''}the function ends here without ${callback.text}: ` +
            'the caller gets null, and an error counts as success',
          help: `Call ${callback.text} on every way, or make the handler async`,
          related: [{ at: fn.parameters[2] ?? fn, message: 'the callback' }],
        })
      }
    }
  },
})

interface Exit {
  readonly node: ts.Node
  readonly condition?: string
}

/** Tells whether a node may bring the answer about: it names the callback, the context, or a function that does. */
type Answers = (node: ts.Node) => boolean

function whatAnswers(fn: FunctionNode): Answers {
  const known = new Map<ts.Node, boolean>()
  const uses = [
    ...usesOfParameter(fn, 2),
    ...usesOfParameter(fn, 1).filter(
      use => !(ts.isPropertyAccessExpression(use.parent) && !/^(done|succeed|fail)$/.test(use.parent.name.text)),
    ),
  ]
  const names = new Set<ts.Node>(uses)
  const mentions = (node: ts.Node, depth: number): boolean => {
    const before = known.get(node)
    if (before !== undefined) return before
    known.set(node, false)
    let found = names.has(node)
    if (!found && ts.isIdentifier(node)) {
      if (node.text === 'arguments') found = true
      else if (depth < 8) {
        // A name that stands for something of the handler that answers.
        const binding = resolveName(node)
        const behind =
          binding && binding.identifier !== node && binding.node.pos >= fn.pos && binding.node.end <= fn.end
            ? (binding.initializer ?? (isFunctionNode(binding.node) ? binding.node : undefined))
            : undefined
        if (behind) found = mentions(behind, depth + 1)
      }
    }
    if (!found)
      ts.forEachChild(node, child => {
        found ||= mentions(child, depth)
      })
    known.set(node, found)
    return found
  }
  return node => mentions(node, 0)
}

/** The ends of a function before which nothing answered. Loops, switches and what is thrown are left alone. */
function silentExits(fn: FunctionNode, answers: Answers): readonly Exit[] {
  const exits: Exit[] = []
  /** Walks statements in order; true when all that comes after is answered for, or never reached. */
  const walk = (statements: readonly ts.Statement[], condition: string | undefined): boolean => {
    for (const statement of statements) {
      if (ts.isReturnStatement(statement)) {
        if (!answers(statement)) exits.push({ node: statement, ...(condition === undefined ? {} : { condition }) })
        return true
      }
      if (ts.isThrowStatement(statement)) return true
      if (ts.isBlock(statement)) {
        if (walk(statement.statements, condition)) return true
      } else if (ts.isIfStatement(statement)) {
        if (answers(statement.expression)) return true
        const text = statement.expression.getText().slice(0, 60)
        const then = walk(listOf(statement.thenStatement), text)
        const otherwise = statement.elseStatement ? walk(listOf(statement.elseStatement), condition) : false
        if (then && otherwise) return true
      } else if (ts.isTryStatement(statement)) {
        if (answers(statement)) return true
      } else if (answers(statement)) return true
    }
    return false
  }
  const body = fn.body as ts.Block
  const answered = walk(body.statements, undefined)
  // The end is reached in silence only through a branch: which one is the point.
  const last = body.statements.at(-1)
  if (!answered && last && ts.isIfStatement(last) && answers(last)) exits.push(...silentBranches(last, answers))
  return exits
}

const listOf = (statement: ts.Statement): readonly ts.Statement[] =>
  ts.isBlock(statement) ? statement.statements : [statement]

/** Of an `if` that ends a function: the branches that fall through without an answer. */
function silentBranches(statement: ts.IfStatement, answers: Answers): readonly Exit[] {
  const silent = (branch: ts.Statement): boolean =>
    !answers(branch) && !listOf(branch).some(one => ts.isThrowStatement(one) || ts.isReturnStatement(one))
  const exits: Exit[] = []
  if (silent(statement.thenStatement))
    exits.push({ node: statement.thenStatement, condition: statement.expression.getText().slice(0, 60) })
  const { elseStatement } = statement
  if (!elseStatement) {
    if (answers(statement.thenStatement) && !isNested(statement.thenStatement))
      exits.push({ node: statement, condition: `not (${statement.expression.getText().slice(0, 60)})` })
  } else if (ts.isIfStatement(elseStatement)) {
    exits.push(...silentBranches(elseStatement, answers))
  } else if (silent(elseStatement))
    exits.push({ node: elseStatement, condition: `not (${statement.expression.getText().slice(0, 60)})` })
  return exits
}

/** Counting callbacks answer when the last has come: `if (--left === 0) callback()`. */
function isNested(statement: ts.Statement): boolean {
  const parent = statement.parent
  return (
    ts.isIfStatement(parent) &&
    /(\+\+|--|===?|[<>]=?|length|size|done|finished|called|complete|left|remaining|pending|count)/i.test(
      parent.expression.getText(),
    )
  )
}
