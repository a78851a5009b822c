/** Faults in what mappings are allowed, by their source, and in what they show of themselves. */
import { answer, withJson, type Behaviour, type Fault } from './fault.ts'
import { mappingsShow } from './journal.ts'
import { isCallOf, requestsChanged, withMembers, type Members } from './requests.ts'

const fault = (id: string, wrong: string, caught: readonly string[], behaviour: () => Behaviour): Fault => ({
  id,
  wrong,
  caught: { property: caught.map(one => `mapping-settings.${one}#property`) },
  behaviour,
})

const created = (change: (members: Members) => object): (() => Behaviour) => {
  return () => requestsChanged(['CreateEventSourceMapping'], change)
}

const isFifo = ({ EventSourceArn: arn }: Members): boolean => String(arn).endsWith('.fifo')

const leadsToFunction = ({ DestinationConfig: config }: Members): boolean =>
  JSON.stringify(config ?? '').includes(':lambda:')

export const MAPPING_SETTINGS_FAULTS: readonly Fault[] = [
  fault('queue-read-one-by-one', 'a queue is read message by message unless told otherwise', ['queue'], () =>
    mappingsShow(() => ({ BatchSize: 1 })),
  ),
  fault('changed-by-nobody', 'a mapping does not tell who has changed it', ['queue', 'stream'], () =>
    mappingsShow(() => ({ StateTransitionReason: undefined })),
  ),
  fault(
    'fifo-in-large-batches',
    'a FIFO queue is read in batches of any size',
    ['fifo'],
    created(members => (isFifo(members) ? { BatchSize: 10 } : {})),
  ),
  fault(
    'fifo-with-window',
    'a FIFO queue takes a window',
    ['fifo'],
    created(members => (isFifo(members) ? { MaximumBatchingWindowInSeconds: 0 } : {})),
  ),
  fault('visibility-unchecked', 'nobody looks for how long a queue hides its messages', ['visibility'], () => {
    return (request, forward) =>
      isCallOf(request, 'AmazonSQS', 'CreateQueue')
        ? forward(withMembers(request, () => ({ Attributes: { VisibilityTimeout: '240' } })))
        : forward()
  }),
  fault('stream-read-in-tens', 'a stream is read in batches of ten unless told otherwise', ['stream', 'table'], () =>
    mappingsShow(({ BatchSize: size }) => (size === 100 ? { BatchSize: 10 } : {})),
  ),
  {
    id: 'mapping-of-nothing',
    wrong: 'a mapping may be without any source',
    caught: { error: ['CreateEventSourceMapping.error.InvalidParameterValueException.no-source#error'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      const { EventSourceArn: arn, SelfManagedEventSource: brokers } = request.params
      return request.action === 'CreateEventSourceMapping' && arn === undefined && brokers === undefined
        ? answer(202, {})
        : given
    },
  },
  fault('streams-wait-a-second', 'a stream is read with a window unless told otherwise', ['stream', 'table'], () =>
    mappingsShow(({ MaximumBatchingWindowInSeconds: window }) =>
      window === 0 ? { MaximumBatchingWindowInSeconds: 1 } : {},
    ),
  ),
  fault('records-always-age', 'records have an age at which they are dropped, whatever is said', ['table'], () =>
    requestsChanged(['UpdateEventSourceMapping'], ({ MaximumRecordAgeInSeconds: age }) =>
      age === -1 ? { MaximumRecordAgeInSeconds: 604800 } : {},
    ),
  ),
  fault(
    'time-with-any-position',
    'a time to begin at is taken with every position',
    ['timestamp'],
    created(({ StartingPosition: position }) =>
      position === 'AT_TIMESTAMP' ? {} : { StartingPositionTimestamp: undefined },
    ),
  ),
  fault(
    'function-as-failure-destination',
    'failed batches may be told to a function',
    ['destination', 'table-required'],
    created(members => (leadsToFunction(members) ? { DestinationConfig: undefined } : {})),
  ),
  fault(
    'any-response-type',
    'a mapping may ask for any kind of answer',
    ['response-types'],
    created(({ FunctionResponseTypes: types }) =>
      Array.isArray(types) && types.includes('ReportEverything') ? { FunctionResponseTypes: [] } : {},
    ),
  ),
  fault('mapping-update-ignored', 'updates of mappings are answered and not done', ['update', 'table-update'], () => {
    return async (request, forward) => {
      if (request.action !== 'UpdateEventSourceMapping') return forward()
      const given = await forward({ method: 'GET', body: Buffer.alloc(0) })
      return { ...withJson(given, value => ({ ...value, State: 'Updating' })), status: 202 }
    }
  }),
  fault(
    'table-from-anywhere',
    'a table is read from now on unless told otherwise',
    ['table-required'],
    created(({ StartingPosition: position = 'LATEST' }) => ({ StartingPosition: position })),
  ),
]
