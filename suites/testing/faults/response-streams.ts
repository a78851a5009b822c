/** Faults in answers that are streamed. */
import { readStreamMessages, writeStreamMessage, type StreamMessage } from '../../../base/event-stream.ts'
import type { Behaviour, Fault } from './fault.ts'

const property = (...names: readonly string[]): Fault['caught'] => ({
  property: names.map(name => `response-stream.${name}#property`),
})

/** Other messages in place of those that came. */
const messagesChanged =
  (change: (messages: readonly StreamMessage[]) => readonly StreamMessage[]): (() => Behaviour) =>
  () =>
  async (request, forward) => {
    const given = await forward()
    const messages = request.action === 'InvokeWithResponseStream' ? readStreamMessages(given.body) : undefined
    return messages === undefined || messages.length === 0
      ? given
      : { ...given, body: Buffer.concat(change(messages).map(writeStreamMessage)) }
  }

const isComplete = ({ headers }: StreamMessage): boolean => headers[':event-type'] === 'InvokeComplete'

/** The last message says something else. */
const completeChanged = (change: (complete: { readonly [member: string]: unknown }) => object) =>
  messagesChanged(messages =>
    messages.map(one =>
      isComplete(one)
        ? {
            ...one,
            payload: Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(one.payload).toString('utf8'))))),
          }
        : one,
    ),
  )

export const RESPONSE_STREAM_FAULTS: readonly Fault[] = [
  {
    id: 'response-stream-without-end',
    wrong: 'a streamed answer ends without saying so',
    caught: property('buffered', 'streamed'),
    behaviour: messagesChanged(messages => messages.filter(one => !isComplete(one))),
  },
  {
    id: 'response-stream-in-disorder',
    wrong: 'chunks of an answer come in another order',
    caught: property('streamed'),
    behaviour: messagesChanged(messages => [
      ...messages.filter(one => !isComplete(one)).toReversed(),
      ...messages.filter(isComplete),
    ]),
  },
  {
    id: 'response-stream-error-untold',
    wrong: 'the end of a streamed answer does not tell of an error',
    caught: property('error', 'plain-error'),
    behaviour: completeChanged(() => ({})),
  },
  {
    id: 'response-stream-log-unasked',
    wrong: 'streamed answers have a log whether it is wanted or not',
    caught: property('log'),
    behaviour: completeChanged(complete => ({ LogResult: 'RU5EIFJlcXVlc3RJZA==', ...complete })),
  },
  {
    id: 'response-stream-log-lost',
    wrong: 'streamed answers never have a log',
    caught: property('log'),
    behaviour: completeChanged(({ LogResult: _, ...complete }) => complete),
  },
  {
    id: 'response-stream-is-none',
    wrong: 'what is to be a stream is the payload as it is',
    caught: { ...property('buffered'), valid: ['InvokeWithResponseStream.answer#valid'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      const messages = request.action === 'InvokeWithResponseStream' ? readStreamMessages(given.body) : undefined
      return messages === undefined ? given : { ...given, body: Buffer.from(messages[0]?.payload ?? []) }
    },
  },
]
