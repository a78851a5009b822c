import type { EventSource } from '../application/model.ts'
import type { Handler } from '../application/code.ts'
import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { bare, isFunctionNode, outermost, propertyName } from '../syntax/syntax.ts'
import { eventPath, isPath } from '../dataflow/event-origins.ts'
import { parameterName, usesOfParameter } from '../dataflow/handler-style.ts'

const BATCH_OF: { readonly [kind: string]: number } = { sqs: 10, kinesis: 100, dynamodb: 100 }

/** Only the first record of a batch is looked at, and the batch counts as done. */
export const rule = defineRule({
  id: 'batch-first-record-only',
  handler(handler, code) {
    const events = handler.functions.flatMap(fn => fn.events)
    const [firstEvent] = events
    if (!handler.fn || handler.wrappers.length || !firstEvent || !events.every(event => (batchSize(event) ?? 1) > 1))
      return
    const first = firstRecords(handler, code)
    if (!first) return
    for (const node of first) {
      code.report({
        at: node,
        message:
          `Only the first record of a batch is used: ${firstEvent.id} delivers up to ${batchSize(firstEvent)}, ` +
          'and the others count as done',
        help: 'Loop over event.Records, or set BatchSize to 1',
        related: events.map(event => ({
          at: event.property('BatchSize').isAbsent ? event : event.property('BatchSize'),
          message: `batches of up to ${batchSize(event)}${event.property('BatchSize').isAbsent ? ', the default' : ''}`,
        })),
      })
    }
  },
})

/** Records in a batch at most, when that is known. */
function batchSize(event: EventSource): number | undefined {
  const byDefault = BATCH_OF[event.kind]
  const size = event.property('BatchSize')
  return byDefault === undefined || size.isAbsent ? byDefault : size.number()
}

/**
 * Where the first record is taken, when that is all that becomes of the event; undefined when more of it may be used.
 */
function firstRecords(handler: Handler, code: CodeContext): readonly ts.Node[] | undefined {
  const { fn } = handler
  if (!fn || !parameterName(fn, 0) || !isFunctionNode(fn)) return undefined
  const first: ts.Node[] = []
  for (const use of usesOfParameter(fn, 0)) {
    if (isLogged(use)) continue
    const member = use.parent
    // The event as a whole is handed on: who knows what becomes of the rest.
    if (!ts.isPropertyAccessExpression(member) || member.expression !== use || member.name.text !== 'Records')
      return undefined
    const taken = firstOf(member, code)
    if (!taken) return undefined
    first.push(taken)
  }
  return first
}

/** `event.Records[0]`, or `const [record] = event.Records`. */
function firstOf(records: ts.PropertyAccessExpression, code: CodeContext): ts.Node | undefined {
  if (!isPath(eventPath(records, code), 'Records')) return undefined
  const { parent } = outermost(records, ts.isNonNullExpression, ts.isParenthesizedExpression)
  if (
    ts.isElementAccessExpression(parent) &&
    ts.isNumericLiteral(bare(parent.argumentExpression)) &&
    parent.argumentExpression.getText() === '0'
  )
    return parent
  if (ts.isVariableDeclaration(parent) && ts.isArrayBindingPattern(parent.name) && parent.name.elements.length === 1) {
    const [element] = parent.name.elements
    return element &&
      ts.isBindingElement(element) &&
      !element.dotDotDotToken &&
      propertyName(element.name) !== undefined
      ? records
      : undefined
  }
  return undefined
}

/** Printing the event, or how many records it has, uses none of them. */
function isLogged(use: ts.Identifier): boolean {
  for (let node: ts.Node = use; node.parent; node = node.parent) {
    const { parent } = node
    if (ts.isCallExpression(parent) && /^console\.|(^|\.)log(ger)?\.\w+$/i.test(parent.expression.getText()))
      return true
    if (ts.isStatement(parent) || ts.isFunctionLike(parent)) return false
  }
  return false
}
