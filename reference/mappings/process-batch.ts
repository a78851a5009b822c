import type { Outcome } from '../invoke/invoker.ts'
import type { Shard, StreamRecord } from '../services/kinesis/stream.ts'
import { readBatchFailures } from './batch-failures.ts'
import { tellDiscarded } from './discarded.ts'
import { invokeWith, reportsFailures, settingsOf, targetOf } from './reader.ts'
import type { Reader } from './reader.ts'
import type { StreamSource } from './stream-source.ts'

/** Whose batch it is. */
export interface Reading {
  readonly reader: Reader
  readonly source: StreamSource
  readonly shard: Shard
  /** Beside the records, for a batch of a tumbling window. */
  readonly beside?: () => object
  /** Whether the answer is a success where the function has not failed; always when absent. */
  readonly accepts?: (outcome: Outcome) => boolean
}

/**
 * Gives a batch to the function until it has taken every record or given up on it, as the mapping says. The result
 * tells how many records from the first on are done with; fewer than there are when the mapping came to rest meanwhile.
 */
export async function processBatch(reading: Reading, batch: readonly StreamRecord[]): Promise<number> {
  const { reader, source, shard } = reading
  let rest = batch
  let failures = 0
  let refusals = 0
  const done = (): number => batch.length - rest.length
  while (rest.length > 0) {
    const mapping = reader.mapping()
    if (!mapping) return done()
    const settings = settingsOf(mapping)
    const { MaximumRecordAgeInSeconds: mostAge = -1, MaximumRetryAttempts: retries = -1 } = settings
    const old =
      mostAge < 0
        ? 0
        : rest.filter(record => Date.now() - record.arrivedAt > mostAge * reader.pace.windowSecondMs).length
    if (old > 0) {
      tellDiscarded(reading, mapping, rest.slice(0, old), 'RecordAgeExceeded', failures, undefined)
      rest = rest.slice(old)
      continue
    }
    const target = targetOf(reader.world, mapping)
    const { role } = target?.version.settings ?? { role: '' }
    const records = rest
    const outcome = target
      ? await invokeWith(reader, target, {
          Records: records.map(record => source.event(shard, record, role)),
          ...reading.beside?.(),
        })
      : 'refused'
    if (outcome === 'refused') {
      // Throttles, and a function that is not there, use up no attempt.
      await pause(reader, ++refusals)
      continue
    }
    const accepted = outcome.functionError === undefined && reading.accepts?.(outcome) !== false
    const taken = accepted ? takenOf(outcome, records, reportsFailures(settings)) : 0
    note(reader, taken === records.length ? 'OK' : 'PROBLEM: Function call failed')
    if (taken === records.length) return batch.length
    if (taken > 0) {
      // What the function got through is done; the retries are those of the rest.
      rest = records.slice(taken)
      failures = 0
    } else if (settings.BisectBatchOnFunctionError === true && records.length > 1) {
      // Each half is a batch of its own. Splitting is no retry.
      const middle = Math.ceil(records.length / 2)
      const first = await processBatch(reading, records.slice(0, middle))
      if (first < middle) return done() + first
      return done() + first + (await processBatch(reading, records.slice(middle)))
    }
    if (retries >= 0 && failures >= retries) {
      tellDiscarded(reading, mapping, rest, 'RetryAttemptsExhausted', failures + 1, outcome)
      return batch.length
    }
    await pause(reader, ++failures)
  }
  return batch.length
}

/** How many records, from the first on, the function took: up to the lowest that it named when it reports failures. */
function takenOf(outcome: Outcome, records: readonly StreamRecord[], reports: boolean): number {
  if (!reports) return records.length
  const failed = readBatchFailures(
    outcome.payload,
    records.map(record => record.sequenceNumber),
  )
  if (failed === 'all') return 0
  const lowest = records.findIndex(record => failed.has(record.sequenceNumber))
  return lowest < 0 ? records.length : lowest
}

/** Waits longer with every attempt. */
export function pause({ pace }: Reader, attempts: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, pace.retryDelayMs * 2 ** Math.min(attempts - 1, 4)))
}

/** The mapping says what became of the last batch. */
function note({ world, uuid }: Reader, result: string): void {
  const mapping = world.mappings.get(uuid)
  if (mapping && mapping.settings.LastProcessingResult !== result)
    world.mappings.set(uuid, { ...mapping, settings: { ...mapping.settings, LastProcessingResult: result } })
}
