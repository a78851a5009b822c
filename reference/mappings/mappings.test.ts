import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually, serviceClient } from '../../test/support/service-client.ts'
import type { Ask } from '../../test/support/service-client.ts'
import { deploy, requester, role, run } from '../../test/support/reference-client.ts'
import type { Send } from '../../test/support/reference-client.ts'
import { sharedFolder } from '../../test/support/shared-folder.ts'
import { startReference } from '../server.ts'
import type { Reference } from '../server.ts'

let reference: Reference
let send: Send
let sqs: Ask
let kinesis: Ask

beforeAll(async () => {
  reference = await startReference({ transitionMs: 10, retryDelayMs: 20, windowSecondMs: 300 })
  send = requester(reference.url)
  sqs = serviceClient(send, 'AmazonSQS').ask
  kinesis = serviceClient(send, 'Kinesis_20131202').ask
})
afterAll(() => reference.close())

const shared = sharedFolder()
afterAll(() => rmSync(shared, { recursive: true }))

/** Keeps every event in a file, tells them when asked, and fails as the records of the event say. */
const files = {
  'index.js': `
    const { appendFileSync, existsSync, readFileSync } = require('node:fs')
    const file = ${JSON.stringify(shared)} + '/seen-' + process.env.AWS_LAMBDA_FUNCTION_NAME
    exports.handler = async event => {
      if (event.tell) return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\\n').map(JSON.parse) : []
      appendFileSync(file, JSON.stringify(event) + '\\n')
      const bodies = event.Records.map(r => r.body ?? Buffer.from(r.kinesis.data, 'base64').toString())
      if (bodies.includes('slow')) await new Promise(resolve => setTimeout(resolve, 2500))
      if (bodies.some(body => body.startsWith('throw'))) throw new Error('as asked')
      const failures = event.Records.filter((_, i) => bodies[i].startsWith('fail')).map(r => ({ itemIdentifier: r.messageId ?? r.kinesis.sequenceNumber }))
      return failures.length > 0 ? { batchItemFailures: failures } : null
    }`,
}

const eventsOf = async (name: string): Promise<any[]> => (await run(send, name, { tell: true })).json
const bodiesOf = async (name: string): Promise<string[][]> =>
  (await eventsOf(name)).map(event =>
    event.Records.map((record: any) => record.body ?? Buffer.from(record.kinesis.data, 'base64').toString()),
  )
/** Long enough for what should not happen to happen. */
const aWhile = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 300))

async function map(FunctionName: string, EventSourceArn: string, more: object = {}): Promise<string> {
  const made = await send('POST /2015-03-31/event-source-mappings', { body: { FunctionName, EventSourceArn, ...more } })
  if (made.status !== 202) throw new Error(made.text)
  await rest(made.json.UUID)
  return made.json.UUID
}
async function rest(uuid: string): Promise<void> {
  await eventually(
    () => send(`GET /2015-03-31/event-source-mappings/${uuid}`),
    answer => /ed$/.test(answer.json.State),
  )
}
async function change(uuid: string, body: object): Promise<void> {
  expect((await send(`PUT /2015-03-31/event-source-mappings/${uuid}`, { body })).status).toBe(202)
  await rest(uuid)
}

