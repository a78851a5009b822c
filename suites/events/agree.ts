/** What of an event follows from other parts of it: digests, identifiers made of others, one source for all records. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { isObject } from '../../base/is-object.ts'
import type { Member, Spec, TypeRef } from '../../spec/model.ts'
import { eventTypes } from './event-kinds.ts'

type Value = { readonly [member: string]: unknown }
type Change = (event: Value) => Value

/** The event with members that agree. Pure. */
export function agreeing(spec: Pick<Spec, 'types'>, kind: string, event: Value): Value {
  const type = eventTypes(spec)[kind]
  const whole = type === undefined ? event : withDefaults(spec, type.members, event)
  return CHANGES[kind]?.(whole) ?? whole
}

/** A member whose default is null is never missing. */
function withDefaults(spec: Pick<Spec, 'types'>, members: readonly Member[], value: Value): Value {
  const filled: { [member: string]: unknown } = {}
  for (const { name, type, constraints } of members) {
    if (value[name] !== undefined) filled[name] = insideOf(spec, type, value[name])
    else if (constraints.some(one => one.kind === 'default' && one.value === null)) filled[name] = null
  }
  return { ...value, ...filled }
}

function insideOf(spec: Pick<Spec, 'types'>, type: TypeRef, value: unknown): unknown {
  if (type.kind === 'ref' && isObject(value)) return withDefaults(spec, spec.types[type.type]?.members ?? [], value)
  if (type.kind === 'list' && Array.isArray(value)) return value.map(one => insideOf(spec, type.of, one))
  if (type.kind === 'map' && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, insideOf(spec, type.value, one)]))
  return value
}

const recordsOf = (event: Value): readonly Value[] => (event['Records'] ?? []) as readonly Value[]
const part = (value: Value, member: string): Value => (value[member] ?? {}) as Value
const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

/** Every record is changed, with a look at the first and at its place. */
const records =
  (change: (record: Value, first: Value, at: number) => object): Change =>
  event => ({
    ...event,
    Records: recordsOf(event).map((one, at, [first = one]) => ({ ...one, ...change(one, first, at) })),
  })

