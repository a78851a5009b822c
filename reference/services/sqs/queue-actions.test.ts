import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually, serviceClient } from '../../../test/support/service-client.ts'
import { requester } from '../../../test/support/reference-client.ts'
import { startReference } from '../../server.ts'
import type { Reference } from '../../server.ts'

let reference: Reference
let sqs: ReturnType<typeof serviceClient>

beforeAll(async () => {
  reference = await startReference()
  sqs = serviceClient(requester(reference.url), 'AmazonSQS')
})
afterAll(() => reference.close())

let names = 0
async function makeQueue(
  attributes: { readonly [name: string]: string } = {},
): Promise<{ readonly url: string; readonly arn: string }> {
  const QueueName = `q${++names}${attributes.FifoQueue === 'true' ? '.fifo' : ''}`
  const { QueueUrl: url } = await sqs.ask('CreateQueue', { QueueName, Attributes: attributes })
  return {
    url,
    arn: (await sqs.ask('GetQueueAttributes', { QueueUrl: url, AttributeNames: ['QueueArn'] })).Attributes.QueueArn,
  }
}

const receive = async (url: string, more: object = {}): Promise<any[]> =>
  (await sqs.ask('ReceiveMessage', { QueueUrl: url, ...more })).Messages ?? []
const sendTo = (url: string, MessageBody: string, more: object = {}): Promise<any> =>
  sqs.ask('SendMessage', { QueueUrl: url, MessageBody, ...more })

describe('queues', () => {
  test('are created, found, listed and deleted', async () => {
    const { url, arn } = await makeQueue()
    expect(arn).toBe(`arn:aws:sqs:eu-west-1:000000000000:q${names}`)
    expect(url).toBe(`${reference.url}/000000000000/q${names}`)
    expect((await sqs.ask('GetQueueUrl', { QueueName: `q${names}` })).QueueUrl).toBe(url)
    expect((await sqs.ask('ListQueues', { QueueNamePrefix: `q${names}` })).QueueUrls).toEqual([url])
    await sqs.ask('DeleteQueue', { QueueUrl: url })
    const gone = await sqs.refusal('GetQueueUrl', { QueueName: `q${names}` })
    expect(gone).toMatchObject({ status: 400, json: { __type: 'com.amazonaws.sqs#QueueDoesNotExist' } })
    expect(gone.headers.get('x-amzn-query-error')).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender')
  })

  test('are created twice only alike', async () => {
    const { url } = await makeQueue({ VisibilityTimeout: '7' })
    const again = (VisibilityTimeout: string) =>
      sqs.refusal('CreateQueue', { QueueName: `q${names}`, Attributes: { VisibilityTimeout } })
    expect((await again('7')).json).toEqual({ QueueUrl: url })
    expect((await again('8')).json.__type).toMatch(/QueueNameExists/)
  })

  test.each([
    ['CreateQueue', { QueueName: 'a b' }, /InvalidParameterValue/],
    ['CreateQueue', { QueueName: 'x.fifo' }, /InvalidParameterValue/],
    ['CreateQueue', { QueueName: 'x', Attributes: { VisibilityTimeout: '43201' } }, /InvalidAttributeValue/],
    ['CreateQueue', { QueueName: 'x', Attributes: { RedrivePolicy: '{' } }, /InvalidAttributeValue/],
    ['CreateQueue', { QueueName: 'x', Attributes: { Colour: 'red' } }, /InvalidAttributeName/],
    ['CreateQueue', {}, /MissingParameter/],
    ['GetQueueUrl', { QueueName: 5 }, /SerializationException/],
    ['SendMessage', { QueueUrl: 'http://x/000000000000/none', MessageBody: 'x' }, /QueueDoesNotExist/],
    ['Fly', {}, /UnknownOperation/],
    ['constructor', {}, /UnknownOperation/],
  ])('%s %j is refused', async (action, input, name) => {
    expect(await sqs.refusal(action, input)).toMatchObject({
      status: 400,
      json: { __type: expect.stringMatching(name), message: expect.stringMatching(/./) },
    })
  })
})

