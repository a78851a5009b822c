/** Endpoints with many faults at once, as bad programs are: none may be certified. */
import type { Spec } from '../../spec/model.ts'
import type { Case } from '../../suites/case.ts'
import { FAULTS } from '../../suites/testing/faults/catalogue.ts'
import type { Fault } from '../../suites/testing/faults/fault.ts'
import { startFaultyProxy } from '../../suites/testing/faults/proxy.ts'
import { together } from '../../suites/testing/faults/together.ts'
import { askSound, findNoticing, openJudge, type Judge, type JudgeOptions } from './judge.ts'
import { layOut, type Place, type Program, type SourceFile } from './program.ts'
import { seeded } from './sample.ts'

/** One endpoint and what became of it. */
export interface Combined {
  readonly seed: number
  readonly faults: readonly Place[]
  /** Faults that the tests of the suites know, in a proxy before it. */
  readonly handMade: readonly Fault[]
  /** The case that a certificate was lost for first; absent: none was. */
  readonly lostBy?: string
  /** Cases that were run until then. */
  readonly ran: number
}

export interface CombinedOptions {
  readonly spec: Spec
  readonly files: readonly SourceFile[]
  /** To be drawn from. */
  readonly places: readonly Place[]
  /** One endpoint for each seed. */
  readonly seeds: readonly number[]
  /** Faults of one endpoint, and how many of them are those that the tests of the suites know. */
  readonly size: number
  readonly handMade: number
  readonly cases: readonly Case[]
  /** Milliseconds for one endpoint. */
  readonly timeMs: number
}

/** Draws faults by each seed, and runs MUST cases until one does not pass that passes on the sound program. */
export async function judgeCombined(options: CombinedOptions): Promise<readonly Combined[]> {
  const program = layOut(options.files)
  const sound = layOut(options.files)
  try {
    const judgeOptions = await askSound(program, options.spec, options.seeds[0] ?? 1)
    const running = (await sound.start())!
    const soundJudge = openJudge(judgeOptions, running.url)
    const found: Combined[] = []
    for (const seed of options.seeds) found.push(await judgeOne(options, judgeOptions, program, soundJudge, seed))
    await soundJudge.close()
    await running.stop()
    return found
  } finally {
    program.remove()
    sound.remove()
  }
}

/** How often one that does not start is replaced by another draw. */
const DRAWS = 20

async function judgeOne(
  options: CombinedOptions,
  judgeOptions: JudgeOptions,
  program: Program,
  sound: Judge,
  seed: number,
): Promise<Combined> {
  for (let draw = 0; draw < DRAWS; draw++) {
    const handMade = seeded(FAULTS, seed).slice(0, options.handMade)
    const faults = apart(seeded(options.places, seed + draw * 1000)).slice(0, options.size - handMade.length)
    const running = await program.start(faults)
    if (running === undefined) continue
    const behaviour = together(handMade.map(one => one.behaviour()))
    const proxy = await startFaultyProxy({ spec: options.spec, target: running.url, behaviour })
    const judging = openJudge(judgeOptions, handMade.length === 0 ? running.url : proxy.url)
    try {
      const cases = seeded(options.cases, seed)
      const { by, ran } = await findNoticing(judging, sound, cases, options.timeMs)
      return { seed, faults, handMade, ran, ...(by === undefined ? {} : { lostBy: `${by.one.id}: ${by.verdict}` }) }
    } finally {
      await judging.close()
      await proxy.close()
      await running.stop()
    }
  }
  throw new Error(`no endpoint of seed ${seed} starts with ${options.size} faults`)
}

/** Without those that overlap one before them. */
export function apart(places: readonly Place[]): readonly Place[] {
  const kept: Place[] = []
  for (const one of places) {
    if (kept.length > 200) break
    const overlaps = kept.some(
      ({ file, mutant }) => file === one.file && mutant.start < one.mutant.end && one.mutant.start < mutant.end,
    )
    if (!overlaps) kept.push(one)
  }
  return kept
}
