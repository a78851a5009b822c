/** Faults in what mappings do with streams, those of tables included. */
import { isObject } from '../../../base/is-object.ts'
import { answer, jsonOf, withJson, type Behaviour, type Fault } from './fault.ts'
import { entriesChanged, eventsChanged, mappingsShow, programsChanged, recordsChanged } from './journal.ts'
import { isCallOf, requestsChanged, withMembers, type Members } from './requests.ts'

const kinesis = (...names: readonly string[]): readonly string[] =>
  names.map(name => `kinesis-event-source.${name}#property`)
const dynamodb = (...names: readonly string[]): readonly string[] =>
  names.map(name => `dynamodb-event-source.${name}#property`)
const caught = (...ids: readonly (readonly string[])[]): Fault['caught'] => ({ property: ids.flat() })

const mappings = (change: (members: Members) => object): Behaviour =>
  requestsChanged(['CreateEventSourceMapping'], change)

/** Other settings than were asked for, with an answer that shows what was asked for. */
const ignoring =
  (change: (members: Members) => object): Behaviour =>
  async (request, forward) => {
    if (request.action !== 'CreateEventSourceMapping') return forward()
    const changed = change(request.params)
    const given = await forward(withMembers(request, () => changed))
    return withJson(given, value => ({
      ...value,
      ...Object.fromEntries(Object.keys(changed).map(name => [name, request.params[name]])),
    }))
  }

/** The part of each record that is the service's own is changed. */
const partsChanged = (name: 'kinesis' | 'dynamodb', change: (part: Members) => object): Behaviour =>
  recordsChanged(record => {
    const part = record[name]
    return isObject(part) ? { [name]: { ...part, ...change(part) } } : {}
  })

/** Documents on what was given up are changed where they are read. */
const documentsChanged =
  (change: (document: Members) => object): Behaviour =>
  async (request, forward) => {
    const given = await forward()
    if (!isCallOf(request, 'AmazonSQS', 'ReceiveMessage')) return given
    return withJson(given, value => ({
      ...value,
      ...(Array.isArray(value['Messages']) && {
        Messages: (value['Messages'] as Members[]).map(one => {
          const document = jsonOf({ body: Buffer.from(String(one['Body'])) }) ?? {}
          return 'requestContext' in document
            ? { ...one, Body: JSON.stringify({ ...document, ...change(document) }) }
            : one
        }),
      }),
    }))
  }

const BATCH_INFO = ['KinesisBatchInfo', 'DDBStreamBatchInfo'] as const

const batchInfoChanged = (change: (info: Members) => object): Behaviour =>
  documentsChanged(document =>
    Object.fromEntries(
      BATCH_INFO.flatMap(name => {
        const info = document[name]
        return isObject(info) ? [[name, { ...info, ...change(info) }]] : []
      }),
    ),
  )

/** While the function may not run, what is sent to this action is lost. */
const lostWhileThrottled = (service: string, action: string): Behaviour => {
  let throttled = false
  return async (request, forward) => {
    const lost = throttled && isCallOf(request, service, action)
    if (request.action === 'PutFunctionConcurrency') throttled = true
    return lost || (request.action === 'PutFunctionConcurrency' && (await forward()).status > 299)
      ? answer(200, { ShardId: 'shardId-000000000000', SequenceNumber: '1' })
      : forward()
  }
}

