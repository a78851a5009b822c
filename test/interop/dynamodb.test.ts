/** Tables and their streams, as the AWS SDK uses them. */
import {
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startReference } from '../../reference/server.ts'
import type { Reference } from '../../reference/server.ts'

let reference: Reference
let tables: DynamoDBClient
let streams: DynamoDBStreamsClient

beforeAll(async () => {
  reference = await startReference({ transitionMs: 15 })
  const options = {
    endpoint: reference.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  }
  tables = new DynamoDBClient(options)
  streams = new DynamoDBStreamsClient(options)
})
afterAll(async () => {
  tables.destroy()
  streams.destroy()
  await reference.close()
})

const schema = {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
} as const

async function makeTable(TableName: string, StreamViewType?: 'NEW_AND_OLD_IMAGES' | 'KEYS_ONLY'): Promise<string> {
  await tables.send(
    new CreateTableCommand({
      TableName,
      ...schema,
      AttributeDefinitions: [...schema.AttributeDefinitions],
      KeySchema: [...schema.KeySchema],
      ...(StreamViewType && { StreamSpecification: { StreamEnabled: true, StreamViewType } }),
    }),
  )
  await waitUntilTableExists({ client: tables, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 }, { TableName })
  const { Table } = await tables.send(new DescribeTableCommand({ TableName }))
  return Table?.LatestStreamArn ?? ''
}

test('items are put, updated, read and deleted', async () => {
  await makeTable('items')
  const Key = { id: { S: 'one' } }
  expect((await tables.send(new ListTablesCommand({}))).TableNames).toContain('items')
  await tables.send(new PutItemCommand({ TableName: 'items', Item: { ...Key, size: { N: '5' }, old: { S: 'x' } } }))
  const updated = await tables.send(
    new UpdateItemCommand({
      TableName: 'items',
      Key,
      UpdateExpression: 'SET #n = :name, copy = size REMOVE old ADD size :two',
      ExpressionAttributeNames: { '#n': 'name' },
      ExpressionAttributeValues: { ':name': { S: 'grüße' }, ':two': { N: '2' } },
      ReturnValues: 'ALL_NEW',
    }),
  )
  const item = { ...Key, size: { N: '7' }, name: { S: 'grüße' }, copy: { N: '5' } }
  expect(updated.Attributes).toEqual(item)
  expect((await tables.send(new GetItemCommand({ TableName: 'items', Key }))).Item).toEqual(item)
  expect(
    (await tables.send(new DeleteItemCommand({ TableName: 'items', Key, ReturnValues: 'ALL_OLD' }))).Attributes,
  ).toEqual(item)
  expect((await tables.send(new GetItemCommand({ TableName: 'items', Key }))).Item).toBeUndefined()
})

test('a stream tells of what has really changed, in order', async () => {
  const StreamArn = await makeTable('changes', 'NEW_AND_OLD_IMAGES')
  const put = (value: string) =>
    tables.send(new PutItemCommand({ TableName: 'changes', Item: { id: { S: 'one' }, value: { S: value } } }))
  await put('a')
  await put('a')
  await put('b')
  await tables.send(new DeleteItemCommand({ TableName: 'changes', Key: { id: { S: 'one' } } }))
  expect((await streams.send(new ListStreamsCommand({ TableName: 'changes' }))).Streams).toMatchObject([
    { StreamArn, TableName: 'changes' },
  ])
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }))
  expect(StreamDescription).toMatchObject({ StreamStatus: 'ENABLED', StreamViewType: 'NEW_AND_OLD_IMAGES' })
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId
  const read = async (ShardIteratorType: 'TRIM_HORIZON' | 'LATEST' | 'AT_SEQUENCE_NUMBER', SequenceNumber?: string) => {
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType, SequenceNumber }),
    )
    return streams.send(new GetRecordsCommand({ ShardIterator }))
  }
  const { Records, NextShardIterator } = await read('TRIM_HORIZON')
  expect(
    Records?.map(one => [one.eventName, one.dynamodb?.OldImage?.['value'], one.dynamodb?.NewImage?.['value']]),
  ).toEqual([
    ['INSERT', undefined, { S: 'a' }],
    ['MODIFY', { S: 'a' }, { S: 'b' }],
    ['REMOVE', { S: 'b' }, undefined],
  ])
  expect(Records?.[0]?.dynamodb?.ApproximateCreationDateTime).toBeInstanceOf(Date)
  const numbers = Records?.map(one => one.dynamodb?.SequenceNumber ?? '') ?? []
  expect([...numbers].sort()).toEqual(numbers)
  expect((await read('AT_SEQUENCE_NUMBER', numbers[1])).Records).toHaveLength(2)
  expect((await read('LATEST')).Records).toEqual([])
  expect((await streams.send(new GetRecordsCommand({ ShardIterator: NextShardIterator }))).Records).toEqual([])
})

test('a stream may be switched on later, and ends with its table', async () => {
  await makeTable('later')
  const { TableDescription } = await tables.send(
    new UpdateTableCommand({
      TableName: 'later',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    }),
  )
  const StreamArn = TableDescription?.LatestStreamArn
  expect(StreamArn).toContain(':table/later/stream/')
  await tables.send(new DeleteTableCommand({ TableName: 'later' }))
  await expect(streams.send(new DescribeStreamCommand({ StreamArn }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
})

test.each<[string, () => Promise<unknown>, string]>([
  ['a table that is there', () => makeTable('twice').then(() => makeTable('twice')), 'ResourceInUseException'],
  [
    'a table that is not',
    () => tables.send(new PutItemCommand({ TableName: 'nowhere', Item: { id: { S: 'x' } } })),
    'ResourceNotFoundException',
  ],
  [
    'an item without its key',
    () =>
      makeTable('keyed').then(() => tables.send(new PutItemCommand({ TableName: 'keyed', Item: { a: { S: 'x' } } }))),
    'ValidationException',
  ],
  [
    'a condition',
    () =>
      makeTable('conditions').then(() =>
        tables.send(
          new PutItemCommand({
            TableName: 'conditions',
            Item: { id: { S: 'x' } },
            ConditionExpression: 'attribute_not_exists(id)',
          }),
        ),
      ),
    'ValidationException',
  ],
])('%s is refused', async (_, attempt, name) => {
  await expect(attempt()).rejects.toMatchObject({ name })
})
