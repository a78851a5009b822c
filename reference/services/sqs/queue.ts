import { randomBytes, randomUUID } from 'node:crypto'
import type { ServiceFigures } from '../figures.ts'
import { md5 } from './message-digest.ts'
import type { MessageAttribute } from './message-digest.ts'

/** A message queue of this endpoint. */
export interface Queue {
  readonly name: string
  readonly arn: string
  readonly fifo: boolean
  /** What holds where the owner chose nothing. */
  readonly figures: ServiceFigures
  /** What the owner chose; the rest has defaults. Values are texts, as they travel. */
  attributes: { readonly [name: string]: string }
  /** By message id, in the order sent. */
  readonly messages: Map<string, Message>
  /** FIFO: what was sent lately, by deduplication id. */
  readonly sentLately: Map<string, { readonly message: Message; readonly at: number }>
  /** Unix milliseconds. */
  readonly created: number
  modified: number
  /** Called when there may be something to receive. */
  readonly listeners: Set<() => void>
}

/** A message with what queues remember of it. */
export interface Message {
  readonly id: string
  readonly body: string
  readonly bodyMd5: string
  readonly attributes: { readonly [name: string]: MessageAttribute }
  readonly senderId: string
  /** Unix milliseconds. */
  readonly sentAt: number
  /** FIFO. */
  readonly groupId?: string
  readonly deduplicationId?: string
  readonly sequenceNumber?: string
  /** Unix milliseconds; before then it is delayed or with a receiver. */
  visibleAt: number
  receiveCount: number
  firstReceivedAt?: number
  /** Of the last reception. */
  receiptHandle?: string | undefined
}

/** What somebody sends. */
export interface Letter {
  readonly body: string
  readonly attributes?: { readonly [name: string]: MessageAttribute }
  readonly senderId: string
  /** Seconds; absent: as the queue says. */
  readonly delay?: number | undefined
  readonly groupId?: string
  readonly deduplicationId?: string
}

/** A numeric attribute, chosen or by default. */
export function queueNumber({ attributes, figures }: Queue, attribute: string): number {
  return Number(attributes[attribute] ?? figures.usual(attribute))
}

let sequence = 0n

/**
 * Adds a message. A FIFO queue that was lately sent one of the same deduplication id answers with that one and keeps
 * none.
 */
export function sendMessage(queue: Queue, letter: Letter, now: number): Message {
  const known = letter.deduplicationId === undefined ? undefined : queue.sentLately.get(letter.deduplicationId)
  if (known && now - known.at < queue.figures.usual('DeduplicationInterval') * 1000) return known.message
  const message: Message = {
    id: randomUUID(),
    body: letter.body,
    bodyMd5: md5(letter.body),
    attributes: letter.attributes ?? {},
    senderId: letter.senderId,
    sentAt: now,
    visibleAt: now + (letter.delay ?? queueNumber(queue, 'DelaySeconds')) * 1000,
    receiveCount: 0,
    ...(queue.fifo && {
      groupId: letter.groupId,
      deduplicationId: letter.deduplicationId,
      sequenceNumber: String(18_800_000_000_000_000_000n + ++sequence),
    }),
  }
  queue.messages.set(message.id, message)
  if (letter.deduplicationId !== undefined) queue.sentLately.set(letter.deduplicationId, { message, at: now })
  tell(queue)
  return message
}

/** How messages are received: how many, and hidden for how long. */
export interface Reception {
  readonly most: number
  /** Seconds for which they are hidden from others; absent: as the queue says. */
  readonly visibility?: number | undefined
  /** Bytes that the messages may take in an event; one message alone may take more. */
  readonly mostBytes?: number
  /** Messages that the event has already. */
  readonly already?: number
}

/** Bytes that a message takes in an event, about. */
export function sizeInEvent(message: Message): number {
  return Buffer.byteLength(message.body) + 1500
}

/**
 * Takes messages that are to be had, in the order sent, and hides them. One that was received as often as the redrive
 * policy allows goes to the dead-letter queue instead. Of a FIFO group nothing is to be had while one of its messages
 * is with a receiver.
 */