export const STREAM_FAULTS: readonly Fault[] = [
  {
    id: 'record-with-more',
    wrong: 'records have a member that nobody knows',
    caught: caught(kinesis('record')),
    behaviour: () => recordsChanged(() => ({ eventIndex: 0 })),
  },
  {
    id: 'changes-overtaken',
    wrong: 'changes of one item are with the function at the same time',
    caught: caught(dynamodb('parallel')),
    behaviour: () => programsChanged(/"sleep": 3000/, '"sleep": 30'),
  },
  {
    id: 'stream-data-decoded',
    wrong: 'the data of a record is its text, not base64',
    caught: caught(kinesis('record')),
    behaviour: () =>
      partsChanged('kinesis', ({ data }) => ({ data: Buffer.from(String(data), 'base64').toString('utf8') })),
  },
  {
    id: 'arrival-as-text',
    wrong: 'the time of arrival is a text',
    caught: caught(kinesis('record')),
    behaviour: () =>
      partsChanged('kinesis', ({ approximateArrivalTimestamp: time }) => ({
        approximateArrivalTimestamp: new Date(Number(time) * 1000).toISOString(),
      })),
  },
  {
    id: 'event-id-without-shard',
    wrong: 'the identifier of the event is the sequence number alone',
    caught: caught(kinesis('record')),
    behaviour: () => recordsChanged(({ eventID }) => ({ eventID: String(eventID).split(':').at(-1) })),
  },
  {
    id: 'identity-of-another',
    wrong: 'the identity in the record is not the role of the function',
    caught: caught(kinesis('record')),
    behaviour: () => recordsChanged(() => ({ invokeIdentityArn: 'arn:aws:iam::000000000000:role/another' })),
  },
  {
    id: 'partition-key-lost',
    wrong: 'the partition key is not told',
    caught: caught(kinesis('record')),
    behaviour: () => partsChanged('kinesis', () => ({ partitionKey: undefined })),
  },
  {
    id: 'records-reversed',
    wrong: 'a batch has its records from the newest to the oldest',
    caught: caught(kinesis('order', 'window'), dynamodb('record')),
    behaviour: () =>
      eventsChanged(({ Records }) =>
        Array.isArray(Records) ? { Records: [...(Records as unknown[])].reverse() } : {},
      ),
  },
  {
    id: 'stream-batch-size-ignored',
    wrong: 'batches of a stream are larger than asked for',
    caught: caught(kinesis('order'), dynamodb('retries')),
    behaviour: () => mappings(() => ({ BatchSize: 100 })),
  },
  {
    id: 'shard-called-at-once',
    wrong: 'several batches of a shard are with the function although nobody asked for it',
    caught: caught(kinesis('order', 'retry')),
    behaviour: () => {
      let first: number | undefined
      return entriesChanged(({ at }) => ({ at: (first ??= Number(at)) + (Number(at) - first) / 100 }))
    },
  },
  {
    id: 'read-records-removed',
    wrong: 'records that were processed are no longer in the stream',
    caught: caught(kinesis('order')),
    behaviour: () => async (request, forward) =>
      isCallOf(request, 'Kinesis', 'GetRecords')
        ? withJson(await forward(), value => ({ ...value, Records: [] }))
        : forward(),
  },
  {
    id: 'shards-mixed',
    wrong: 'a batch has records of two shards',
    caught: caught(kinesis('shards')),
    behaviour: () =>
      recordsChanged(({ eventID }, at) => ({
        eventID: at === 0 ? eventID : `shardId-000000000099:${String(eventID).split(':').at(-1)}`,
      })),
  },
  {
    id: 'single-record-waits',
    wrong: 'a single record waits for others',
    caught: caught(kinesis('single')),
    behaviour: () => mappings(() => ({ MaximumBatchingWindowInSeconds: 300 })),
  },
  {
    id: 'full-batch-waits',
    wrong: 'a batch that is full waits for one record more, or for the end of the window',
    caught: caught(kinesis('full-batch')),
    behaviour: () => mappings(({ BatchSize }) => ({ BatchSize: Number(BatchSize) + 1 })),
  },
  {
    id: 'stream-window-ignored',
    wrong: 'records are not gathered',
    caught: caught(kinesis('window')),
    behaviour: () => mappings(() => ({ MaximumBatchingWindowInSeconds: 0 })),
  },
  {
    id: 'stream-event-too-large',
    wrong: 'events are larger than 6 MB',
    caught: caught(kinesis('payload')),
    behaviour: () => entriesChanged(({ bytes }) => ({ bytes: Number(bytes) * 4 })),
  },
  {
    id: 'parallelization-ignored',
    wrong: 'one batch of a shard is with the function, whatever the factor',
    caught: caught(kinesis('parallel')),
    behaviour: () => ignoring(() => ({ ParallelizationFactor: 1 })),
  },
  {
    id: 'keys-overtaken',
    wrong: 'records of one partition key are with the function at the same time',
    caught: caught(kinesis('parallel')),
    behaviour: () => (request, forward) =>
      isCallOf(request, 'Kinesis', 'PutRecords')
        ? forward(
            withMembers(request, ({ Records }) => ({
              Records: (Records as Members[]).map((one, at) =>
                // A key whose hash belongs to no other record's share of the shard.
                at === 1 ? { ...one, PartitionKey: 'key-2' } : one,
              ),
            })),
          )
        : forward(),
  },
  {
    id: 'shards-one-after-another',
    wrong: 'the records of all shards are read as one',
    caught: caught(kinesis('side-by-side')),
    behaviour: () => (request, forward) =>
      isCallOf(request, 'Kinesis', 'PutRecords')
        ? forward(
            withMembers(request, ({ Records }) => ({
              Records: (Records as Members[]).map(one => ({ ...one, ExplicitHashKey: '0' })),
            })),
          )
        : forward(),
  },
  {
    id: 'parallel-beyond-the-factor',
    wrong: 'ten batches of a shard are with the function, whatever the factor',
    caught: caught(kinesis('side-by-side', 'factor')),
    behaviour: () => ignoring(() => ({ ParallelizationFactor: 10 })),
  },
  {
    id: 'read-by-every-lane',
    wrong: 'each batch of a shard that is read side by side has all records',
    caught: caught(kinesis('factor')),
    behaviour: () => (request, forward) =>
      isCallOf(request, 'Kinesis', 'PutRecords')
        ? forward(
            withMembers(request, ({ Records }) => ({
              Records: (Records as Members[]).flatMap(one => [one, one]),
            })),
          )
        : forward(),
  },
  {
    id: 'deleted-mapping-comes-back',
    wrong: 'a mapping that is gone is there again when its last batch has ended',
    caught: caught(kinesis('deleted-meanwhile')),
    behaviour: () => {
      const gone = new Map<unknown, number>()
      return async (request, forward) => {
        const given = await forward()
        const { UUID: uuid } = request.params
        if (request.action !== 'GetEventSourceMapping' || given.status !== 404) return given
        if (!gone.has(uuid)) gone.set(uuid, Date.now())
        return Date.now() - (gone.get(uuid) ?? 0) > 3000 ? answer(200, { UUID: uuid, State: 'Enabled' }) : given
      }
    },
  },
  {
    id: 'stream-for-one-function',
    wrong: 'of the functions that read a stream only the first is called',
    caught: caught(dynamodb('views')),
    behaviour: () => {
      const read = new Set<unknown>()
      return (request, forward) => {
        const source = request.params['EventSourceArn']
        if (request.action !== 'CreateEventSourceMapping') return forward()
        const first = !read.has(source)
        read.add(source)
        return first ? forward() : forward(withMembers(request, () => ({ Enabled: false })))
      }
    },
  },
  {
    id: 'begins-at-the-oldest',
    wrong: 'reading begins at the oldest record, whatever the mapping says',
    caught: caught(kinesis('starting'), dynamodb('reading')),
    behaviour: () => ignoring(() => ({ StartingPosition: 'TRIM_HORIZON', StartingPositionTimestamp: undefined })),
  },
  {
    id: 'begins-at-the-newest',
    wrong: 'reading begins with what comes from now on, whatever the mapping says',
    caught: caught(kinesis('record'), dynamodb('record')),
    behaviour: () => mappings(() => ({ StartingPosition: 'LATEST' })),
  },
  {
    id: 'resumed-records-lost',
    wrong: 'what comes after a mapping has rested is lost',
    caught: caught(kinesis('resumed')),
    behaviour: () => {
      let hasRested = false
      return async (request, forward) => {
        hasRested ||= request.action === 'UpdateEventSourceMapping' && request.params['Enabled'] === false
        return hasRested && isCallOf(request, 'Kinesis', 'PutRecord')
          ? answer(200, { ShardId: 'shardId-0', SequenceNumber: '1' })
          : forward()
      }
    },
  },
  {
    id: 'paused-records-lost',
    wrong: 'what comes while a mapping rests is lost',
    caught: caught(kinesis('paused'), dynamodb('reading')),
    behaviour: () => {
      let paused = false
      return async (request, forward) => {
        if (request.action === 'UpdateEventSourceMapping') paused = request.params['Enabled'] === false
        const isRecord = isCallOf(request, 'Kinesis', 'PutRecord') || isCallOf(request, 'DynamoDB_', 'PutItem')
        return paused && isRecord ? answer(200, { ShardId: 'shardId-0', SequenceNumber: '1' }) : forward()
      }
    },
  },
  {
    id: 'one-function-a-stream',
    wrong: 'only the first function of a stream gets its records',
    caught: caught(kinesis('functions')),
    behaviour: () => {
      const read = new Set<unknown>()
      return mappings(({ EventSourceArn }) => {
        const first = !read.has(EventSourceArn)
        read.add(EventSourceArn)
        return first ? {} : { Enabled: false }
      })
    },
  },
  {
    id: 'failed-batch-skipped',
    wrong: 'a batch that failed is passed over',
    caught: caught(kinesis('retry')),
    behaviour: () => mappings(() => ({ MaximumRetryAttempts: 0 })),
  },
  {
    id: 'unasked-stream-reports-count',
    wrong: 'a list of failed items of a stream counts although the mapping does not ask for it',
    caught: caught(kinesis('retry')),
    behaviour: () =>
      programsChanged(/\{"failItem":true\}/, '{"first":{"seconds":9,"do":[{"throw":{"name":"A","message":"b"}}]}}'),
  },
  {
    id: 'problems-untold',
    wrong: 'the mapping does not tell that the function fails',
    caught: caught(kinesis('last-result')),
    behaviour: () => mappingsShow(() => ({ LastProcessingResult: 'OK' })),
  },
  {
    id: 'success-untold',
    wrong: 'the mapping does not tell that records were processed',
    caught: caught(kinesis('record'), dynamodb('record', 'reading')),
    behaviour: () => mappingsShow(() => ({ LastProcessingResult: 'No records processed' })),
  },
  {
    id: 'one-retry-less',
    wrong: 'the first attempt counts as a retry',
    caught: caught(kinesis('retries', 'item-failure', 'tumbling-failure'), dynamodb('retries', 'item-failures')),
    behaviour: () =>
      ignoring(({ MaximumRetryAttempts: most }) => ({
        ...(typeof most === 'number' && most > 0 && { MaximumRetryAttempts: most - 1 }),
      })),
  },
  {
    id: 'failure-destination-unused',
    wrong: 'the destination is not told of what was given up',
    caught: caught(kinesis('retries', 'bisect'), dynamodb('retries')),
    behaviour: () => ignoring(() => ({ DestinationConfig: undefined })),
  },
  {
    id: 'failure-destination-hidden',
    wrong: "a stream mapping's failure destination is not shown",
    caught: caught(kinesis('settings'), dynamodb('settings')),
    behaviour: () => mappingsShow(() => ({ DestinationConfig: { OnFailure: {} } })),
  },
  {
    id: 'discard-without-place',
    wrong: 'the document on discarded records does not say where the batch ended',
    caught: caught(kinesis('retries', 'bisect'), dynamodb('retries')),
    behaviour: () => batchInfoChanged(() => ({ endSequenceNumber: undefined })),
  },
  {
    id: 'discard-without-reason',
    wrong: 'the document on discarded records does not say why',
    caught: caught(kinesis('retries'), dynamodb('retries')),
    behaviour: () =>
      documentsChanged(({ requestContext }) => ({
        requestContext: { ...(requestContext as Members), condition: undefined },
      })),
  },
  {
    id: 'discard-count-wrong',
    wrong: 'the document on discarded records counts the retries instead of the calls',
    caught: caught(kinesis('retries'), dynamodb('retries')),
    behaviour: () =>
      documentsChanged(({ requestContext }) => {
        const { approximateInvokeCount: count } = requestContext as { readonly approximateInvokeCount: number }
        return { requestContext: { ...(requestContext as Members), approximateInvokeCount: count - 1 } }
      }),
  },
  {
    id: 'discard-without-response',
    wrong: 'the document on discarded records does not tell of the function error',
    caught: caught(kinesis('retries'), dynamodb('retries')),
    behaviour: () => documentsChanged(() => ({ responseContext: undefined })),
  },
  {
    id: 'discard-with-records',
    wrong: 'the document on discarded records has the records',
    caught: caught(kinesis('retries'), dynamodb('retries')),
    behaviour: () => documentsChanged(() => ({ Records: [{}] })),
  },
  {
    id: 'throttles-use-retries',
    wrong: 'records are given up because the function may not run',
    caught: caught(kinesis('throttled')),
    behaviour: () => lostWhileThrottled('Kinesis', 'PutRecord'),
  },
  {
    id: 'batches-not-split',
    wrong: 'a failing batch is given up whole, although it is to be split',
    caught: caught(kinesis('bisect'), dynamodb('bisect')),
    behaviour: () => ignoring(() => ({ BisectBatchOnFunctionError: false })),
  },
  {
    id: 'highest-item-is-checkpoint',
    wrong: 'reading goes on at the highest item that was named',
    caught: caught(kinesis('checkpoint')),
    behaviour: () => programsChanged(/("note":"2","do":)\[.*\]/, '$1[]'),
  },
  {
    id: 'stream-item-brings-all',
    wrong: 'a named item brings the whole batch back',
    caught: caught(kinesis('checkpoint'), dynamodb('checkpoint')),
    behaviour: () => programsChanged(/\{"failItem": ?true\}/, '{"throw":{"name":"A","message":"b"}}'),
  },
  {
    id: 'stream-items-forgotten',
    wrong: 'named items of a stream do not come back',
    caught: caught(kinesis('checkpoint', 'item-failure'), dynamodb('item-failures')),
    behaviour: () => ignoring(() => ({ FunctionResponseTypes: [] })),
  },
  {
    id: 'empty-stream-list-fails',
    wrong: 'an empty list of failed items fails the batch',
    caught: caught(kinesis('item-success')),
    behaviour: () => programsChanged(/"batchItemFailures":\[\]/, '"batchItemFailures":[{"itemIdentifier":""}]'),
  },
  {
    id: 'empty-stream-item-taken',
    wrong: 'an empty identifier counts as a success',
    caught: caught(kinesis('item-failure')),
    behaviour: () => programsChanged(/\[\{"itemIdentifier":""\}\]/, '[]'),
  },
  {
    id: 'unknown-stream-item-taken',
    wrong: 'an identifier that is none of the batch counts as a success',
    caught: caught(kinesis('item-failure')),
    behaviour: () => programsChanged(/\[\{"itemIdentifier":"4960*"\}\]/, '[]'),
  },
  {
    id: 'tumbling-ignored',
    wrong: 'there are no tumbling windows',
    caught: caught(kinesis('tumbling', 'tumbling-last', 'tumbling-failure'), dynamodb('tumbling')),
    behaviour: () => ignoring(() => ({ TumblingWindowInSeconds: 0 })),
  },
  {
    id: 'window-bounds-lost',
    wrong: 'an event of a tumbling window does not tell its bounds',
    caught: caught(kinesis('tumbling'), dynamodb('tumbling')),
    behaviour: () => eventsChanged(() => ({ window: undefined })),
  },
  {
    id: 'state-not-carried',
    wrong: 'each call of a tumbling window begins without state',
    caught: caught(kinesis('tumbling', 'tumbling-last'), dynamodb('tumbling')),
    behaviour: () => eventsChanged(({ window }) => (window === undefined ? {} : { state: {} })),
  },
  {
    id: 'last-call-not-told',
    wrong: 'nothing tells the last call of a window',
    caught: caught(kinesis('tumbling', 'tumbling-last'), dynamodb('tumbling')),
    behaviour: () => eventsChanged(({ window }) => (window === undefined ? {} : { isFinalInvokeForWindow: false })),
  },
  {
    id: 'state-outlives-window',
    wrong: 'a window begins with the state of the one before',
    caught: caught(kinesis('tumbling')),
    behaviour: () => {
      let ended = false
      return eventsChanged(({ isFinalInvokeForWindow, state }) => {
        if (isFinalInvokeForWindow === true) ended = true
        else if (ended) return { state: { ...(state as Members), count: 2 } }
        return {}
      })
    },
  },
  {
    id: 'stateless-answer-taken',
    wrong: 'an answer without state is a success',
    caught: caught(kinesis('tumbling-failure')),
    behaviour: () => programsChanged(/\{"return":\{"count":1\}\}/, '{"return":{"state":{}}}'),
  },
  {
    id: 'failed-last-call-forgotten',
    wrong: 'a last call that fails is not tried again',
    caught: caught(kinesis('tumbling-last')),
    behaviour: () => programsChanged(/\{"throw":\{[^}]*\}\}/, ''),
  },
  {
    id: 'state-without-limit',
    wrong: 'state may grow as it likes',
    caught: caught(kinesis('tumbling-large')),
    behaviour: () => programsChanged(/a{700000}/, 'a'),
  },
  {
    id: 'stream-filter-ignored',
    wrong: 'records reach the function that no filter lets through',
    caught: caught(kinesis('filter'), dynamodb('filter')),
    behaviour: () => ignoring(() => ({ FilterCriteria: undefined })),
  },
  {
    id: 'change-kind-lost',
    wrong: 'every change of a table is told as a modification',
    caught: caught(dynamodb('record')),
    behaviour: () => recordsChanged(() => ({ eventName: 'MODIFY' })),
  },
  {
    id: 'old-image-lost',
    wrong: 'the item as it was is not told',
    caught: caught(dynamodb('record', 'views')),
    behaviour: () => partsChanged('dynamodb', () => ({ OldImage: undefined })),
  },
  {
    id: 'view-type-ignored',
    wrong: 'a stream has both images, whatever its view type',
    caught: caught(dynamodb('views')),
    behaviour: () => partsChanged('dynamodb', ({ Keys }) => ({ NewImage: Keys, OldImage: Keys })),
  },
  {
    id: 'types-of-attributes-lost',
    wrong: 'attributes of items come without their types',
    caught: caught(dynamodb('record')),
    behaviour: () =>
      partsChanged('dynamodb', ({ Keys }) => ({
        Keys: Object.fromEntries(
          Object.entries(Keys as { readonly [name: string]: object }).map(([name, value]) => [
            name,
            Object.values(value)[0],
          ]),
        ),
      })),
  },
  {
    id: 'change-time-lost',
    wrong: 'the time of a change is not told',
    caught: caught(dynamodb('record')),
    behaviour: () => partsChanged('dynamodb', () => ({ ApproximateCreationDateTime: undefined })),
  },
  {
    id: 'age-of-records-told-as-retries',
    wrong: 'records that are too old are said to have been tried often enough',
    caught: caught(kinesis('age', 'throttled-age')),
    behaviour: () =>
      documentsChanged(({ requestContext }) => ({
        requestContext: { ...(requestContext as Members), condition: 'RetryAttemptsExhausted' },
      })),
  },
  {
    id: 'arrival-in-whole-seconds',
    wrong: 'the time of arrival is rounded to a second',
    caught: caught(kinesis('record')),
    behaviour: () =>
      partsChanged('kinesis', ({ approximateArrivalTimestamp: at }) => ({
        approximateArrivalTimestamp: Math.floor(Number(at)) - 1,
      })),
  },
  {
    id: 'window-ends-where-it-begins',
    wrong: 'a tumbling window ends when it begins',
    caught: caught(kinesis('tumbling', 'tumbling-arrival')),
    behaviour: () =>
      eventsChanged(({ window }) =>
        isObject(window) ? { window: { start: window['start'], end: window['start'] } } : {},
      ),
  },
  {
    id: 'change-ids-repeat',
    wrong: 'all changes of a table have the same id',
    caught: caught(dynamodb('record')),
    behaviour: () => recordsChanged(() => ({ eventID: 'one' })),
  },
]
