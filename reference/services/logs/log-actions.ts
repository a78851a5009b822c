import { numberOf, requiredText, structuresOf, textOf, textsOf } from '../input.ts'
import type { Members } from '../input.ts'
import type { FiguresOfServices, ServiceFigures } from '../figures.ts'
import { refuseService } from '../service-error.ts'
import { createLogGroup, createLogStream, putLogEvent } from './log-group.ts'
import type { LogEvent, LogGroup, LogPlace, LogStream } from './log-group.ts'
import { compareText } from '../../../base/compare-text.ts'

/** What the log actions know of their caller. */
export interface LogCall {
  readonly place: LogPlace & { readonly figures: Pick<FiguresOfServices, 'logs'> }
  /** Unix milliseconds. */
  readonly now: number
}

type LogAction = (call: LogCall, input: Members) => object

/**
 * The log service, as far as functions and those who read their logs need it.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
 * @since 0.1.0
 */
export const logActions: { readonly [action: string]: LogAction } = {
  CreateLogGroup({ place, now }, input) {
    const name = requiredText(input, 'logGroupName')
    if (!/^[\w./#-]+$/.test(name) || !place.figures.logs.allows('logGroupName', name.length))
      invalid(`The name of the log group is not valid: ${name.slice(0, 100)}`)
    if (place.logGroups.has(name)) exists('log group')
    createLogGroup(place, name, now)
    return {}
  },

  DeleteLogGroup({ place }, input) {
    place.logGroups.delete(findGroup(place, input).name)
    return {}
  },

  DescribeLogGroups({ place }, input) {
    const prefix = textOf(input, 'logGroupNamePrefix') ?? ''
    const groups = [...place.logGroups.values()].filter(({ name }) => name.startsWith(prefix))
    const page = pageOf(groups, ({ name }) => name, place.figures.logs.wanted(input, 'DescribeLogGroups.limit'), input)
    return { logGroups: page.items.map(group => describeGroup(group, place.figures.logs)), ...page.token }
  },

  PutRetentionPolicy({ place }, input) {
    const retentions = place.figures.logs.values('retentionInDays')
    const days = numberOf(input, 'retentionInDays', Math.min(...retentions), Math.max(...retentions))
    if (days === undefined || !retentions.includes(days))
      invalid(`retentionInDays is one of ${retentions.join(', ')}, not ${days}`)
    findGroup(place, input).retentionInDays = days
    return {}
  },

  DeleteRetentionPolicy({ place }, input) {
    findGroup(place, input).retentionInDays = undefined
    return {}
  },

  CreateLogStream({ place, now }, input) {
    const group = findGroup(place, input)
    const name = requiredText(input, 'logStreamName')
    if (group.streams.has(name)) exists('log stream')
    createLogStream(group, name, now)
    return {}
  },

  DescribeLogStreams({ place }, input) {
    const group = findGroup(place, input)
    const prefix = textOf(input, 'logStreamNamePrefix') ?? ''
    const streams = [...group.streams.values()].filter(({ name }) => name.startsWith(prefix))
    const page = pageOf(
      streams,
      ({ name }) => name,
      place.figures.logs.wanted(input, 'DescribeLogStreams.limit'),
      input,
    )
    return { logStreams: page.items.map(describeStream), ...page.token }
  },

  PutLogEvents({ place, now }, input) {
    const stream = findStream(findGroup(place, input), input)
    for (const { timestamp, message } of structuresOf(input, 'logEvents')) {
      if (typeof timestamp !== 'number' || typeof message !== 'string') invalid('a log event has timestamp and message')
      putLogEvent(stream, message, timestamp, now)
    }
    return { nextSequenceToken: String(stream.events.length) }
  },

  GetLogEvents({ place }, input) {
    const stream = findStream(findGroup(place, input), input)
    const events = within(stream.events, input)
    const most = place.figures.logs.wanted(input, 'GetLogEvents.limit')
    const fromHead = input['startFromHead'] === true
    const [, side = '', at = ''] = /^([fb])\/(\d+)$/.exec(textOf(input, 'nextToken') ?? '') ?? []
    const begin = startOf(side, Number(at), { fromHead, most, count: events.length })
    const found = side === 'b' ? events.slice(begin, Number(at)) : events.slice(begin, begin + most)
    return {
      events: found.map(({ eventId: _, ...event }) => event),
      nextForwardToken: `f/${begin + found.length}`,
      nextBackwardToken: `b/${begin}`,
    }
  },

  FilterLogEvents({ place }, input) {
    const group = findGroup(place, input)
    const names = textsOf(input, 'logStreamNames')
    const prefix = textOf(input, 'logStreamNamePrefix') ?? ''
    const pattern = (textOf(input, 'filterPattern') ?? '').replace(/^"(.*)"$/, '$1')
    const found = [...group.streams.values()]
      .filter(({ name }) => (names.length === 0 || names.includes(name)) && name.startsWith(prefix))
      .flatMap(({ name, events }) => within(events, input).map(event => ({ logStreamName: name, ...event })))
      .filter(({ message }) => message.includes(pattern))
      .sort((a, b) => a.timestamp - b.timestamp || compareText(a.eventId, b.eventId))
    const page = pageOf(
      found,
      ({ eventId }) => eventId,
      place.figures.logs.wanted(input, 'FilterLogEvents.limit'),
      input,
    )
    return { events: page.items, searchedLogStreams: [], ...page.token }
  },
}

function startOf(
  side: string,
  at: number,
  { fromHead, most, count }: { readonly fromHead: boolean; readonly most: number; readonly count: number },
): number {
  if (side === 'f') return at
  if (side === 'b') return Math.max(0, at - most)
  return fromHead ? 0 : Math.max(0, count - most)
}

/** Items behind the one that the token names, in the order of their keys where they are names. */
function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  most: number,
  input: Members,
): { readonly items: readonly Item[]; readonly token: object } {
  const after = textOf(input, 'nextToken')
  const start = after === undefined ? 0 : items.findIndex(item => keyOf(item) === after) + 1
  const found = items.slice(start, start + most)
  const last = found.at(-1)
  const isWhole = last === undefined || start + found.length >= items.length
  return { items: found, token: isWhole ? {} : { nextToken: keyOf(last) } }
}

function within(events: readonly LogEvent[], input: Members): readonly LogEvent[] {
  const from = numberOf(input, 'startTime', 0, Number.MAX_SAFE_INTEGER) ?? 0
  const to = numberOf(input, 'endTime', 0, Number.MAX_SAFE_INTEGER) ?? Infinity
  return events.filter(({ timestamp }) => timestamp >= from && timestamp < to)
}

function describeGroup({ name, arn, created, retentionInDays, streams }: LogGroup, logs: ServiceFigures): object {
  const events = [...streams.values()].flatMap(stream => stream.events)
  return {
    logGroupName: name,
    arn: `${arn}:*`,
    logGroupArn: arn,
    creationTime: created,
    ...(retentionInDays !== undefined && { retentionInDays }),
    metricFilterCount: 0,
    storedBytes: bytesOf(events, logs.usual('EventOverhead')),
    logGroupClass: 'STANDARD',
  }
}

function describeStream({ name, arn, created, events }: LogStream): object {
  const [first] = events
  const last = events.at(-1)
  return {
    logStreamName: name,
    arn,
    creationTime: created,
    ...(first && { firstEventTimestamp: first.timestamp }),
    ...(last && { lastEventTimestamp: last.timestamp, lastIngestionTime: last.ingestionTime }),
    storedBytes: 0,
  }
}

function bytesOf(events: readonly LogEvent[], overhead: number): number {
  return events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + overhead, 0)
}

function findGroup({ logGroups }: LogPlace, input: Members): LogGroup {
  const name =
    textOf(input, 'logGroupName') ?? textOf(input, 'logGroupIdentifier') ?? requiredText(input, 'logGroupName')
  return (
    logGroups.get(name.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '')) ??
    refuseService('ResourceNotFoundException', 'The specified log group does not exist.')
  )
}

function findStream(group: LogGroup, input: Members): LogStream {
  return (
    group.streams.get(requiredText(input, 'logStreamName')) ??
    refuseService('ResourceNotFoundException', 'The specified log stream does not exist.')
  )
}

function exists(what: string): never {
  return refuseService('ResourceAlreadyExistsException', `The specified ${what} already exists.`)
}

function invalid(message: string): never {
  return refuseService('InvalidParameterException', message)
}
