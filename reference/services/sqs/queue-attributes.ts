import type { ServiceFigures } from '../figures.ts'
import type { Members } from '../input.ts'
import { refuseService } from '../service-error.ts'
import { countMessages, queueNumber } from './queue.ts'
import type { Queue } from './queue.ts'

/** Numeric attributes that every queue has. */
const numeric: readonly string[] = [
  'VisibilityTimeout',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'DelaySeconds',
  'ReceiveMessageWaitTimeSeconds',
]

const switches: readonly string[] = ['FifoQueue', 'ContentBasedDeduplication', 'SqsManagedSseEnabled']
/** Kept as they are given; no one is kept from a queue, and nothing is encrypted. */
const free: readonly string[] = [
  'Policy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'DeduplicationScope',
  'FifoThroughputLimit',
]

/**
 * Attributes that somebody wants a queue to have; refuses unknown ones and illegal values. An empty text takes an
 * optional one away.
 */
export function checkQueueAttributes(figures: ServiceFigures, given: Members): { readonly [name: string]: string } {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      checkAttribute(figures, name, typeof value === 'string' ? value : String(value)),
    ]),
  )
}

function checkAttribute(figures: ServiceFigures, name: string, value: string): string {
  const invalid = (reason: string): never =>
    refuseService('InvalidAttributeValue', `Invalid value for the parameter ${name}. Reason: ${reason}`)
  if (numeric.includes(name) || name === 'KmsDataKeyReusePeriodSeconds') {
    if (!/^\d+$/.test(value) || !figures.allows(name, Number(value)))
      invalid(`a whole number from ${figures.least(name)} to ${figures.most(name)} is wanted.`)
    return String(Number(value))
  }
  if (switches.includes(name)) {
    if (value !== 'true' && value !== 'false') invalid('true or false is wanted.')
    return value
  }
  if (name === 'RedrivePolicy') return value === '' ? value : checkRedrivePolicy(figures, value, invalid)
  return free.includes(name) ? value : refuseService('InvalidAttributeName', `Unknown Attribute ${name.slice(0, 80)}.`)
}

function checkRedrivePolicy(figures: ServiceFigures, value: string, invalid: (reason: string) => never): string {
  let policy: { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown } | null
  try {
    policy = JSON.parse(value) as typeof policy
  } catch {
    return invalid('Redrive policy is not a valid JSON map.')
  }
  const count = Number(policy?.maxReceiveCount)
  if (typeof policy?.deadLetterTargetArn !== 'string')
    return invalid('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.')
  const receptions = 'RedrivePolicy.maxReceiveCount'
  if (!Number.isInteger(count) || !figures.allows(receptions, count))
    return invalid(
      `Redrive policy wants a maxReceiveCount from ${figures.least(receptions)} to ${figures.most(receptions)}.`,
    )
  return value
}

/** All attributes of a queue, as texts. */
export function describeQueue(queue: Queue, now: number): { readonly [name: string]: string } {
  const { visible, inFlight, delayed } = countMessages(queue, now)
  return {
    SqsManagedSseEnabled: 'true',
    ...(queue.fifo && {
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    }),
    ...queue.attributes,
    ...Object.fromEntries(numeric.map(name => [name, String(queueNumber(queue, name))])),
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.created / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modified / 1000)),
  }
}
