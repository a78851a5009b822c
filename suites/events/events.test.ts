import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type {
  ALBEvent,
  APIGatewayProxyEventV2,
  CloudWatchLogsEvent,
  DynamoDBStreamEvent,
  KinesisStreamEvent,
  ScheduledEvent as AwsScheduledEvent,
  SNSEvent,
  SQSEvent,
} from 'aws-lambda'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Spec } from '../../spec/model.ts'
import { eventModule } from '../../scripts/event-types.ts'
import { examineMembers } from '../oracle/legal.ts'
import { eventArbitrary } from './arbitrary.ts'
import { eventTypes } from './event-kinds.ts'
import {
  albEvent,
  apigatewayV1Event,
  apigatewayV2Event,
  cloudwatchLogsEvent,
  configEvent,
  dynamodbEvent,
  eventKinds,
  kafkaEvent,
  kinesisEvent,
  s3Event,
  scheduledEvent,
  snsEvent,
  sqsEvent,
} from './index.ts'

let spec: Spec
beforeAll(() => {
  spec = loadSpec()
})

const RUNS = { numRuns: 30 }

/** Null stands for a member that is not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (one === null ? [] : [[name, withoutNulls(one)]])),
  )
}

test('types and arbitraries are those of the pages', () => {
  const squeezed = (text: string): string => text.replace(/[^A-Za-z0-9?[\]]+/g, '')
  const written = readFileSync(new URL('index.ts', import.meta.url), 'utf8')
  expect(squeezed(written)).toBe(squeezed(eventModule(spec)))
})

describe('events', () => {
  test('of every kind are as their page says, and survive JSON', { timeout: 60_000 }, () => {
    for (const kind of eventKinds()) {
      const type = eventTypes(spec)[kind]
      fc.assert(
        fc.property(eventArbitrary(spec, kind), event => {
          expect(JSON.parse(JSON.stringify(event))).toEqual(event)
          const breaches = examineMembers(spec, type?.members ?? [], withoutNulls(event) as typeof event, 'request')
          expect({ kind, breaches: breaches.filter(one => one.sure) }).toEqual({ kind, breaches: [] })
        }),
        RUNS,
      )
    }
  })

  test('of one seed are the same', () => {
    for (const kind of ['sqs', 's3', 'cloudwatch-logs'])
      expect(fc.sample(eventArbitrary(spec, kind), { seed: 5, numRuns: 3 })).toEqual(
        fc.sample(eventArbitrary(spec, kind), { seed: 5, numRuns: 3 }),
      )
  })

  test('of a kind that there is not are refused, with the kinds that there are', () => {
    expect(() => eventArbitrary(spec, 's4')).toThrow(/there is no kind of event s4; there are activemq, .*sqs/)
  })

  test('fit the types that handlers are written with', () => {
    const first = <T>(arbitrary: fc.Arbitrary<T>): T => fc.sample(arbitrary, { numRuns: 1, seed: 1 })[0] as T
    const sqs: SQSEvent = first(sqsEvent())
    const kinesis: KinesisStreamEvent = first(kinesisEvent())
    const dynamodb: DynamoDBStreamEvent = first(dynamodbEvent())
    const s3 = first(s3Event())
    const sns: SNSEvent = first(snsEvent())
    const alb: ALBEvent = first(albEvent())
    const logs: CloudWatchLogsEvent = first(cloudwatchLogsEvent())
    const http: APIGatewayProxyEventV2 = first(apigatewayV2Event())
    const scheduled: AwsScheduledEvent = first(scheduledEvent())
    for (const { Records } of [sqs, kinesis, dynamodb, s3, sns]) expect(Records.length).toBeGreaterThan(0)
    for (const value of [alb.path, logs.awslogs.data, http.rawPath, scheduled.id]) expect(typeof value).toBe('string')
  })
})

describe('what follows from other members agrees with them', () => {
  test('messages of a queue have the digest of their body, one source, and the value that their type says', () => {
    fc.assert(
      fc.property(sqsEvent(), ({ Records }) => {
        for (const record of Records) {
          expect(record.md5OfBody).toBe(createHash('md5').update(record.body).digest('hex'))
          expect(record.eventSourceARN).toBe(Records[0]?.eventSourceARN)
          expect(record.eventSourceARN.endsWith('.fifo')).toBe(record.attributes.MessageGroupId !== undefined)
          for (const one of Object.values(record.messageAttributes))
            expect(one.binaryValue !== undefined).toBe(one.dataType === 'Binary')
        }
      }),
      RUNS,
    )
  })

  test('records of a stream are of one shard, in order, and named for their place', () => {
    fc.assert(
      fc.property(kinesisEvent(), ({ Records }) => {
        const numbers = Records.map(record => BigInt(record.kinesis.sequenceNumber))
        expect([...numbers].sort((a, b) => (a < b ? -1 : 1))).toEqual(numbers)
        expect(new Set(Records.map(record => record.eventID.split(':')[0])).size).toBe(1)
        for (const { eventID, kinesis } of Records) expect(eventID.endsWith(`:${kinesis.sequenceNumber}`)).toBe(true)
      }),
      RUNS,
    )
  })

  test('a change of a table has the images of its kind, with the key in them', () => {
    fc.assert(
      fc.property(dynamodbEvent(), ({ Records }) => {
        for (const { eventName, dynamodb } of Records) {
          expect(dynamodb.NewImage !== undefined).toBe(eventName !== 'REMOVE')
          expect(dynamodb.OldImage !== undefined).toBe(eventName !== 'INSERT')
          for (const image of [dynamodb.NewImage, dynamodb.OldImage])
            if (image) expect(image).toMatchObject(dynamodb.Keys)
        }
      }),
      RUNS,
    )
  })

  test('log data is a gzip archive of the document', () => {
    fc.assert(
      fc.property(cloudwatchLogsEvent(), ({ awslogs }) => {
        const document = JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')).toString('utf8')) as object
        expect(document).toMatchObject({ messageType: 'DATA_MESSAGE', logEvents: expect.any(Array) as unknown })
      }),
      RUNS,
    )
  })

  test('two members of a rule are JSON, and what a REST API does not have is null', () => {
    fc.assert(
      fc.property(configEvent(), apigatewayV1Event(), (config, request) => {
        expect(JSON.parse(config.invokingEvent)).toHaveProperty('configurationItem')
        for (const member of ['queryStringParameters', 'pathParameters', 'stageVariables', 'body'] as const)
          expect(request[member]).not.toBeUndefined()
        expect(Object.keys(request.multiValueHeaders)).toEqual(Object.keys(request.headers))
      }),
      RUNS,
    )
  })

  test('messages of a topic stand under its name and partition, with headers of bytes', () => {
    fc.assert(
      fc.property(kafkaEvent(), ({ records }) => {
        for (const [group, messages] of Object.entries(records))
          for (const { topic, partition, headers } of messages) {
            expect(group).toBe(`${topic}-${partition}`)
            for (const header of headers)
              for (const bytes of Object.values(header)) expect(bytes.every(byte => byte >= 0 && byte < 256)).toBe(true)
          }
      }),
      RUNS,
    )
  })
})
