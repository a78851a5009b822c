import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import { onlyKind, triggers } from '../dataflow/event-kinds.ts'
import { eventPath } from '../dataflow/event-origins.ts'

const IMAGE = /^Records\.\[\]\.dynamodb\.(NewImage|OldImage|Keys)\.[^.]+$/

/** An attribute of a stream record, used as if it were the value and not the value with its type around it. */
export const rule = defineRule({
  id: 'ddb-typed-attributes',
  visit: {
    PropertyAccessExpression(node, code) {
      if (!isUsedAsScalar(node) || !onlyKind(code, 'dynamodb')) return
      const path = eventPath(node, code)?.join('.')
      if (path === undefined || !IMAGE.test(path)) return
      code.report({
        at: node,
        message:
          `${node.getText()} is an object with the type of the attribute, such as {S: "text"}: ` +
          'as a text it reads [object Object], and it equals nothing',
        help:
          `Take the value out (${node.getText()}.S), or the whole image through unmarshall of ` +
          '@aws-sdk/util-dynamodb',
        related: triggers(code, 'dynamodb'),
      })
    },
  },
})

/** In a template, a comparison or a sum: where only a scalar makes sense. */
function isUsedAsScalar(node: ts.Expression): boolean {
  const { parent } = node
  if (ts.isTemplateSpan(parent)) return true
  if (!ts.isBinaryExpression(parent)) return false
  switch (parent.operatorToken.kind) {
    case ts.SyntaxKind.PlusToken:
    case ts.SyntaxKind.MinusToken:
    case ts.SyntaxKind.LessThanToken:
    case ts.SyntaxKind.GreaterThanToken:
    case ts.SyntaxKind.LessThanEqualsToken:
    case ts.SyntaxKind.GreaterThanEqualsToken:
      return true
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken: {
      // Whether it is there at all may be asked.
      const other = parent.left === node ? parent.right : parent.left
      return (
        ts.isStringLiteralLike(other) ||
        ts.isNumericLiteral(other) ||
        other.kind === ts.SyntaxKind.TrueKeyword ||
        other.kind === ts.SyntaxKind.FalseKeyword
      )
    }
    default:
      return false
  }
}
