import { locOf } from '../application/code.ts'
import type { CodeFile } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { bare, propertyOf } from '../syntax/syntax.ts'
import { closedObject, resultsOf } from '../dataflow/handler-results.ts'
import { ownFunction } from '../dataflow/handler-style.ts'
import { frontPlaces, frontsOf } from '../services/http-front.ts'
import type { HttpFront } from '../services/http-front.ts'
import type { PyNode } from '../application/python.ts'
import { collect, enclosingFunction, literalOf } from '../python/syntax.ts'

/** A body that is an object: the proxy takes a text, and answers 502 for anything else. */
export const rule = defineRule({
  id: 'apigw-body-not-string',
  python(code) {
    for (const handler of code.handlers) {
      const fronts = frontsOf(handler)
      if (!fronts.length || !handler.node || handler.file !== code.file || isWrapped(handler.node)) continue
      for (const body of bodiesAnswered(handler.node))
        code.report({
          at: body,
          message: bodyMessage(body.type === 'list', fronts),
          help: 'Write json.dumps(…)',
          related: frontPlaces(fronts),
        })
    }
  },
  handler(handler, code) {
    const fronts = frontsOf(handler)
    if (!fronts.length || !ownFunction(handler)) return
    for (const result of resultsOf(handler)) {
      const answer = closedObject(result)
      const body = answer && propertyOf(answer, 'statusCode') && propertyOf(answer, 'body')
      if (!result || !body || !isObject(body, result.file, code)) continue
      code.report({
        at: locOf(result.file, body),
        message: bodyMessage(ts.isArrayLiteralExpression(bare(body)), fronts),
        help: `Write body: JSON.stringify(${body.getText().length < 40 ? body.getText() : '…'})`,
        related: frontPlaces(fronts),
        fixes:
          ts.isIdentifier(body) && ts.isShorthandPropertyAssignment(body.parent)
            ? [
                {
                  description: 'Make it a text',
                  kind: 'fix',
                  edits: [replaceNode(result.file, body.parent, `body: JSON.stringify(${body.text})`)],
                },
              ]
            : [
                {
                  description: 'Make it a text',
                  kind: 'fix',
                  edits: [replaceNode(result.file, body, `JSON.stringify(${body.getText()})`)],
                },
              ],
      })
    }
  },
})

const bodyMessage = (isList: boolean, fronts: readonly HttpFront[]): string =>
  `The body of the answer is ${isList ? 'a list' : 'an object'}, and has to be a text: ` +
  `the client gets an error of the ${fronts.some(front => front.kind === 'alb') ? 'load balancer' : 'API'} ` +
  'instead of it'

/** A decorator may make a text of it. */
const isWrapped = (fn: PyNode): boolean => fn.parent?.type === 'decorated_definition'

/** `return {'statusCode': 200, 'body': {…}}`: bodies that are written as a dictionary or a list. */
const bodiesAnswered = (fn: PyNode): readonly PyNode[] =>
  collect(fn, node => node.type === 'return_statement' && enclosingFunction(node) === fn).flatMap(node => {
    const [answer] = node.children
    const pairs = answer?.type === 'dictionary' ? answer.children.filter(one => one.type === 'pair') : []
    const member = (name: string): PyNode | undefined =>
      pairs.find(pair => literalOf(pair.field('key')) === name)?.field('value')
    const body = member('body')
    return member('statusCode') && body && /^(dictionary|list)$/.test(body.type) ? [body] : []
  })

/** An object by its syntax, or by its type when it is surely one. */
function isObject(node: ts.Expression, file: CodeFile, code: CodeContext): boolean {
  const expression = bare(node)
  if (ts.isObjectLiteralExpression(expression) || ts.isArrayLiteralExpression(expression)) return true
  if (
    ts.isStringLiteralLike(expression) ||
    ts.isTemplateExpression(expression) ||
    expression.kind === ts.SyntaxKind.NullKeyword
  )
    return false
  if (ts.isCallExpression(expression) && /^(JSON\.stringify|String)$|\.toString$/.test(expression.expression.getText()))
    return false
  if (file !== code.file && !code.app.code.includes(file)) return false
  // In plain JavaScript most is `any`, which says nothing; a shorthand has the type of the name behind it.
  const checker = code.types()
  const shorthand = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : undefined
  const type = shorthand ? checker.getTypeOfSymbolAtLocation(shorthand, node) : checker.getTypeAtLocation(expression)
  return isObjectType(type)
}

function isObjectType(type: ts.Type): boolean {
  const parts = type.isUnion()
    ? type.types.filter(part => !(part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)))
    : [type]
  return (
    parts.length > 0 &&
    parts.every(
      part =>
        Boolean(part.flags & ts.TypeFlags.Object) &&
        !/^(String|Promise|PromiseLike)$/.test(part.getSymbol()?.getName() ?? '') &&
        (part.getProperties().length > 0 || part.getNumberIndexType() !== undefined),
    )
  )
}
