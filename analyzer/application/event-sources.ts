/** What makes functions run, from every way of saying so, as one shape. */
import { own } from '../../base/own.ts'
import type { EventKind, EventSource, Invocation, Resource } from './model.ts'
import type { Loc } from './source.ts'
import { absentValue, mapValue } from './value.ts'
import type { Value } from './value.ts'

/** Who calls, by kind: the table that everything about retries, failure targets and time limits hangs on. */
const INVOCATION: { readonly [kind in EventKind]: Invocation } = {
  sqs: 'poll',
  kinesis: 'poll',
  dynamodb: 'poll',
  msk: 'poll',
  kafka: 'poll',
  mq: 'poll',
  documentdb: 'poll',
  s3: 'async',
  sns: 'async',
  schedule: 'async',
  eventbridge: 'async',
  'cloudwatch-logs': 'async',
  iot: 'async',
  codecommit: 'async',
  ses: 'async',
  config: 'async',
  'rest-api': 'sync',
  'http-api': 'sync',
  'websocket-api': 'sync',
  url: 'sync',
  alb: 'sync',
  cognito: 'sync',
  alexa: 'sync',
  lex: 'sync',
  appsync: 'sync',
  authorizer: 'sync',
  cloudfront: 'sync',
  other: 'sync',
}

/** An event source; its properties are read when they are asked for. */
export function makeEvent(event: {
  id: string
  kind: EventKind
  loc: Loc
  source?: Value
  resource?: Resource | undefined
  properties: Value
  declaredBy: EventSource['declaredBy']
}): EventSource {
  const source = event.source ?? absentValue(event.loc)
  return {
    id: event.id,
    kind: event.kind,
    invocation: INVOCATION[event.kind],
    loc: event.loc,
    source,
    resource: event.resource ?? source.resource,
    properties: event.properties,
    property: (...path) => event.properties.at(...path),
    declaredBy: event.declaredBy,
  }
}

/** SAM event type to kind, and the property that names the source. */
const SAM_EVENTS: { readonly [type: string]: readonly [EventKind, string?] } = {
  SQS: ['sqs', 'Queue'],
  Kinesis: ['kinesis', 'Stream'],
  DynamoDB: ['dynamodb', 'Stream'],
  MSK: ['msk', 'Stream'],
  SelfManagedKafka: ['kafka'],
  MQ: ['mq', 'Broker'],
  DocumentDB: ['documentdb', 'Cluster'],
  S3: ['s3', 'Bucket'],
  SNS: ['sns', 'Topic'],
  Schedule: ['schedule'],
  ScheduleV2: ['schedule'],
  EventBridgeRule: ['eventbridge', 'EventBusName'],
  CloudWatchEvent: ['eventbridge', 'EventBusName'],
  CloudWatchLogs: ['cloudwatch-logs', 'LogGroupName'],
  IoTRule: ['iot'],
  Api: ['rest-api', 'RestApiId'],
  HttpApi: ['http-api', 'ApiId'],
  Cognito: ['cognito', 'UserPool'],
  AlexaSkill: ['alexa'],
}

/** The `Events` of a SAM function, and its `FunctionUrlConfig`. */
export function samEvents(resource: Resource, properties: Value): EventSource[] {
  const events: EventSource[] = []
  for (const entry of properties.at('Events').entries()) {
    const type = entry.value.at('Type').string() ?? ''
    const [kind, sourceName] = own(SAM_EVENTS, type) ?? (['other'] as const)
    const written = entry.value.at('Properties')
    events.push(
      makeEvent({
        id: entry.key,
        kind,
        loc: entry.keyLoc,
        source: sourceName ? written.at(sourceName) : absentValue(entry.keyLoc),
        properties: written.isAbsent ? mapValue(entry.keyLoc, []) : written,
        declaredBy: 'sam',
      }),
    )
  }
  const url = properties.at('FunctionUrlConfig')
  if (!url.isAbsent)
    events.push(
      makeEvent({
        id: 'FunctionUrl',
        kind: 'url',
        loc: url.keyLoc ?? resource.loc,
        properties: url,
        declaredBy: 'sam',
      }),
    )
  return events
}

/**
 * The kind of a mapping by the service in the ARN of its source, or by the type of the resource that it refers to,
 * where all that it may be is of one kind.
 */
export function mappingKind(mapping: Value): EventKind {
  const own = mapping.at('SelfManagedEventSource').possible()
  if (own.every(one => !one.isAbsent)) return 'kafka'
  const [kind, ...others] = new Set(mapping.at('EventSourceArn').possible().map(kindOfSource))
  return kind && !others.length && own.every(one => one.isAbsent) ? kind : 'other'
}

function kindOfSource(source: Value): EventKind {
  const byType: { readonly [type: string]: EventKind } = {
    'AWS::SQS::Queue': 'sqs',
    'AWS::Kinesis::Stream': 'kinesis',
    'AWS::Kinesis::StreamConsumer': 'kinesis',
    'AWS::DynamoDB::Table': 'dynamodb',
    'AWS::DynamoDB::GlobalTable': 'dynamodb',
    'AWS::MSK::Cluster': 'msk',
    'AWS::MSK::ServerlessCluster': 'msk',
    'AWS::AmazonMQ::Broker': 'mq',
    'AWS::DocDB::DBCluster': 'documentdb',
  }
  const known = byType[source.resource?.type ?? '']
  if (known) return known
  const service = /^arn:[^:]*:([a-z0-9-]+):/.exec(source.text() ?? '')?.[1]
  const byService: { readonly [service: string]: EventKind } = {
    sqs: 'sqs',
    kinesis: 'kinesis',
    dynamodb: 'dynamodb',
    kafka: 'msk',
    mq: 'mq',
    rds: 'documentdb',
  }
  return byService[service ?? ''] ?? 'other'
}

