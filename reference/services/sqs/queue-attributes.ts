import type { Members } from '../input.ts'
import { refuseService } from '../service-error.ts'
import { countMessages, queueNumber } from './queue.ts'
import type { Queue } from './queue.ts'

/** Numeric attributes with their bounds. */
const ranges: { readonly [attribute: string]: readonly [number, number] } = {
  VisibilityTimeout: [0, 43_200],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  DelaySeconds: [0, 900],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
}

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
export function checkQueueAttributes(given: Members): { readonly [name: string]: string } {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      checkAttribute(name, typeof value === 'string' ? value : String(value)),
    ]),
  )
}

function checkAttribute(name: string, value: string): string {
  const invalid = (reason: string): never =>
    refuseService('InvalidAttributeValue', `Invalid value for the parameter ${name}. Reason: ${reason}`)
  const range = ranges[name]
  if (range) {
    if (!/^\d+$/.test(value) || Number(value) < range[0] || Number(value) > range[1])
      invalid(`a whole number from ${range[0]} to ${range[1]} is wanted.`)
    return String(Number(value))
  }
  if (switches.includes(name)) {
    if (value !== 'true' && value !== 'false') invalid('true or false is wanted.')
    return value
  }
  if (name === 'RedrivePolicy') return value === '' ? value : checkRedrivePolicy(value, invalid)
  return free.includes(name) ? value : refuseService('InvalidAttributeName', `Unknown Attribute ${name.slice(0, 80)}.`)
}

function checkRedrivePolicy(value: string, invalid: (reason: string) => never): string {
  let policy: { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown } | null
  try {
    policy = JSON.parse(value) as typeof policy
  } catch {
    return invalid('Redrive policy is not a valid JSON map.')
  }
  const count = Number(policy?.maxReceiveCount)
  if (typeof policy?.deadLetterTargetArn !== 'string')
    return invalid('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.')
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    return invalid('Redrive policy wants a maxReceiveCount from 1 to 1000.')
  return value
}

/** All attributes of a queue, as texts. */
export function describeQueue(queue: Queue, now: number): { readonly [name: string]: string } {
  const { visible, inFlight, delayed } = countMessages(queue, now)
  const numeric = [
    'VisibilityTimeout',
    'MaximumMessageSize',
    'MessageRetentionPeriod',
    'DelaySeconds',
    'ReceiveMessageWaitTimeSeconds',
  ]
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
