import { createHash } from 'node:crypto'
import type { Place } from '../../protocol/arn.ts'
import type { FiguresOfServices, ServiceFigures } from '../figures.ts'
import { createNotifier } from '../notifier.ts'
import { missing, requiredText, structureOf, structuresOf, textOf, textsOf } from '../input.ts'
import type { Members } from '../input.ts'
import { attributesDigest } from './message-digest.ts'
import type { MessageAttribute } from './message-digest.ts'
import { ServiceError, refuseService } from '../service-error.ts'
import { checkQueueAttributes, describeQueue } from './queue-attributes.ts'
import { changeVisibility, deleteMessage, queueNumber, receiveMessages, sendMessage } from './queue.ts'
import type { Message, Queue } from './queue.ts'

/** What the queue actions know of their caller. */
export interface QueueCall {
  readonly place: Place & { readonly queues: Map<string, Queue>; readonly figures: Pick<FiguresOfServices, 'sqs'> }
  readonly baseUrl: string
  readonly accessKeyId: string
  /** Unix milliseconds. */
  readonly now: number
}

type QueueAction = (call: QueueCall, input: Members) => object | Promise<object>

/**
 * The queue service, as its JSON protocol names the actions.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
 */
export const queueActions: { readonly [action: string]: QueueAction } = {
  CreateQueue(call, input) {
    const { place, now } = call
    const figures = place.figures.sqs
    const name = requiredText(input, 'QueueName')
    const attributes = checkQueueAttributes(figures, structureOf(input, 'Attributes'))
    const fifo = attributes['FifoQueue'] === 'true'
    if (
      !/^[\w-]+$/.test(fifo ? name.replace(/\.fifo$/, '') : name) ||
      !figures.allows('QueueName', name.length) ||
      fifo !== name.endsWith('.fifo')
    )
      refuseService(
        'InvalidParameterValue',
        'Can only include alphanumeric characters, hyphens, or underscores. ' +
          `${figures.least('QueueName')} to ${figures.most('QueueName')} in length; ` +
          'FIFO queues end in .fifo, and no others do.',
      )
    const known = place.queues.get(name)
    if (known) {
      // Creating a queue that there is already gives that queue, unless it is wanted otherwise than it is.
      const other = Object.entries(attributes).find(
        ([attribute, value]) => describeQueue(known, now)[attribute] !== value,
      )
      if (other)
        refuseService(
          'QueueNameExists',
          `A queue already exists with the same name and a different value for attribute ${other[0]}`,
          'QueueAlreadyExists',
        )
      return { QueueUrl: urlOf(call, known) }
    }
    const queue: Queue = {
      name,
      arn: `arn:aws:sqs:${place.region}:${place.accountId}:${name}`,
      fifo,
      figures,
      attributes,
      messages: new Map(),
      sentLately: new Map(),
      created: now,
      modified: now,
      listeners: new Set(),
    }
    place.queues.set(name, queue)
    return { QueueUrl: urlOf(call, queue) }
  },

  GetQueueUrl: (call, input) => ({
    QueueUrl: urlOf(call, call.place.queues.get(requiredText(input, 'QueueName')) ?? noQueue()),
  }),

  ListQueues(call, input) {
    const prefix = textOf(input, 'QueueNamePrefix') ?? ''
    const most = call.place.figures.sqs.wanted(input, 'ListQueues.MaxResults')
    const after = textOf(input, 'NextToken') ?? ''
    const names = [...call.place.queues.keys()].filter(name => name.startsWith(prefix) && name > after).sort()
    const page = names.slice(0, most)
    return {
      QueueUrls: page.map(name => urlOf(call, call.place.queues.get(name) as Queue)),
      ...(names.length > page.length && input['MaxResults'] !== undefined && { NextToken: page.at(-1) }),
    }
  },

  GetQueueAttributes(call, input) {
    const all = describeQueue(findQueue(call, input), call.now)
    const wanted = textsOf(input, 'AttributeNames')
    const unknown = wanted.find(name => name !== 'All' && !(name in all) && !optionalAttributes.includes(name))
    if (unknown !== undefined) refuseService('InvalidAttributeName', `Unknown Attribute ${unknown.slice(0, 80)}.`)
    const shown = Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name))
    return shown.length === 0 ? {} : { Attributes: Object.fromEntries(shown) }
  },

  SetQueueAttributes(call, input) {
    const queue = findQueue(call, input)
    const attributes = checkQueueAttributes(call.place.figures.sqs, structureOf(input, 'Attributes'))
    if ('FifoQueue' in attributes && (attributes['FifoQueue'] === 'true') !== queue.fifo)
      refuseService('InvalidAttributeValue', 'Invalid value for the parameter FifoQueue. Reason: it cannot be changed.')
    queue.attributes = Object.fromEntries(
      Object.entries({ ...queue.attributes, ...attributes }).filter(([, value]) => value !== ''),
    )
    queue.modified = call.now
    for (const listener of queue.listeners) listener()
    return {}
  },

  DeleteQueue(call, input) {
    call.place.queues.delete(findQueue(call, input).name)
    return {}
  },

  PurgeQueue(call, input) {
    findQueue(call, input).messages.clear()
    return {}
  },

  SendMessage(call, input) {
    const queue = findQueue(call, input)
    const message = send(call, queue, input)
    return sent(queue, message)
  },

  SendMessageBatch: (call, input) => {
    const queue = findQueue(call, input)
    return batch(call, input, entry => sent(queue, send(call, queue, entry)))
  },

  async ReceiveMessage(call, input) {
    const queue = findQueue(call, input)
    const { sqs } = call.place.figures
    const most = sqs.wanted(input, 'ReceiveMessage.MaxNumberOfMessages')
    const visibility = sqs.chosen(input, 'VisibilityTimeout')
    const waiting = 'ReceiveMessageWaitTimeSeconds'
    const patience = sqs.chosen(input, waiting, 'WaitTimeSeconds') ?? queueNumber(queue, waiting)
    const take = (now: number): readonly Message[] =>
      receiveMessages(call.place.queues, queue, { most, visibility }, now)
    let messages = take(call.now)
    const end = call.now + patience * 1000
    const notifier = createNotifier()
    queue.listeners.add(notifier.notify)
    // What becomes visible by the passing of time notifies nobody.
    while (messages.length === 0 && Date.now() < end && call.place.queues.get(queue.name) === queue) {
      await notifier.wait(Math.min(100, end - Date.now()))
      messages = take(Date.now())
    }
    queue.listeners.delete(notifier.notify)
    const system = [...textsOf(input, 'AttributeNames'), ...textsOf(input, 'MessageSystemAttributeNames')]
    const own = textsOf(input, 'MessageAttributeNames')
    return messages.length === 0 ? {} : { Messages: messages.map(message => received(message, system, own)) }
  },

  DeleteMessage(call, input) {
    remove(findQueue(call, input), input)
    return {}
  },

  DeleteMessageBatch: (call, input) => {
    const queue = findQueue(call, input)
    return batch(call, input, entry => {
      remove(queue, entry)
      return {}
    })
  },

  ChangeMessageVisibility(call, input) {
    const seconds = call.place.figures.sqs.chosen(input, 'VisibilityTimeout') ?? missing('VisibilityTimeout')
    const found = changeVisibility(findQueue(call, input), requiredText(input, 'ReceiptHandle'), seconds, call.now)
    if (found === 'foreign') invalidHandle(requiredText(input, 'ReceiptHandle'))
    if (found === 'notInFlight')
      refuseService(
        'MessageNotInflight',
        'The specified message is not in flight.',
        'AWS.SimpleQueueService.MessageNotInflight',
      )
    return {}
  },
}