/** A trigger that stands as a resource of its own, with the value that names the function it calls. */
export interface ResourceTrigger {
  readonly target: Value
  readonly event: EventSource
}

/** Notes a function that a resource calls; nothing where the value that names it is absent. */
type AddTrigger = (
  target: Value,
  kind: EventKind,
  more?: { source?: Value; from?: Resource | undefined; properties?: Value; id?: string },
) => void

/** Where the resources of a type name the functions that they call. */
const TRIGGERS: {
  readonly [type: string]: (at: Resource['property'], add: AddTrigger, resource: Resource) => void
} = {
  'AWS::Lambda::EventSourceMapping': (at, add, resource) =>
    add(at('FunctionName'), mappingKind(resource.properties), { source: at('EventSourceArn') }),
  'AWS::Lambda::Url': (at, add) => add(at('TargetFunctionArn'), 'url'),
  'AWS::S3::Bucket': (at, add, resource) => {
    for (const entry of at('NotificationConfiguration', 'LambdaConfigurations').items())
      add(entry.at('Function'), 's3', { from: resource, properties: entry })
  },
  'AWS::SNS::Subscription': (at, add) => {
    if (at('Protocol').string() === 'lambda') add(at('Endpoint'), 'sns', { source: at('TopicArn') })
  },
  'AWS::SNS::Topic': (at, add, resource) => {
    for (const entry of at('Subscription').items()) {
      if (entry.at('Protocol').string() === 'lambda')
        add(entry.at('Endpoint'), 'sns', { from: resource, properties: entry })
    }
  },
  'AWS::Events::Rule': (at, add) => {
    for (const target of at('Targets').items()) {
      add(target.at('Arn'), at('ScheduleExpression').isAbsent ? 'eventbridge' : 'schedule', {
        source: at('EventBusName'),
      })
    }
  },
  'AWS::Scheduler::Schedule': (at, add) => add(at('Target', 'Arn'), 'schedule'),
  'AWS::Logs::SubscriptionFilter': (at, add) =>
    add(at('DestinationArn'), 'cloudwatch-logs', { source: at('LogGroupName') }),
  'AWS::IoT::TopicRule': (at, add) => {
    for (const action of at('TopicRulePayload', 'Actions').items()) add(action.at('Lambda', 'FunctionArn'), 'iot')
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': (at, add) => {
    if (at('TargetType').string() === 'lambda') for (const target of at('Targets').items()) add(target.at('Id'), 'alb')
  },
  'AWS::ApiGateway::Method': (at, add) => add(at('Integration', 'Uri'), 'rest-api', { source: at('RestApiId') }),
  'AWS::ApiGatewayV2::Integration': (at, add) => {
    const api = at('ApiId')
    const websocket = api.resource?.property('ProtocolType').string() === 'WEBSOCKET'
    add(at('IntegrationUri'), websocket ? 'websocket-api' : 'http-api', { source: api })
  },
  'AWS::ApiGateway::Authorizer': (at, add) => add(at('AuthorizerUri'), 'authorizer'),
  'AWS::ApiGatewayV2::Authorizer': (at, add) => add(at('AuthorizerUri'), 'authorizer'),
  'AWS::Cognito::UserPool': (at, add, resource) => {
    for (const entry of at('LambdaConfig').entries())
      add(entry.value, 'cognito', { from: resource, id: `${resource.id}.${entry.key}` })
  },
  'AWS::AppSync::DataSource': (at, add) => add(at('LambdaConfig', 'LambdaFunctionArn'), 'appsync'),
  'AWS::SES::ReceiptRule': (at, add) => {
    for (const action of at('Rule', 'Actions').items()) add(action.at('LambdaAction', 'FunctionArn'), 'ses')
  },
  'AWS::Config::ConfigRule': (at, add) => {
    if (at('Source', 'Owner').string() === 'CUSTOM_LAMBDA') add(at('Source', 'SourceIdentifier'), 'config')
  },
  'AWS::CloudFront::Distribution': (at, add) => {
    for (const behaviour of [
      at('DistributionConfig', 'DefaultCacheBehavior'),
      ...at('DistributionConfig', 'CacheBehaviors').items(),
    ]) {
      for (const entry of behaviour.at('LambdaFunctionAssociations').items())
        add(entry.at('LambdaFunctionARN'), 'cloudfront')
    }
  },
}

/** Every way in which the resources of a template call functions. */
export function resourceTriggers(resources: Iterable<Resource>): ResourceTrigger[] {
  const triggers: ResourceTrigger[] = []
  for (const resource of resources) {
    const add: AddTrigger = (target, kind, more = {}) => {
      if (target.isAbsent) return
      const event = makeEvent({
        id: more.id ?? resource.id,
        kind,
        loc: resource.loc,
        ...(more.source && { source: more.source }),
        resource: more.from,
        properties: more.properties ?? resource.properties,
        declaredBy: 'resource',
      })
      triggers.push({ target, event })
    }
    own(TRIGGERS, resource.type)?.(resource.property, add, resource)
  }
  return triggers
}
