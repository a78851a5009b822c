/** The kinds of events that a handler gets. */
import type { Handler } from '../application/code.ts'
import type { EventKind, LambdaFunction } from '../application/model.ts'
import type { Loc } from '../application/source.ts'
import { ts } from '../application/typescript.ts'

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

/**
 * The kinds of events that a handler gets: from the template, else from the type that it says. Empty when neither
 * tells.
 */
export function kindsOf(handler: Handler): ReadonlySet<EventKind> {
  const known = kinds.get(handler)
  if (known) return known
  const found = readKinds(handler)
  kinds.set(handler, found)
  return found
}

const kinds = new WeakMap<Handler, ReadonlySet<EventKind>>()

function readKinds(handler: Handler): ReadonlySet<EventKind> {
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
export function onlyKind(code: { readonly handlers: readonly Handler[] }, ...kinds: readonly EventKind[]): boolean {
  const all = allKinds(code.handlers)
  return all.length > 0 && all.every(kind => kinds.includes(kind))
}

const told = new WeakMap<readonly Handler[], { readonly handlers: number; readonly kinds: readonly EventKind[] }>()

/** The kinds of events that some handlers get; none when one of them does not tell. Asked for nearly every node. */
function allKinds(handlers: readonly Handler[]): readonly EventKind[] {
  const before = told.get(handlers)
  if (before?.handlers === handlers.length) return before.kinds
  const each = handlers.map(kindsOf)
  const kinds = each.every(one => one.size > 0) ? [...new Set(each.flatMap(one => [...one]))] : []
  told.set(handlers, { handlers: handlers.length, kinds })
  return kinds
}

/** Where the template says that these events come, for the other end of a finding. */
export function triggers(
  code: { readonly functions: readonly LambdaFunction[] },
  ...kinds: readonly EventKind[]
): readonly { readonly at: { readonly loc: Loc }; readonly message: string }[] {
  return code.functions.flatMap(fn =>
    fn.events
      .filter(event => kinds.includes(event.kind))
      .map(event => ({ at: event, message: `${fn.id} gets these events here` })),
  )
}
