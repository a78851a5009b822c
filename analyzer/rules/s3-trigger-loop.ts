import { own } from '../../base/own.ts'
import { locOf } from '../application/code.ts'
import type { CodeFile, Handler } from '../application/code.ts'
import type { EventSource, LambdaFunction } from '../application/model.ts'
import { ts } from '../application/typescript.ts'
import type { Value } from '../application/value.ts'
import { defineRule } from '../engine/rule.ts'
import { bare } from '../syntax/syntax.ts'
import { piecesOf, valueInFunction } from '../dataflow/values.ts'
import type { Piece } from '../dataflow/values.ts'
import { eventFlows, isPath } from '../dataflow/event-origins.ts'
import { follow, followMember } from '../dataflow/origins.ts'
import type { Placed } from '../dataflow/origins.ts'
import { reachedCalls } from '../sdk/function-code.ts'
import type { SdkCall } from '../sdk/sdk-calls.ts'
import { needsOfCall } from '../sdk/sdk-needs.ts'
import { some } from '../application/walk.ts'

/** What S3 says of objects that an operation of the SDK makes. */
const MAKES: { readonly [operation: string]: readonly string[] } = {
  PutObject: ['Put'],
  CopyObject: ['Copy'],
  Upload: ['Put', 'CompleteMultipartUpload'],
  CompleteMultipartUpload: ['CompleteMultipartUpload'],
}

/** A function that writes into the bucket that makes it run: it runs for what it wrote, and writes again. */
export const rule = defineRule({
  id: 's3-trigger-loop',
  fn(fn, { report }) {
    const handler = fn.entry
    const events = fn.events.filter(event => event.kind === 's3')
    if (!handler || !events.length || handler.files.some(file => looksBeforeItWrites(file, handler))) return
    for (const call of reachedCalls(handler)) {
      const made = call.client === 's3' ? own(MAKES, call.operation) : undefined
      const bucket = call.input && followMember(call.input.node, 'Bucket', call.input.file)
      if (!made || !bucket) continue
      const event = events.find(
        one => listens(one, made) && isItsBucket(one, bucket, call, fn, handler) && comesBack(one, call, fn, handler),
      )
      if (!event) continue
      const name = event.resource?.id ?? event.source.string() ?? 'its bucket'
      report({
        at: locOf(bucket.file, bucket.node),
        message:
          `${fn.id} writes into ${name}, the bucket whose new objects make it run: ` +
          'each object that it writes makes it run again',
        help: 'Write into another bucket, or under a prefix that the filter of the trigger leaves out',
        related: [
          {
            at: event,
            message:
              `${fn.id} runs for new objects in ` +
              `${name}${filterOf(event) ? ` (${filterOf(event)})` : ', whatever their key'}`,
          },
        ],
      })
    }
  },
})

/** Whether a trigger is for objects that come to be in one of these ways. */
function listens(event: EventSource, ways: readonly string[]): boolean {
  const written = event.property('Events').isAbsent ? event.property('Event') : event.property('Events')
  // The serverless framework takes new objects when nothing is said.
  if (written.isAbsent) return event.declaredBy === 'serverless'
  return written.items('single').some(one => {
    const form = one.string()?.replace(/^s3:/, '')
    return form === 'ObjectCreated:*' || ways.some(way => form === `ObjectCreated:${way}`)
  })
}

function isItsBucket(event: EventSource, bucket: Placed, call: SdkCall, fn: LambdaFunction, handler: Handler): boolean {
  const flows = eventFlows(bucket.node, { file: bucket.file, handlers: [handler] })
  if (flows.length)
    return (
      flows.every(flow => flow.exact && isPath(flow.path, 'Records.[].s3.bucket.name')) &&
      fn.events.every(one => one.kind === 's3')
    )
  const needs = needsOfCall(call, fn) ?? []
  if (event.resource) return needs.some(need => need.action === 's3:PutObject' && need.resource === event.resource)
  const name = valueInFunction(bucket.node, bucket.file, fn)
  return name.string() !== undefined && name.string() === event.source.string()
}

