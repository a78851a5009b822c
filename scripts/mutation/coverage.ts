/** Which cases execute which places: V8's precise coverage of every case, run alone, and kept on disk. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { groupBy } from '../../base/group-by.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Spec } from '../../spec/model.ts'
import type { Case } from '../../suites/case.ts'
import { openJudge, type JudgeOptions } from './judge.ts'
import { carryOver, pairsOf } from './carry.ts'
import type { Executed, Program, SourceFile } from './program.ts'

const KEPT = path.resolve(import.meta.dirname, '../../node_modules/.cache/lambdacheck/mutation/executed.json')

/** What was executed, once for each case. */
export interface Covering {
  /**
   * Cases that pass on the sound program and execute an offset of a file: of each kind in turn, the most specific
   * first.
   */
  of(file: SourceFile, offset: number, level: 'must' | 'weaker'): readonly Case[]
  /**
   * Those that execute anything of a file, of each kind in turn: what a program keeps is executed by whoever comes first,
   * and seen by all that come later.
   */
  ofFile(file: SourceFile): readonly Case[]
  /** Those that speak of all answers, whatever they execute. */
  readonly last: readonly Case[]
}

interface Seen {
  readonly id: string
  /** Of what the pages say of the case: of one that has changed is looked at again. */
  readonly print: string
  readonly ms: number
  /** Bytes executed in all: few for a specific case. */
  readonly weight: number
  /** By file: pairs of offsets. */
  readonly executed: { readonly [file: string]: readonly number[] }
  /** Whether it passed on the sound program. */
  readonly passed: boolean
}

/** What is kept: what was seen, and the texts that its offsets are of. */
interface Kept {
  readonly sources: { readonly [file: string]: string }
  readonly seen: readonly Seen[]
}

/** Stands for what is executed before the first case. */
const AT_START = ''

/** Looks at what every case executes, those of an earlier look left out. */
export async function observeCases(
  programs: readonly Program[],
  options: JudgeOptions,
  cases: readonly Case[],
  files: readonly SourceFile[],
  say: (text: string) => void,
): Promise<Covering> {
  const before = keptFor(files)
  const known = new Map(before.map(one => [`${one.id} ${one.print}`, one]))
  const printOf = prints(loadSpec())
  const left = cases.filter(one => one.isLast !== true && !known.has(`${one.id} ${printOf(one)}`))
  const total = left.length
  const seen = [...before]
  const work = async (program: Program): Promise<void> => {
    const running = (await program.start(undefined, true))!
    const judging = openJudge(options, running.url)
    const sizes = new Map(files.map(one => [one.compiled, one.js.length]))
    try {
      const start = weighed(await running.executed(), sizes)
      if (!seen.some(one => one.id === AT_START)) seen.push({ id: AT_START, print: '', ms: 0, passed: true, ...start })
      for (let one = left.shift(); one !== undefined; one = left.shift()) {
        const { verdict, ms } = await judging.run(one)
        const executed = weighed(await running.executed(), sizes)
        seen.push({ id: one.id, print: printOf(one), ms, passed: verdict === 'pass', ...executed })
        if (verdict !== 'pass') say(`${one.id} is ${verdict} on the sound program`)
        if (left.length % 100 === 0) {
          say(`looking at what cases execute: ${left.length} of ${total} left`)
          keep(files, seen)
        }
      }
    } finally {
      await judging.close()
      await running.stop()
    }
  }
  if (total > 0) {
    await Promise.all(programs.map(work))
    keep(files, seen)
  }
  return coveringOf(cases, seen, printOf)
}

/**
 * What an earlier look has seen, with the offsets of the program as it is now. Cases that did not pass then are left
 * out: a busy machine may have been the reason.
 */
function keptFor(files: readonly SourceFile[]): readonly Seen[] {
  if (!existsSync(KEPT)) return []
  const { sources, seen } = JSON.parse(readFileSync(KEPT, 'utf8')) as Kept
  const carriers = new Map(files.map(({ compiled, js }) => [compiled, carryOver(sources[compiled] ?? '', js)]))
  const carried = (executed: Seen['executed']): Seen['executed'] =>
    Object.fromEntries(
      Object.entries(executed).flatMap(([file, pairs]) => {
        const carry = carriers.get(file)
        return carry === undefined ? [] : [[file, carry(pairs)]]
      }),
    )
  return seen.filter(one => one.passed).map(one => ({ ...one, executed: carried(one.executed) }))
}

function keep(files: readonly SourceFile[], seen: readonly Seen[]): void {
  const kept: Kept = { sources: Object.fromEntries(files.map(one => [one.compiled, one.js])), seen }
  mkdirSync(path.dirname(KEPT), { recursive: true })
  writeFileSync(KEPT, JSON.stringify(kept))
}

