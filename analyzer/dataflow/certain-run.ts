/**
 * Whether a piece of code runs with every invocation that gets to its end: no condition stands before it. From the
 * syntax alone.
 */
import type { CodeFile, Handler } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { sitesOf } from './origins.ts'
import { some } from '../application/walk.ts'

/**
 * Whether nothing decides over a node on the way from the handler to it: no `if`, no `catch`, no early return; loops
 * over records count as run.
 */
export const runsAlways = (node: ts.Node, file: CodeFile, handler: Handler): boolean =>
  runs(node, file, handler, new Set())

function runs(node: ts.Node, file: CodeFile, handler: Handler, seen: Set<ts.Node>): boolean {
  let child = node
  for (let parent = node.parent; parent; child = parent, parent = parent.parent) {
    if (decides(parent, child)) return false
    if (!ts.isFunctionLike(parent)) continue
    if (leavesEarly(parent, node)) return false
    if (parent === handler.fn) return true
    // A callback runs where it stands, as far as anybody can tell.
    if (
      (ts.isArrowFunction(parent) || ts.isFunctionExpression(parent)) &&
      ts.isCallExpression(parent.parent) &&
      isLoop(parent.parent)
    )
      continue
    if (seen.has(parent)) return false
    seen.add(parent)
    return sitesOf(parent, file, [handler]).some(
      site => site.position === undefined && runs(site.call, site.file, handler, seen),
    )
  }
  return false
}

const isLoop = (call: ts.CallExpression): boolean =>
  ts.isPropertyAccessExpression(call.expression) &&
  /^(map|forEach|flatMap|all|allSettled)$/.test(call.expression.name.text)

/** Whether a parent runs this child only sometimes. */
function decides(parent: ts.Node, child: ts.Node): boolean {
  if (ts.isIfStatement(parent)) return child !== parent.expression
  if (ts.isConditionalExpression(parent)) return child !== parent.condition
  if (ts.isCaseOrDefaultClause(parent) || ts.isCatchClause(parent)) return true
  if (ts.isWhileStatement(parent) || ts.isForStatement(parent)) return true
  if (ts.isBinaryExpression(parent)) {
    const operator = parent.operatorToken.kind
    return (
      child === parent.right &&
      (operator === ts.SyntaxKind.AmpersandAmpersandToken ||
        operator === ts.SyntaxKind.BarBarToken ||
        operator === ts.SyntaxKind.QuestionQuestionToken)
    )
  }
  return false
}

/** Whether the function may be left, or the round of its loop, before it comes to a node. */
const leavesEarly = (fn: ts.Node, node: ts.Node): boolean =>
  some(
    fn,
    inner =>
      inner.pos < node.pos &&
      (ts.isReturnStatement(inner) || ts.isContinueStatement(inner) || ts.isBreakStatement(inner)),
    'own',
  )
