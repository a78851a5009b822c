/** Plays all sequences of a file and holds the differences against the known ones. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { eachAtOnce } from '../../base/each-at-once.ts'
import { startReference } from '../../reference/server.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Spec } from '../../spec/model.ts'
import { createClient } from '../../suites/wire/client.ts'
import type { Difference } from './compare-answers.ts'
import { explain, type Known } from './known.ts'
import { meetsUnderWay, play, type Played } from './play.ts'
import { readSequences, type Sequence } from './sequence.ts'

export type Half = 'first' | 'second'

export interface Found {
  readonly played: Played
  readonly difference: Difference
  readonly known?: Known
}

export interface Replay {
  readonly sequences: number
  readonly played: readonly Played[]
  readonly explained: readonly Found[]
  readonly unexplained: readonly Found[]
}

/** What is played, and against what. */
interface PlayOptions {
  readonly endpoint?: string | undefined
  readonly half?: Half | undefined
  /** Which sequences; absent: all. */
  readonly only?: (sequence: Sequence) => boolean
  /** What the embedded endpoint follows; absent: the pages as they are. */
  readonly pages?: Spec
}

/** Sequences at one time. */
const SIDE_BY_SIDE = 6

/** What waits for the end of a creation or an update waits this long. */
const BRIEF_MS = 100
/** Where the recorded test saw something under way, it is under way until its next call, on a busy machine too. */
const UNDER_WAY_MS = 1_500

/** Without an endpoint each sequence has an embedded endpoint of its own, in the account of its calls. */
export async function playFile(file: string, options: PlayOptions = {}): Promise<Replay> {
  const sequences = readSequences(file).filter(
    one => (options.half === undefined || halfOf(one) === options.half) && options.only?.(one) !== false,
  )
  const known = readKnown()
  const results: (readonly Played[])[] = []
  await eachAtOnce(sequences, SIDE_BY_SIDE, async (sequence, index) => {
    results[index] = await playOne(sequence, options)
  })
  const played = results.flat()
  const found = played.flatMap(one =>
    one.differences.map((difference): Found => {
      const reason = explain(known, one, difference)
      return { played: one, difference, ...(reason && { known: reason }) }
    }),
  )
  return {
    sequences: sequences.length,
    played,
    explained: found.filter(one => one.known !== undefined),
    unexplained: found.filter(one => one.known === undefined),
  }
}

async function playOne(sequence: Sequence, { endpoint, pages }: PlayOptions): Promise<readonly Played[]> {
  const { account = '111111111111', region = 'us-east-1' } = sequence.calls[0] ?? {}
  const transitionMs = sequence.calls.some(meetsUnderWay) ? UNDER_WAY_MS : BRIEF_MS
  const reference =
    endpoint === undefined
      ? await startReference({ accountId: account, transitionMs, ...(pages && { spec: pages }) })
      : undefined
  const client = createClient({
    endpoint: {
      url: endpoint ?? (reference?.url as string),
      region,
      credentials: { accessKeyId: 'replay', secretAccessKey: 'replay' },
      limits: { concurrency: 2, rate: 10_000, requestTimeoutMs: 60_000, maxResponseBytes: 20_000_000 } as never,
    },
  })
  try {
    return await play({ spec: loadSpec(), client }, sequence)
  } finally {
    await client.close()
    await reference?.close()
  }
}

/** Always the same half for a test, and unlike for tests of one kind. */
export function halfOf({ test }: Pick<Sequence, 'test'>): Half {
  return (createHash('sha256').update(test).digest()[0] as number) % 2 === 0 ? 'first' : 'second'
}

function readKnown(): readonly Known[] {
  return parse(readFileSync(path.join(import.meta.dirname, 'known-differences.yaml'), 'utf8')) as Known[]
}