describe('messages', () => {
  test('any text comes out as it went in', async () => {
    const { url } = await makeQueue()
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, unit: fc.constantFrom('a', ' ', '\n', '"', '{', 'ä', '中', '😀') }),
        async text => {
          const sent = await sendTo(url, text)
          const [message] = await receive(url)
          expect(message).toMatchObject({ Body: text, MessageId: sent.MessageId, MD5OfBody: sent.MD5OfMessageBody })
          await sqs.ask('DeleteMessage', { QueueUrl: url, ReceiptHandle: message.ReceiptHandle })
          expect(await receive(url)).toEqual([])
        },
      ),
      { numRuns: 25 },
    )
  })

  test('what no message may hold is refused', async () => {
    const { url } = await makeQueue({ MaximumMessageSize: '1024' })
    for (const MessageBody of ['', '\0', 'a\x1f', 'a'.repeat(1025)])
      expect((await sqs.refusal('SendMessage', { QueueUrl: url, MessageBody })).status).toBe(400)
    await sendTo(url, 'a'.repeat(1024))
  })

  test('attributes come with a digest that SDKs check', async () => {
    const { url } = await makeQueue()
    const MessageAttributes = {
      b: { DataType: 'Number', StringValue: '1' },
      a: { DataType: 'String.x', StringValue: 'ü' },
      c: { DataType: 'Binary', BinaryValue: 'AAE=' },
    }
    const sent = await sendTo(url, 'x', { MessageAttributes })
    expect(sent.MD5OfMessageAttributes).toBe(digestByHand(MessageAttributes))
    expect(await receive(url, { MessageAttributeNames: ['All'], VisibilityTimeout: 0 })).toMatchObject([
      { MessageAttributes, MD5OfMessageAttributes: sent.MD5OfMessageAttributes },
    ])
    expect(
      Object.keys((await receive(url, { MessageAttributeNames: ['b'], VisibilityTimeout: 0 }))[0].MessageAttributes),
    ).toEqual(['b'])
    expect((await receive(url, { VisibilityTimeout: 0 }))[0].MessageAttributes).toBeUndefined()
  })

  test('a received message is hidden for the visibility timeout and then comes back, counted', async () => {
    const { url } = await makeQueue({ VisibilityTimeout: '1' })
    await sendTo(url, 'x')
    const system = { AttributeNames: ['All'] }
    const [first] = await receive(url, system)
    expect(first.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
      SenderId: 'AKIDEXAMPLE',
      ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
    })
    expect(await receive(url)).toEqual([])
    expect((await sqs.ask('GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] })).Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '1',
    })
    const [second] = await receive(url, { ...system, WaitTimeSeconds: 5 })
    expect(second.Attributes.ApproximateReceiveCount).toBe('2')
    // The first handle is stale and deletes nothing.
    await sqs.ask('DeleteMessage', { QueueUrl: url, ReceiptHandle: first.ReceiptHandle })
    await sqs.ask('ChangeMessageVisibility', {
      QueueUrl: url,
      ReceiptHandle: second.ReceiptHandle,
      VisibilityTimeout: 0,
    })
    expect(await receive(url)).toHaveLength(1)
  })

  test('a receiver that waits gets what is sent meanwhile', async () => {
    const { url } = await makeQueue()
    const waiting = receive(url, { WaitTimeSeconds: 10 })
    const start = Date.now()
    await sendTo(url, 'late')
    expect((await waiting)[0].Body).toBe('late')
    expect(Date.now() - start).toBeLessThan(1000)
  })

  test('after the allowed receptions a message goes to the dead-letter queue', async () => {
    const dead = await makeQueue()
    const { url } = await makeQueue({
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
    })
    const { MessageId } = await sendTo(url, 'bad')
    expect([await receive(url), await receive(url), await receive(url)].map(messages => messages.length)).toEqual([
      1, 1, 0,
    ])
    expect(await receive(dead.url)).toMatchObject([{ MessageId, Body: 'bad' }])
  })

  test('batches succeed and fail entry by entry', async () => {
    const { url } = await makeQueue()
    const sent = await sqs.ask('SendMessageBatch', {
      QueueUrl: url,
      Entries: [
        { Id: 'a', MessageBody: '1' },
        { Id: 'b', MessageBody: '' },
      ],
    })
    expect(sent).toMatchObject({ Successful: [{ Id: 'a' }], Failed: [{ Id: 'b', SenderFault: true }] })
    const [message] = await receive(url)
    expect(
      await sqs.ask('DeleteMessageBatch', {
        QueueUrl: url,
        Entries: [
          { Id: 'x', ReceiptHandle: message.ReceiptHandle },
          { Id: 'y', ReceiptHandle: 'nonsense' },
        ],
      }),
    ).toMatchObject({ Successful: [{ Id: 'x' }], Failed: [{ Id: 'y', Code: 'ReceiptHandleIsInvalid' }] })
  })

  test('a FIFO queue keeps the order of a group, gives one at a time, and drops what was sent twice', async () => {
    const { url } = await makeQueue({ FifoQueue: 'true', ContentBasedDeduplication: 'true' })
    for (const [body, MessageGroupId] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
      ['a1', 'a'],
    ] as const)
      await sendTo(url, body, { MessageGroupId })
    const first = await receive(url, { AttributeNames: ['All'] })
    expect(first).toMatchObject([
      {
        Body: 'a1',
        Attributes: {
          MessageGroupId: 'a',
          MessageDeduplicationId: expect.any(String),
          SequenceNumber: expect.stringMatching(/^\d{20}$/),
        },
      },
    ])
    // Group a waits for its first message.
    expect((await receive(url, { MaxNumberOfMessages: 10 })).map(message => message.Body)).toEqual(['b1'])
    await sqs.ask('DeleteMessage', { QueueUrl: url, ReceiptHandle: first[0].ReceiptHandle })
    expect((await receive(url, { MaxNumberOfMessages: 10 })).map(message => message.Body)).toEqual(['a2'])
    expect((await sqs.refusal('SendMessage', { QueueUrl: url, MessageBody: 'x' })).json.__type).toMatch(
      /MissingParameter/,
    )
  })

  test('purging leaves nothing, and delays hide', async () => {
    const { url } = await makeQueue({ DelaySeconds: '1' })
    await sendTo(url, 'later')
    expect(await receive(url)).toEqual([])
    await eventually(
      () => receive(url, { VisibilityTimeout: 0 }),
      messages => messages.length === 1,
    )
    await sqs.ask('PurgeQueue', { QueueUrl: url })
    expect(await receive(url)).toEqual([])
  })
})

/** The algorithm of the developer guide, spelt out for the three attributes of the test. */
function digestByHand(attributes: {
  readonly [name: string]: { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string }
}): string {
  const u32 = (n: number): string => n.toString(16).padStart(8, '0')
  const part = (buffer: Buffer): string => u32(buffer.length) + buffer.toString('hex')
  const hex = ['a', 'b', 'c']
    .map(name => {
      const { DataType, StringValue, BinaryValue } = attributes[name] as {
        DataType: string
        StringValue?: string
        BinaryValue?: string
      }
      const value = BinaryValue === undefined ? Buffer.from(StringValue as string) : Buffer.from(BinaryValue, 'base64')
      return (
        part(Buffer.from(name)) + part(Buffer.from(DataType)) + (BinaryValue === undefined ? '01' : '02') + part(value)
      )
    })
    .join('')
  return createHash('md5').update(Buffer.from(hex, 'hex')).digest('hex')
}
