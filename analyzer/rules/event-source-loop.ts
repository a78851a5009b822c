import type { EventKind, EventSource, LambdaFunction } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'
import { runsAlways } from '../dataflow/certain-run.ts'
import { reachedCalls } from '../sdk/function-code.ts'
import { needsOfCall } from '../sdk/sdk-needs.ts'
import type { Need } from '../sdk/sdk-needs.ts'

/** What puts something new into a source, by its kind. */
const FEEDS: { readonly [kind in EventKind]?: RegExp } = {
  sqs: /^sqs:SendMessage$/,
  sns: /^sns:Publish$/,
  kinesis: /^kinesis:PutRecords?$/,
  dynamodb: /^dynamodb:(PutItem|UpdateItem|DeleteItem|BatchWriteItem)$/,
}

/** Every invocation sends to what makes the function run: it calls itself for ever. */
export const rule = defineRule({
  id: 'event-source-loop',
  fn(fn, { report }) {
    const events = fn.events.filter(
      event =>
        FEEDS[event.kind] && event.property('FilterCriteria').isAbsent && event.property('FilterPolicy').isAbsent,
    )
    const handler = fn.entry
    // One more trigger, and what is sent may hang on which of them it is.
    if (!handler || !events.length || events.length < fn.events.length) return
    for (const call of reachedCalls(handler)) {
      for (const need of needsOfCall(call, fn) ?? []) {
        const event = events.find(one => FEEDS[one.kind]?.test(need.action) && isSame(one, need))
        if (!event || !runsAlways(call.node, call.file, handler)) continue
        report({
          at: need.namedAt ?? need.loc,
          message:
            `Each invocation of ${fn.id} ${WORDS[event.kind]} ${nameOf(event)}, which makes it run again: ` +
            'it goes round for ever',
          help:
            'Send to another place, or stop on a condition of what came in (a counter, a marker, ' +
            'a filter of the trigger)',
          related: [{ at: event, message: `${fn.id} runs for what comes into ${nameOf(event)}` }, ...namedBy(need, fn)],
          // Writing what is there already makes no record of a stream.
          ...(event.kind === 'dynamodb' ? { severity: 'warning' as const } : {}),
        })
      }
    }
  },
})

const WORDS: { readonly [kind in EventKind]?: string } = {
  sqs: 'sends to the queue',
  sns: 'publishes to the topic',
  kinesis: 'puts records into the stream',
  dynamodb: 'writes to the table',
}

const nameOf = (event: EventSource): string => event.resource?.id ?? event.source.string() ?? event.id

function isSame(event: EventSource, need: Need): boolean {
  if (event.resource) return event.resource === need.resource
  const text = need.named?.string()
  const source = event.source.string()
  if (text === undefined || source === undefined) return false
  if (event.kind !== 'sqs') return text === source
  // The URL of a queue ends as its ARN does.
  const [, account, name] = /:(\d{12}):([^:]+)$/.exec(source) ?? []
  return name !== undefined && text.endsWith(`/${account}/${name}`)
}

const namedBy = (
  need: Need,
  fn: LambdaFunction,
): readonly { readonly at: { readonly loc: Need['loc'] }; readonly message: string }[] =>
  need.named && need.named.loc.source === fn.template.source
    ? [{ at: need.named, message: `${fn.id} is given it here` }]
    : []
