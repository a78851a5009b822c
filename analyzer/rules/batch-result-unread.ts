import type { CodeFile } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import { bare, enclosingFunction, propertyName, someUse } from '../syntax/syntax.ts'
import { sdkCallsOf } from '../sdk/sdk-calls.ts'
import type { SdkCall } from '../sdk/sdk-calls.ts'

/** Where an operation that takes many says which of them it did not do: the call itself succeeds. */
const SAID_IN: { readonly [operation: string]: readonly string[] } = {
  'eventbridge PutEvents': ['FailedEntryCount', 'Entries'],
  'kinesis PutRecords': ['FailedRecordCount', 'Records'],
  'firehose PutRecordBatch': ['FailedPutCount', 'RequestResponses'],
  'sqs SendMessageBatch': ['Failed'],
  'sqs DeleteMessageBatch': ['Failed'],
  'sqs ChangeMessageVisibilityBatch': ['Failed'],
  'sns PublishBatch': ['Failed'],
  'dynamodb BatchWriteItem': ['UnprocessedItems'],
  'dynamodb BatchGetItem': ['UnprocessedKeys'],
  's3 DeleteObjects': ['Errors'],
}

/** A batch of which parts may have failed, whose answer nobody reads: what failed is lost. */
export const rule = defineRule({
  id: 'batch-result-unread',
  file(file, code) {
    for (const call of sdkCallsOf(file)) {
      const said = SAID_IN[`${call.client} ${call.operation}`]
      if (!said || !code.inHandler(call.node) || !isUnread(sentBy(call), said, file)) continue
      code.report({
        at: call.node,
        message:
          `${call.operation} succeeds when parts of it fail, and nobody reads ${said[0]}: ` +
          'what was not done is lost',
        help: `Look at ${said[0]} of the answer, and send again what failed`,
      })
    }
  },
})

/** The call that sends a command: `client.send(new PutEventsCommand(…))`; the command's own when it is a method. */
function sentBy(call: SdkCall): ts.Node {
  const { parent } = call.node
  if (ts.isNewExpression(call.node) && ts.isCallExpression(parent) && parent.arguments.includes(call.node))
    return parent
  // `.promise()` of the SDK v2.
  return ts.isCallExpression(call.node) &&
    ts.isPropertyAccessExpression(parent) &&
    parent.name.text === 'promise' &&
    ts.isCallExpression(parent.parent)
    ? parent.parent
    : call.node
}

/** Whether the answer is let fall, or is kept under a name of which the members are never asked. */
function isUnread(node: ts.Node, said: readonly string[], file: CodeFile): boolean {
  const { parent } = node
  if (ts.isAwaitExpression(parent) || ts.isParenthesizedExpression(parent)) return isUnread(parent, said, file)
  if (ts.isExpressionStatement(parent)) return ts.isAwaitExpression(node)
  if (!ts.isVariableDeclaration(parent) || !ts.isAwaitExpression(node)) return false
  const { name } = parent
  if (ts.isObjectBindingPattern(name))
    return !name.elements.some(
      one => one.dotDotDotToken || said.includes(propertyName(one.propertyName ?? one.name) ?? said[0] ?? ''),
    )
  const home = enclosingFunction(parent)
  if (!home || !ts.isIdentifier(name)) return false
  // Only members of other names are taken of it; whatever hands it on whole may read it.
  return !someUse(home, name, use => !isOtherMember(use, said) && !isPrinted(use))
}

const isOtherMember = (node: ts.Identifier, said: readonly string[]): boolean =>
  ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node && !said.includes(node.parent.name.text)

function isPrinted(node: ts.Node): boolean {
  for (let current = node.parent; current && !ts.isStatement(current); current = current.parent)
    if (ts.isCallExpression(current))
      return /^console\.|(^|\.)log(ger)?\.\w+$/i.test(bare(current.expression).getText())
  return false
}
