/** Faults in what becomes of messages and events, between the queue and the function. */
import { jsonOf, withJson, type Behaviour, type Fault, type Passing } from './fault.ts'

const isCallOf = (request: Passing, action: string): boolean =>
  request.headers['x-amz-target'] === `AmazonSQS.${action}`

/** The request with other members in its body. */
const withMembers = (
  request: Passing,
  change: (members: { readonly [member: string]: unknown }) => object,
): { readonly body: Buffer } => {
  const members = jsonOf(request) ?? {}
  return { body: Buffer.from(JSON.stringify({ ...members, ...change(members) })) }
}

/** Messages that are received have other bodies. */
const bodiesChanged =
  (change: (body: unknown) => unknown): Behaviour =>
  async (request, forward) => {
    const given = await forward()
    if (!isCallOf(request, 'ReceiveMessage')) return given
    return withJson(given, ({ Messages, ...rest }) => ({
      ...rest,
      ...(Array.isArray(Messages) && {
        Messages: (Messages as readonly { readonly Body: string }[]).map(one => ({
          ...one,
          Body: JSON.stringify(change(JSON.parse(one.Body))),
        })),
      }),
    }))
  }

export const DELIVERY_FAULTS: readonly Fault[] = [
  {
    id: 'message-loses-letters',
    wrong: 'letters beyond ASCII are lost on the way from the queue to the function',
    caught: { property: ['event-sources.sqs-record#property'] },
    // The first stands in the note; the program, which comes after it, says what the note should be.
    behaviour: () => (request, forward) =>
      isCallOf(request, 'SendMessage')
        ? forward(withMembers(request, ({ MessageBody }) => ({ MessageBody: String(MessageBody).replace('ü', '?') })))
        : forward(),
  },
  {
    id: 'disabled-mapping-reads',
    wrong: 'a mapping that says it is disabled reads its queue',
    caught: { property: ['event-sources.sqs-disabled#property'] },
    behaviour: () => async (request, forward) => {
      if (request.action === 'CreateEventSourceMapping') return forward(withMembers(request, () => ({ Enabled: true })))
      const given = await forward()
      return request.action === 'GetEventSourceMapping'
        ? withJson(given, value => ({ ...value, ...(value['State'] === 'Enabled' && { State: 'Disabled' }) }))
        : given
    },
  },
  {
    id: 'dead-letter-wrapped',
    wrong: 'the dead-letter queue gets a record about the event instead of the event',
    caught: { property: ['async.dead-letter#property'] },
    behaviour: () => bodiesChanged(requestPayload => ({ version: '1.0', requestPayload })),
  },
  {
    id: 'record-without-reason',
    wrong: 'records for destinations do not say why they are sent',
    caught: { property: ['async.on-failure#property', 'async.on-success#property'] },
    behaviour: () => bodiesChanged(record => ({ ...(record as object), requestContext: {} })),
  },
]
