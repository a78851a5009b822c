/**
 * What functions told a queue that they were called with (`suites/probes/README.md`): functions that a mapping calls
 * answer nobody.
 */
import { isObject } from '../../base/is-object.ts'
import { parseJson } from '../../base/parse-json.ts'
import type { Answer, Client } from '../case.ts'
import { serviceCall } from '../wire/service-call.ts'

/** One call of a function. */
export interface JournalEntry {
  readonly id: string
  /** By the function's clock, milliseconds since 1970. */
  readonly at: number
  readonly requestId?: string
  /** As which the function was called. */
  readonly arn?: string
  /** Of the event as JSON. */
  readonly bytes: number
  /** Absent when it is too large for a message. */
  readonly event?: unknown
}

type Members = { readonly [member: string]: unknown }

/** Nobody tells more at a time. */
const MOST_PAGES = 100

/**
 * Takes everything out of the queue and adds it to `known`. Resolves with the last answer of the queue, which is a
 * failure when one was.
 */
export async function readJournal(
  client: Pick<Client, 'http'>,
  queueUrl: string,
  known: Map<string, JournalEntry>,
): Promise<Answer> {
  for (let page = 0; ; page++) {
    const answer = await client.http(
      serviceCall('sqs', 'ReceiveMessage', {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: page === 0 ? 1 : 0,
      }),
      { service: 'sqs' },
    )
    const messages = answer.status === 200 && isObject(answer.json) ? answer.json['Messages'] : undefined
    if (!Array.isArray(messages) || messages.length === 0) return answer
    for (const message of messages) {
      const entry = isObject(message) ? entryOf(message['Body']) : undefined
      if (entry !== undefined) known.set(entry.id, entry)
    }
    const handles = messages.flatMap((message: unknown) => (isObject(message) ? [message['ReceiptHandle']] : []))
    await client.http(
      serviceCall('sqs', 'DeleteMessageBatch', {
        QueueUrl: queueUrl,
        Entries: handles.map((handle, at) => ({ Id: String(at), ReceiptHandle: handle })),
      }),
      { service: 'sqs' },
    )
    if (page === MOST_PAGES) return answer
  }
}

function entryOf(body: unknown): JournalEntry | undefined {
  const value = typeof body === 'string' ? parseJson(body) : undefined
  if (!isObject(value) || typeof value['id'] !== 'string' || typeof value['at'] !== 'number') return undefined
  return value as unknown as JournalEntry
}

/**
 * What a page sees of a journal, in the order of the calls: `count`; `calls` with `since` (milliseconds since the
 * first), `size`, `event` and the rest of the entry; `events`; `records` of all events; `batches`, the notes of the
 * records of each call; `notes`, all of them; `firsts`, each note when it came for the first time; `tries`, how often
 * each came, and `starts`, when first; `sizes` and the `largest`; `mixed`, whether an event has records of more than
 * one source or shard.
 */
export function journalView(entries: readonly JournalEntry[]): Members {
  const sorted = [...entries].sort((a, b) => a.at - b.at)
  const first = sorted[0]?.at ?? 0
  const batches = sorted.map(({ event }) => recordsOf(event).map(noteOf))
  const notes = batches.flat()
  const tries: { [note: string]: number } = {}
  for (const note of notes) tries[note] = (tries[note] ?? 0) + 1
  const starts: { [note: string]: number } = {}
  sorted.forEach(({ at }, call) => {
    for (const note of batches[call] ?? []) starts[note] ??= at - first
  })
  return {
    count: sorted.length,
    calls: sorted.map((entry, at) => ({ ...entry, since: entry.at - first, size: batches[at]?.length ?? 0 })),
    events: sorted.map(({ event }) => event),
    records: sorted.flatMap(({ event }) => recordsOf(event)),
    batches,
    notes,
    firsts: [...new Set(notes)],
    tries,
    starts,
    sizes: batches.map(batch => batch.length),
    largest: Math.max(0, ...batches.map(batch => batch.length)),
    mixed: sorted.some(({ event }) => new Set(recordsOf(event).map(originOf)).size > 1),
  }
}

function recordsOf(event: unknown): readonly unknown[] {
  const records = isObject(event) ? event['Records'] : undefined
  return Array.isArray(records) ? records : []
}

/** The source, and of a stream the shard. */
function originOf(record: unknown): string {
  if (!isObject(record)) return ''
  const [shard = ''] = String(record['eventID'] ?? '').split(':')
  return `${String(record['eventSourceARN'])} ${isObject(record['kinesis']) ? shard : ''}`
}

/**
 * The `note` in what a record carries, the text of a table's item being its attribute `program`; its own identifier
 * when there is none.
 */
function noteOf(record: unknown): string {
  if (!isObject(record)) return ''
  const text = carriedText(record)
  const carried = typeof text === 'string' ? parseJson(text) : undefined
  return isObject(carried) && typeof carried['note'] === 'string' ? carried['note'] : ''
}

function carriedText({ kinesis, dynamodb, body }: Members): unknown {
  if (isObject(kinesis)) return Buffer.from(String(kinesis['data']), 'base64').toString('utf8')
  return isObject(dynamodb) ? programOf(dynamodb) : body
}

function programOf(change: Members): unknown {
  for (const name of ['NewImage', 'OldImage', 'Keys']) {
    const item = change[name]
    const program = isObject(item) ? item['program'] : undefined
    if (isObject(program)) return program['S']
  }
  return undefined
}
