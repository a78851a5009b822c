/** What the role of a function needs because of how the function is set up, whatever its code does. */
import { own } from '../../base/own.ts'
import type { EventSource, LambdaFunction } from '../application/model.ts'
import type { Loc } from '../application/source.ts'
import type { Value } from '../application/value.ts'
import { ANY, type Pattern } from '../application/arn-pattern.ts'
import { isGranted } from './grants.ts'
import { arnOfResource, locateArn } from '../application/resource-arns.ts'
import type { Located } from '../application/resource-arns.ts'

/** What of a function's configuration needs rights of its role. */
export type Feature = 'event-source' | 'dead-letter' | 'destination' | 'logs' | 'vpc' | 'tracing' | 'file-system'

/** Actions that a role must allow because of how its function is set up. */
export interface ConfigurationNeed {
  readonly feature: Feature
  /** Each of them: one of several, where any will do. */
  readonly actions: readonly (readonly string[])[]
  /** On what; undefined: on everything. */
  readonly on: readonly Located[] | undefined
  /** Where the function is set up so. */
  readonly at: Loc
  /** The setting that asks for it: `reads from Jobs`, `sends what failed to Lost`. */
  readonly because: string
  /** The value that names the thing. */
  readonly named?: Value
  /** A managed policy that grants it all. */
  readonly managed?: string
}

const each = (...actions: readonly string[]): readonly (readonly string[])[] => actions.map(action => [action])

/** What Lambda does with the network interfaces of a function in a VPC. */
export const INTERFACE_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DeleteNetworkInterface',
] as const
const POLLER_INTERFACE_ACTIONS = [
  ...INTERFACE_ACTIONS,
  'ec2:DescribeVpcs',
  'ec2:DescribeSubnets',
  'ec2:DescribeSecurityGroups',
] as const

/** All of it: reading from event sources, sending to targets, logs, network interfaces, traces and file systems. */
export function configurationNeeds(fn: LambdaFunction): readonly ConfigurationNeed[] {
  return [
    ...eventNeeds(fn),
    ...targetNeeds(fn),
    logNeed(fn),
    ...vpcNeeds(fn),
    ...tracingNeeds(fn),
    ...fileSystemNeeds(fn),
  ]
}

/** What Lambda needs of the role to read for the function; without it the mapping is refused. */
export function eventNeeds(fn: LambdaFunction): readonly ConfigurationNeed[] {
  return fn.events.flatMap((event): ConfigurationNeed[] => {
    const name = event.source.resource?.id ?? event.source.text(part => part.resource?.id ?? '…') ?? 'its source'
    const need = {
      feature: 'event-source' as const,
      at: event.loc,
      because: `reads from ${name}`,
      named: event.source,
      on: located(event.source),
    }
    switch (event.kind) {
      case 'sqs':
        return [
          {
            ...need,
            actions: each('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'),
            managed: 'AWSLambdaSQSQueueExecutionRole',
          },
        ]
      case 'kinesis':
        return [
          {
            ...need,
            actions: each('kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:DescribeStream'),
            managed: 'AWSLambdaKinesisExecutionRole',
          },
        ]
      case 'dynamodb':
        return [
          {
            ...need,
            actions: each('dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream'),
            managed: 'AWSLambdaDynamoDBExecutionRole',
          },
          { ...need, on: undefined, actions: each('dynamodb:ListStreams'), managed: 'AWSLambdaDynamoDBExecutionRole' },
        ]
      case 'msk':
        return [
          {
            ...need,
            actions: [['kafka:DescribeCluster', 'kafka:DescribeClusterV2'], ['kafka:GetBootstrapBrokers']],
            managed: 'AWSLambdaMSKExecutionRole',
          },
          { ...need, on: undefined, actions: each(...POLLER_INTERFACE_ACTIONS), managed: 'AWSLambdaMSKExecutionRole' },
        ]
      case 'mq':
        return [
          { ...need, actions: each('mq:DescribeBroker') },
          { ...need, on: undefined, actions: each('secretsmanager:GetSecretValue', ...POLLER_INTERFACE_ACTIONS) },
        ]
      case 'kafka':
        return kafkaNeeds(event).map(actions => ({ ...need, because: 'reads from Kafka', on: undefined, actions }))
      default:
        return []
    }
  })
}

/** Kafka of one's own asks for a secret, an interface in a VPC, or both, as its access configuration says. */
function kafkaNeeds(event: EventSource): readonly (readonly (readonly string[])[])[] {
  const types = event
    .property('SourceAccessConfigurations')
    .items()
    .flatMap(item => item.at('Type').string() ?? [])
  const secret = types.some(type => /AUTH$|CERTIFICATE$/.test(type))
  const vpc = types.some(type => type.startsWith('VPC_'))
  return [
    ...(secret ? [each('secretsmanager:GetSecretValue')] : []),
    ...(vpc ? [each(...POLLER_INTERFACE_ACTIONS)] : []),
  ]
}

