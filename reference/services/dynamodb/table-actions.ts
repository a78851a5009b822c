import type { Place } from '../../protocol/arn.ts'
import { requiredText, structureOf, textOf } from '../input.ts'
import type { FiguresOfServices } from '../figures.ts'
import type { Members } from '../input.ts'
import { refuseService } from '../service-error.ts'
import { createTableStream, keyOf, writeItem } from './table.ts'
import type { Item, Table, ViewType } from './table.ts'
import { updateItem } from './update-expression.ts'
import { own } from '../../../base/own.ts'
import { isOneOf } from '../../../base/is-one-of.ts'

/** What the table actions know of their caller. */
export interface TableCall {
  readonly place: Place & {
    readonly tables: Map<string, Table>
    readonly transitionMs: number
    readonly figures: Pick<FiguresOfServices, 'dynamodb'>
  }
  /** Unix milliseconds. */
  readonly now: number
}

type TableAction = (call: TableCall, input: Members) => object

const views = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'] as const satisfies readonly ViewType[]

/**
 * The table service, as far as streams of tables need it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations.html
 */
export const tableActions: { readonly [action: string]: TableAction } = {
  CreateTable({ place, now }, input) {
    const name = requiredText(input, 'TableName')
    const { dynamodb } = place.figures
    if (!/^[\w.-]+$/.test(name) || !dynamodb.allows('TableName', name.length))
      invalid(
        `TableName must be at least ${dynamodb.least('TableName')} characters long and at most ` +
          `${dynamodb.most('TableName')} characters long, of a-z, A-Z, 0-9, _, - and .`,
      )
    if (place.tables.has(name)) refuseService('ResourceInUseException', `Table already exists: ${name}`)
    const schema = Array.isArray(input['KeySchema']) ? (input['KeySchema'] as Members[]) : []
    const key = ['HASH', 'RANGE'].flatMap(type =>
      schema.filter(one => one['KeyType'] === type).map(one => String(one['AttributeName'])),
    )
    if (key.length === 0 || key.length !== schema.length)
      invalid('KeySchema must have a HASH key, and at most one RANGE key.')
    const arn = `arn:aws:dynamodb:${place.region}:${place.accountId}:table/${name}`
    const wanted = structureOf(input, 'StreamSpecification')
    const activeAt = now + place.transitionMs
    const table: Table = {
      name,
      arn,
      key,
      keySchema: schema,
      attributeDefinitions: input['AttributeDefinitions'] ?? [],
      items: new Map(),
      ...(wanted['StreamEnabled'] === true && {
        stream: createTableStream(dynamodb, arn, viewOf(wanted), now, activeAt),
      }),
      created: now,
      activeAt,
    }
    place.tables.set(name, table)
    return { TableDescription: describeTable(table, now) }
  },

  DescribeTable: (call, input) => ({ Table: describeTable(findTable(call, input), call.now) }),

  ListTables({ place }, input) {
    const most = place.figures.dynamodb.wanted(input, 'ListTables.Limit')
    const after = textOf(input, 'ExclusiveStartTableName') ?? ''
    const names = [...place.tables.keys()].filter(name => name > after).sort()
    return { TableNames: names.slice(0, most), ...(names.length > most && { LastEvaluatedTableName: names[most - 1] }) }
  },

  /** Streams are switched on and off; nothing else of a table changes. */
  UpdateTable(call, input) {
    const table = findTable(call, input)
    const wanted = structureOf(input, 'StreamSpecification')
    if (wanted['StreamEnabled'] === true && table.stream) invalid('Table already has an enabled stream')
    const { stream: _, ...rest } = table
    const changed: Table = {
      ...rest,
      ...(wanted['StreamEnabled'] === true && {
        stream: createTableStream(
          call.place.figures.dynamodb,
          table.arn,
          viewOf(wanted),
          call.now,
          call.now + call.place.transitionMs,
        ),
      }),
    }
    call.place.tables.set(table.name, changed)
    return { TableDescription: describeTable(changed, call.now) }
  },

  DeleteTable(call, input) {
    const table = findTable(call, input)
    call.place.tables.delete(table.name)
    return { TableDescription: { ...describeTable(table, call.now), TableStatus: 'DELETING' } }
  },

  GetItem(call, input) {
    const table = activeTable(call, input)
    const item = table.items.get(keyOf(table, wholeKey(table, structureOf(input, 'Key') as Item)))
    return item ? { Item: item } : {}
  },

  PutItem(call, input) {
    const table = activeTable(call, input)
    const item = wholeKey(table, structureOf(input, 'Item') as Item)
    refuseConditions(input)
    return returned(input, writeItem(table, keyOf(table, item), item, call.now), item)
  },

  DeleteItem(call, input) {
    const table = activeTable(call, input)
    refuseConditions(input)
    const key = keyOf(table, wholeKey(table, structureOf(input, 'Key') as Item))
    return returned(input, writeItem(table, key, undefined, call.now), undefined)
  },

  UpdateItem(call, input) {
    const table = activeTable(call, input)
    refuseConditions(input)
    const keyAttributes = wholeKey(table, structureOf(input, 'Key') as Item)
    const key = keyOf(table, keyAttributes)
    const expression = textOf(input, 'UpdateExpression')
    const before = table.items.get(key) ?? keyAttributes
    const after =
      expression === undefined
        ? before
        : updateItem(
            before,
            expression,
            structureOf(input, 'ExpressionAttributeNames'),
            structureOf(input, 'ExpressionAttributeValues'),
          )
    return returned(input, writeItem(table, key, after, call.now), after)
  },
}

