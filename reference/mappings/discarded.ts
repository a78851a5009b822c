import { randomUUID } from 'node:crypto'
import type { Outcome } from '../invoke/invoker.ts'
import { functionArn } from '../protocol/arn.ts'
import type { Shard, StreamRecord } from '../services/kinesis/stream.ts'
import { deliverToQueue } from '../services/sqs/deliver.ts'
import type { EventSourceMapping } from '../store/world.ts'
import { settingsOf } from './reader.ts'
import type { Reader } from './reader.ts'
import type { StreamSource } from './stream-source.ts'

/**
 * Tells the destination, if there is one, which records were given up; the records themselves it does not get.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html#services-kinesis-errors
 */
export function tellDiscarded(
  { reader, source, shard }: { readonly reader: Reader; readonly source: StreamSource; readonly shard: Shard },
  mapping: EventSourceMapping,
  records: readonly StreamRecord[],
  condition: 'RecordAgeExceeded' | 'RetryAttemptsExhausted',
  count: number,
  outcome: Outcome | undefined,
): void {
  const { world } = reader
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
      [source.batchInfo]: {
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
