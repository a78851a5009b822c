import {
  deleteMessage,
  nextVisible,
  queueByArn,
  queueNumber,
  receiveMessages,
  sizeInEvent,
} from '../services/sqs/queue.ts'
import type { Message, Queue } from '../services/sqs/queue.ts'
import type { Notifier } from '../services/notifier.ts'
import type { Target } from '../store/find.ts'
import { readBatchFailures } from './batch-failures.ts'
import { opened, passesFilters } from './filter.ts'
import { invokeWith, reportsFailures, settingsOf, targetOf } from './reader.ts'
import type { Reader } from './reader.ts'
import { queueRecord } from './record-events.ts'

/** So many batches are with the function at once. */
const mostBatches = 5
/** Nobody says when a queue or a function comes to be: it is looked for this often. Milliseconds. */
const lookAgainMs = 200

/**
 * Reads a queue for as long as its mapping is to be read. Messages that the function took are deleted; those that it
 * failed stay hidden until the visibility timeout of the queue is over, and then come back, or go to the dead-letter
 * queue.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export async function readQueue(reader: Reader, notifier: Notifier): Promise<void> {
  const { world } = reader
  let listening: Queue | undefined
  let running = 0
  const stopListening = (): void => {
    listening?.listeners.delete(notifier.notify)
  }
  for (let mapping = reader.mapping(); mapping; mapping = reader.mapping()) {
    const settings = settingsOf(mapping)
    const queue = queueByArn(world.queues, settings.EventSourceArn ?? '')
    const target = targetOf(world, mapping)
    if (queue !== listening) {
      stopListening()
      queue?.listeners.add(notifier.notify)
      listening = queue
    }
    if (!queue || !target) {
      await notifier.wait(lookAgainMs)
      continue
    }
    if (running >= mostBatches) {
      await notifier.wait(1000)
      continue
    }
    const batch = await gather(reader, queue, target, notifier)
    if (batch.length === 0) {
      const now = Date.now()
      await notifier.wait(Math.min(1000, Math.max(1, (nextVisible(queue, now) ?? Infinity) - now)))
      continue
    }
    running++
    void handOver(reader, queue, target, batch, reportsFailures(settings)).finally(() => {
      running--
      notifier.notify()
    })
  }
  stopListening()
}

/** A batch: what is there; with a batching window, what comes until the window is over or the batch is full. */
async function gather(reader: Reader, queue: Queue, target: Target, notifier: Notifier): Promise<readonly Message[]> {
  const { world, pace } = reader
  const mapping = reader.mapping()
  if (!mapping) return []
  const settings = settingsOf(mapping)
  const { BatchSize = 10, MaximumBatchingWindowInSeconds: window = 0 } = settings
  const { timeout } = target.version.settings
  // With a window, messages are hidden for as long as gathering and running may take.
  const visibility =
    window > 0 && window + timeout > queueNumber(queue, 'VisibilityTimeout') ? window + timeout + 30 : undefined
  const batch: Message[] = []
  let bytes = world.limits.payloadSync
  const end = Date.now() + window * pace.windowSecondMs
  for (;;) {
    const found = receiveMessages(
      world.queues,
      queue,
      { most: BatchSize - batch.length, visibility, mostBytes: bytes, already: batch.length },
      Date.now(),
    )
    const wanted = found.filter(message => {
      const passes = passesFilters(settings, opened(queueRecord(world, queue, message), 'body', message.body))
      if (!passes) deleteMessage(queue, message.receiptHandle ?? '')
      return passes
    })
    batch.push(...wanted)
    bytes -= wanted.reduce((sum, message) => sum + sizeInEvent(message), 0)
    if (batch.length === 0 || batch.length >= BatchSize || Date.now() >= end || !reader.mapping()) return batch
    await notifier.wait(Math.max(1, end - Date.now()))
  }
}

async function handOver(
  reader: Reader,
  queue: Queue,
  target: Target,
  batch: readonly Message[],
  partial: boolean,
): Promise<void> {
  // A message that is received anew meanwhile has another handle: this reception can then delete it no more.
  const handles = new Map(batch.map(message => [message.id, message.receiptHandle ?? '']))
  const outcome = await invokeWith(reader, target, {
    Records: batch.map(message => queueRecord(reader.world, queue, message)),
  })
  if (outcome === 'refused' || outcome.functionError !== undefined) return
  const failed = partial ? readBatchFailures(outcome.payload, [...handles.keys()]) : new Set<string>()
  if (failed === 'all') return
  for (const [id, handle] of handles) {
    if (!failed.has(id)) deleteMessage(queue, handle)
  }
}