export function receiveMessages(
  queues: ReadonlyMap<string, Queue>,
  queue: Queue,
  { most, visibility, mostBytes = Infinity, already = 0 }: Reception,
  now: number,
): readonly Message[] {
  const redrive = redriveOf(queues, queue)
  const oldest = now - queueNumber(queue, 'MessageRetentionPeriod') * 1000
  const hiddenUntil = now + (visibility ?? queueNumber(queue, 'VisibilityTimeout')) * 1000
  const blocked = new Set<string>()
  const received: Message[] = []
  let bytes = 0
  for (const message of queue.messages.values()) {
    if (received.length >= most) break
    if (message.sentAt < oldest) {
      queue.messages.delete(message.id)
      continue
    }
    const { groupId } = message
    if (groupId !== undefined && blocked.has(groupId)) continue
    if (message.visibleAt > now) {
      if (groupId !== undefined) blocked.add(groupId)
      continue
    }
    if (redrive && message.receiveCount >= redrive.most) {
      moveTo(queue, redrive.queue, message, now)
      continue
    }
    bytes += sizeInEvent(message)
    if (received.length + already > 0 && bytes > mostBytes) break
    message.receiveCount++
    message.firstReceivedAt ??= now
    message.visibleAt = hiddenUntil
    message.receiptHandle = Buffer.from(`${queue.name}:${message.id}:${randomBytes(12).toString('base64')}`).toString(
      'base64',
    )
    received.push(message)
  }
  return received
}

/**
 * Removes the message that was received under this handle. An older handle, or one of a message that is gone, changes
 * nothing.
 */
export function deleteMessage(queue: Queue, receiptHandle: string): 'done' | 'foreign' {
  const message = messageOf(queue, receiptHandle)
  if (message === 'foreign') return 'foreign'
  if (message?.receiptHandle === receiptHandle) queue.messages.delete(message.id)
  tell(queue)
  return 'done'
}

/** Hides a received message for so many seconds from now, or shows it again. */
export function changeVisibility(
  queue: Queue,
  receiptHandle: string,
  seconds: number,
  now: number,
): 'done' | 'foreign' | 'notInFlight' {
  const message = messageOf(queue, receiptHandle)
  if (message === 'foreign') return 'foreign'
  if (!message || message.receiptHandle !== receiptHandle || message.visibleAt <= now) return 'notInFlight'
  message.visibleAt = now + seconds * 1000
  tell(queue)
  return 'done'
}

/** How many messages are to be had, with a receiver, and delayed. */
export function countMessages(
  queue: Queue,
  now: number,
): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
  let visible = 0,
    inFlight = 0,
    delayed = 0
  for (const message of queue.messages.values()) {
    if (message.visibleAt <= now) visible++
    else if (message.receiveCount > 0) inFlight++
    else delayed++
  }
  return { visible, inFlight, delayed }
}

/** When a message that is hidden now will be to be had, in Unix milliseconds; undefined when none is hidden. */
export function nextVisible(queue: Queue, now: number): number | undefined {
  let next: number | undefined
  for (const { visibleAt } of queue.messages.values()) {
    if (visibleAt > now && (next === undefined || visibleAt < next)) next = visibleAt
  }
  return next
}

/** The queue behind an ARN of this place. */
export function queueByArn(queues: ReadonlyMap<string, Queue>, arn: string): Queue | undefined {
  const queue = queues.get(arn.slice(arn.lastIndexOf(':') + 1))
  return queue?.arn === arn ? queue : undefined
}

function messageOf(queue: Queue, receiptHandle: string): Message | undefined | 'foreign' {
  const [name, id = ''] = Buffer.from(receiptHandle, 'base64').toString().split(':')
  return name === queue.name ? queue.messages.get(id) : 'foreign'
}

function redriveOf(
  queues: ReadonlyMap<string, Queue>,
  queue: Queue,
): { readonly queue: Queue; readonly most: number } | undefined {
  const policy = queue.attributes['RedrivePolicy']
  if (!policy) return undefined
  const { deadLetterTargetArn = '', maxReceiveCount } = JSON.parse(policy) as {
    deadLetterTargetArn?: string
    maxReceiveCount?: number | string
  }
  const target = queueByArn(queues, deadLetterTargetArn)
  return target && { queue: target, most: Number(maxReceiveCount) }
}

function moveTo(queue: Queue, target: Queue, message: Message, now: number): void {
  queue.messages.delete(message.id)
  target.messages.set(message.id, { ...message, visibleAt: now, receiptHandle: undefined })
  tell(target)
}

function tell(queue: Queue): void {
  for (const listener of queue.listeners) listener()
}
