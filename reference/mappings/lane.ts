import { createHash } from 'node:crypto'
import { recordsAfter, trimHorizon } from '../services/kinesis/stream.ts'
import type { Position, Shard, StreamRecord } from '../services/kinesis/stream.ts'
import type { SourceSettings } from '../store/source-settings.ts'
import { passesFilters } from './filter.ts'
import type { StreamSource } from './stream-source.ts'

/** How far a mapping has come in each lane of each shard. It is kept while the mapping rests. */
export type Positions = Map<string, Position>

/** A share of a shard: the records of some of its partition keys. */
export interface Lane {
  readonly shard: Shard
  position: Position
  readonly has: (record: StreamRecord) => boolean
}

/** One of so many shares of a shard, at the place where it was read to. */
export function laneOf(shard: Shard, at: number, count: number, positions: Positions): Lane {
  const id = `${shard.id} ${at} of ${count}`
  // Where the number of lanes has changed, reading goes on where the last one stood: twice is better than never.
  const others = [...positions].filter(([key]) => key.startsWith(`${shard.id} `)).map(([, position]) => position)
  const start = positions.get(id) ?? others.sort()[0] ?? positions.get(shard.id) ?? trimHorizon
  return {
    shard,
    has: record => count === 1 || createHash('md5').update(record.partitionKey).digest().readUInt32BE() % count === at,
    get position() {
      return positions.get(id) ?? start
    },
    set position(position) {
      positions.set(id, position)
    },
  }
}

/**
 * The next records of a lane that the filters let through. What they do not let through before the first of these is
 * passed for good.
 */
export function gather(
  source: StreamSource,
  lane: Lane,
  settings: SourceSettings,
  most: number,
): readonly StreamRecord[] {
  const found: StreamRecord[] = []
  for (const record of recordsAfter(lane.shard, lane.position, Infinity)) {
    if (!lane.has(record)) continue
    if (passesFilters(settings, source.filtered(record))) found.push(record)
    else if (found.length === 0) lane.position = record.sequenceNumber
    if (found.length >= most) break
  }
  return found
}

/** What fits into one event; at least one record. */
export function withinPayload(records: readonly StreamRecord[], limit: number): readonly StreamRecord[] {
  let bytes = 0
  const tooMany = records.findIndex((record, at) => {
    bytes += record.data.length + record.partitionKey.length + 700
    return at > 0 && bytes > limit
  })
  return tooMany < 0 ? records : records.slice(0, tooMany)
}
