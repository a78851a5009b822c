/** Faults in what mappings do with queues. */
import { answer, jsonOf, refusal, withJson, type Behaviour, type Fault, type Passing } from './fault.ts'
import { entriesChanged, entryOf, mappingsShow, programsChanged, recordsChanged } from './journal.ts'
import { isCallOf, requestsChanged, withMembers, type Members } from './requests.ts'

const caught = (...names: readonly string[]): Fault['caught'] => ({
  property: names.map(name => `sqs-event-source.${name}#property`),
})

/** The attributes of each record are changed. */
const attributesChanged = (change: (attributes: Members) => object): Behaviour =>
  recordsChanged(({ attributes }) => ({ attributes: change(attributes as Members) }))

const isLetter = (request: Passing): boolean =>
  isCallOf(request, 'AmazonSQS', 'SendMessage') && entryOf(request) === undefined

export const QUEUE_FAULTS: readonly Fault[] = [
  {
    id: 'messages-of-all',
    wrong: 'a message that is with a function is there for others too',
    caught: caught('hidden'),
    behaviour: () => {
      const sent = new Map<unknown, object>()
      return async (request, forward) => {
        const given = await forward()
        const { QueueUrl: queue, MessageBody } = jsonOf(request) ?? {}
        if (isLetter(request)) sent.set(queue, { Body: MessageBody, MessageId: 'm', ReceiptHandle: 'r' })
        return isCallOf(request, 'AmazonSQS', 'ReceiveMessage') && sent.has(queue)
          ? withJson(given, value => ({ Messages: [sent.get(queue)], ...value }))
          : given
      }
    },
  },
  {
    id: 'message-attributes-lost',
    wrong: "a message's own attributes do not reach the function",
    caught: caught('record'),
    behaviour: () => recordsChanged(() => ({ messageAttributes: {} })),
  },
  {
    id: 'attribute-types-lost',
    wrong: 'attributes of messages have no types',
    caught: caught('record'),
    behaviour: () =>
      recordsChanged(({ messageAttributes }) => ({
        messageAttributes: Object.fromEntries(
          Object.entries(messageAttributes as { readonly [name: string]: Members }).map(([name, value]) => [
            name,
            { ...value, dataType: 'String' },
          ]),
        ),
      })),
  },
  {
    id: 'queue-attributes-as-numbers',
    wrong: 'what the queue knows of a message comes as numbers',
    caught: caught('record'),
    behaviour: () =>
      attributesChanged(attributes => ({ ...attributes, SentTimestamp: Number(attributes['SentTimestamp']) })),
  },
  {
    id: 'digest-of-another-body',
    wrong: 'the digest is not that of the body',
    caught: caught('record'),
    behaviour: () => recordsChanged(() => ({ md5OfBody: '0'.repeat(32) })),
  },
  {
    id: 'receive-count-stands-still',
    wrong: 'the receive count is one however often a message came',
    caught: caught('result', 'redrive'),
    behaviour: () => attributesChanged(attributes => ({ ...attributes, ApproximateReceiveCount: '1' })),
  },
  {
    id: 'unasked-item-failures-count',
    wrong: 'a list of failed items counts although the mapping does not ask for it',
    caught: caught('result'),
    behaviour: () =>
      programsChanged(
        /^(.*)\{"failItem": true\}/,
        '$1{"first": {"times": 1, "do": [{"throw": {"name": "A", "message": "b"}}]}}',
      ),
  },
  {
    id: 'failed-message-deleted',
    wrong: 'a message is deleted although the function failed',
    caught: caught('result', 'whole-batch', 'fifo'),
    behaviour: () => programsChanged(/\{"throw": \{[^}]*\}\}/, ''),
  },
  {
    id: 'batch-size-ignored',
    wrong: 'batches have ten messages, whatever the mapping says',
    caught: caught('batch-size'),
    behaviour: () => requestsChanged(['CreateEventSourceMapping'], () => ({ BatchSize: 10 })),
  },
  {
    id: 'handled-messages-stay-away',
    wrong: 'of a batch that failed only the message comes back that caused it',
    caught: caught('whole-batch'),
    // The function reports the item, and the mapping asks for it.
    behaviour: () => {
      const programs = programsChanged(/\{"throw": \{[^}]*\}\}/, '{"failItem": true}')
      const mappings = requestsChanged(['CreateEventSourceMapping'], () => ({
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      }))
      return (request, forward) =>
        request.action === undefined ? programs(request, forward) : mappings(request, forward)
    },
  },
  {
    id: 'event-too-large',
    wrong: 'the metadata of messages is not counted: events are larger than 6 MB',
    caught: caught('payload'),
    behaviour: () => entriesChanged(({ bytes }) => ({ bytes: Number(bytes) * 4 })),
  },
  {
    id: 'window-ignored',
    wrong: 'messages are not gathered',
    caught: caught('window', 'effective-visibility'),
    behaviour: () => requestsChanged(['CreateEventSourceMapping'], () => ({ MaximumBatchingWindowInSeconds: 0 })),
  },
  {
    id: 'one-batch-at-a-time',
    wrong: 'a queue has one batch with the function, however much there is',
    caught: caught('concurrency'),
    behaviour: () => {
      let calls = 0
      return entriesChanged(({ at }) => ({ at: Number(at) + 3000 * calls++ }))
    },
  },
  {
    id: 'named-item-brings-all',
    wrong: 'a named item of a batch comes back with all others',
    caught: caught('item-failures'),
    behaviour: () => programsChanged(/\{"failItem": true\}/, '{"throw": {"name": "Asked", "message": "all"}}'),
  },
  {
    id: 'named-item-forgotten',
    wrong: 'a named item of a batch does not come back',
    caught: caught('item-failures', 'item-failure-forms'),
    behaviour: () => requestsChanged(['CreateEventSourceMapping'], () => ({ FunctionResponseTypes: [] })),
  },
  {
    id: 'unknown-item-taken',
    wrong: 'an identifier that is none of the batch counts as a success',
    caught: caught('item-failure-forms'),
    behaviour: () => programsChanged(/\[\{"itemIdentifier": "nobody"\}\]/, '[]'),
  },
  {
    id: 'empty-item-taken',
    wrong: 'an empty identifier counts as a success',
    caught: caught('item-failure-forms'),
    behaviour: () => programsChanged(/\[\{"itemIdentifier": ""\}\]/, '[]'),
  },
  {
    id: 'empty-list-fails',
    wrong: 'an empty list of failed items fails the batch',
    caught: caught('item-failure-forms'),
    behaviour: () => programsChanged(/"batchItemFailures": \[\]/, '"batchItemFailures": [{"itemIdentifier": ""}]'),
  },
  {
    id: 'group-attributes-lost',
    wrong: 'records of a FIFO queue do not tell their group',
    caught: caught('fifo'),
    behaviour: () => attributesChanged(({ MessageGroupId: _, ...others }) => others),
  },
  {
    id: 'group-order-lost',
    wrong: 'later messages of a group do not wait for the one that failed',
    caught: caught('fifo', 'fifo-groups'),
    behaviour: () => (request, forward) =>
      isLetter(request)
        ? forward(
            withMembers(request, ({ MessageGroupId, MessageDeduplicationId }) => ({
              ...(MessageGroupId !== undefined && { MessageGroupId: MessageDeduplicationId }),
            })),
          )
        : forward(),
  },
  {
    id: 'groups-one-after-another',
    wrong: 'of all groups of a queue one batch is with the function',
    caught: caught('fifo-groups'),
    behaviour: () => (request, forward) =>
      isLetter(request)
        ? forward(
            withMembers(request, ({ MessageGroupId }) =>
              MessageGroupId === undefined ? {} : { MessageGroupId: 'all' },
            ),
          )
        : forward(),
  },
  {
    id: 'redrive-ignored',
    wrong: 'a message that always fails comes for ever',
    caught: caught('redrive'),
    behaviour: () => (request, forward) =>
      isCallOf(request, 'AmazonSQS', 'CreateQueue')
        ? forward(
            withMembers(request, ({ Attributes }) => {
              const { RedrivePolicy: _, ...others } = (Attributes ?? {}) as Members
              return { Attributes: others }
            }),
          )
        : forward(),
  },
  {
    id: 'functions-own-dead-letters',
    wrong: "messages that fail go to the function's own dead-letter queue as well",
    caught: caught('redrive'),
    behaviour: () => {
      let name: string | undefined
      return async (request, forward) => {
        const { TargetArn } = (request.params['DeadLetterConfig'] ?? {}) as { readonly TargetArn?: string }
        name ??= TargetArn?.split(':').at(-1)
        const given = await forward()
        const isAsked =
          name !== undefined &&
          isCallOf(request, 'AmazonSQS', 'ReceiveMessage') &&
          request.body.toString('utf8').includes(`/${name}"`)
        return isAsked ? withJson(given, () => ({ Messages: [{ MessageId: 'x', Body: '{}' }] })) : given
      }
    },
  },
  {
    id: 'throttled-message-lost',
    wrong: 'messages are lost while the function may not run',
    caught: caught('throttled'),
    behaviour: () => {
      let throttled = false
      return async (request, forward) => {
        if (request.action === 'PutFunctionConcurrency') throttled = true
        if (request.action === 'DeleteFunctionConcurrency') throttled = false
        return throttled && isLetter(request) ? answer(200, { MessageId: 'lost', MD5OfMessageBody: '' }) : forward()
      }
    },
  },
  {
    id: 'timeout-guarded-by-queue',
    wrong: 'the timeout of a function cannot be raised beyond what its queue allows',
    caught: caught('timeout-raised'),
    behaviour: () => async (request, forward) =>
      request.action === 'UpdateFunctionConfiguration' ? refusal(400, 'InvalidParameterValueException') : forward(),
  },
  {
    id: 'queues-mixed',
    wrong: 'a batch has messages of two queues',
    caught: caught('two-queues'),
    behaviour: () =>
      recordsChanged(({ eventSourceARN }, at) => ({
        eventSourceARN: `${String(eventSourceARN)}${at === 0 ? '' : '2'}`,
      })),
  },
  {
    id: 'qualifier-of-mapping-lost',
    wrong: 'a mapping of an alias or a version calls the function itself',
    caught: caught('qualified'),
    behaviour: () =>
      requestsChanged(['CreateEventSourceMapping'], ({ FunctionName }) => ({
        FunctionName: String(FunctionName).split(':').slice(0, 7).join(':'),
      })),
  },
  {
    id: 'deleted-mapping-reads',
    wrong: 'a mapping that was deleted reads on',
    caught: caught('paused'),
    behaviour: () => {
      const deleted = new Set<string>()
      return async (request, forward) => {
        const id = request.target
        if (request.action === 'GetEventSourceMapping' && deleted.has(id))
          return refusal(404, 'ResourceNotFoundException')
        if (request.action !== 'DeleteEventSourceMapping') return forward()
        deleted.add(id)
        return withJson(await forward({ method: 'GET' }), value => ({ ...value, State: 'Deleting' }))
      }
    },
  },
  {
    id: 'filter-ignored',
    wrong: 'messages reach the function that no filter lets through',
    caught: caught('filter'),
    behaviour: () => requestsChanged(['CreateEventSourceMapping'], () => ({ FilterCriteria: undefined })),
  },
  {
    id: 'queue-with-starting-position',
    wrong: 'a mapping of a queue shows a starting position',
    caught: caught('no-stream-settings'),
    behaviour: () => mappingsShow(() => ({ StartingPosition: 'LATEST' })),
  },
  {
    id: 'starting-position-taken',
    wrong: 'a starting position is accepted for a queue',
    caught: caught('no-stream-settings'),
    behaviour: () => requestsChanged(['CreateEventSourceMapping'], () => ({ StartingPosition: undefined })),
  },
  {
    id: 'response-types-not-shown',
    wrong: 'the kinds of answers that a mapping asks for are not shown',
    caught: caught('settings'),
    behaviour: () => mappingsShow(() => ({ FunctionResponseTypes: [] })),
  },
  {
    id: 'mapping-resurrected',
    wrong: 'a mapping that is made again has the batch size of the dead one',
    caught: caught('settings'),
    behaviour: () => {
      const sizes = new Map<unknown, unknown>()
      return (request, forward) => {
        if (request.action !== 'CreateEventSourceMapping') return forward()
        const { EventSourceArn: arn, BatchSize = sizes.get(request.params['EventSourceArn']) } = request.params
        sizes.set(arn, BatchSize)
        return forward(withMembers(request, () => ({ BatchSize })))
      }
    },
  },
  {
    id: 'first-filter-alone',
    wrong: 'of several filters only the first counts',
    caught: caught('filters'),
    behaviour: () =>
      requestsChanged(['CreateEventSourceMapping'], ({ FilterCriteria }) => {
        const { Filters = [] } = (FilterCriteria ?? {}) as { readonly Filters?: readonly unknown[] }
        return { FilterCriteria: { Filters: Filters.slice(0, 1) } }
      }),
  },
]
