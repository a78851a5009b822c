/** The groups and streams into which functions write. */

/** A line or message, as it was put. */
export interface LogEvent {
  /** Unix milliseconds. */
  readonly timestamp: number
  readonly ingestionTime: number
  readonly message: string
  readonly eventId: string
}

/** A log stream with its events. */
export interface LogStream {
  readonly name: string
  readonly arn: string
  /** Unix milliseconds. */
  readonly created: number
  /** In the order put. */
  readonly events: LogEvent[]
}

/** A log group with its streams. */
export interface LogGroup {
  readonly name: string
  /** Without the `:*` that stands for its streams. */
  readonly arn: string
  /** Unix milliseconds. */
  readonly created: number
  retentionInDays?: number | undefined
  readonly streams: Map<string, LogStream>
}

/** Whose groups they are. */
export interface LogPlace {
  readonly region: string
  readonly accountId: string
  readonly logGroups: Map<string, LogGroup>
}

/** Of a stream the last so many events are kept. */
const mostEvents = 10_000

/** Makes a group without streams. Milliseconds since 1970. */
export function createLogGroup({ region, accountId, logGroups }: LogPlace, name: string, now: number): LogGroup {
  const arn = `arn:aws:logs:${region}:${accountId}:log-group:${name}`
  const group: LogGroup = { name, arn, created: now, streams: new Map() }
  logGroups.set(name, group)
  return group
}

/** Makes a stream without lines. Milliseconds since 1970. */
export function createLogStream(group: LogGroup, name: string, now: number): LogStream {
  const stream: LogStream = { name, arn: `${group.arn}:log-stream:${name}`, created: now, events: [] }
  group.streams.set(name, stream)
  return stream
}

let count = 0n

/** Adds an event to the end of a stream. */
export function putLogEvent(stream: LogStream, message: string, timestamp: number, now: number): void {
  const eventId = String(36_000_000_000_000_000_000_000_000_000_000n + ++count)
  stream.events.push({ timestamp, ingestionTime: now, message, eventId })
  if (stream.events.length > mostEvents) stream.events.splice(0, mostEvents / 10)
}

/**
 * What an execution environment writes: each line is an event. Group and stream come to be with the first of them, and
 * again where somebody has deleted them.
 */
export function logWriter(place: LogPlace, groupName: string, streamName: string): (chunk: string | Buffer) => void {
  let unfinished = ''
  return chunk => {
    const lines = (unfinished + chunk.toString('utf8')).split(/(?<=\n)/)
    const last = lines.at(-1) ?? ''
    // What has no end yet waits for it, but not for ever.
    const waits = !last.endsWith('\n') && last.length < 65_536
    unfinished = waits ? last : ''
    const whole = waits ? lines.slice(0, -1) : lines
    if (whole.length === 0) return
    const now = Date.now()
    const group = place.logGroups.get(groupName) ?? createLogGroup(place, groupName, now)
    const stream = group.streams.get(streamName) ?? createLogStream(group, streamName, now)
    for (const line of whole) if (line.trim() !== '') putLogEvent(stream, line, now, now)
  }
}
