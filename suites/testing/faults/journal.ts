/**
 * What faults of mappings have in common: they change what a function was called with, by what it tells its journal.
 */
import { isObject } from '../../../base/is-object.ts'
import { jsonOf, withJson, type Behaviour, type Passing } from './fault.ts'
import { isCallOf, withMembers, type Members } from './requests.ts'

/** Entries of the journal are changed on their way. */
export const entriesChanged =
  (change: (entry: Members) => object): Behaviour =>
  (request, forward) => {
    const entry = entryOf(request)
    return entry === undefined
      ? forward()
      : forward(withMembers(request, () => ({ MessageBody: JSON.stringify({ ...entry, ...change(entry) }) })))
  }

/** Events are changed. */
export const eventsChanged = (change: (event: Members) => object): Behaviour =>
  entriesChanged(({ event }) => (isObject(event) ? { event: { ...event, ...change(event) } } : {}))

/** Each record is changed. */
export const recordsChanged = (change: (record: Members, at: number) => object): Behaviour =>
  eventsChanged(({ Records }) =>
    Array.isArray(Records)
      ? { Records: (Records as Members[]).map((record, at) => ({ ...record, ...change(record, at) })) }
      : {},
  )

/**
 * What a message, a record or an item carries is replaced before it is kept: functions do something else than they were
 * asked to.
 */
export const programsChanged =
  (from: RegExp, to: string): Behaviour =>
  (request, forward) => {
    if (entryOf(request) !== undefined) return forward()
    const changed = (text: string): string => text.replace(from, to)
    if (isCallOf(request, 'AmazonSQS', 'SendMessage'))
      return forward(withMembers(request, ({ MessageBody }) => ({ MessageBody: changed(String(MessageBody)) })))
    if (isCallOf(request, 'AmazonSQS', 'SendMessageBatch'))
      return forward(
        withMembers(request, ({ Entries }) => ({
          Entries: (Entries as Members[]).map(one => ({ ...one, MessageBody: changed(String(one['MessageBody'])) })),
        })),
      )
    if (isCallOf(request, 'Kinesis', 'PutRecord'))
      return forward(withMembers(request, ({ Data }) => ({ Data: recoded(Data, changed) })))
    if (isCallOf(request, 'Kinesis', 'PutRecords'))
      return forward(
        withMembers(request, ({ Records }) => ({
          Records: (Records as Members[]).map(one => ({ ...one, Data: recoded(one['Data'], changed) })),
        })),
      )
    if (isCallOf(request, 'DynamoDB_', 'PutItem'))
      return forward(
        withMembers(request, ({ Item }) => {
          const { program, ...others } = Item as { readonly program?: { readonly S: string } }
          return { Item: { ...others, ...(program !== undefined && { program: { S: changed(program.S) } }) } }
        }),
      )
    return forward()
  }

/** Mappings are shown otherwise than they are, by create, get and list. */
export const mappingsShow =
  (change: (mapping: Members) => object): Behaviour =>
  async (request, forward) => {
    const given = await forward()
    if (request.action === 'GetEventSourceMapping' || request.action === 'CreateEventSourceMapping')
      return withJson(given, value => ({ ...value, ...change(value) }))
    if (request.action !== 'ListEventSourceMappings') return given
    return withJson(given, value => ({
      ...value,
      EventSourceMappings: ((value['EventSourceMappings'] ?? []) as Members[]).map(one => ({ ...one, ...change(one) })),
    }))
  }

function recoded(data: unknown, change: (text: string) => string): string {
  return Buffer.from(change(Buffer.from(String(data), 'base64').toString('utf8'))).toString('base64')
}

export function entryOf(request: Passing): Members | undefined {
  if (!isCallOf(request, 'AmazonSQS', 'SendMessage')) return undefined
  const body = jsonOf(request)?.['MessageBody']
  const entry = typeof body === 'string' ? jsonOf({ body: Buffer.from(body) }) : undefined
  return entry !== undefined && typeof entry['at'] === 'number' && 'bytes' in entry ? entry : undefined
}