async function makeQueue(
  QueueName: string,
  Attributes: object = {},
): Promise<{ url: string; arn: string; send: (...bodies: string[]) => Promise<void> }> {
  const { QueueUrl: url } = await sqs('CreateQueue', { QueueName, Attributes })
  return {
    url,
    arn: `arn:aws:sqs:eu-west-1:000000000000:${QueueName}`,
    async send(...bodies) {
      await sqs('SendMessageBatch', {
        QueueUrl: url,
        Entries: bodies.map((MessageBody, i) => ({ Id: String(i), MessageBody })),
      })
    },
  }
}
const left = async (url: string): Promise<number> => {
  const { Attributes } = await sqs('GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] })
  return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
}
const oneOf = async (url: string): Promise<any> =>
  (
    await eventually(
      () => sqs('ReceiveMessage', { QueueUrl: url, MessageAttributeNames: ['All'], WaitTimeSeconds: 1 }),
      answer => answer.Messages !== undefined,
    )
  ).Messages[0]

describe('queues', () => {
  test('a message reaches the function as the guide shows it, and is deleted', async () => {
    const queue = await makeQueue('shape')
    await deploy(send, 'shape', files)
    const sent = await sqs('SendMessage', {
      QueueUrl: queue.url,
      MessageBody: 'Test message.',
      MessageAttributes: { colour: { DataType: 'String', StringValue: 'red' } },
    })
    await map('shape', queue.arn)
    const [event] = await eventually(
      () => eventsOf('shape'),
      events => events.length > 0,
    )
    expect(event).toEqual({
      Records: [
        {
          messageId: sent.MessageId,
          receiptHandle: expect.stringMatching(/^[A-Za-z0-9+/=]+$/),
          body: 'Test message.',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d{13}$/),
            SenderId: 'AKIDEXAMPLE',
            ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          },
          messageAttributes: {
            colour: { stringValue: 'red', stringListValues: [], binaryListValues: [], dataType: 'String' },
          },
          md5OfBody: sent.MD5OfMessageBody,
          eventSource: 'aws:sqs',
          eventSourceARN: queue.arn,
          awsRegion: 'eu-west-1',
        },
      ],
    })
    await eventually(
      () => left(queue.url),
      count => count === 0,
    )
  })

  test('batches are never larger than asked for', async () => {
    const queue = await makeQueue('batches')
    await deploy(send, 'batches', files)
    await queue.send(...'abcdefg')
    await map('batches', queue.arn, { BatchSize: 3 })
    const bodies = await eventually(
      () => bodiesOf('batches'),
      all => all.flat().length === 7,
    )
    expect(bodies.map(batch => batch.length).sort()).toEqual([1, 3, 3])
    expect(bodies.flat().sort().join('')).toBe('abcdefg')
  })

  test('a window gathers what comes one by one', async () => {
    const queue = await makeQueue('window')
    await deploy(send, 'window', files)
    await map('window', queue.arn, { BatchSize: 100, MaximumBatchingWindowInSeconds: 1 })
    for (const body of 'abc') await queue.send(body)
    expect(
      await eventually(
        () => bodiesOf('window'),
        all => all.flat().length === 3,
      ),
    ).toHaveLength(1)
  })

  test('nothing is delivered while disabled or after deletion, and everything once enabled', async () => {
    const queue = await makeQueue('switch')
    await deploy(send, 'switch', files)
    const uuid = await map('switch', queue.arn, { Enabled: false })
    await queue.send('1')
    await aWhile()
    expect(await eventsOf('switch')).toEqual([])
    await change(uuid, { Enabled: true })
    await eventually(
      () => bodiesOf('switch'),
      all => all.length === 1,
    )
    await change(uuid, { Enabled: false })
    await queue.send('2')
    await aWhile()
    await change(uuid, { Enabled: true })
    await eventually(
      () => bodiesOf('switch'),
      all => all.length === 2,
    )
    expect((await send(`DELETE /2015-03-31/event-source-mappings/${uuid}`)).status).toBe(202)
    await queue.send('3')
    await aWhile()
    expect((await bodiesOf('switch')).flat()).toEqual(['1', '2'])
    expect(await left(queue.url)).toBe(1)
  })

  test('a failing message comes back after the visibility timeout, and in the end goes to the dead-letter queue', async () => {
    const dead = await makeQueue('dead')
    const queue = await makeQueue('failing', {
      VisibilityTimeout: '1',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
    })
    await deploy(send, 'failing', files, { Timeout: 1 })
    await map('failing', queue.arn)
    await queue.send('throw')
    expect((await oneOf(dead.url)).Body).toBe('throw')
    expect((await eventsOf('failing')).map(event => event.Records[0].attributes.ApproximateReceiveCount)).toEqual([
      '1',
      '2',
    ])
    expect(await left(queue.url)).toBe(0)
  })

  test('only the items that were reported come back', async () => {
    const dead = await makeQueue('reported-dead')
    const queue = await makeQueue('reported', {
      VisibilityTimeout: '1',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 }),
    })
    await deploy(send, 'reported', files, { Timeout: 1 })
    await queue.send('good', 'fail', 'well')
    await map('reported', queue.arn, { FunctionResponseTypes: ['ReportBatchItemFailures'] })
    expect((await oneOf(dead.url)).Body).toBe('fail')
    expect(await left(queue.url)).toBe(0)
    expect(await bodiesOf('reported')).toEqual([['good', 'fail', 'well']])
  })

  test('without the setting a report is a success', async () => {
    const queue = await makeQueue('unheard')
    await deploy(send, 'unheard', files)
    await queue.send('fail')
    await map('unheard', queue.arn)
    await eventually(
      () => left(queue.url),
      count => count === 0,
    )
    expect(await bodiesOf('unheard')).toEqual([['fail']])
  })
})

