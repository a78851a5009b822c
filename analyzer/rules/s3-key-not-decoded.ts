import type { Binding } from '../application/bindings.ts'
import type { FunctionNode } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { isFunctionNode, propertyName, resolveName } from '../syntax/syntax.ts'
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

/** `read({ Key, Bucket })` of a function of the file that takes `{ Key }`: where that uses it, it is told. */
function isHandedOn(key: ts.Expression): boolean {
  const call = key.parent.parent.parent
  if (!ts.isCallExpression(call) || !ts.isIdentifier(call.expression)) return false
  const [parameter] = functionOf(resolveName(call.expression))?.parameters ?? []
  return (
    parameter !== undefined &&
    ts.isObjectBindingPattern(parameter.name) &&
    parameter.name.elements.some(one => (one.propertyName ?? one.name).getText() === 'Key')
  )
}

const functionOf = (binding: Binding | undefined): FunctionNode | undefined =>
  [binding?.initializer, binding?.node].find(one => one !== undefined && isFunctionNode(one)) as
    | FunctionNode
    | undefined

const decoded = (text: string): string => `decodeURIComponent(${text}.replace(/\\+/g, ' '))`

function check(key: ts.Expression, code: CodeContext, text = decoded(key.getText())): void {
  if (!onlyKind(code, 's3') || isHandedOn(key) || !isPath(eventPath(key, code), 'Records.[].s3.object.key')) return
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
