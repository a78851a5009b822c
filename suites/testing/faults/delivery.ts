/** Faults in what becomes of messages and events, between the queue and the function. */
import { withJson, type Answered, type Behaviour, type Fault, type Forward, type Passing } from './fault.ts'
import { isCallOf, withMembers, type Members } from './requests.ts'

/** Messages that are received are others. */
const messagesChanged =
  (change: (message: Members) => object): Behaviour =>
  async (request, forward) => {
    const given = await forward()
    if (!isCallOf(request, 'AmazonSQS', 'ReceiveMessage')) return given
    return withJson(given, ({ Messages, ...rest }) => ({
      ...rest,
      ...(Array.isArray(Messages) && { Messages: (Messages as Members[]).map(one => ({ ...one, ...change(one) })) }),
    }))
  }

const bodiesChanged = (change: (body: unknown) => unknown): Behaviour =>
  messagesChanged(({ Body }) => ({ Body: JSON.stringify(change(JSON.parse(String(Body)))) }))

const attributesChanged = (change: (attributes: Members) => object): Behaviour =>
  messagesChanged(({ MessageAttributes }) => ({ MessageAttributes: change((MessageAttributes ?? {}) as Members) }))

const isEvent = (request: Passing): boolean =>
  request.action === 'Invoke' && request.headers['x-amz-invocation-type'] === 'Event'

/** No setting gives an event a second attempt. */
function withoutRetries(request: Passing, forward: Forward): Promise<Answered> {
  return request.action === 'PutFunctionEventInvokeConfig'
    ? forward(withMembers(request, () => ({ MaximumRetryAttempts: 0 })))
    : forward()
}

const withContext = (
  record: unknown,
  change: (context: { readonly [member: string]: unknown }) => object,
): { readonly [member: string]: unknown } => {
  const { requestContext = {}, ...rest } = record as { readonly [member: string]: unknown }
  return { ...rest, requestContext: change(requestContext as { readonly [member: string]: unknown }) }
}

export const DELIVERY_FAULTS: readonly Fault[] = [
  {
    id: 'message-loses-letters',
    wrong: 'letters beyond ASCII are lost on the way from the queue to the function',
    caught: { property: ['event-sources.sqs-record#property'] },
    // The first stands in the note; the program, which comes after it, says what the note should be.
    behaviour: () => (request, forward) =>
      isCallOf(request, 'AmazonSQS', 'SendMessage')
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
  {
    id: 'dead-letters-tried-again',
    wrong: 'an event that has become a dead letter is tried once more',
    caught: { property: ['async.tried-no-more#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      if (isEvent(request)) await forward()
      return given
    },
  },
  {
    id: 'events-tried-once',
    wrong: 'failed asynchronous events are not run again',
    caught: { property: ['async.retries#property', 'async.retries-configured#property'] },
    behaviour: () => (request, forward) => withoutRetries(request, forward),
  },
  {
    id: 'retries-of-another-id',
    wrong: 'the attempts of an event have request ids of their own',
    caught: { property: ['async.retries#property'] },
    behaviour: () => bodiesChanged(record => withContext(record, context => ({ ...context, requestId: 'another' }))),
  },
  {
    id: 'attempts-of-another-id',
    wrong: 'a function gets another request id with every attempt',
    caught: { property: ['async.attempts-seen#property'] },
    behaviour: () =>
      bodiesChanged(body => {
        const entry = body as { [member: string]: unknown }
        return 'at' in entry && 'requestId' in entry ? { ...entry, requestId: entry['id'] } : body
      }),
  },
  {
    id: 'record-of-the-function',
    wrong: 'records name the function without the qualifier that was called',
    caught: { property: ['async.on-failure#property', 'async.own-settings#property'] },
    behaviour: () =>
      bodiesChanged(record =>
        withContext(record, context => ({
          ...context,
          functionArn: String(context['functionArn']).split(':').slice(0, 7).join(':'),
        })),
      ),
  },
  {
    id: 'record-without-response',
    wrong: 'records do not say how the function answered',
    caught: { property: ['async.on-failure#property', 'async.on-success#property'] },
    behaviour: () =>
      bodiesChanged(record => {
        const { responseContext: _, responsePayload: __, ...rest } = record as { [member: string]: unknown }
        return rest
      }),
  },
  {
    id: 'record-without-event',
    wrong: 'records do not hold the event',
    caught: { property: ['async.on-failure#property', 'async.age#property'] },
    behaviour: () =>
      bodiesChanged(record => {
        const { requestPayload: _, ...rest } = record as { [member: string]: unknown }
        return rest
      }),
  },
  {
    id: 'throttles-counted',
    wrong: 'attempts that were throttled count',
    caught: { property: ['async.throttled#property'] },
    behaviour: () =>
      bodiesChanged(record => withContext(record, context => ({ ...context, approximateInvokeCount: 3 }))),
  },
  {
    id: 'age-told-as-retries',
    wrong: 'an event that is too old is said to have been tried often enough',
    caught: { property: ['async.age#property', 'async.zero-condition#property'] },
    behaviour: () =>
      bodiesChanged(record => withContext(record, context => ({ ...context, condition: 'RetriesExhausted' }))),
  },
  {
    id: 'dead-letter-attributes-renamed',
    wrong: 'a dead letter has the code of the error under another name',
    caught: { property: ['async.dead-letter#property'] },
    behaviour: () => attributesChanged(({ ErrorCode, ...rest }) => ({ ...rest, Code: ErrorCode })),
  },
  {
    id: 'dead-letter-of-nobody',
    wrong: 'a dead letter bears another request id than the call',
    caught: { property: ['async.dead-letter#property', 'async.zero#property'] },
    behaviour: () =>
      attributesChanged(given => ({ ...given, RequestID: { DataType: 'String', StringValue: 'another' } })),
  },
  {
    id: 'dead-letter-message-whole',
    wrong: 'the text of an error is in the attribute of a dead letter as a whole',
    caught: { property: ['async.dead-letter-message#property'] },
    behaviour: () =>
      attributesChanged(given => ({
        ...given,
        ErrorMessage: { DataType: 'String', StringValue: '0123456789'.repeat(300) },
      })),
  },
  {
    id: 'settings-of-the-function',
    wrong: 'a version has the settings of the function for asynchronous calls',
    caught: { property: ['async.own-settings#property'] },
    behaviour: () => (request, forward) =>
      request.action === 'PutFunctionEventInvokeConfig'
        ? forward({ target: request.target.replace(/\?Qualifier=.*/, '') })
        : forward(),
  },
  {
    id: 'event-answers-with-result',
    wrong: 'an asynchronous call answers with a body',
    caught: { property: ['async.discarded#property', 'async.accepted#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      return isEvent(request) ? { ...given, body: Buffer.from('{"answer":42}') } : given
    },
  },
  {
    id: 'success-told-as-failure-too',
    wrong: 'the destination for successes is told of every event',
    caught: { property: ['async.one-place#property'] },
    behaviour: () => bodiesChanged(record => withContext(record, context => ({ ...context, condition: 'Success' }))),
  },
  {
    id: 'function-destination-unwrapped',
    wrong: 'a function that is a destination gets the event instead of the record',
    caught: { property: ['async.to-function#property'] },
    behaviour: () =>
      bodiesChanged(record => {
        const { requestPayload } = record as { readonly requestPayload?: { readonly requestPayload?: unknown } }
        return { ...(record as object), requestPayload: requestPayload?.requestPayload }
      }),
  },
]
