import { isObject } from '../../base/is-object.ts'
import { parseJson } from '../../base/parse-json.ts'
import type { Outcome } from '../invoke/invoker.ts'
import type { StreamRecord } from '../services/kinesis/stream.ts'
import type { Notifier } from '../services/notifier.ts'
import type { SourceSettings } from '../store/source-settings.ts'
import { pause, processBatch } from './process-batch.ts'
import { gather, withinPayload } from './lane.ts'
import type { Lane } from './lane.ts'
import { invokeWith, settingsOf, targetOf } from './reader.ts'
import type { Reader } from './reader.ts'
import { streamSource } from './stream-source.ts'
import type { StreamSource } from './stream-source.ts'
import { present } from '../../base/present.ts'

/** State may have so many bytes; then the window ends early. */
const mostState = 1_048_576

/** A window that has begun: it has had records. */
interface Open {
  /** Unix milliseconds. */
  readonly start: number
  readonly end: number
  state: object
  early: boolean
}

/**
 * Reads a shard in tumbling windows: each call gets the state that the last one of its window gave, and when the time
 * of a window is over the function is called once more, with the state alone.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html#services-kinesis-windows
 */
export async function readWindows(reader: Reader, source: StreamSource, lane: Lane, notifier: Notifier): Promise<void> {
  let open: Open | undefined
  source.stream.listeners.add(notifier.notify)
  for (let settings = windowed(reader, source); settings; settings = windowed(reader, source)) {
    const { BatchSize = 1, TumblingWindowInSeconds = 1 } = settings
    const length = TumblingWindowInSeconds * 1000
    const records = gather(source, lane, settings, BatchSize)
    const next = records[0] && windowOf(records[0], length)
    if (open && (open.early || (next === undefined ? Date.now() >= open.end : next !== open.start))) {
      if (await finish(reader, lane, open)) open = undefined
      continue
    }
    if (next === undefined) {
      await notifier.wait(open ? Math.max(1, Math.min(1000, open.end - Date.now())) : 1000)
      continue
    }
    const window = (open ??= { start: next, end: next + length, state: {}, early: false })
    const inside = records.filter(record => windowOf(record, length) === window.start)
    const batch = withinPayload(inside, reader.world.limits.payloadSync)
    const done = await processBatch(
      {
        reader,
        source,
        shard: lane.shard,
        beside: () => besideRecords(settings, lane, window, false),
        accepts(answer) {
          const state = stateOf(answer)
          window.state = state ?? window.state
          return state !== undefined
        },
      },
      batch,
    )
    if (done > 0) lane.position = present(batch[done - 1], 'an element of batch').sequenceNumber
    window.early = Buffer.byteLength(JSON.stringify(window.state)) > mostState
  }
  source.stream.listeners.delete(notifier.notify)
}

function windowed(reader: Reader, source: StreamSource): SourceSettings | undefined {
  const mapping = reader.mapping()
  const settings = mapping && settingsOf(mapping)
  return settings?.TumblingWindowInSeconds &&
    streamSource(reader.world, settings.EventSourceArn ?? '')?.stream === source.stream
    ? settings
    : undefined
}

/** When the window of a record begins. Unix milliseconds. */
function windowOf(record: StreamRecord, length: number): number {
  return Math.floor(record.arrivedAt / length) * length
}

/**
 * The last call of a window; until it succeeds, nothing else of the shard is read. False when the mapping came to rest.
 */
async function finish(reader: Reader, lane: Lane, window: Open): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const mapping = reader.mapping()
    if (!mapping) return false
    const target = targetOf(reader.world, mapping)
    const outcome = target
      ? await invokeWith(reader, target, { Records: [], ...besideRecords(settingsOf(mapping), lane, window, true) })
      : 'refused'
    if (outcome !== 'refused' && outcome.functionError === undefined) return true
    await pause(reader, attempt)
  }
}

function besideRecords(settings: SourceSettings, lane: Lane, window: Open, last: boolean): object {
  return {
    window: { start: timeOf(window.start), end: timeOf(window.end) },
    state: window.state,
    shardId: lane.shard.id,
    eventSourceARN: settings.EventSourceArn,
    isFinalInvokeForWindow: last,
    isWindowTerminatedEarly: last && window.early,
  }
}

function timeOf(time: number): string {
  return new Date(time).toISOString().replace('.000', '')
}

function stateOf({ payload }: Outcome): object | undefined {
  const answer = parseJson(payload.toString('utf8'))
  const state = isObject(answer) ? answer['state'] : undefined
  return isObject(state) ? state : undefined
}