/** Attributes that a queue has only when its owner said so. */
const optionalAttributes: readonly string[] = [
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
]

/** System attributes of a message, as receivers and functions see them: texts, times in Unix milliseconds. */
export function systemAttributes(message: Message): { readonly [name: string]: string } {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAt),
    ...(message.sequenceNumber !== undefined && { SequenceNumber: message.sequenceNumber }),
    ...(message.groupId !== undefined && { MessageGroupId: message.groupId }),
    SenderId: message.senderId,
    ...(message.deduplicationId !== undefined && { MessageDeduplicationId: message.deduplicationId }),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
  }
}

function urlOf({ baseUrl, place }: QueueCall, queue: Queue): string {
  return `${baseUrl}/${place.accountId}/${queue.name}`
}

/** By the end of its URL: the host under which a caller reaches the endpoint is the caller's affair. */
function findQueue({ place }: QueueCall, input: Members): Queue {
  const [account, name] = requiredText(input, 'QueueUrl').split('/').slice(-2)
  return (account === place.accountId ? place.queues.get(name ?? '') : undefined) ?? noQueue()
}

function noQueue(): never {
  return refuseService(
    'QueueDoesNotExist',
    'The specified queue does not exist.',
    'AWS.SimpleQueueService.NonExistentQueue',
  )
}

