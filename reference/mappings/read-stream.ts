import { randomUUID } from 'node:crypto'
import { functionArn } from '../protocol/arn.ts'
import type { Outcome } from '../invoke/invoker.ts'
import { deliverToQueue } from '../services/sqs/deliver.ts'
import type { Notifier } from '../services/notifier.ts'
import { atTime, latest, recordsAfter, streamByArn, trimHorizon } from '../services/kinesis/stream.ts'
import type { Position, Shard, Stream, StreamRecord } from '../services/kinesis/stream.ts'
import type { EventSourceMapping } from '../store/world.ts'
import { readBatchFailures } from './batch-failures.ts'
import { invokeWith, reportsFailures, settingsOf, targetOf } from './reader.ts'
import type { Reader } from './reader.ts'
import { streamRecord } from './record-events.ts'

/** Nobody says when a stream or a function comes to be: it is looked for this often. Milliseconds. */
const lookAgainMs = 200

/** How far a mapping has come in each shard, by the shard's id. It is kept while the mapping rests. */
export type Positions = Map<string, Position>

/** Where a new mapping begins. */
export function startPositions(stream: Stream, mapping: EventSourceMapping): Positions {
  const { StartingPosition, StartingPositionTimestamp = 0 } = settingsOf(mapping)
  return new Map(
    stream.shards.map(shard => [
      shard.id,
      StartingPosition === 'LATEST'
        ? latest(shard)
        : StartingPosition === 'AT_TIMESTAMP'
          ? atTime(shard, StartingPositionTimestamp * 1000)
          : trimHorizon,
    ]),
  )
}

/**
 * Reads a stream for as long as its mapping is to be read: the records of each shard in their order, one batch at a time.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
export async function readStream(
  reader: Reader,
  positions: Positions,
  notifiers: { readonly make: () => Notifier; readonly own: Notifier },
): Promise<void> {
  for (let mapping = reader.mapping(); mapping; mapping = reader.mapping()) {
    const stream = streamByArn(reader.world.streams, settingsOf(mapping).EventSourceArn ?? '')
    if (stream)
      await Promise.all(stream.shards.map(shard => readShard(reader, stream, shard, positions, notifiers.make())))
    else await notifiers.own.wait(lookAgainMs)
  }
}

async function readShard(
  reader: Reader,
  stream: Stream,
  shard: Shard,
  positions: Positions,
  notifier: Notifier,
): Promise<void> {
  const { world, pace } = reader
  stream.listeners.add(notifier.notify)
  for (
    let mapping = reader.mapping();
    mapping && world.streams.get(stream.name) === stream;
    mapping = reader.mapping()
  ) {
    const { BatchSize = 100, MaximumBatchingWindowInSeconds: window = 0 } = settingsOf(mapping)
    const position = positions.get(shard.id) ?? trimHorizon
    if (recordsAfter(shard, position, 1).length === 0) {
      await notifier.wait(1000)
      continue
    }
    const end = Date.now() + window * pace.windowSecondMs
    while (Date.now() < end && recordsAfter(shard, position, BatchSize).length < BatchSize && reader.mapping())
      await notifier.wait(Math.max(1, end - Date.now()))
    const batch = withinPayload(recordsAfter(shard, position, BatchSize), world.limits.payloadSync)
    const done = await process(reader, shard, batch)
    // After a stop in the midst of a batch, reading goes on with what was not done.
    if (done > 0) positions.set(shard.id, (batch[done - 1] as StreamRecord).sequenceNumber)
  }
  stream.listeners.delete(notifier.notify)
}

/** What fits into one event; at least one record. */
function withinPayload(records: readonly StreamRecord[], limit: number): readonly StreamRecord[] {
  let bytes = 0
  const tooMany = records.findIndex((record, at) => {
    bytes += record.data.length + record.partitionKey.length + 700
    return at > 0 && bytes > limit
  })
  return tooMany < 0 ? records : records.slice(0, tooMany)
}

/**
 * Gives a batch to the function until it has taken every record or given up on it, as the mapping says. The result tells how many
 * records from the first on are done with; fewer than there are when the mapping came to rest meanwhile.
 */
