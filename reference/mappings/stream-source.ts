import { streamOfTable } from '../services/dynamodb/table.ts'
import { streamByArn } from '../services/kinesis/stream.ts'
import type { Shard, Stream, StreamRecord } from '../services/kinesis/stream.ts'
import type { World } from '../store/world.ts'
import { opened } from './filter.ts'
import { streamRecord, tableRecord } from './record-events.ts'

/** What the reading of a data stream and of a table's stream have different. */
export interface StreamSource {
  readonly stream: Stream
  /** The member of the document on discarded records that tells where they were. */
  readonly batchInfo: 'KinesisBatchInfo' | 'DDBStreamBatchInfo'
  /** As the function gets it. */
  readonly event: (shard: Shard, record: StreamRecord, role: string) => object
  /** As filters see it. */
  readonly filtered: (record: StreamRecord) => object
}

/** The stream behind an ARN, data stream or stream of a table, when it is there. */
export function streamSource(world: World, arn: string): StreamSource | undefined {
  const data = streamByArn(world.streams, arn)
  if (data)
    return {
      stream: data,
      batchInfo: 'KinesisBatchInfo',
      event: (shard, record, role) => streamRecord(world, arn, role, shard, record),
      filtered: record =>
        opened(
          { partitionKey: record.partitionKey, sequenceNumber: record.sequenceNumber, data: record.data },
          'data',
          Buffer.from(record.data, 'base64').toString('utf8'),
        ),
    }
  const changes = streamOfTable(world.tables, arn)
  return (
    changes && {
      stream: changes,
      batchInfo: 'DDBStreamBatchInfo',
      event: (_, record) => tableRecord(world, arn, record),
      filtered: record => tableRecord(world, arn, record),
    }
  )
}