function send(call: QueueCall, queue: Queue, entry: Members): Message {
  const { sqs } = call.place.figures
  const body = requiredText(entry, 'MessageBody')
  const attributes = readAttributes(sqs, structureOf(entry, 'MessageAttributes'))
  if (body === '') missing('MessageBody')
  if (Buffer.byteLength(body) > queueNumber(queue, 'MaximumMessageSize'))
    refuseService(
      'InvalidParameterValue',
      'One or more parameters are invalid. Reason: ' +
        `Message must be shorter than ${queueNumber(queue, 'MaximumMessageSize')} bytes.`,
    )
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(body))
    refuseService(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to ' +
        '#xFFFD | #x10000 to #x10FFFF',
    )
  const delay = sqs.chosen(entry, 'DelaySeconds')
  const groupId = textOf(entry, 'MessageGroupId')
  if (!queue.fifo) return sendMessage(queue, { body, attributes, senderId: call.accessKeyId, delay }, call.now)
  if (groupId === undefined) missing('MessageGroupId')
  if (delay !== undefined && delay > 0)
    refuseService(
      'InvalidParameterValue',
      `Value ${delay} for parameter DelaySeconds is invalid. Reason: The request include parameter that is not ` +
        'valid for this queue type.',
    )
  const deduplicationId =
    textOf(entry, 'MessageDeduplicationId') ??
    (queue.attributes['ContentBasedDeduplication'] === 'true'
      ? createHash('sha256').update(body).digest('hex')
      : undefined) ??
    refuseService(
      'InvalidParameterValue',
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    )
  return sendMessage(queue, { body, attributes, senderId: call.accessKeyId, groupId, deduplicationId }, call.now)
}

function readAttributes(sqs: ServiceFigures, given: Members): { readonly [name: string]: MessageAttribute } {
  const names = Object.keys(given)
  if (!sqs.allows('MessageAttributes', names.length))
    refuseService(
      'InvalidParameterValue',
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${sqs.most('MessageAttributes')}].`,
    )
  return Object.fromEntries(
    names.map(name => {
      const attribute = structureOf(given, name)
      const type = textOf(attribute, 'DataType') ?? ''
      const text = textOf(attribute, 'StringValue')
      const binary = textOf(attribute, 'BinaryValue')
      if (!/^(String|Number|Binary)(\..+)?$/.test(type))
        refuseService(
          'InvalidParameterValue',
          `The message attribute '${name.slice(0, 80)}' has an invalid message attribute type, ` +
            'the set of supported type prefixes is Binary, Number, and String.',
        )
      if ((type.startsWith('Binary') ? binary : text) === undefined)
        refuseService(
          'InvalidParameterValue',
          `The message attribute '${name.slice(0, 80)}' must contain a non-empty message attribute value for ` +
            `message attribute type '${type}'.`,
        )
      return [
        name,
        type.startsWith('Binary') ? { DataType: type, BinaryValue: binary } : { DataType: type, StringValue: text },
      ]
    }),
  )
}

function sent(queue: Queue, message: Message): object {
  return {
    MessageId: message.id,
    MD5OfMessageBody: message.bodyMd5,
    ...(Object.keys(message.attributes).length > 0 && { MD5OfMessageAttributes: attributesDigest(message.attributes) }),
    ...(queue.fifo && { SequenceNumber: message.sequenceNumber }),
  }
}

function received(message: Message, system: readonly string[], own: readonly string[]): object {
  const wanted = (names: readonly string[], name: string): boolean =>
    names.some(
      one => one === 'All' || one === '.*' || one === name || (one.endsWith('.*') && name.startsWith(one.slice(0, -2))),
    )
  const attributes = Object.fromEntries(
    Object.entries(systemAttributes(message)).filter(([name]) => wanted(system, name)),
  )
  const ownOnes = Object.fromEntries(Object.entries(message.attributes).filter(([name]) => wanted(own, name)))
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.bodyMd5,
    Body: message.body,
    ...(Object.keys(attributes).length > 0 && { Attributes: attributes }),
    ...(Object.keys(ownOnes).length > 0 && {
      MessageAttributes: ownOnes,
      MD5OfMessageAttributes: attributesDigest(ownOnes),
    }),
  }
}

function remove(queue: Queue, entry: Members): void {
  const handle = requiredText(entry, 'ReceiptHandle')
  if (deleteMessage(queue, handle) === 'foreign') invalidHandle(handle)
}

function invalidHandle(handle: string): never {
  return refuseService(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle.slice(0, 80)}" is not a valid receipt handle.`,
  )
}

/** Entries succeed and fail each for itself. */
function batch({ place }: QueueCall, input: Members, one: (entry: Members) => object): object {
  const entries = structuresOf(input, 'Entries')
  const ids = entries.map(entry => requiredText(entry, 'Id'))
  if (ids.length === 0)
    refuseService(
      'EmptyBatchRequest',
      'There should be at least one entry in the request.',
      'AWS.SimpleQueueService.EmptyBatchRequest',
    )
  const most = place.figures.sqs.most('Entries')
  if (ids.length > most)
    refuseService(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${most}. You have sent ${ids.length}.`,
      'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
    )
  if (new Set(ids).size < ids.length)
    refuseService(
      'BatchEntryIdsNotDistinct',
      'Id of an entry is repeated.',
      'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
    )
  const Successful: object[] = []
  const Failed: object[] = []
  for (const [at, entry] of entries.entries()) {
    try {
      Successful.push({ Id: ids[at], ...one(entry) })
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      Failed.push({ Id: ids[at], SenderFault: true, Code: error.errorName, Message: error.message })
    }
  }
  return { Successful, Failed }
}
