/**
 * The events in which functions get what was read for them.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
import type { Place } from '../protocol/arn.ts'
import { systemAttributes } from '../services/sqs/queue-actions.ts'
import type { Message, Queue } from '../services/sqs/queue.ts'
import { changeRecord } from '../services/dynamodb/table-stream-actions.ts'
import type { Shard, StreamRecord } from '../services/kinesis/stream.ts'

/** A message as functions get it in `Records`. */
export function queueRecord(place: Place, queue: Queue, message: Message): object {
  return {
    messageId: message.id,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        {
          ...(StringValue !== undefined && { stringValue: StringValue }),
          ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
          stringListValues: [],
          binaryListValues: [],
          dataType: DataType,
        },
      ]),
    ),
    md5OfBody: message.bodyMd5,
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: place.region,
  }
}

/** `sourceArn` is what the mapping reads from: a stream, or a consumer of one. */
export function streamRecord(
  place: Place,
  sourceArn: string,
  role: string,
  shard: Shard,
  record: StreamRecord,
): object {
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: record.partitionKey,
      sequenceNumber: record.sequenceNumber,
      data: record.data,
      approximateArrivalTimestamp: record.arrivedAt / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shard.id}:${record.sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: role,
    awsRegion: place.region,
    eventSourceARN: sourceArn,
  }
}

/** A change of a table. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
export function tableRecord(place: Place, sourceArn: string, record: StreamRecord): object {
  return { ...changeRecord(place.region, record), eventSourceARN: sourceArn }
}