const located = (value: Value): readonly Located[] | undefined => (value.isAbsent ? undefined : locateArn(value))

const SEND: { readonly [service: string]: string } = {
  sqs: 'sqs:SendMessage',
  sns: 'sns:Publish',
  lambda: 'lambda:InvokeFunction',
  events: 'events:PutEvents',
  s3: 's3:PutObject',
}

/** A piece of an ARN as text, to see the parts that are known. */
function textOfPiece(piece: Pattern[number]): string {
  if (typeof piece === 'string') return piece
  return piece === ANY ? '*' : 'x'
}

/**
 * What the role needs to hand on what failed, or succeeded: dead letters, destinations of asynchronous invocations and
 * of streams.
 */
export function targetNeeds(fn: LambdaFunction): readonly ConfigurationNeed[] {
  const sends = (target: Value, feature: 'dead-letter' | 'destination', what: string): ConfigurationNeed[] => {
    if (target.isAbsent) return []
    const on = target.resource ? arnOfResource(target.resource) : locateArn(target)[0]
    const written = (on?.pattern ?? []).map(textOfPiece).join('')
    const service = /^arn:[^:]*:([a-z0-9-]+):/.exec(written)?.[1]
    const action = own(SEND, service)
    const name = target.resource?.id ?? target.text('…') ?? 'its target'
    // Objects, not the bucket, are written.
    const places = on && service === 's3' ? { ...on, pattern: [...on.pattern, '/', ANY] } : on
    return [
      {
        feature,
        at: target.loc,
        named: target,
        because: `${what} ${name}`,
        on: places && [places],
        actions: action === undefined ? [Object.values(SEND)] : [[action]],
      },
    ]
  }
  return [
    ...sends(fn.deadLetter, 'dead-letter', 'sends dead letters to'),
    ...sends(fn.asyncConfig.onFailure, 'destination', 'sends what failed to'),
    ...sends(fn.asyncConfig.onSuccess, 'destination', 'sends what succeeded to'),
    ...fn.events.flatMap(event =>
      sends(event.property('DestinationConfig', 'OnFailure', 'Destination'), 'destination', 'sends what failed to'),
    ),
  ]
}

/** Every role at least lets its function write logs. */
export const logNeed = (fn: LambdaFunction): ConfigurationNeed => ({
  feature: 'logs',
  at: fn.loc,
  because: 'writes logs',
  on: undefined,
  actions: each('logs:CreateLogStream', 'logs:PutLogEvents'),
  managed: 'AWSLambdaBasicExecutionRole',
})

/** Network interfaces in the VPC that the function is put into. */
export function vpcNeeds(fn: LambdaFunction): readonly ConfigurationNeed[] {
  const subnets = fn.vpc.at('SubnetIds')
  if (fn.vpc.kind !== 'map' || (subnets.isKnown && subnets.items().length === 0)) return []
  return [
    {
      feature: 'vpc',
      at: fn.vpc.keyLoc ?? fn.vpc.loc,
      because: 'is in a VPC',
      on: undefined,
      actions: each(...INTERFACE_ACTIONS),
      managed: 'AWSLambdaVPCAccessExecutionRole',
    },
  ]
}

/** Segments of traces. */
export function tracingNeeds(fn: LambdaFunction): readonly ConfigurationNeed[] {
  if (fn.tracing.string() !== 'Active') return []
  return [
    {
      feature: 'tracing',
      at: fn.tracing.keyLoc ?? fn.tracing.loc,
      because: 'sends traces',
      on: undefined,
      actions: each('xray:PutTraceSegments', 'xray:PutTelemetryRecords'),
      managed: 'AWSXRayDaemonWriteAccess',
    },
  ]
}

function fileSystemNeeds(fn: LambdaFunction): readonly ConfigurationNeed[] {
  if (fn.fileSystems.isAbsent) return []
  return [
    {
      feature: 'file-system',
      at: fn.fileSystems.loc,
      because: 'mounts a file system',
      on: undefined,
      actions: each('elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'),
    },
  ]
}

/** The actions of a need that the role surely does not grant. */
export const lacking = (fn: LambdaFunction, need: ConfigurationNeed): readonly string[] =>
  need.actions.flatMap(any => (any.every(action => isGranted(fn, action, need.on) === 'no') ? [any[0] ?? ''] : []))
