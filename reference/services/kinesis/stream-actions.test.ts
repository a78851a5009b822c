import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, serviceClient } from '../../../test/support/service-client.ts'
import { requester } from '../../../test/support/reference-client.ts'
import { startReference } from '../../server.ts'
import type { Reference } from '../../server.ts'

let reference: Reference
let kinesis: ReturnType<typeof serviceClient>

beforeAll(async () => {
  reference = await startReference({ transitionMs: 20 })
  kinesis = serviceClient(requester(reference.url), 'Kinesis_20131202')
})
afterAll(() => reference.close())

const base64 = (text: string): string => Buffer.from(text).toString('base64')

async function makeStream(StreamName: string, ShardCount = 1): Promise<any> {
  await kinesis.ask('CreateStream', { StreamName, ShardCount })
  return eventually(
    async () => (await kinesis.ask('DescribeStream', { StreamName })).StreamDescription,
    one => one.StreamStatus === 'ACTIVE',
  )
}

async function read(
  StreamName: string,
  ShardId: string,
  from: object = { ShardIteratorType: 'TRIM_HORIZON' },
): Promise<string[]> {
  const { ShardIterator } = await kinesis.ask('GetShardIterator', { StreamName, ShardId, ...from })
  return (await kinesis.ask('GetRecords', { ShardIterator })).Records.map((record: { Data: string }) =>
    Buffer.from(record.Data, 'base64').toString(),
  )
}

test('a stream is created, described, listed and deleted', async () => {
  const stream = await makeStream('one', 2)
  expect(stream).toMatchObject({
    StreamName: 'one',
    StreamARN: 'arn:aws:kinesis:eu-west-1:000000000000:stream/one',
    HasMoreShards: false,
  })
  expect(stream.Shards.map((shard: { ShardId: string }) => shard.ShardId)).toEqual([
    'shardId-000000000000',
    'shardId-000000000001',
  ])
  expect(stream.Shards[1].HashKeyRange).toEqual({
    StartingHashKey: String(2n ** 127n),
    EndingHashKey: String(2n ** 128n - 1n),
  })
  await makeStream('two')
  expect(await kinesis.ask('ListStreams', { Limit: 1 })).toMatchObject({ StreamNames: ['one'], HasMoreStreams: true })
  expect((await kinesis.ask('DescribeStreamSummary', { StreamName: 'one' })).StreamDescriptionSummary).toMatchObject({
    OpenShardCount: 2,
  })
  expect((await kinesis.refusal('CreateStream', { StreamName: 'one', ShardCount: 1 })).json.__type).toBe(
    'ResourceInUseException',
  )
  await kinesis.ask('DeleteStream', { StreamName: 'one' })
  expect(await kinesis.refusal('DescribeStream', { StreamName: 'one' })).toMatchObject({
    status: 400,
    json: { __type: 'ResourceNotFoundException', message: 'Stream one under account 000000000000 not found.' },
  })
})

test('records are read in the order put, from where the reader wants', async () => {
  await makeStream('ordered')
  const put = (text: string): Promise<any> =>
    kinesis.ask('PutRecord', { StreamName: 'ordered', PartitionKey: 'k', Data: base64(text) })
  const numbers: string[] = []
  for (let i = 0; i < 12; i++) numbers.push((await put(String(i))).SequenceNumber)
  expect([...numbers].sort()).toEqual(numbers)
  const shard = 'shardId-000000000000'
  const all = Array.from({ length: 12 }, (_, i) => String(i))
  expect(await read('ordered', shard)).toEqual(all)
  expect(await read('ordered', shard, { ShardIteratorType: 'LATEST' })).toEqual([])
  expect(
    await read('ordered', shard, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: numbers[5] }),
  ).toEqual(all.slice(5))
  expect(
    await read('ordered', shard, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: numbers[5] }),
  ).toEqual(all.slice(6))
  expect(await read('ordered', shard, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: 1 })).toEqual(all)
  const { ShardIterator } = await kinesis.ask('GetShardIterator', {
    StreamName: 'ordered',
    ShardId: shard,
    ShardIteratorType: 'TRIM_HORIZON',
  })
  const first = await kinesis.ask('GetRecords', { ShardIterator, Limit: 5 })
  expect(first.Records).toHaveLength(5)
  expect((await kinesis.ask('GetRecords', { ShardIterator: first.NextShardIterator })).Records).toHaveLength(7)
})

test('a key chooses its shard', async () => {
  await makeStream('keys', 4)
  const Records = Array.from({ length: 40 }, (_, i) => ({ PartitionKey: `key-${i % 10}`, Data: base64(String(i)) }))
  const answer = await kinesis.ask('PutRecords', { StreamName: 'keys', Records })
  expect(answer).toMatchObject({ FailedRecordCount: 0 })
  const shards = answer.Records.map((record: { ShardId: string }) => record.ShardId)
  for (let i = 10; i < 40; i++) expect(shards[i]).toBe(shards[i - 10])
  expect(new Set(shards).size).toBeGreaterThan(1)
  expect(
    (await kinesis.ask('PutRecord', { StreamName: 'keys', PartitionKey: 'any', ExplicitHashKey: '0', Data: '' }))
      .ShardId,
  ).toBe('shardId-000000000000')
})

test.each([
  ['CreateStream', { StreamName: 'a b', ShardCount: 1 }, 'ValidationException'],
  ['PutRecord', { StreamName: 'none', PartitionKey: 'k', Data: '' }, 'ResourceNotFoundException'],
  ['GetRecords', { ShardIterator: 'nonsense' }, 'InvalidArgumentException'],
  ['GetShardIterator', { StreamName: 'none', ShardId: 's', ShardIteratorType: 'LATEST' }, 'ResourceNotFoundException'],
  ['MergeShards', {}, 'UnknownOperationException'],
])('%s %j is refused', async (action, input, name) => {
  expect(await kinesis.refusal(action, input)).toMatchObject({ status: 400, json: { __type: name } })
})
