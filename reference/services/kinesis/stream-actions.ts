import type { Place } from '../../protocol/arn.ts'
import { requiredText, structureOf, structuresOf, textOf } from '../input.ts'
import type { Members } from '../input.ts'
import type { FiguresOfServices, ServiceFigures } from '../figures.ts'
import { refuseService } from '../service-error.ts'
import { atTime, createShards, latest, putRecord, recordsAfter, streamByArn, trimHorizon } from './stream.ts'
import type { Position, Shard, Stream } from './stream.ts'
import { compareText } from '../../../base/compare-text.ts'

/** What the stream actions know of their caller. */
export interface StreamCall {
  readonly place: Place & {
    readonly streams: Map<string, Stream>
    readonly transitionMs: number
    readonly figures: Pick<FiguresOfServices, 'kinesis'>
  }
  /** Unix milliseconds. */
  readonly now: number
}

type StreamAction = (call: StreamCall, input: Members) => object

/**
 * The data stream service.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Operations.html
 */
export const streamActions: { readonly [action: string]: StreamAction } = {
  CreateStream({ place, now }, input) {
    const name = requiredText(input, 'StreamName')
    const { kinesis } = place.figures
    if (!/^[\w.-]+$/.test(name) || !kinesis.allows('StreamName', name.length))
      invalid(
        `Value '${name.slice(0, 140)}' at 'streamName' failed to satisfy constraint: ` +
          'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
      )
    if (place.streams.has(name))
      refuseService('ResourceInUseException', `Stream ${name} under account ${place.accountId} already exists.`)
    const mode =
      textOf(structureOf(input, 'StreamModeDetails'), 'StreamMode') === 'ON_DEMAND' ? 'ON_DEMAND' : 'PROVISIONED'
    const count =
      kinesis.chosen(input, 'CreateStream.ShardCount') ??
      kinesis.usual(mode === 'ON_DEMAND' ? 'OnDemandShards' : 'CreateStream.ShardCount')
    place.streams.set(name, {
      name,
      arn: `arn:aws:kinesis:${place.region}:${place.accountId}:stream/${name}`,
      mode,
      shards: createShards(count, now),
      retentionMs: kinesis.usual('RetentionPeriod') * 1000,
      created: now,
      activeAt: now + place.transitionMs,
      listeners: new Set(),
    })
    return {}
  },

  DeleteStream(call, input) {
    call.place.streams.delete(findStream(call, input).name)
    return {}
  },

  ListStreams({ place }, input) {
    const most = place.figures.kinesis.wanted(input, 'ListStreams.Limit')
    const after = textOf(input, 'ExclusiveStartStreamName') ?? textOf(input, 'NextToken') ?? ''
    const streams = [...place.streams.values()]
      .filter(stream => stream.name > after)
      .sort((a, b) => compareText(a.name, b.name))
    const page = streams.slice(0, most)
    const more = streams.length > page.length
    return {
      StreamNames: page.map(stream => stream.name),
      HasMoreStreams: more,
      ...(more && { NextToken: page.at(-1)?.name }),
    }
  },

  DescribeStream(call, input) {
    const stream = findStream(call, input)
    const after = textOf(input, 'ExclusiveStartShardId') ?? ''
    const most = call.place.figures.kinesis.wanted(input, 'DescribeStream.Limit')
    const shards = stream.shards.filter(shard => shard.id > after)
    return {
      StreamDescription: {
        ...describe(stream, call.now),
        Shards: shards.slice(0, most).map(describeShard),
        HasMoreShards: shards.length > most,
      },
    }
  },

  DescribeStreamSummary(call, input) {
    const stream = findStream(call, input)
    return {
      StreamDescriptionSummary: {
        ...describe(stream, call.now),
        OpenShardCount: stream.shards.length,
        ConsumerCount: 0,
      },
    }
  },

  ListShards: (call, input) => ({ Shards: findStream(call, input).shards.map(describeShard) }),

  PutRecord(call, input) {
    const { shardId, sequenceNumber } = put(call, activeStream(call, input), input)
    return { ShardId: shardId, SequenceNumber: sequenceNumber, EncryptionType: 'NONE' }
  },

  PutRecords(call, input) {
    const stream = activeStream(call, input)
    const records = structuresOf(input, 'Records')
    const { kinesis } = call.place.figures
    if (!kinesis.allows('PutRecords.Records', records.length))
      invalid(
        `Records must have from ${kinesis.least('PutRecords.Records')} to ${kinesis.most('PutRecords.Records')} items.`,
      )
    for (const record of records) checkRecord(kinesis, record)
    return {
      FailedRecordCount: 0,
      Records: records.map(record => {
        const { shardId, sequenceNumber } = put(call, stream, record)
        return { ShardId: shardId, SequenceNumber: sequenceNumber }
      }),
      EncryptionType: 'NONE',
    }
  },

  GetShardIterator(call, input) {
    const stream = findStream(call, input)
    const id = requiredText(input, 'ShardId')
    const shard =
      stream.shards.find(one => one.id === id) ??
      refuseService(
        'ResourceNotFoundException',
        `Shard ${id.slice(0, 80)} in stream ${stream.name} under account ${call.place.accountId} does not exist`,
      )
    return { ShardIterator: writeIterator(stream, shard, startOf(shard, input), call.now) }
  },

  GetRecords(call, input) {
    const { stream, shard, position } = readIterator(call, requiredText(input, 'ShardIterator'))
    const records = recordsAfter(shard, position, call.place.figures.kinesis.wanted(input, 'GetRecords.Limit'))
    const end = records.at(-1)
    const next = end?.sequenceNumber ?? position
    const behind = recordsAfter(shard, next, 1)[0]
    return {
      Records: records.map(record => ({
        SequenceNumber: record.sequenceNumber,
        ApproximateArrivalTimestamp: record.arrivedAt / 1000,
        Data: record.data,
        PartitionKey: record.partitionKey,
      })),
      NextShardIterator: writeIterator(stream, shard, next, call.now),
      MillisBehindLatest: behind ? call.now - behind.arrivedAt : 0,
    }
  },
}

