/**
 * Asks whether a function can send messages to a queue of the same endpoint: what mappings call functions with is
 * learnt that way.
 */
import { isObject } from '../../base/is-object.ts'
import type { Spec } from '../../spec/model.ts'
import type { WireClient } from '../wire/client.ts'
import { serviceCall } from '../wire/service-call.ts'

/** The function and the queue with which is tried whether functions can send messages. */
export interface AskJournalOptions {
  /** Name of a deployed probe. */
  readonly function: string
  /** Name of a queue that is made and deleted. */
  readonly queue: string
  /** Of the endpoint. */
  readonly url: string
  /** Milliseconds, for each request. */
  readonly timeMs: number
}

/** True when the message that the probe was asked to send has come. Never throws. */
export async function askJournal(spec: Spec, client: WireClient, options: AskJournalOptions): Promise<boolean> {
  const invoke = spec.actions['Invoke']
  if (invoke === undefined) return false
  const { timeMs: timeoutMs } = options
  const sqs = (action: string, input: object) => client.httpTo('sqs', serviceCall('sqs', action, input), { timeoutMs })
  const created = await sqs('CreateQueue', { QueueName: options.queue })
  const queueUrl = created.status === 200 && isObject(created.json) ? created.json['QueueUrl'] : undefined
  if (typeof queueUrl !== 'string') return false
  const tell = { queueUrl, endpoint: options.url, text: options.queue }
  await client.call(
    invoke,
    { FunctionName: options.function, Payload: JSON.stringify({ do: [{ tell }] }) },
    { timeoutMs: timeoutMs * 3 },
  )
  const received = await sqs('ReceiveMessage', { QueueUrl: queueUrl, WaitTimeSeconds: 2 })
  await sqs('DeleteQueue', { QueueUrl: queueUrl })
  const messages = received.status === 200 && isObject(received.json) ? received.json['Messages'] : undefined
  return Array.isArray(messages) && messages.some(one => isObject(one) && one['Body'] === options.queue)
}