function findTable({ place }: Pick<TableCall, 'place'>, input: Members): Table {
  const given = requiredText(input, 'TableName')
  const name = given.slice(given.lastIndexOf('/') + 1)
  return (
    place.tables.get(name) ??
    refuseService('ResourceNotFoundException', `Requested resource not found: Table: ${name.slice(0, 255)} not found`)
  )
}

function activeTable(call: TableCall, input: Members): Table {
  const table = findTable(call, input)
  if (call.now < table.activeAt) refuseService('ResourceNotFoundException', 'Requested resource not found')
  return table
}

function viewOf(wanted: Members): ViewType {
  const view = textOf(wanted, 'StreamViewType') ?? ''
  return isOneOf(views, view)
    ? view
    : invalid('StreamViewType must be one of KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES')
}

/** The item, when it has every attribute of the key. */
function wholeKey(table: Table, item: Item): Item {
  const missing = table.key.find(name => typeof item[name] !== 'object')
  if (missing !== undefined)
    invalid(`One or more parameter values were invalid: Missing the key ${missing} in the item`)
  return item
}

function refuseConditions(input: Members): void {
  if (input['ConditionExpression'] !== undefined) invalid('This endpoint knows no conditions of writes.')
}

function returned(input: Members, before: Item | undefined, after: Item | undefined): object {
  const wanted = textOf(input, 'ReturnValues') ?? 'NONE'
  const item = own({ ALL_OLD: before, ALL_NEW: after }, wanted)
  return item ? { Attributes: item } : {}
}

function describeTable(table: Table, now: number): object {
  return {
    TableName: table.name,
    TableArn: table.arn,
    TableStatus: now < table.activeAt ? 'CREATING' : 'ACTIVE',
    KeySchema: table.keySchema,
    AttributeDefinitions: table.attributeDefinitions,
    CreationDateTime: table.created / 1000,
    ItemCount: table.items.size,
    TableSizeBytes: 0,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    ...(table.stream && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream.view },
      LatestStreamLabel: table.stream.label,
      LatestStreamArn: `${table.arn}/stream/${table.stream.label}`,
    }),
  }
}

function invalid(reason: string): never {
  return refuseService('ValidationException', reason)
}
