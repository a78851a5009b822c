import { loadKnowledge } from '../data/pages.ts'
import type { EventSource, LambdaFunction, Resource } from '../application/model.ts'
import { defaultValue } from '../application/value.ts'
import type { Value } from '../application/value.ts'
import type { Report } from '../engine/rule.ts'

/** Whether the queue is surely of the kind that keeps its order: its resource or the end of its name says so. */
export function isFifo(event: EventSource): boolean {
  if (event.resource && isFifoQueue(event.resource)) return true
  return event.source
    .possible()
    .every(one => (one.resource && isFifoQueue(one.resource)) || /\.fifo$/.test(one.text('*') ?? ''))
}

/** Whether a queue keeps the order of its messages. */
export const isFifoQueue = (queue: Resource): boolean =>
  queue.type === 'AWS::SQS::Queue' && queue.property('FifoQueue').boolean() === true

/** The queue that a function reads from, when the project declares it. */
export const declaredQueue = (event: EventSource): Resource | undefined =>
  event.kind === 'sqs' && event.resource?.type === 'AWS::SQS::Queue' ? event.resource : undefined

/** Why the timeout of a function counts for a queue: where it stands, and where the function reads from the queue. */
export const placesOfTimeout = (
  fn: LambdaFunction,
  event: EventSource,
  queue: Resource,
): NonNullable<Report['related']> => [
  {
    at: fn.timeout,
    message: fn.timeout.isDefault
      ? `${fn.id} has the default timeout of ${fn.timeout.number()} s`
      : `the timeout of ${fn.id}`,
  },
  { at: event, message: `${fn.id} reads from ${queue.id} here` },
]

/** The visibility timeout of a queue in seconds; AWS's default, at the queue, where nobody wrote it. */
export function visibilityOf(queue: Resource): Value {
  const written = queue.property('VisibilityTimeout')
  return written.isAbsent ? defaultValue(queue.loc, loadKnowledge().quota('sqs-visibility-default')) : written
}
