import type { Invoker } from '../invoke/invoker.ts'
import { createNotifier } from '../services/notifier.ts'
import type { Notifier } from '../services/notifier.ts'
import type { EventSourceMapping, World } from '../store/world.ts'
import { settingsOf } from './reader.ts'
import type { Pace, Reader } from './reader.ts'
import { readQueue } from './read-queue.ts'
import { readStream, startPositions } from './read-stream.ts'
import type { Positions } from './lane.ts'
import { streamSource } from './stream-source.ts'

/** Reads the sources of mappings, in the background. */
export interface Readers {
  /** Takes note of a mapping that was made, changed or deleted. */
  readonly follow: (world: World, mapping: EventSourceMapping) => void
  /** Ends all reading. What functions are busy with goes on, but nothing is done with what they answer. */
  readonly close: () => void
}

/** What is kept of a mapping beside its settings. */
interface Followed {
  readonly notifiers: Set<Notifier>
  readonly positions: Positions
  reading: boolean
}

/** Reads the sources of all mappings, each in a loop of its own, until they are closed. */
export function createReaders(invoker: Pick<Invoker, 'invoke'>, pace: Pace): Readers {
  const followed = new Map<string, Followed>()
  const timers = new Set<NodeJS.Timeout>()
  let closed = false

  /** Begins reading when the mapping is ready; whoever reads already learns of the change by itself. */
  function begin(world: World, uuid: string, entry: Followed): void {
    const readable = (): EventSourceMapping | undefined => {
      const mapping = world.mappings.get(uuid)
      return !closed && mapping?.enabled === true && mapping.transition !== 'Deleting' ? mapping : undefined
    }
    const mapping = readable()
    if (entry.reading || !mapping) return
    const reader: Reader = { world, uuid, invoker, pace, mapping: readable }
    const make = (): Notifier => {
      const notifier = createNotifier()
      entry.notifiers.add(notifier)
      return notifier
    }
    entry.reading = true
    const isStream = isOfStream(mapping)
    const reading = isStream ? readStream(reader, entry.positions, { make, own: make() }) : readQueue(reader, make())
    void reading.finally(() => {
      entry.reading = false
      entry.notifiers.clear()
      // It was switched off and on again while the last batch was on its way.
      begin(world, uuid, entry)
    })
  }

  return {
    follow(world, mapping) {
      if (!isRead(mapping)) return
      const { uuid } = mapping
      const entry = followed.get(uuid) ?? { notifiers: new Set(), positions: startOf(world, mapping), reading: false }
      followed.set(uuid, entry)
      for (const notifier of entry.notifiers) notifier.notify()
      if (mapping.transition === 'Deleting') {
        followed.delete(uuid)
        return
      }
      const timer = setTimeout(
        () => {
          timers.delete(timer)
          begin(world, uuid, entry)
        },
        Math.max(0, mapping.settlesAt - Date.now()),
      )
      timers.add(timer)
    },
    close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      for (const { notifiers } of followed.values()) for (const notifier of notifiers) notifier.notify()
    },
  }
}

/** Whether a mapping is of a kind that this endpoint can read. */
function isRead(mapping: EventSourceMapping): boolean {
  return /^arn:[^:]*:sqs:/.test(settingsOf(mapping).EventSourceArn ?? '') || isOfStream(mapping)
}

function isOfStream(mapping: EventSourceMapping): boolean {
  const arn = settingsOf(mapping).EventSourceArn ?? ''
  return /^arn:[^:]*:(?:kinesis:[^:]*:[^:]*:stream\/[^/]|dynamodb:[^:]*:[^:]*:table\/[^/]+\/stream\/)/.test(arn)
}

function startOf(world: World, mapping: EventSourceMapping): Positions {
  const source = streamSource(world, settingsOf(mapping).EventSourceArn ?? '')
  return source ? startPositions(source.stream, mapping) : new Map()
}
