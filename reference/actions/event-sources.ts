import { refuse } from '../protocol/errors.ts'
import { isFilterPattern } from '../mappings/filter-pattern.ts'
import type { Limits } from '../protocol/limits.ts'
import type { SourceSettings } from '../store/source-settings.ts'

/** The kinds of sources that a mapping can read from. They differ in defaults and in what may be set. */
export type Source =
  | 'kinesis'
  | 'dynamodb'
  | 'sqs'
  | 'sqsFifo'
  | 'managedKafka'
  | 'selfManagedKafka'
  | 'activeMq'
  | 'documentDb'

/** What a mapping reads from; undefined when nothing that is known is named. */
export function sourceOf(settings: SourceSettings): Source | undefined {
  const arn = settings.EventSourceArn
  if (arn === undefined) return settings.SelfManagedEventSource ? 'selfManagedKafka' : undefined
  if (settings.SelfManagedEventSource) return undefined
  switch (arn.split(':')[2]) {
    case 'kinesis':
      return 'kinesis'
    case 'dynamodb':
      return 'dynamodb'
    case 'sqs':
      return arn.endsWith('.fifo') ? 'sqsFifo' : 'sqs'
    case 'kafka':
      return 'managedKafka'
    case 'mq':
      return 'activeMq'
    case 'rds':
      return 'documentDb'
    default:
      return undefined
  }
}

/** What a mapping of this kind has when the caller says nothing, beside the figures that the page states. */
export function sourceDefaults(source: Source, uuid: string): SourceSettings {
  const LastProcessingResult = 'No records processed'
  switch (source) {
    case 'kinesis':
    case 'dynamodb':
      return { DestinationConfig: { OnFailure: {} }, FunctionResponseTypes: [], LastProcessingResult }
    case 'sqs':
    case 'sqsFifo':
      return { FunctionResponseTypes: [] }
    case 'managedKafka':
      return { LastProcessingResult, AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: uuid } }
    case 'selfManagedKafka':
      return {
        LastProcessingResult,
        StartingPosition: 'TRIM_HORIZON',
        SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: uuid },
      }
    case 'activeMq':
    case 'documentDb':
      return { LastProcessingResult }
  }
}

const streams: readonly Source[] = ['kinesis', 'dynamodb']
const kafkas: readonly Source[] = ['managedKafka', 'selfManagedKafka']

/** Members that only sources of these kinds have. */
const onlyFor: readonly (readonly [keyof SourceSettings & string, readonly Source[]])[] = [
  ['BisectBatchOnFunctionError', streams],
  ['MaximumRecordAgeInSeconds', streams],
  ['MaximumRetryAttempts', streams],
  ['ParallelizationFactor', streams],
  ['TumblingWindowInSeconds', streams],
  ['StartingPositionTimestamp', [...streams, ...kafkas, 'documentDb']],
  ['StartingPosition', [...streams, ...kafkas, 'documentDb']],
  ['FunctionResponseTypes', [...streams, 'sqs', 'sqsFifo']],
  ['Queues', ['activeMq']],
  ['Topics', kafkas],
  ['SourceAccessConfigurations', [...kafkas, 'activeMq', 'documentDb']],
]

type BatchLimits = Pick<Limits, 'batchOfFifo' | 'batchWithoutWindow'>

/** Refuses settings that a source of this kind cannot have. */
export function checkSourceSettings(source: Source, settings: SourceSettings, limits: BatchLimits): void {
  const { DestinationConfig: destinations } = settings
  const failureDestination = destinations?.OnFailure?.Destination
  if (
    destinations?.OnSuccess?.Destination !== undefined ||
    (failureDestination !== undefined && ![...streams, ...kafkas].includes(source))
  )
    unsupported('DestinationConfig')
  if (failureDestination !== undefined && !/^arn:[^:]*:(sqs|sns|s3):/.test(failureDestination))
    refuse(
      'InvalidParameterValueException',
      `The destination of failed batches must be a queue, a topic or a bucket: ${failureDestination}`,
    )
  for (const [member, sources] of onlyFor) {
    const value = settings[member]
    if (value !== undefined && !(Array.isArray(value) && value.length === 0) && !sources.includes(source))
      unsupported(member)
  }
  if ((streams.includes(source) || source === 'managedKafka') && settings.StartingPosition === undefined)
    refuse(
      'InvalidParameterValueException',
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: " +
        'Member must not be null.',
    )
  if (settings.StartingPosition === 'AT_TIMESTAMP' && source === 'dynamodb')
    refuse('InvalidParameterValueException', `Unsupported starting position for arn type: ${settings.EventSourceArn}`)
  if ((settings.StartingPosition === 'AT_TIMESTAMP') !== (settings.StartingPositionTimestamp !== undefined))
    refuse(
      'InvalidParameterValueException',
      'A starting timestamp goes with the starting position AT_TIMESTAMP, and with no other.',
    )
  if (source === 'selfManagedKafka') {
    if (!settings.SourceAccessConfigurations || settings.SourceAccessConfigurations.length === 0)
      required('sourceAccessConfigurations')
    if (!settings.SelfManagedEventSource?.Endpoints?.KAFKA_BOOTSTRAP_SERVERS) required('KAFKA_BOOTSTRAP_SERVERS')
  }
  if (kafkas.includes(source) && settings.Topics === undefined) required('topics')
  if (source === 'activeMq' && settings.Queues === undefined) required('queues')
  for (const { Pattern } of settings.FilterCriteria?.Filters ?? [])
    if (Pattern !== undefined && !isFilterPattern(Pattern))
      refuse('InvalidParameterValueException', 'Invalid filter pattern definition.')
  checkBatch(source, settings, limits)
}

function checkBatch(source: Source, settings: SourceSettings, limits: BatchLimits): void {
  const { BatchSize: size = 0, MaximumBatchingWindowInSeconds: window = 0 } = settings
  if (source === 'sqsFifo') {
    if (size > limits.batchOfFifo)
      refuse('InvalidParameterValueException', `The batch size of a FIFO queue must be at most ${limits.batchOfFifo}.`)
    if (window > 0) refuse('InvalidParameterValueException', 'Batching window is not supported for FIFO queues.')
  }
  if (source === 'sqs' && size > limits.batchWithoutWindow && window === 0)
    refuse(
      'InvalidParameterValueException',
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than ' +
        limits.batchWithoutWindow,
    )
}

function unsupported(member: string): never {
  return refuse(
    'InvalidParameterValueException',
    `Unsupported ${member} parameter for given event source mapping type.`,
  )
}

function required(member: string): never {
  return refuse('InvalidParameterValueException', `Required '${member}' parameter is missing.`)
}
