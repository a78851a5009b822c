import type { CodeFile, Handler } from '../application/code.ts'
import type { EventSource } from '../application/model.ts'
import { locOf } from '../application/code.ts'
import type { Loc } from '../application/source.ts'
import { ts } from '../application/typescript.ts'
import { addEntry } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { Repair } from '../engine/rule.ts'
import { propertyName } from '../syntax/syntax.ts'
import { functionsReached, placeOf } from '../dataflow/reach.ts'
import { ownFunction } from '../dataflow/handler-style.ts'
import { resultsOf } from '../dataflow/handler-results.ts'
import { find } from '../application/walk.ts'

const SETTING = 'ReportBatchItemFailures'
/** Helpers that answer with the items that failed. */
const HELPERS =
  /\b(processPartialResponse(Sync)?|sqsPartialBatchFailure|sqsBatch)\b|['"]@middy\/(sqs|event)-(partial-)?batch-(failure|response|handler)['"]/

/**
 * Code that says which items of a batch failed, where nobody listens; and the setting that listens to code which never
 * says so.
 */
export const rule = defineRule({
  id: 'report-batch-item-failures-mismatch',
  handler(handler, code) {
    const events = handler.functions.flatMap(fn => fn.events.filter(takesItemFailures).map(event => ({ fn, event })))
    if (!events.length) return
    const said = whereSaid(handler)
    const silent = !said && neverSays(handler)
    for (const { fn, event } of events) {
      const setting = isSet(event)
      if (said && setting === 'no') {
        code.report({
          at: event,
          message:
            `${fn.id} answers with batchItemFailures, but ${event.id} does not have ${SETTING}: ` +
            'the batch counts as done, and the failed items are lost',
          help: `Set FunctionResponseTypes to [${SETTING}]`,
          related: [{ at: said, message: 'the code names the failed items here' }],
          fixes: repairs(event),
        })
      } else if (silent && setting === 'yes' && handler.fn) {
        code.report({
          at: event.property('FunctionResponseTypes'),
          message:
            `${event.id} waits for batchItemFailures, and ${fn.id} never answers with them: ` +
            'one bad item still fails its whole batch, and whatever else is returned counts as success',
          help:
            'Catch the error of each item and return {batchItemFailures: [{itemIdentifier}]}, ' +
            `or leave ${SETTING} out`,
          related: [{ at: locOf(handler.home, handler.fn), message: 'the handler' }],
          severity: 'warning',
        })
      }
    }
  },
})

const takesItemFailures = (event: EventSource): boolean =>
  event.kind === 'sqs' || event.kind === 'kinesis' || event.kind === 'dynamodb'

function isSet(event: EventSource): 'yes' | 'no' | 'unknown' {
  const types = event.property('FunctionResponseTypes')
  if (types.isAbsent) return 'no'
  const items = types.items('single')
  if (items.some(item => item.string() === SETTING)) return 'yes'
  return types.open || items.some(item => item.string() === undefined) || types.isUnknown ? 'unknown' : 'no'
}

/** Where code that an invocation reaches makes an object with `batchItemFailures`, or has a helper make it. */
function whereSaid(handler: Handler): Loc | undefined {
  const reached = functionsReached(handler)
  for (const file of handler.files) {
    if (file.generated || !mentions(file)) continue
    const found = saidIn(file, reached)
    if (found) return locOf(file, found)
  }
  return undefined
}

const mentions = (file: CodeFile): boolean =>
  /\bbatchItemFailures\b/.test(file.source.text) || HELPERS.test(file.source.text)

const saidIn = (file: CodeFile, reached: ReadonlySet<string>): ts.Node | undefined =>
  find(file.ast, node => isSaying(node) && isInside(node, reached))

const isSaying = (node: ts.Node): boolean =>
  ((ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) &&
    propertyName(node.name) === 'batchItemFailures') ||
  (ts.isCallExpression(node) &&
    ts.isIdentifier(node.expression) &&
    /^processPartialResponse(Sync)?$/.test(node.expression.text))

const isInside = (node: ts.Node, reached: ReadonlySet<string>): boolean =>
  ts.findAncestor(node, around => ts.isFunctionLike(around) && reached.has(placeOf(around))) !== undefined

/** Every result can be seen, and none of the files so much as names the failed items. */
function neverSays(handler: Handler): boolean {
  if (!ownFunction(handler)?.body || handler.files.some(file => file.generated || mentions(file))) return false
  return resultsOf(handler).every(result => !result || isPlainResult(result.node))
}

/** A literal, or the list that comes of waiting for several things. */
function isPlainResult(node: ts.Expression): boolean {
  if (ts.isCallExpression(node)) return /^Promise\.(all|allSettled)$/.test(node.expression.getText())
  if (ts.isObjectLiteralExpression(node)) return !node.properties.some(ts.isSpreadAssignment)
  return (
    ts.isLiteralExpression(node) ||
    ts.isTemplateExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    (ts.isIdentifier(node) && node.text === 'undefined') ||
    node.kind === ts.SyntaxKind.NullKeyword ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword
  )
}

/** Certain: whoever names failed items wants them to be heard. */
function repairs(event: EventSource): readonly Repair[] {
  const edit = event.property('FunctionResponseTypes').isAbsent
    ? addEntry(event.properties, 'FunctionResponseTypes', [SETTING])
    : undefined
  return edit ? [{ description: `Set ${SETTING}`, kind: 'fix', edits: [edit] }] : []
}