function findStream({ place }: StreamCall, input: Members): Stream {
  const arn = textOf(input, 'StreamARN')
  const name = arn === undefined ? requiredText(input, 'StreamName') : arn.slice(arn.lastIndexOf('/') + 1)
  const stream = arn === undefined ? place.streams.get(name) : streamByArn(place.streams, arn)
  return (
    stream ??
    refuseService(
      'ResourceNotFoundException',
      `Stream ${name.slice(0, 140)} under account ${place.accountId} not found.`,
    )
  )
}

function activeStream(call: StreamCall, input: Members): Stream {
  const stream = findStream(call, input)
  if (call.now < stream.activeAt)
    refuseService(
      'ResourceNotFoundException',
      `Stream ${stream.name} under account ${call.place.accountId} is not yet active.`,
    )
  return stream
}

function put({ now, place }: StreamCall, stream: Stream, record: Members): ReturnType<typeof putRecord> {
  return putRecord(stream, checkRecord(place.figures.kinesis, record), now)
}

function checkRecord(
  kinesis: ServiceFigures,
  record: Members,
): {
  readonly partitionKey: string
  readonly data: string
  readonly hash?: bigint
} {
  const partitionKey = requiredText(record, 'PartitionKey')
  const data = requiredText(record, 'Data')
  const hash = textOf(record, 'ExplicitHashKey')
  if (!kinesis.allows('PartitionKey', partitionKey.length))
    invalid(
      "Value at 'partitionKey' failed to satisfy constraint: Member must have length from " +
        `${kinesis.least('PartitionKey')} to ${kinesis.most('PartitionKey')}`,
    )
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(data))
    refuseService('SerializationException', 'Data must be base64.')
  if (!kinesis.allows('Data', Buffer.byteLength(data, 'base64')))
    invalid(
      "Value at 'data' failed to satisfy constraint: " +
        `Member must have length less than or equal to ${kinesis.most('Data')}`,
    )
  if (hash !== undefined && !/^(0|[1-9]\d{0,38})$/.test(hash))
    invalid(
      "Value at 'explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: " +
        '0|([1-9]\\d{0,38})',
    )
  return { partitionKey, data, ...(hash !== undefined && { hash: BigInt(hash) }) }
}

function startOf(shard: Shard, input: Members): Position {
  const type = requiredText(input, 'ShardIteratorType')
  switch (type) {
    case 'TRIM_HORIZON':
      return trimHorizon
    case 'LATEST':
      return latest(shard)
    case 'AFTER_SEQUENCE_NUMBER':
      return requiredText(input, 'StartingSequenceNumber')
    case 'AT_SEQUENCE_NUMBER': {
      const number = requiredText(input, 'StartingSequenceNumber')
      return shard.records.findLast(record => record.sequenceNumber < number)?.sequenceNumber ?? trimHorizon
    }
    case 'AT_TIMESTAMP': {
      const time = input['Timestamp']
      return typeof time === 'number'
        ? atTime(shard, time * 1000)
        : invalid('Timestamp must go with the iterator type AT_TIMESTAMP.')
    }
    default:
      return invalid(
        `Value '${type.slice(0, 80)}' at 'shardIteratorType' failed to satisfy constraint: ` +
          'Member must satisfy enum value set: [AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER, AT_TIMESTAMP, ' +
          'TRIM_HORIZON, LATEST]',
      )
  }
}

/** An iterator is nothing but its own description, so that none need be kept. */
function writeIterator(stream: Stream, shard: Shard, position: Position, now: number): string {
  return Buffer.from(JSON.stringify([stream.name, stream.created, shard.id, position, now])).toString('base64')
}

function readIterator(
  { place, now }: StreamCall,
  text: string,
): { readonly stream: Stream; readonly shard: Shard; readonly position: Position } {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(text, 'base64').toString())
  } catch {
    parts = undefined
  }
  const [name, created, shardId, position, given] = Array.isArray(parts) ? parts : []
  if (typeof position !== 'string' || typeof given !== 'number')
    return refuseService('InvalidArgumentException', 'Invalid ShardIterator.')
  const stream = place.streams.get(String(name))
  const shard = stream?.created === created ? stream?.shards.find(one => one.id === shardId) : undefined
  if (!stream || !shard)
    return refuseService(
      'ResourceNotFoundException',
      `Stream ${String(name).slice(0, 140)} under account ${place.accountId} not found.`,
    )
  const iteratorMs = place.figures.kinesis.usual('ShardIterator') * 1000
  if (now - given > iteratorMs)
    refuseService(
      'ExpiredIteratorException',
      `Iterator expired. It was given ${now - given} milliseconds ago and is good for ${iteratorMs}.`,
    )
  return { stream, shard, position }
}

function describe(stream: Stream, now: number): object {
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    StreamStatus: now < stream.activeAt ? 'CREATING' : 'ACTIVE',
    StreamModeDetails: { StreamMode: stream.mode },
    RetentionPeriodHours: 24,
    StreamCreationTimestamp: stream.created / 1000,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
  }
}

function describeShard(shard: Shard): object {
  return {
    ShardId: shard.id,
    HashKeyRange: { StartingHashKey: String(shard.firstHash), EndingHashKey: String(shard.lastHash) },
    SequenceNumberRange: { StartingSequenceNumber: shard.firstSequenceNumber },
  }
}

function invalid(reason: string): never {
  return refuseService('ValidationException', `1 validation error detected: ${reason}`)
}