describe('streams', () => {
  const put = async (StreamName: string, ...texts: string[]): Promise<any> =>
    kinesis('PutRecords', {
      StreamName,
      Records: texts.map(text => ({ PartitionKey: 'key', Data: Buffer.from(text).toString('base64') })),
    })
  async function makeStream(StreamName: string, ShardCount = 1): Promise<string> {
    await kinesis('CreateStream', { StreamName, ShardCount })
    await eventually(
      () => kinesis('DescribeStreamSummary', { StreamName }),
      answer => answer.StreamDescriptionSummary.StreamStatus === 'ACTIVE',
    )
    return `arn:aws:kinesis:eu-west-1:000000000000:stream/${StreamName}`
  }

  test('a record reaches the function as the guide shows it', async () => {
    const arn = await makeStream('shape')
    await deploy(send, 'k-shape', files)
    const {
      Records: [sent],
    } = await put('shape', 'Hello, this is a test.')
    const uuid = await map('k-shape', arn, { StartingPosition: 'TRIM_HORIZON' })
    const [event] = await eventually(
      () => eventsOf('k-shape'),
      events => events.length > 0,
    )
    expect(event).toEqual({
      Records: [
        {
          kinesis: {
            kinesisSchemaVersion: '1.0',
            partitionKey: 'key',
            sequenceNumber: sent.SequenceNumber,
            data: 'SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==',
            approximateArrivalTimestamp: expect.any(Number),
          },
          eventSource: 'aws:kinesis',
          eventVersion: '1.0',
          eventID: `shardId-000000000000:${sent.SequenceNumber}`,
          eventName: 'aws:kinesis:record',
          invokeIdentityArn: role,
          awsRegion: 'eu-west-1',
          eventSourceARN: arn,
        },
      ],
    })
    expect(Math.abs(event.Records[0].kinesis.approximateArrivalTimestamp - Date.now() / 1000)).toBeLessThan(60)
    await eventually(
      () => send(`GET /2015-03-31/event-source-mappings/${uuid}`),
      answer => answer.json.LastProcessingResult === 'OK',
    )
  })

  test('records come in order, from the starting position on, and not again after a rest', async () => {
    const arn = await makeStream('order')
    await deploy(send, 'k-all', files)
    await deploy(send, 'k-new', files)
    await put('order', '1', '2', '3')
    const uuid = await map('k-all', arn, { StartingPosition: 'TRIM_HORIZON', BatchSize: 2 })
    await map('k-new', arn, { StartingPosition: 'LATEST', BatchSize: 2 })
    await put('order', '4')
    expect(
      (
        await eventually(
          () => bodiesOf('k-all'),
          all => all.flat().length >= 4,
        )
      ).flat(),
    ).toEqual(['1', '2', '3', '4'])
    expect(
      await eventually(
        () => bodiesOf('k-new'),
        all => all.length > 0,
      ),
    ).toEqual([['4']])
    await change(uuid, { Enabled: false })
    await put('order', '5')
    await aWhile()
    expect((await bodiesOf('k-all')).flat()).toHaveLength(4)
    await change(uuid, { Enabled: true })
    expect(
      (
        await eventually(
          () => bodiesOf('k-all'),
          all => all.flat().length > 4,
        )
      ).flat(),
    ).toEqual(['1', '2', '3', '4', '5'])
  })

  test('a mapping that was switched off and on while one shard was busy reads the others again', async () => {
    const arn = await makeStream('resumed', 2)
    await deploy(send, 'resumed', files, { Timeout: 10 })
    const uuid = await map('resumed', arn, { StartingPosition: 'TRIM_HORIZON', BatchSize: 1 })
    const putAt = (ExplicitHashKey: string, text: string): Promise<any> =>
      kinesis('PutRecord', {
        StreamName: 'resumed',
        PartitionKey: 'key',
        ExplicitHashKey,
        Data: Buffer.from(text).toString('base64'),
      })
    const seen = (count: number): Promise<string[][]> =>
      eventually(
        () => bodiesOf('resumed'),
        all => all.length >= count,
      )
    await putAt('0', 'slow')
    await seen(1)
    await change(uuid, { Enabled: false })
    await change(uuid, { Enabled: true })
    await putAt('340282366920938463463374607431768211455', 'after')
    expect(await seen(2)).toEqual([['slow'], ['after']])
  })

  test('a failing batch is tried as often as allowed, told of to the queue, and passed', async () => {
    const arn = await makeStream('retries')
    const queue = await makeQueue('given-up')
    await deploy(send, 'k-retries', files)
    const { Records: sent } = await put('retries', 'throw', 'throw', 'good')
    const uuid = await map('k-retries', arn, {
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 2,
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: queue.arn } },
    })
    expect(
      await eventually(
        () => bodiesOf('k-retries'),
        all => all.length === 3,
      ),
    ).toEqual([['throw', 'throw'], ['throw', 'throw'], ['good']])
    expect(JSON.parse((await oneOf(queue.url)).Body)).toEqual({
      requestContext: {
        requestId: expect.any(String),
        functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:k-retries',
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      KinesisBatchInfo: {
        shardId: 'shardId-000000000000',
        startSequenceNumber: sent[0].SequenceNumber,
        endSequenceNumber: sent[1].SequenceNumber,
        approximateArrivalOfFirstRecord: expect.stringMatching(/Z$/),
        approximateArrivalOfLastRecord: expect.stringMatching(/Z$/),
        batchSize: 2,
        streamArn: arn,
      },
    })
    expect(await left(queue.url)).toBe(1)
    await eventually(
      () => send(`GET /2015-03-31/event-source-mappings/${uuid}`),
      answer => answer.json.LastProcessingResult === 'OK',
    )
  })

  test('halving finds the one bad record', async () => {
    const arn = await makeStream('halves')
    const queue = await makeQueue('bad-ones')
    await deploy(send, 'k-halves', files)
    const { Records: sent } = await put('halves', 'a', 'b', 'throw', 'd')
    await map('k-halves', arn, {
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: queue.arn } },
    })
    expect(
      await eventually(
        () => bodiesOf('k-halves'),
        all => all.at(-1)?.join() === 'd',
      ),
    ).toEqual([['a', 'b', 'throw', 'd'], ['a', 'b'], ['throw', 'd'], ['throw'], ['d']])
    expect(JSON.parse((await oneOf(queue.url)).Body).KinesisBatchInfo).toMatchObject({
      startSequenceNumber: sent[2].SequenceNumber,
      batchSize: 1,
    })
  })

  test('what was reported is tried again, with all behind it', async () => {
    const arn = await makeStream('partly')
    await deploy(send, 'k-partly', files)
    await put('partly', 'a', 'fail', 'c')
    await map('k-partly', arn, {
      StartingPosition: 'TRIM_HORIZON',
      MaximumRetryAttempts: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    })
    await put('partly', 'next')
    const bodies = await eventually(
      () => bodiesOf('k-partly'),
      all => all.at(-1)?.join() === 'next',
    )
    expect(bodies[0]?.slice(0, 3)).toEqual(['a', 'fail', 'c'])
    expect(bodies[1]?.slice(0, 2)).toEqual(['fail', 'c'])
  })
})

