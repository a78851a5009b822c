import { beforeEach, describe, expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Outcome } from '../invoke/invoker.ts'
import { readFiguresOfServices } from '../services/figures.ts'
import { createShards, putRecord } from '../services/kinesis/stream.ts'
import type { Shard, Stream, StreamRecord } from '../services/kinesis/stream.ts'
import type { Queue } from '../services/sqs/queue.ts'
import type { EventSourceMapping, World } from '../store/world.ts'
import { processBatch } from './process-batch.ts'
import type { Reader } from './reader.ts'
import type { StreamSource } from './stream-source.ts'

const now = Date.now()
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:given-up'
let queue: Queue
let stream: Stream
let calls: number

beforeEach(() => {
  calls = 0
  queue = {
    name: 'given-up',
    arn: queueArn,
    fifo: false,
    figures: readFiguresOfServices(loadSpec().figures).sqs,
    attributes: {},
    messages: new Map(),
    sentLately: new Map(),
    created: now,
    modified: now,
    listeners: new Set(),
  }
  stream = {
    name: 's',
    arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s',
    mode: 'PROVISIONED',
    shards: createShards(1, now),
    created: now,
    activeAt: now,
    retentionMs: 86_400_000,
    listeners: new Set(),
  }
})

/** Gives records of these ages in seconds to a function that fails or not. */
async function give(ages: readonly number[], fails: boolean, settings: object): Promise<readonly unknown[]> {
  for (const age of ages) putRecord(stream, { partitionKey: 'k', data: '' }, now - age * 1000)
  const world = {
    region: 'us-east-1',
    accountId: '000000000000',
    queues: new Map([[queue.name, queue]]),
    mappings: new Map(),
    functions: new Map([['f', { name: 'f', latest: version(), versions: new Map(), aliases: new Map() }]]),
  } as unknown as World
  const mapping = {
    uuid: 'm',
    function: { name: 'f' },
    settings: { EventSourceArn: stream.arn, DestinationConfig: { OnFailure: { Destination: queueArn } }, ...settings },
  } as unknown as EventSourceMapping
  const reader: Reader = {
    world,
    uuid: 'm',
    mapping: () => mapping,
    pace: { retryDelayMs: 1, windowSecondMs: 1000 },
    invoker: {
      invoke() {
        calls++
        const outcome = { executedVersion: '$LATEST', payload: Buffer.from('null'), logTail: Buffer.alloc(0) }
        return Promise.resolve((fails ? { ...outcome, functionError: 'Unhandled' } : outcome) as Outcome)
      },
    },
  }
  const source: StreamSource = { stream, batchInfo: 'KinesisBatchInfo', event: () => ({}), filtered: () => ({}) }
  const shard = stream.shards[0] as Shard
  const records = shard.records as readonly StreamRecord[]
  expect(await processBatch({ reader, source, shard }, records)).toBe(records.length)
  return [...queue.messages.values()].map(message => JSON.parse(message.body) as unknown)
}

function version(): object {
  return { settings: { role: 'arn:aws:iam::000000000000:role/r' }, revision: { transition: 'none' } }
}

describe('a batch of a stream', () => {
  test('whose first records are too old: these are given up without a call, and the rest is processed', async () => {
    const told = await give([90, 70, 5], false, { MaximumRecordAgeInSeconds: 60 })
    expect(calls).toBe(1)
    expect(told).toMatchObject([
      { requestContext: { condition: 'RecordAgeExceeded' }, KinesisBatchInfo: { batchSize: 2 } },
    ])
  })

  test('without a greatest age is processed however old it is', async () => {
    expect(await give([80_000], false, { MaximumRecordAgeInSeconds: -1 })).toEqual([])
    expect(calls).toBe(1)
  })

  test('that fails is called once more than there are retries, and told of with the count', async () => {
    const told = await give([1, 1], true, { MaximumRetryAttempts: 3 })
    expect(calls).toBe(4)
    expect(told).toMatchObject([
      {
        requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 4 },
        responseContext: { functionError: 'Unhandled' },
      },
    ])
  })
})