async function process(reader: Reader, shard: Shard, batch: readonly StreamRecord[]): Promise<number> {
  let rest = batch
  let failures = 0
  let refusals = 0
  const done = (): number => batch.length - rest.length
  while (rest.length > 0) {
    const mapping = reader.mapping()
    if (!mapping) return done()
    const settings = settingsOf(mapping)
    const { MaximumRecordAgeInSeconds: mostAge = -1, MaximumRetryAttempts: retries = -1 } = settings
    const old = mostAge < 0 ? 0 : rest.filter(record => Date.now() - record.arrivedAt > mostAge * 1000).length
    if (old > 0) {
      discard(reader, mapping, shard, rest.slice(0, old), 'RecordAgeExceeded', failures, undefined)
      rest = rest.slice(old)
      continue
    }
    const target = targetOf(reader.world, mapping)
    const requestId = randomUUID()
    const records = rest
    const outcome = target
      ? await invokeWith(
          reader,
          target,
          records.map(record =>
            streamRecord(reader.world, settings.EventSourceArn ?? '', target.version.settings.role, shard, record),
          ),
          requestId,
        )
      : 'refused'
    if (outcome === 'refused') {
      // Throttles, and a function that is not there, use up no attempt.
      await pause(reader, ++refusals)
      continue
    }
    const taken = takenOf(outcome, records, reportsFailures(settings))
    note(reader, taken === records.length ? 'OK' : 'PROBLEM: Function call failed')
    if (taken === records.length) return batch.length
    if (taken > 0) {
      // What the function got through is done; the retries are those of the rest.
      rest = records.slice(taken)
      failures = 0
    } else if (settings.BisectBatchOnFunctionError === true && records.length > 1) {
      // Each half is a batch of its own. Splitting is no retry.
      const middle = Math.ceil(records.length / 2)
      const first = await process(reader, shard, records.slice(0, middle))
      if (first < middle) return done() + first
      return done() + first + (await process(reader, shard, records.slice(middle)))
    }
    if (retries >= 0 && failures >= retries) {
      discard(reader, mapping, shard, rest, 'RetryAttemptsExhausted', failures + 1, outcome)
      return batch.length
    }
    await pause(reader, ++failures)
  }
  return batch.length
}

/** How many records, from the first on, the function took: up to the lowest that it named when it reports failures. */
function takenOf(outcome: Outcome, records: readonly StreamRecord[], reports: boolean): number {
  if (outcome.functionError !== undefined) return 0
  if (!reports) return records.length
  const failed = readBatchFailures(
    outcome.payload,
    records.map(record => record.sequenceNumber),
  )
  if (failed === 'all') return 0
  const lowest = records.findIndex(record => failed.has(record.sequenceNumber))
  return lowest < 0 ? records.length : lowest
}

function pause({ pace }: Reader, attempts: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, pace.retryDelayMs * 2 ** Math.min(attempts - 1, 4)))
}

/** The mapping says what became of the last batch. */
function note({ world, uuid }: Reader, result: string): void {
  const mapping = world.mappings.get(uuid)
  if (mapping && mapping.settings.LastProcessingResult !== result)
    world.mappings.set(uuid, { ...mapping, settings: { ...mapping.settings, LastProcessingResult: result } })
}

/** Tells the destination, if there is one, which records were given up; the records themselves it does not get. */
function discard(
  { world }: Reader,
  mapping: EventSourceMapping,
  shard: Shard,
  records: readonly StreamRecord[],
  condition: string,
  count: number,
  outcome: Outcome | undefined,
): void {
  const settings = settingsOf(mapping)
  const destination = settings.DestinationConfig?.OnFailure?.Destination
  const [first, last] = [records[0], records.at(-1)]
  if (destination === undefined || !first || !last) return
  deliverToQueue(
    world,
    destination,
    JSON.stringify({
      requestContext: {
        requestId: randomUUID(),
        functionArn: functionArn(world, mapping.function.name, mapping.function.qualifier),
        condition,
        approximateInvokeCount: count,
      },
      ...(outcome && {
        responseContext: {
          statusCode: 200,
          executedVersion: outcome.executedVersion,
          functionError: outcome.functionError ?? null,
        },
      }),
      version: '1.0',
      timestamp: new Date().toISOString(),
      KinesisBatchInfo: {
        shardId: shard.id,
        startSequenceNumber: first.sequenceNumber,
        endSequenceNumber: last.sequenceNumber,
        approximateArrivalOfFirstRecord: new Date(first.arrivedAt).toISOString(),
        approximateArrivalOfLastRecord: new Date(last.arrivedAt).toISOString(),
        batchSize: records.length,
        streamArn: settings.EventSourceArn,
      },
    }),
  )
}
