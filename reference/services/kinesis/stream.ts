import { createHash } from 'node:crypto'
import { present } from '../../../base/present.ts'

/** A data stream of this endpoint. */
export interface Stream {
  readonly name: string
  readonly arn: string
  readonly mode: 'PROVISIONED' | 'ON_DEMAND'
  readonly shards: readonly Shard[]
  /** Unix milliseconds. */
  readonly created: number
  /** Until then it is being created. Unix milliseconds. */
  readonly activeAt: number
  /** How long records are kept. */
  readonly retentionMs: number
  /** Called when a record was put. */
  readonly listeners: Set<() => void>
}

/** A shard with its records and the hash keys that come to it. */
export interface Shard {
  readonly id: string
  /** Bounds of the hashes of partition keys, both inclusive. */
  readonly firstHash: bigint
  readonly lastHash: bigint
  readonly firstSequenceNumber: string
  /** In the order put. */
  readonly records: StreamRecord[]
}

/** A record at its place in a shard. */
export interface StreamRecord {
  /** Of one length within a stream, so that their order is that of the texts. */
  readonly sequenceNumber: string
  readonly partitionKey: string
  /** Base64; of the stream of a table, JSON. */
  readonly data: string
  /** Unix milliseconds. */
  readonly arrivedAt: number
}

const hashes = 2n ** 128n

let sequence = 0

function nextSequenceNumber(now: number): string {
  return `49${String(now).padStart(14, '0')}${String(++sequence).padStart(40, '0')}`
}

/** Shards of equal width. */
export function createShards(count: number, now: number): readonly Shard[] {
  const width = hashes / BigInt(count)
  return Array.from({ length: count }, (_, at) => ({
    id: `shardId-${String(at).padStart(12, '0')}`,
    firstHash: width * BigInt(at),
    lastHash: at === count - 1 ? hashes - 1n : width * BigInt(at + 1) - 1n,
    firstSequenceNumber: nextSequenceNumber(now),
    records: [],
  }))
}

/** Adds a record to the shard of its key's hash, or of the hash that the sender chose. */
export function putRecord(
  stream: Stream,
  record: {
    readonly partitionKey: string
    readonly data: string
    readonly hash?: bigint
    /** Absent: the next one. */
    readonly sequenceNumber?: string
  },
  now: number,
): { readonly shardId: string; readonly sequenceNumber: string } {
  const hash = record.hash ?? BigInt(`0x${createHash('md5').update(record.partitionKey).digest('hex')}`)
  const shard = stream.shards.find(one => hash <= one.lastHash) as Shard
  const sequenceNumber = record.sequenceNumber ?? nextSequenceNumber(now)
  while (shard.records[0] && shard.records[0].arrivedAt < now - stream.retentionMs) shard.records.shift()
  shard.records.push({ sequenceNumber, partitionKey: record.partitionKey, data: record.data, arrivedAt: now })
  for (const listener of stream.listeners) listener()
  return { shardId: shard.id, sequenceNumber }
}

/** Where reading goes on: behind the record of this sequence number. */
export type Position = string

/** The first position, or that of a record that there is or was. */
export const trimHorizon: Position = ''

/** The position behind all records that there are. */
export function latest(shard: Shard): Position {
  return shard.records.at(-1)?.sequenceNumber ?? trimHorizon
}

/** The position before the first record that arrived at this time or later. Unix milliseconds. */
export function atTime(shard: Shard, time: number): Position {
  return shard.records.findLast(record => record.arrivedAt < time)?.sequenceNumber ?? trimHorizon
}

/** Records behind a position, the oldest first. */
export function recordsAfter(shard: Shard, position: Position, most: number): readonly StreamRecord[] {
  const { records } = shard
  let low = 0,
    high = records.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (present(records[middle], 'an element of records').sequenceNumber <= position) low = middle + 1
    else high = middle
  }
  return records.slice(low, low + most)
}

/** The stream behind an ARN of this place; a consumer's ARN leads to its stream. */
export function streamByArn(streams: ReadonlyMap<string, Stream>, arn: string): Stream | undefined {
  const [, name] = /:stream\/([^/]+)/.exec(arn) ?? []
  const stream = streams.get(name ?? '')
  return stream && (arn === stream.arn || arn.startsWith(`${stream.arn}/consumer/`)) ? stream : undefined
}
