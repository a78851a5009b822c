import { ts } from '../application/typescript.ts'
import { insertAfter, replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { bare, dottedName } from '../syntax/syntax.ts'
import { onlyKind, triggers } from '../dataflow/event-kinds.ts'
import { eventPath, isPath } from '../dataflow/event-origins.ts'

const DATA = 'Records.[].kinesis.data'

/** Data of a stream that is read as if it were not base64, or with an encoding that drops what is not ASCII. */
export const rule = defineRule({
  id: 'kinesis-data-not-decoded',
  visit: {
    CallExpression(node, code) {
      const name = dottedName(node.expression)
      const [first, second] = node.arguments
      if (name === 'JSON.parse' && first && onlyKind(code, 'kinesis') && isPath(eventPath(first, code), DATA)) {
        code.report({
          at: first,
          message: 'The data of a record is base64: it cannot be parsed as it comes',
          help: `Decode it first: Buffer.from(${first.getText()}, 'base64').toString('utf8')`,
          related: triggers(code, 'kinesis'),
          fixes: [
            {
              description: 'Decode the data',
              kind: 'fix',
              edits: [replaceNode(code.file, first, `Buffer.from(${first.getText()}, 'base64').toString('utf8')`)],
            },
          ],
        })
      }
      if (
        name === 'Buffer.from' &&
        first &&
        !second &&
        isPath(eventPath(first, code), DATA) &&
        onlyKind(code, 'kinesis')
      ) {
        code.report({
          at: node,
          message: 'Buffer.from reads the data as UTF-8, but it is base64',
          help: "Say so: Buffer.from(data, 'base64')",
          related: triggers(code, 'kinesis'),
          fixes: [
            { description: 'Read it as base64', kind: 'fix', edits: [insertAfter(code.file, first, ", 'base64'")] },
          ],
        })
      }
      if (
        ts.isPropertyAccessExpression(node.expression) &&
        node.expression.name.text === 'toString' &&
        first &&
        ts.isStringLiteralLike(first) &&
        first.text === 'ascii'
      ) {
        const buffer = bare(node.expression.expression)
        const data =
          ts.isCallExpression(buffer) && dottedName(buffer.expression) === 'Buffer.from'
            ? buffer.arguments[0]
            : undefined
        if (!data || !onlyKind(code, 'kinesis') || !isPath(eventPath(data, code), DATA)) return
        code.report({
          at: first,
          message: "toString('ascii') spoils every character outside ASCII",
          help: "Use toString('utf8')",
          fixes: [{ description: 'Read it as UTF-8', kind: 'fix', edits: [replaceNode(code.file, first, "'utf8'")] }],
        })
      }
    },
  },
})
