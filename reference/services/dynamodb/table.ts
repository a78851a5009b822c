import type { ServiceFigures } from '../figures.ts'
import { createHash, randomBytes } from 'node:crypto'
import { createShards, putRecord } from '../kinesis/stream.ts'
import type { Stream } from '../kinesis/stream.ts'
import { compareText } from '../../../base/compare-text.ts'

/** A value of an item as it travels: `{S: "text"}`, `{N: "1"}`. */
export interface AttributeValue {
  readonly [type: string]: unknown
}

/** An item, attribute by attribute. */
export type Item = { readonly [attribute: string]: AttributeValue }

/** Which images of an item the records of a table's stream hold. */
export type ViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES'

/** A table of this endpoint. */
export interface Table {
  readonly name: string
  readonly arn: string
  /** Names of the attributes of the key, the partition key first. */
  readonly key: readonly string[]
  /** As given: what describes the table, and nothing of which is looked at here. */
  readonly keySchema: unknown
  readonly attributeDefinitions: unknown
  readonly items: Map<string, Item>
  readonly stream?: TableStream
  /** Unix milliseconds. */
  readonly created: number
  /** Until then it is being created. Unix milliseconds. */
  readonly activeAt: number
}

/** The stream of a table: what it shows, and its changes. */
export interface TableStream {
  readonly label: string
  readonly view: ViewType
  /** One shard. The data of its records is a change of the table as JSON. */
  readonly changes: Stream
}

/** What is kept of one change: the record of the stream but for where it is read. */
export interface Change {
  readonly eventID: string
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE'
  readonly dynamodb: { readonly [member: string]: unknown }
}

/** A stream for a new table, or for one that gets one. */
export function createTableStream(
  dynamodb: ServiceFigures,
  table: string,
  view: ViewType,
  now: number,
  activeAt: number,
): TableStream {
  const label = new Date(now).toISOString().replace('Z', '')
  const [shard] = createShards(1, now)
  const id = `shardId-${String(now).padStart(20, '0')}-${randomBytes(4).toString('hex')}`
  return {
    label,
    view,
    changes: {
      name: `${table}/${label}`,
      arn: `${table}/stream/${label}`,
      mode: 'PROVISIONED',
      shards: shard ? [{ ...shard, id, firstSequenceNumber: nextSequenceNumber() }] : [],
      created: now,
      activeAt,
      retentionMs: dynamodb.usual('RetentionPeriod') * 1000,
      listeners: new Set(),
    },
  }
}

let sequence = 100_000_000_000_000_000_000n

/** 21 digits, so that their order is that of the texts. */
function nextSequenceNumber(): string {
  return String((sequence += 1n))
}

/** The text by which an item is found. */
export function keyOf(table: Pick<Table, 'key'>, item: Item): string {
  return JSON.stringify(table.key.map(name => Object.entries(item[name] ?? {})[0]))
}

/** What a write has done to an item. */
function eventNameOf(before: Item | undefined, after: Item | undefined): Change['eventName'] {
  if (!before) return 'INSERT'
  return after ? 'MODIFY' : 'REMOVE'
}

/**
 * Puts an item, or takes it away when there is no new one, and gives the old one. The stream learns of what has really
 * changed.
 */
export function writeItem(table: Table, key: string, item: Item | undefined, now: number): Item | undefined {
  const before = table.items.get(key)
  if (item) table.items.set(key, item)
  else table.items.delete(key)
  const some = item ?? before
  if (table.stream && some && canonical(before) !== canonical(item)) {
    const { view, changes } = table.stream
    const sequenceNumber = nextSequenceNumber()
    const Keys = Object.fromEntries(table.key.map(name => [name, some[name]]))
    const images = {
      ...(item && (view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES') && { NewImage: item }),
      ...(before && (view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES') && { OldImage: before }),
    }
    const change: Change = {
      eventID: createHash('md5').update(sequenceNumber).digest('hex'),
      eventName: eventNameOf(before, item),
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(now / 1000),
        Keys,
        ...images,
        SequenceNumber: sequenceNumber,
        SizeBytes: Buffer.byteLength(JSON.stringify({ Keys, ...images })),
        StreamViewType: view,
      },
    }
    putRecord(changes, { partitionKey: key, data: JSON.stringify(change), sequenceNumber }, now)
  }
  return before
}

/** The same text for the same item, whatever the order of its attributes. */
function canonical(item: Item | undefined): string {
  return JSON.stringify(item && Object.entries(item).sort(([a], [b]) => compareText(a, b)))
}

/** The stream of a table behind an ARN. */
export function streamOfTable(tables: ReadonlyMap<string, Table>, arn: string): Stream | undefined {
  const [, name = '', label] = /:table\/([^/]+)\/stream\/([^/]+)$/.exec(arn) ?? []
  const table = tables.get(name)
  return table?.stream && table.stream.label === label && arn === `${table.arn}/stream/${label}`
    ? table.stream.changes
    : undefined
}
