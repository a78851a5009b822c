import { ts } from '../application/typescript.ts'
import { replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { outermost, propertyName } from '../syntax/syntax.ts'
import { eventPath } from '../dataflow/event-origins.ts'
import { frontPlaces, frontsOf } from '../services/http-front.ts'
import { ownFunction } from '../dataflow/handler-style.ts'

/** Members that one form of request has, and what the other calls them. */
const ONLY_IN: { readonly [payload in '1.0' | '2.0']: { readonly [path: string]: string } } = {
  '1.0': {
    httpMethod: 'requestContext.http.method',
    path: 'rawPath',
    resource: 'routeKey',
    multiValueHeaders: 'headers',
    multiValueQueryStringParameters: 'queryStringParameters',
    'requestContext.httpMethod': 'requestContext.http.method',
    'requestContext.identity': 'requestContext.http',
    'requestContext.resourcePath': 'routeKey',
    'requestContext.path': 'requestContext.http.path',
  },
  '2.0': {
    rawPath: 'path',
    rawQueryString: 'queryStringParameters',
    routeKey: 'resource',
    cookies: 'headers',
    'requestContext.http': 'requestContext',
    'requestContext.routeKey': 'resource',
  },
}

/** The last parts of all of them: most nodes are about none of these. */
const LAST = new Set(
  Object.values(ONLY_IN).flatMap(table => Object.keys(table).map(path => path.split('.').at(-1) ?? '')),
)

/** Members that are the same thing under another name. */
const SAME = new Set(['httpMethod', 'requestContext.httpMethod'])

/** A member of the other form of request: always undefined. */
export const rule = defineRule({
  id: 'apigw-payload-version-mix',
  visit: {
    PropertyAccessExpression(node, code) {
      if (LAST.has(node.name.text)) check(node, node.name, code)
    },
    BindingElement(node, code) {
      if (ts.isIdentifier(node.name) && LAST.has(propertyName(node.propertyName ?? node.name) ?? ''))
        check(node.name, node, code)
    },
  },
})

function check(node: ts.Expression, at: ts.Node, code: CodeContext): void {
  const wanted = payloadHere(code)
  if (!wanted) return
  const table = ONLY_IN[wanted === '1.0' ? '2.0' : '1.0']
  const dotted = eventPath(node, code)?.join('.')
  if (dotted === undefined || !Object.hasOwn(table, dotted) || isOptional(node) || knowsBoth(wanted, code)) return
  const fronts = code.handlers.flatMap(frontsOf)
  const instead = table[dotted] ?? ''
  const root = ts.isPropertyAccessExpression(node) ? rootOf(node) : undefined
  code.report({
    at,
    message:
      `${dotted} is always undefined: requests come in the form ${wanted} here, and this is a member of ` +
      `${wanted === '1.0' ? '2.0' : '1.0'}`,
    help: `With ${wanted} look at ${instead}`,
    related: frontPlaces(fronts),
    fixes:
      wanted === '2.0' && SAME.has(dotted) && root
        ? [{ description: `Read ${instead}`, kind: 'fix', edits: [replaceNode(code.file, node, `${root}.${instead}`)] }]
        : [],
  })
}

/** The one form in which every handler of this file gets its requests. */
function payloadHere(code: CodeContext): '1.0' | '2.0' | undefined {
  let payload: '1.0' | '2.0' | undefined
  for (const handler of code.handlers) {
    const fronts = frontsOf(handler)
    if (!ownFunction(handler) || !fronts.length) return undefined
    for (const front of fronts) {
      if (!front.payload || (payload && payload !== front.payload)) return undefined
      payload = front.payload
    }
  }
  return payload
}

/** Code that reads members of the right form too tells the forms apart, and is right to ask for both. */
function knowsBoth(wanted: '1.0' | '2.0', code: CodeContext): boolean {
  const form =
    wanted === '2.0'
      ? /requestContext\s*(\?|!)?\.\s*http\b|\.rawPath\b|\.rawQueryString\b/
      : /\.httpMethod\b|\.multiValue\w+|\.requestContext\s*(\?|!)?\.\s*(identity|resourcePath)\b/
  return code.handlers.some(handler => handler.files.some(file => form.test(file.source.text)))
}

/** `event.path ?? …`, `if (event.path)`: whoever asks whether it is there knows that it may not be. */
function isOptional(node: ts.Expression): boolean {
  const outer = outermost(node, ts.isParenthesizedExpression, ts.isPrefixUnaryExpression, ts.isNonNullExpression)
  const { parent } = outer
  if (ts.isBinaryExpression(parent))
    return [
      ts.SyntaxKind.QuestionQuestionToken,
      ts.SyntaxKind.BarBarToken,
      ts.SyntaxKind.AmpersandAmpersandToken,
    ].includes(parent.operatorToken.kind)
  if (ts.isIfStatement(parent)) return true
  if (ts.isConditionalExpression(parent)) return parent.condition === outer
  if (ts.isBindingElement(parent) && parent.initializer) return true
  return ts.isPropertyAccessExpression(parent) && parent.questionDotToken !== undefined
}

function rootOf(node: ts.PropertyAccessExpression): string | undefined {
  let current: ts.Expression = node
  while (ts.isPropertyAccessExpression(current)) current = current.expression
  return ts.isIdentifier(current) ? current.text : undefined
}
