import type { EventKind } from '../application/model.ts'

/** Members of an event, as the service spells them; `[]` is an element, `true` ends what is known. */
export interface Members {
  readonly [name: string]: Members | true
}

const RECORD = { awsRegion: true, eventSource: true } as const

/** What records of streams hold beside what they carry. */
const STREAM_RECORD = { ...RECORD, eventID: true, eventName: true, eventVersion: true, eventSourceARN: true } as const

/** What every event of EventBridge holds, those of schedules too. */
const BUS_EVENT: Members = {
  id: true,
  version: true,
  account: true,
  time: true,
  region: true,
  resources: true,
  source: true,
  detail: true,
  'detail-type': true,
}

/**
 * Guide: with-sqs, with-kinesis, with-ddb, with-sns, with-s3, with-msk, with-mq, services-cloudwatchevents,
 * services-cloudwatchlogs.
 */
export const EVENT_MEMBERS: { readonly [kind in EventKind]?: Members } = {
  sqs: {
    Records: {
      '[]': {
        ...RECORD,
        messageId: true,
        receiptHandle: true,
        body: true,
        attributes: true,
        messageAttributes: true,
        md5OfBody: true,
        eventSourceARN: true,
      },
    },
  },
  kinesis: {
    Records: {
      '[]': {
        ...STREAM_RECORD,
        invokeIdentityArn: true,
        kinesis: {
          data: true,
          partitionKey: true,
          sequenceNumber: true,
          kinesisSchemaVersion: true,
          approximateArrivalTimestamp: true,
        },
      },
    },
  },
  dynamodb: {
    Records: {
      '[]': {
        ...STREAM_RECORD,
        dynamodb: {
          Keys: true,
          NewImage: true,
          OldImage: true,
          SequenceNumber: true,
          SizeBytes: true,
          StreamViewType: true,
          ApproximateCreationDateTime: true,
        },
      },
    },
  },
  sns: {
    Records: {
      '[]': {
        EventSource: true,
        EventVersion: true,
        EventSubscriptionArn: true,
        Sns: {
          Message: true,
          MessageId: true,
          MessageAttributes: true,
          Subject: true,
          Timestamp: true,
          TopicArn: true,
          Type: true,
          UnsubscribeUrl: true,
          Signature: true,
          SignatureVersion: true,
          SigningCertUrl: true,
        },
      },
    },
  },
  s3: {
    Records: {
      '[]': {
        ...RECORD,
        eventName: true,
        eventTime: true,
        eventVersion: true,
        s3: {
          bucket: { name: true, arn: true },
          object: { key: true, size: true, eTag: true, versionId: true, sequencer: true },
        },
      },
    },
  },
  msk: { eventSource: true, eventSourceArn: true, bootstrapServers: true, records: true },
  kafka: { eventSource: true, bootstrapServers: true, records: true },
  eventbridge: BUS_EVENT,
  schedule: BUS_EVENT,
  'cloudwatch-logs': { awslogs: { data: true } },
}

/** How a name would be spelt if it were one of these members: undefined when it is one, or is like none. */
export function misspelt(name: string, members: Members): string | undefined {
  if (Object.hasOwn(members, name)) return undefined
  const plain = (text: string): string => text.toLowerCase().replace(/[-_]/g, '')
  return Object.keys(members).find(member => plain(member) === plain(name))
}
