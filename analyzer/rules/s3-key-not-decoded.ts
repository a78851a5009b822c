import type { ts } from '../application/typescript.ts'
import { replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { propertyName } from '../syntax/syntax.ts'
import { onlyKind, triggers } from '../dataflow/event-kinds.ts'
import { eventPath, isPath } from '../dataflow/event-origins.ts'

/** The key of an event of a bucket, used as it comes: not found, as soon as it has a blank or an umlaut. */
export const rule = defineRule({
  id: 's3-key-not-decoded',
  visit: {
    PropertyAssignment(node, code) {
      if (propertyName(node.name) === 'Key') check(node.initializer, code)
    },
    ShorthandPropertyAssignment(node, code) {
      if (node.name.text === 'Key') check(node.name, code, `Key: ${decoded(node.name.text)}`)
    },
  },
})

const decoded = (text: string): string => `decodeURIComponent(${text}.replace(/\\+/g, ' '))`

function check(key: ts.Expression, code: CodeContext, text = decoded(key.getText())): void {
  if (!onlyKind(code, 's3') || !isPath(eventPath(key, code), 'Records.[].s3.object.key')) return
  code.report({
    at: key,
    message:
      'The key in an event of a bucket is URL-encoded: as it comes, it names no object once it has a blank or a ' +
      'letter outside ASCII',
    help: `Decode it: ${decoded(key.getText())}`,
    related: triggers(code, 's3'),
    fixes: [{ description: 'Decode the key', kind: 'suggestion', edits: [replaceNode(code.file, key, text)] }],
  })
}
