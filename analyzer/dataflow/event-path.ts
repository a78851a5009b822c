/** Which part of the event an expression is, as a path: `record.body` in a loop over `event.Records` is `Records.[].body`. From the syntax alone. */
import type { Handler } from '../application/code.ts'
import type { EventKind } from '../application/model.ts'
import type { Loc } from '../application/source.ts'
import { ts } from '../application/typescript.ts'
import type { CodeContext } from '../engine/rule.ts'
import { bare, propertyName, resolveName } from '../engine/syntax.ts'

/** Names of members; `[]` is an element of a list. */
export type EventPath = readonly string[]

const MAX_DEPTH = 20

/** The path of an expression in the event of one of the handlers of this file; undefined when it is no part of the event, or cannot be told. */
export function eventPath(node: ts.Expression, code: CodeContext): EventPath | undefined {
  return pathOf(node, code, 0)
}

function pathOf(node: ts.Expression, code: CodeContext, depth: number): EventPath | undefined {
  if (depth > MAX_DEPTH) return undefined
  const expression = bare(node)
  if (ts.isIdentifier(expression)) return pathOfName(expression, code, depth)
  if (ts.isPropertyAccessExpression(expression)) {
    const left = pathOf(expression.expression, code, depth + 1)
    return left && [...left, expression.name.text]
  }
  if (ts.isElementAccessExpression(expression)) {
    const left = pathOf(expression.expression, code, depth + 1)
    const key = bare(expression.argumentExpression)
    if (!left) return undefined
    if (ts.isNumericLiteral(key)) return [...left, '[]']
    return ts.isStringLiteralLike(key) ? [...left, key.text] : undefined
  }
  return undefined
}

function pathOfName(identifier: ts.Identifier, code: CodeContext, depth: number): EventPath | undefined {
  const binding = resolveName(identifier)
  if (!binding) return undefined
  const { node } = binding
  if (ts.isParameter(node)) return pathOfParameter(node, code, depth)
  if (ts.isVariableDeclaration(node)) return pathOfVariable(node, code, depth)
  if (!ts.isBindingElement(node) || node.dotDotDotToken || node.initializer) return undefined
  return pathOfElement(node, code, depth)
}

/** `const { body } = record`, and patterns in patterns. */
function pathOfElement(node: ts.BindingElement, code: CodeContext, depth: number): EventPath | undefined {
  const pattern = node.parent
  const outer = pattern.parent
  const left = ts.isParameter(outer)
    ? pathOfParameter(outer, code, depth)
    : ts.isVariableDeclaration(outer)
      ? pathOfVariable(outer, code, depth)
      : pathOfElement(outer, code, depth + 1)
  if (!left) return undefined
  if (ts.isArrayBindingPattern(pattern)) return [...left, '[]']
  const name = propertyName(node.propertyName ?? (node.name as ts.BindingName))
  return name === undefined ? undefined : [...left, name]
}

/** `const x = event.y`, and the variable of `for (const x of event.list)`. */
function pathOfVariable(node: ts.VariableDeclaration, code: CodeContext, depth: number): EventPath | undefined {
  if ((node.parent.flags & ts.NodeFlags.Const) === 0) return undefined
  if (node.initializer) return pathOf(node.initializer, code, depth + 1)
  const loop = node.parent.parent
  if (!ts.isForOfStatement(loop)) return undefined
  const list = pathOf(loop.expression, code, depth + 1)
  return list && [...list, '[]']
}

const ELEMENT_FIRST = new Set(['forEach', 'map', 'flatMap', 'filter', 'some', 'every', 'find', 'findIndex'])

/** The event itself, or the element that a method of a list hands to its callback. */
function pathOfParameter(node: ts.ParameterDeclaration, code: CodeContext, depth: number): EventPath | undefined {
  const fn = node.parent
  const index = fn.parameters.indexOf(node)
  if (index === 0 && code.handlers.some(handler => handler.fn === fn)) return []
  if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return undefined
  const call = fn.parent
  if (!ts.isCallExpression(call) || call.arguments[0] !== fn || !ts.isPropertyAccessExpression(call.expression))
    return undefined
  const method = call.expression.name.text
  if (!(index === 0 && ELEMENT_FIRST.has(method)) && !(index === 1 && method === 'reduce')) return undefined
  const list = pathOf(call.expression.expression, code, depth + 1)
  return list && [...list, '[]']
}

/** Whether a path is the given one: `Records.[].body`. */
export const isPath = (path: EventPath | undefined, dotted: string): boolean => path?.join('.') === dotted

const TYPES: readonly (readonly [EventKind, RegExp])[] = [
  ['sqs', /\bSQS(Event|Handler)\b/],
  ['sns', /\bSNS(Event|Handler)\b/],
  ['s3', /\bS3(Event|Handler)\b/],
  ['kinesis', /\bKinesisStream(Event|Handler)\b/],
  ['dynamodb', /\bDynamoDBStream(Event|Handler)\b/],
  ['cloudwatch-logs', /\bCloudWatchLogs(Event|Handler)\b/],
  ['msk', /\bMSK(Event|Handler)\b/],
  ['http-api', /\bAPIGatewayProxy(EventV2|HandlerV2|StructuredResultV2)\b/],
  ['rest-api', /\bAPIGatewayProxy(Event|Handler)\b/],
  ['schedule', /\bScheduled(Event|Handler)\b/],
  ['eventbridge', /\bEventBridge(Event|Handler)\b/],
]

/** The kinds of events that a handler gets: from the template, else from the type that it says. Empty when neither tells. */
export function kindsOf(handler: Handler): ReadonlySet<EventKind> {
  const declared = handler.functions.flatMap(fn => fn.events.map(event => event.kind))
  if (declared.length > 0) return new Set(declared)
  const parameter = handler.fn?.parameters[0]
  const types = [
    parameter?.type?.getText() ?? '',
    ts.isVariableDeclaration(handler.node) ? (handler.node.type?.getText() ?? '') : '',
  ]
  const found = TYPES.find(([, form]) => types.some(type => form.test(type)))
  return new Set(found ? [found[0]] : [])
}

/** Whether every handler that reaches the file gets events of this kind and no other. */
export function onlyKind(code: CodeContext, ...kinds: readonly EventKind[]): boolean {
  return (
    code.handlers.length > 0 &&
    code.handlers.every(handler => {
      const of = kindsOf(handler)
      return of.size > 0 && [...of].every(kind => kinds.includes(kind))
    })
  )
}

/** Where the template says that these events come, for the other end of a finding. */
export function triggers(
  code: CodeContext,
  ...kinds: readonly EventKind[]
): readonly { readonly at: { readonly loc: Loc }; readonly message: string }[] {
  return code.functions.flatMap(fn =>
    fn.events
      .filter(event => kinds.includes(event.kind))
      .map(event => ({ at: event, message: `${fn.id} gets these events here` })),
  )
}