const CHANGES: { readonly [kind: string]: Change } = {
  sqs: records((record, first) => {
    const { SequenceNumber, MessageGroupId, MessageDeduplicationId, ...attributes } = part(record, 'attributes')
    const isFifo = part(first, 'attributes')['MessageGroupId'] !== undefined
    const arn = String(first['eventSourceARN']).replace(/\.fifo$/, '')
    return {
      md5OfBody: md5(String(record['body'])),
      messageAttributes: Object.fromEntries(
        Object.entries(part(record, 'messageAttributes')).map(([name, value]) => [name, ofOneType(value as Value)]),
      ),
      attributes: {
        ...attributes,
        ApproximateFirstReceiveTimestamp: String(Number(attributes['SentTimestamp']) + 2),
        ...(isFifo && {
          SequenceNumber: SequenceNumber ?? '18800000000000000000',
          MessageGroupId: MessageGroupId ?? 'group',
          MessageDeduplicationId: MessageDeduplicationId ?? md5(String(record['messageId'])).slice(0, 20),
        }),
      },
      eventSourceARN: isFifo ? `${arn}.fifo` : arn,
    }
  }),
  kinesis: records((record, first, at) => {
    const shard = String(first['eventID']).split(':')[0] ?? ''
    const { sequenceNumber } = part(first, 'kinesis')
    const number = String(BigInt(String(sequenceNumber)) + BigInt(at))
    return {
      kinesis: { ...part(record, 'kinesis'), sequenceNumber: number },
      eventID: `${shard}:${number}`,
      eventSourceARN: first['eventSourceARN'],
      invokeIdentityArn: first['invokeIdentityArn'],
    }
  }),
  dynamodb: records((record, first, at) => {
    const { NewImage, OldImage, ...change } = part(record, 'dynamodb')
    const keys = part(change, 'Keys')
    const name = record['eventName']
    return {
      eventSourceARN: first['eventSourceARN'],
      dynamodb: {
        ...change,
        SequenceNumber: String(BigInt(String(part(first, 'dynamodb')['SequenceNumber'])) + BigInt(at)),
        ...(name !== 'REMOVE' && { NewImage: { ...(NewImage as Value | undefined), ...keys } }),
        ...(name !== 'INSERT' && { OldImage: { ...(OldImage as Value | undefined), ...keys } }),
      },
    }
  }),
  s3: records(record => {
    const s3 = part(record, 's3')
    const { size, eTag, ...object } = part(s3, 'object')
    const isRemoved = String(record['eventName']).startsWith('ObjectRemoved')
    const bucket = part(s3, 'bucket')
    return {
      s3: {
        ...s3,
        bucket: { ...bucket, arn: `arn:aws:s3:::${String(bucket['name'])}` },
        object: isRemoved ? object : { ...object, size: size ?? 0, eTag: eTag ?? md5('') },
      },
    }
  }),
  sns: records(record => {
    const { TopicArn } = part(record, 'Sns')
    const id = String(record['EventSubscriptionArn']).split(':').at(-1)
    return { EventSubscriptionArn: `${String(TopicArn)}:${id}` }
  }),
  'apigateway-v1': event => ({
    ...event,
    multiValueHeaders: lists(part(event, 'headers')),
    multiValueQueryStringParameters: isObject(event['queryStringParameters'])
      ? lists(event['queryStringParameters'])
      : null,
    requestContext: {
      ...part(event, 'requestContext'),
      httpMethod: event['httpMethod'],
      resourcePath: event['resource'],
    },
    ...(event['body'] === null && { isBase64Encoded: false }),
    ...encoded(event),
  }),
  'apigateway-v2': event => {
    const query = event['queryStringParameters']
    const context = part(event, 'requestContext')
    return {
      ...event,
      rawQueryString: isObject(query)
        ? new URLSearchParams(query as { readonly [name: string]: string }).toString()
        : '',
      requestContext: {
        ...context,
        routeKey: event['routeKey'],
        domainName: `${String(context['domainPrefix'])}.execute-api.us-east-1.amazonaws.com`,
        apiId: context['domainPrefix'],
        http: { ...part(context, 'http'), path: event['rawPath'] },
      },
      ...encoded(event),
    }
  },
  alb: event => ({ ...event, ...encoded(event) }),
  'cloudwatch-logs': event => ({
    awslogs: { data: gzipSync(Buffer.from(JSON.stringify(event['content']))).toString('base64') },
  }),
  config: event => ({
    ...event,
    configRuleArn: `arn:aws:config:us-east-1:${String(event['accountId'])}:config-rule/${String(event['configRuleId'])}`,
    invokingEvent: JSON.stringify({
      messageType: 'ConfigurationItemChangeNotification',
      configurationItem: {
        awsAccountId: event['accountId'],
        resourceType: 'AWS::EC2::Instance',
        configurationItemStatus: 'OK',
      },
    }),
    ruleParameters: JSON.stringify({ key: 'value' }),
  }),
  codecommit: records(record => ({
    eventPartNumber: Math.min(Number(record['eventPartNumber']), Number(record['eventTotalParts'])),
  })),
  cloudformation: ({ PhysicalResourceId, OldResourceProperties, ...event }) => ({
    ...event,
    ...(event['RequestType'] !== 'Create' && { PhysicalResourceId: PhysicalResourceId ?? 'physical' }),
    ...(event['RequestType'] === 'Update' && { OldResourceProperties: OldResourceProperties ?? {} }),
  }),
  cloudfront: records(record => {
    const cf = part(record, 'cf')
    const request = part(cf, 'request')
    const headers = Object.entries(part(request, 'headers') as { readonly [name: string]: readonly Value[] })
    return {
      cf: {
        ...cf,
        request: {
          ...request,
          headers: Object.fromEntries(
            headers.map(([name, values]) => [name, values.map(one => ({ ...one, key: capitals(name) }))]),
          ),
        },
      },
    }
  }),
  kafka: byPartition,
  msk: byPartition,
  rabbitmq: event => ({
    ...event,
    rmqMessagesByQueue: Object.fromEntries(
      Object.entries(part(event, 'rmqMessagesByQueue') as { readonly [queue: string]: readonly Value[] }).map(
        ([queue, messages]) => [
          queue,
          messages.map(one => ({
            ...one,
            basicProperties: {
              ...part(one, 'basicProperties'),
              bodySize: Buffer.from(String(one['data']), 'base64').length,
            },
          })),
        ],
      ),
    ),
  }),
}

/** Numbers travel as text, bytes as base64. */
function ofOneType({ stringValue, binaryValue, dataType, ...rest }: Value): Value {
  if (dataType === 'Binary') return { binaryValue: binaryValue ?? 'AQID', ...rest, dataType }
  return { stringValue: dataType === 'Number' ? '12' : (stringValue ?? 'text'), ...rest, dataType }
}

/** A body that is said to be base64 is. */
function encoded(event: Value): Value {
  return event['isBase64Encoded'] === true && typeof event['body'] === 'string'
    ? { body: Buffer.from(event['body']).toString('base64') }
    : {}
}

function lists(values: Value): Value {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]))
}

function capitals(name: string): string {
  return name.replace(/(^|-)[a-z]/g, letter => letter.toUpperCase())
}

/** Records are grouped by `topic-partition`, and the values of headers are bytes. */
function byPartition(event: Value): Value {
  const groups = Object.entries(part(event, 'records') as { readonly [group: string]: readonly Value[] })
  return {
    ...event,
    records: Object.fromEntries(
      groups.map(([group, messages]) => [
        group,
        messages.map((one, at) => ({
          ...one,
          topic: group.slice(0, group.lastIndexOf('-')),
          partition: Number(group.slice(group.lastIndexOf('-') + 1)),
          offset: (Number(messages[0]?.['offset'] ?? 0) % 100_000) + at,
          headers: ((one['headers'] ?? []) as readonly { readonly [name: string]: readonly number[] }[]).map(header =>
            Object.fromEntries(Object.entries(header).map(([name, bytes]) => [name, bytes.map(byte => byte % 256)])),
          ),
        })),
      ]),
    ),
  }
}