const rulesOf = (event: EventSource): Value => event.property('Filter', 'S3Key', 'Rules')

const filterOf = (event: EventSource): string =>
  rulesOf(event)
    .items()
    .map(one => `${one.at('Name').string()} ${one.at('Value').string()}`)
    .join(', ')

/** Whether what is written surely passes the filter of the trigger. */
function comesBack(event: EventSource, call: SdkCall, fn: LambdaFunction, handler: Handler): boolean {
  const filter = rulesOf(event)
  if (filter.isAbsent && event.property('Filter').isAbsent) return true
  if (filter.kind !== 'list' || filter.open) return false
  const key = call.input && followMember(call.input.node, 'Key', call.input.file)
  if (!key) return false
  const ends = endsOf(key, fn, handler)
  return filter.items().every(one => {
    const value = one.at('Value').string()
    const kind = one.at('Name').string()?.toLowerCase()
    if (value === undefined) return false
    if (kind === 'prefix') return ends.headIsEvents || (ends.head ?? '').startsWith(value)
    return kind === 'suffix' && (ends.tailIsEvents || (ends.tail ?? '').endsWith(value))
  })
}

interface Ends {
  readonly head: string | undefined
  readonly tail: string | undefined
  /** It begins, or ends, with the key that came with the event, and so as the filter says. */
  readonly headIsEvents: boolean
  readonly tailIsEvents: boolean
}

/** How a key begins and ends, as far as it can be told. */
function endsOf(key: Placed, fn: LambdaFunction, handler: Handler): Ends {
  const pieces = piecesOf(key).filter(piece => piece !== '')
  const isEvents = (piece: Piece): boolean => {
    if (typeof piece === 'string') return false
    const flows = eventFlows(piece.node, { file: piece.file, handlers: [handler] })
    return (
      flows.length > 0 &&
      flows.every(
        flow =>
          flow.exact &&
          isPath(flow.path, 'Records.[].s3.object.key') &&
          !/\.(slice|substr|substring|split|pop|shift|at)\(/.test(
            flow.spoken.map(one => one.getText()).join() +
              piece.node.getText() +
              follow(piece.node, piece.file).node.getText(),
          ),
      )
    )
  }
  const value = valueInFunction(key.node, key.file, fn).parts()
  return {
    head: value[0]?.string(),
    tail: value.at(-1)?.string(),
    headIsEvents: isEvents(pieces[0] ?? ''),
    tailIsEvents: isEvents(pieces.at(-1) ?? ''),
  }
}

/** What an `if`, a `switch` or a `? :` decides by. */
function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node) || ts.isSwitchStatement(node)) return node.expression
  return ts.isConditionalExpression(node) ? node.condition : undefined
}

/**
 * Whether the code decides by the key, or by what is known of the object, what to do: then it may know its own work.
 */
function looksBeforeItWrites(file: CodeFile, handler: Handler): boolean {
  if (file.generated) return false
  return some(file.ast, node => {
    const condition = conditionOf(node) ?? predicateOf(node)
    return condition !== undefined && mentionsObject(condition, file, handler)
  })
}

/** What a list is filtered by. */
const predicateOf = (node: ts.Node): ts.Expression | undefined =>
  ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'filter'
    ? node.arguments[0]
    : undefined

/** Whether a condition says something of the object: its key, its name, its tags or metadata. */
function mentionsObject(condition: ts.Node, file: CodeFile, handler: Handler): boolean {
  return (
    /metadata|tag|prefix|suffix|processed|key|ext(ension|name)?\b|eventName|userIdentity|size|contentType/i.test(
      condition.getText(),
    ) ||
    some(
      condition,
      node =>
        (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) &&
        eventFlows(bare(node), { file, handlers: [handler] }).some(flow => flow.path.length > 3),
    )
  )
}
