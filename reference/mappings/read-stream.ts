import { atTime, latest, trimHorizon } from '../services/kinesis/stream.ts'
import type { Position, Shard, Stream } from '../services/kinesis/stream.ts'
import type { Notifier } from '../services/notifier.ts'
import type { SourceSettings } from '../store/source-settings.ts'
import type { EventSourceMapping } from '../store/world.ts'
import { gather, laneOf, withinPayload } from './lane.ts'
import type { Lane, Positions } from './lane.ts'
import { processBatch } from './process-batch.ts'
import { settingsOf } from './reader.ts'
import type { Reader } from './reader.ts'
import { streamSource } from './stream-source.ts'
import type { StreamSource } from './stream-source.ts'
import { readWindows } from './tumbling-window.ts'
import { present } from '../../base/present.ts'

/** Nobody says when a stream or a function comes to be: it is looked for this often. Milliseconds. */
const lookAgainMs = 200

/** Where a new mapping begins, by the shard's id. */
export function startPositions(stream: Stream, mapping: EventSourceMapping): Positions {
  const { StartingPosition, StartingPositionTimestamp = 0 } = settingsOf(mapping)
  const startOf = (shard: Shard): Position => {
    if (StartingPosition === 'LATEST') return latest(shard)
    return StartingPosition === 'AT_TIMESTAMP' ? atTime(shard, StartingPositionTimestamp * 1000) : trimHorizon
  }
  return new Map(stream.shards.map(shard => [shard.id, startOf(shard)]))
}

/**
 * Reads a stream for as long as its mapping is to be read: the records of each shard in their order. With a
 * parallelization factor a shard has that many lanes, each with the records of some partition keys, and one batch of
 * each lane is with the function at a time.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
export async function readStream(
  reader: Reader,
  positions: Positions,
  notifiers: { readonly make: () => Notifier; readonly own: Notifier },
): Promise<void> {
  for (let mapping = reader.mapping(); mapping; mapping = reader.mapping()) {
    const settings = settingsOf(mapping)
    const source = streamSource(reader.world, settings.EventSourceArn ?? '')
    if (!source) {
      await notifiers.own.wait(lookAgainMs)
      continue
    }
    const { ParallelizationFactor: factor = 1, TumblingWindowInSeconds: window = 0 } = settings
    const round = forOneRound(reader)
    await Promise.all(
      source.stream.shards.flatMap(shard =>
        window > 0
          ? [readWindows(round, source, laneOf(shard, 0, 1, positions), notifiers.make())]
          : Array.from({ length: factor }, (_, at) =>
              readLane(round, source, laneOf(shard, at, factor, positions), notifiers.make(), factor),
            ),
      ),
    )
  }
}

/**
 * Once the mapping rests for one lane it rests for all: one that was busy meanwhile does not go on alone, and all begin
 * anew together.
 */
function forOneRound(reader: Reader): Reader {
  let rests = false
  return {
    ...reader,
    mapping() {
      const mapping = rests ? undefined : reader.mapping()
      rests = mapping === undefined
      return mapping
    },
  }
}

/** Whether the mapping still reads this stream, in so many lanes. */
function isRead(reader: Reader, source: StreamSource, factor: number): SourceSettings | undefined {
  const mapping = reader.mapping()
  const settings = mapping && settingsOf(mapping)
  return settings &&
    (settings.ParallelizationFactor ?? 1) === factor &&
    !settings.TumblingWindowInSeconds &&
    streamSource(reader.world, settings.EventSourceArn ?? '')?.stream === source.stream
    ? settings
    : undefined
}

async function readLane(
  reader: Reader,
  source: StreamSource,
  lane: Lane,
  notifier: Notifier,
  factor: number,
): Promise<void> {
  const { world, pace } = reader
  source.stream.listeners.add(notifier.notify)
  for (let settings = isRead(reader, source, factor); settings; settings = isRead(reader, source, factor)) {
    const { BatchSize = 1, MaximumBatchingWindowInSeconds: window = 0 } = settings
    if (gather(source, lane, settings, BatchSize).length === 0) {
      await notifier.wait(1000)
      continue
    }
    const end = Date.now() + window * pace.windowSecondMs
    while (Date.now() < end && gather(source, lane, settings, BatchSize).length < BatchSize && reader.mapping())
      await notifier.wait(Math.max(1, end - Date.now()))
    const batch = withinPayload(gather(source, lane, settings, BatchSize), world.limits.payloadSync)
    const done = await processBatch({ reader, source, shard: lane.shard }, batch)
    // After a stop in the midst of a batch, reading goes on with what was not done.
    if (done > 0) lane.position = present(batch[done - 1], 'an element of batch').sequenceNumber
  }
  source.stream.listeners.delete(notifier.notify)
}
