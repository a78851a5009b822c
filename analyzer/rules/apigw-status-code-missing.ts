import { locOf } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { bare, propertyName, propertyOf } from '../syntax/syntax.ts'
import { closedObject, resultsOf } from '../dataflow/handler-results.ts'
import { ownFunction } from '../dataflow/handler-style.ts'
import { frontPlaces, frontsOf } from '../services/http-front.ts'

const OF_ANSWER = new Set(['body', 'headers', 'multiValueHeaders', 'isBase64Encoded', 'cookies', 'statusDescription'])

/** An answer without a status code, or with one that is a text. */
export const rule = defineRule({
  id: 'apigw-status-code-missing',
  handler(handler, code) {
    const fronts = frontsOf(handler)
    if (!fronts.length || !ownFunction(handler)) return
    const inferred = fronts.every(front => front.payload === '2.0')
    for (const result of resultsOf(handler)) {
      const answer = closedObject(result)
      if (!result || !answer) continue
      const names = answer.properties.map(property => propertyName(property.name) ?? '')
      const status = propertyOf(answer, 'statusCode')
      if (!status) {
        // With 2.0 an object without a status code is the body itself; with members of an answer in it that was hardly
        // meant.
        const meant = names.includes('body') && names.every(name => OF_ANSWER.has(name))
        if (
          names.includes('statusCode') ||
          !names.length ||
          (inferred ? !meant : !fronts.every(front => front.payload === '1.0'))
        )
          continue
        code.report({
          at: locOf(result.file, answer),
          message: inferred
            ? 'An answer without statusCode is sent as it is: the client gets this object as JSON, headers and all'
            : 'An answer without statusCode is not of the form that the proxy expects',
          help: 'Add statusCode, a number',
          related: frontPlaces(fronts),
          ...(inferred ? { severity: 'warning' as const } : {}),
        })
      } else if (ts.isStringLiteralLike(bare(status))) {
        const text = (bare(status) as ts.StringLiteralLike).text
        code.report({
          at: locOf(result.file, status),
          message: `statusCode is the text '${text}', and should be a number`,
          help: 'Leave the quotation marks out',
          related: frontPlaces(fronts),
          severity: 'warning',
          fixes: /^[1-5]\d\d$/.test(text)
            ? [{ description: 'Make it a number', kind: 'fix', edits: [replaceNode(result.file, status, text)] }]
            : [],
        })
      }
    }
  },
})
