import { ts } from '../application/typescript.ts'
import { replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { bare, enclosingFunction, outermost } from '../syntax/syntax.ts'
import { eventPath } from '../dataflow/event-origins.ts'
import { ownFunction } from '../dataflow/handler-style.ts'
import { frontPlaces, frontsOf } from '../services/http-front.ts'
import type { HttpFront } from '../services/http-front.ts'
import { some } from '../application/walk.ts'

/** A part of a request that is null when the client does not send any, taken for granted. */
export const rule = defineRule({
  id: 'apigw-nullable-fields',
  visit: {
    PropertyAccessExpression(node, code) {
      if (!node.questionDotToken) check(node.expression, node.name, code)
    },
    ElementAccessExpression(node, code) {
      if (!node.questionDotToken) check(node.expression, node.argumentExpression, code)
    },
    VariableDeclaration(node, code) {
      if (ts.isObjectBindingPattern(node.name) && node.initializer) check(node.initializer, undefined, code)
    },
  },
})

const memberText = (member: ts.Node): string => (ts.isStringLiteralLike(member) ? member.text : member.getText())

function check(of: ts.Expression, member: ts.Node | undefined, code: CodeContext): void {
  const left = bare(of)
  if (
    !ts.isPropertyAccessExpression(left) ||
    left.questionDotToken ||
    !/^(queryStringParameters|multiValueQueryStringParameters|pathParameters|body)$/.test(left.name.text)
  )
    return
  const path = eventPath(left, code)
  if (path?.length !== 1) return
  // A member that no text has is undefined whether there is a body or not: to allow for its absence would hide that.
  if (path[0] === 'body' && member && !(memberText(member) in String.prototype)) return
  const handlers = code.handlers.map(handler => ({ handler, fronts: frontsOf(handler) }))
  if (
    !handlers.length ||
    handlers.some(
      ({ handler, fronts }) =>
        !ownFunction(handler) || !fronts.length || !fronts.some(front => mayBeMissing(path[0] ?? '', front)),
    )
  )
    return
  const fn = enclosingFunction(of)
  if (!fn || isUnderTry(of) || isGuarded(left, fn)) return
  const fronts = handlers.flatMap(one => one.fronts)
  code.report({
    at: left,
    message:
      `${left.getText()} is ${fronts.every(front => front.payload === '2.0') ? 'undefined' : 'null'} when a ` +
      `request has none, and ${member ? `reading ${member.getText()} of it` : 'taking it apart'} throws: ` +
      'the client gets an error of the API',
    help: member
      ? `Write ${left.getText()}?.${ts.isIdentifier(member) ? member.text : `[${member.getText()}]`}`
      : `Write ${left.getText()} ?? {}`,
    related: frontPlaces(fronts.filter(front => mayBeMissing(path[0] ?? '', front))),
    fixes: member
      ? [
          {
            description: 'Allow for its absence',
            kind: 'suggestion',
            edits: [replaceNode(code.file, of, left.getText() + (ts.isIdentifier(member) ? '?' : '?.'))],
          },
        ]
      : [
          {
            description: 'Allow for its absence',
            kind: 'suggestion',
            edits: [replaceNode(code.file, of, `${left.getText()} ?? {}`)],
          },
        ],
  })
}

/** A load balancer sends an empty object; a path with parameters always brings them. */
function mayBeMissing(name: string, front: HttpFront): boolean {
  if (front.kind === 'alb') return false
  if (name !== 'pathParameters') return true
  const path = front.event.property('Path').string()
  return path !== undefined && !path.includes('{')
}

/** A `catch` makes an answer of it. */
function isUnderTry(node: ts.Node): boolean {
  for (let current = node; current.parent; current = current.parent) {
    if (ts.isTryStatement(current.parent) && current.parent.tryBlock === current && current.parent.catchClause)
      return true
  }
  return false
}

/** The function asks somewhere whether it is there: as a condition, with `?.`, `??`, `||` or `&&`, or by setting it. */
function isGuarded(node: ts.PropertyAccessExpression, fn: ts.Node): boolean {
  const text = node.getText().replace(/\s+/g, '')
  return some(
    fn,
    inner =>
      ts.isPropertyAccessExpression(inner) &&
      inner.getText().replace(/\s+/g, '').replace('?.', '.') === text &&
      isAsked(inner),
  )
}

function isAsked(node: ts.Expression): boolean {
  const outer = outermost(node, ts.isParenthesizedExpression, ts.isPrefixUnaryExpression, ts.isNonNullExpression)
  const { parent } = outer
  if (ts.isPropertyAccessExpression(node) && node.questionDotToken) return true
  if (ts.isIfStatement(parent) || ts.isConditionalExpression(parent)) return parent.getChildren().includes(outer)
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent))
    return parent.expression === outer && parent.questionDotToken !== undefined
  if (ts.isCallExpression(parent))
    return (
      parent.arguments.includes(outer as ts.Expression) &&
      /^(Boolean|is[A-Z]\w*|assert\w*)$/.test(parent.expression.getText())
    )
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind !== ts.SyntaxKind.PlusToken
}
