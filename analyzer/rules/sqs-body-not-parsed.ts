import { ts } from '../application/typescript.ts'
import { replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { propertyName } from '../engine/syntax.ts'
import { onlyKind, triggers } from '../dataflow/event-kinds.ts'
import { eventPath, isPath } from '../dataflow/event-origins.ts'

/** Members of every string: asking for these is no mistake. */
const OF_STRING = new Set([
  ...Object.getOwnPropertyNames(String.prototype),
  ...Object.getOwnPropertyNames(Object.prototype),
])

/** Texts that a queue or topic delivers, by the kind of event and where they stand. */
const TEXTS = [
  ['sqs', 'Records.[].body'],
  ['sns', 'Records.[].Sns.Message'],
] as const

/** A member of a text: always undefined. */
export const rule = defineRule({
  id: 'sqs-body-not-parsed',
  visit: {
    PropertyAccessExpression(node, code) {
      if (!OF_STRING.has(node.name.text)) check(node.expression, node.name, code)
    },
    VariableDeclaration(node, code) {
      if (!ts.isObjectBindingPattern(node.name) || !node.initializer) return
      const wrong = node.name.elements.find(
        element => !OF_STRING.has(propertyName(element.propertyName ?? element.name) ?? 'length'),
      )
      if (wrong) check(node.initializer, wrong, code)
    },
  },
})

function check(text: ts.Expression, at: ts.Node, code: CodeContext): void {
  const [kind, dotted] = TEXTS.find(([, dotted]) => isPath(eventPath(text, code), dotted)) ?? []
  if (!kind || !onlyKind(code, kind)) return
  const member = dotted.split('.').at(-1)!
  code.report({
    at,
    message: `${at.getText()} of ${member} is always undefined: ${kind === 'sqs' ? 'the body of a message' : 'the message of a notification'} is a text`,
    help: `Parse it first: JSON.parse(${text.getText()})`,
    related: triggers(code, kind),
    fixes: [
      {
        description: 'Parse the text as JSON',
        kind: 'suggestion',
        edits: [replaceNode(code.file, text, `JSON.parse(${text.getText()})`)],
      },
    ],
  })
}