describe('asynchronous events', () => {
  test('a queue gets the record of what became of an event', async () => {
    const [good, bad] = [await makeQueue('successes'), await makeQueue('failures')]
    await deploy(send, 'told', {
      'index.js':
        'exports.handler = async event => { if (event.fail) throw new Error("as asked"); return { done: true } }',
    })
    await send('PUT /2019-09-25/functions/told/event-invoke-config', {
      body: {
        MaximumRetryAttempts: 1,
        DestinationConfig: { OnSuccess: { Destination: good.arn }, OnFailure: { Destination: bad.arn } },
      },
    })
    const ids = new Map<boolean, string | null>()
    for (const fail of [false, true])
      ids.set(
        fail,
        (
          await send('POST /2015-03-31/functions/told/invocations', {
            body: { fail },
            headers: { 'x-amz-invocation-type': 'Event' },
          })
        ).headers.get('x-amzn-requestid'),
      )
    const context = (fail: boolean, condition: string, approximateInvokeCount: number): object => ({
      requestId: ids.get(fail),
      functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:told:$LATEST',
      condition,
      approximateInvokeCount,
    })
    expect(JSON.parse((await oneOf(good.url)).Body)).toEqual({
      version: '1.0',
      timestamp: expect.stringMatching(/Z$/),
      requestContext: context(false, 'Success', 1),
      requestPayload: { fail: false },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      responsePayload: { done: true },
    })
    expect(JSON.parse((await oneOf(bad.url)).Body)).toMatchObject({
      requestContext: context(true, 'RetriesExhausted', 2),
      requestPayload: { fail: true },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorMessage: 'as asked' },
    })
    expect([await left(good.url), await left(bad.url)]).toEqual([1, 1])
  })

  test('a dead letter is the event itself, with the error beside it', async () => {
    const queue = await makeQueue('letters')
    await deploy(
      send,
      'dying',
      { 'index.js': 'exports.handler = async event => { throw new Error(event.text) }' },
      { DeadLetterConfig: { TargetArn: queue.arn } },
    )
    await send('PUT /2019-09-25/functions/dying/event-invoke-config', { body: { MaximumRetryAttempts: 0 } })
    const text = 'é'.repeat(2000)
    const { headers } = await send('POST /2015-03-31/functions/dying/invocations', {
      body: { text },
      headers: { 'x-amz-invocation-type': 'Event' },
    })
    const letter = await oneOf(queue.url)
    expect(JSON.parse(letter.Body)).toEqual({ text })
    expect(letter.MessageAttributes).toEqual({
      RequestID: { DataType: 'String', StringValue: headers.get('x-amzn-requestid') },
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: 'é'.repeat(512) },
    })
  })
})