function coveringOf(cases: readonly Case[], all: readonly Seen[], printOf: (one: Case) => string): Covering {
  const start = all.find(one => one.id === AT_START)
  const byId = new Map(cases.map(one => [one.id, one]))
  const seen = all.filter(({ id, print, passed }) => {
    const one = byId.get(id)
    return passed && one !== undefined && printOf(one) === print
  })
  const ordered = [...seen].sort((a, b) => a.weight - b.weight || a.ms - b.ms)
  const executes = (one: Seen, file: string, offset: number): boolean => {
    const ranges = Object.hasOwn(one.executed, file) ? one.executed[file]! : []
    return ranges.some((from, at) => at % 2 === 0 && from <= offset && offset < ranges[at + 1]!)
  }
  return {
    last: cases.filter(one => one.isLast === true && one.clause.level === 'must'),
    ofFile({ compiled }) {
      const found = ordered.filter(one => bytesIn(one, compiled) > 0)
      const cases = found.flatMap(({ id }) => byId.get(id) ?? [])
      return inTurn(cases.filter(one => one.clause.level === 'must'))
    },
    of({ compiled }, offset, level) {
      const asked = ordered.filter(one => (byId.get(one.id)?.clause.level === 'must') === (level === 'must'))
      const found = asked.filter(one => executes(one, compiled, offset))
      // A table of a module is read by whoever executes anything of the module, or once when the program starts.
      const atStart = found.length === 0 && start !== undefined && executes(start, compiled, offset)
      const ofModule = atStart ? asked.filter(one => bytesIn(one, compiled) > 0) : []
      const others = atStart ? asked : []
      const readers = [found, ofModule, others].find(one => one.length > 0) ?? []
      const busiest = [...readers].sort((a, b) => bytesIn(b, compiled) - bytesIn(a, compiled))
      const caseOf = (one: Seen): readonly Case[] => [byId.get(one.id)].filter(which => which !== undefined)
      const turns = inTurn(readers.flatMap(caseOf))
      // Every third is one that executes most of the file: what all do is most visible to those that do much of it.
      return [...new Set(busiest.flatMap(caseOf).flatMap((one, at) => [...turns.slice(at * 2, at * 2 + 2), one]))]
    },
  }
}

/** The first of each kind of case, then the second of each …: what many execute is seen by cases of every kind. */
function inTurn(cases: readonly Case[]): readonly Case[] {
  const places = new Map(cases.map((one, at) => [one, at]))
  const firstOf = (kind: readonly Case[]): number => places.get(kind[0]!) ?? 0
  const kinds = [...groupBy(cases, kindOf).values()].sort((a, b) => firstOf(a) - firstOf(b))
  const longest = Math.max(0, ...kinds.map(one => one.length))
  return Array.from({ length: longest }, (_, at) => kinds.flatMap(one => one[at] ?? [])).flat()
}

/** Properties by their page, the others by what they try: a law, a kind of constraint. */
function kindOf({ family, clause }: Case): string {
  return `${family} ${family === 'property' ? clause.page : (clause.id.split('.').at(-1) ?? '')}`
}

/** Texts and lines left out: they change nothing. */
function prints(spec: Spec): (one: Case) => string {
  const properties = new Map(spec.properties.map(one => [one.id, one]))
  const plain = (key: string, value: unknown): unknown =>
    key === 'source' || key === 'line' || key === 'text' ? undefined : value
  return one =>
    createHash('sha256')
      .update(JSON.stringify([one.clause, properties.get(one.clause.id)], plain))
      .digest('hex')
      .slice(0, 12)
}

/** How much of a file a case executes. */
function bytesIn({ executed }: Seen, file: string): number {
  return Object.hasOwn(executed, file) ? bytesOf(executed[file]!) : 0
}

function bytesOf(pairs: readonly number[]): number {
  return pairs.reduce((sum, offset, at) => sum + (at % 2 === 0 ? -offset : offset), 0)
}

function weighed(executed: readonly Executed[], sizes: ReadonlyMap<string, number>): Pick<Seen, 'weight' | 'executed'> {
  const ranges = executed.map(({ file, ranges: all }) => [file, executedIn(all, sizes.get(file) ?? 0)] as const)
  return { weight: ranges.reduce((sum, [, pairs]) => sum + bytesOf(pairs), 0), executed: Object.fromEntries(ranges) }
}

/** Ranges lie within each other, and the innermost counts: painted from the outside in, then gathered. */
function executedIn(ranges: Executed['ranges'], size: number): readonly number[] {
  const painted = new Uint8Array(size)
  for (const [start, end, count] of [...ranges].sort((a, b) => b[1] - b[0] - (a[1] - a[0])))
    painted.fill(count > 0 ? 1 : 0, start, end)
  return pairsOf(painted)
}
