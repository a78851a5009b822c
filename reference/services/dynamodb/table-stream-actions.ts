import { requiredText, textOf } from '../input.ts'
import type { Members } from '../input.ts'
import { latest, recordsAfter, trimHorizon } from '../kinesis/stream.ts'
import type { Shard, StreamRecord } from '../kinesis/stream.ts'
import { refuseService } from '../service-error.ts'
import { streamOfTable } from './table.ts'
import type { Change, Table, TableStream } from './table.ts'
import type { TableCall } from './table-actions.ts'

type StreamAction = (call: TableCall, input: Members) => object

/**
 * The service of the streams of tables.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
 */
export const tableStreamActions: { readonly [action: string]: StreamAction } = {
  ListStreams({ place }, input) {
    const name = textOf(input, 'TableName')
    return {
      Streams: [...place.tables.values()].flatMap(table =>
        table.stream && (name === undefined || table.name === name)
          ? [{ StreamArn: arnOf(table, table.stream), TableName: table.name, StreamLabel: table.stream.label }]
          : [],
      ),
    }
  },

  DescribeStream(call, input) {
    const { table, stream } = findStream(call, input)
    return {
      StreamDescription: {
        StreamArn: arnOf(table, stream),
        StreamLabel: stream.label,
        StreamStatus: call.now < stream.changes.activeAt ? 'ENABLING' : 'ENABLED',
        StreamViewType: stream.view,
        CreationRequestDateTime: stream.changes.created / 1000,
        TableName: table.name,
        KeySchema: table.keySchema,
        Shards: stream.changes.shards.map(shard => ({
          ShardId: shard.id,
          SequenceNumberRange: { StartingSequenceNumber: shard.firstSequenceNumber },
        })),
      },
    }
  },

  GetShardIterator(call, input) {
    const { table, stream } = findStream(call, input)
    const id = requiredText(input, 'ShardId')
    const shard =
      stream.changes.shards.find(one => one.id === id) ??
      refuseService('ResourceNotFoundException', 'Requested resource not found: Shard does not exist')
    return { ShardIterator: writeIterator(arnOf(table, stream), shard.id, startOf(shard, input)) }
  },

  GetRecords(call, input) {
    const [arn, shardId, position] = readIterator(requiredText(input, 'ShardIterator'))
    const { stream } = findStream(call, { StreamArn: arn })
    const shard = stream.changes.shards.find(one => one.id === shardId)
    if (!shard) return refuseService('ResourceNotFoundException', 'Requested resource not found: Shard does not exist')
    const records = recordsAfter(shard, position, call.place.figures.dynamodb.wanted(input, 'GetRecords.Limit'))
    return {
      Records: records.map(record => changeRecord(call.place.region, record)),
      NextShardIterator: writeIterator(arn, shard.id, records.at(-1)?.sequenceNumber ?? position),
    }
  },
}

/** A change as the stream tells it. */
export function changeRecord(region: string, record: StreamRecord): object {
  const { eventID, eventName, dynamodb } = JSON.parse(record.data) as Change
  return { eventID, eventName, eventVersion: '1.1', eventSource: 'aws:dynamodb', awsRegion: region, dynamodb }
}

function arnOf(table: Table, stream: TableStream): string {
  return `${table.arn}/stream/${stream.label}`
}

function findStream({ place }: TableCall, input: Members): { readonly table: Table; readonly stream: TableStream } {
  const arn = requiredText(input, 'StreamArn')
  const changes = streamOfTable(place.tables, arn)
  const table = changes && [...place.tables.values()].find(one => one.stream?.changes === changes)
  return table?.stream
    ? { table, stream: table.stream }
    : refuseService('ResourceNotFoundException', `Requested resource not found: Stream: ${arn.slice(0, 300)} not found`)
}

function startOf(shard: Shard, input: Members): string {
  const type = requiredText(input, 'ShardIteratorType')
  if (type === 'TRIM_HORIZON') return trimHorizon
  if (type === 'LATEST') return latest(shard)
  const number = requiredText(input, 'SequenceNumber')
  if (type === 'AFTER_SEQUENCE_NUMBER') return number
  if (type === 'AT_SEQUENCE_NUMBER')
    return shard.records.findLast(record => record.sequenceNumber < number)?.sequenceNumber ?? trimHorizon
  return refuseService(
    'ValidationException',
    'ShardIteratorType must be one of TRIM_HORIZON, LATEST, AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER',
  )
}

/** An iterator is nothing but its own description, so that none need be kept. */
function writeIterator(arn: string, shard: string, position: string): string {
  return `${arn}|1|${Buffer.from(JSON.stringify([arn, shard, position])).toString('base64')}`
}

function readIterator(text: string): readonly [arn: string, shard: string, position: string] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text.split('|')[2] ?? '', 'base64').toString())
    if (Array.isArray(parts) && parts.length === 3) return parts.map(String) as [string, string, string]
  } catch {
    // Told below.
  }
  return refuseService('ValidationException', 'Invalid ShardIterator.')
}
