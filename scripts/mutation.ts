/**
 * Do the suites notice when an endpoint is wrong? Seeded mutants of `reference/`, each judged over HTTP by cases that
 * execute the mutated place (`npm run mutation`). Writes the survivors, with file and line, to `mutation.json` in the
 * working directory.
 *
 * `--seed N`, `--mutants N` (a sample; 60 unless given), `--budget 300` (seconds for judging; 0: no end),
 * `--only reference/store` (files whose path begins so).
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { loadSpec } from '../spec/compiler/compile.ts'
import type { Case } from '../suites/case.ts'
import { deriveCases } from '../suites/run/derive.ts'
import { askEndpoint } from '../suites/endpoint/ask.ts'
import { findTarget } from '../suites/endpoint/target.ts'
import { openJudge, type JudgeOptions } from './mutation/judge.ts'
import { mutantsOf, type Mutant } from './mutation/operators.ts'
import { compileReference, layOut, type Executed, type Program, type SourceFile } from './mutation/program.ts'
import { readReviewed } from './mutation/reviewed.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const CACHE = path.join(ROOT, 'node_modules/.cache/lambdacheck/mutation')
const RUNS = 3
const CASE_MS = 8000
/** Cases that judge one mutant, the most specific first, and the time that they have together. */
const MOST_CASES = 60
const MUTANT_MS = 20_000
const WORKERS = 2

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    mutants: { type: 'string', default: '60' },
    budget: { type: 'string', default: '300' },
    only: { type: 'string', default: 'reference/' },
  },
})
const say = (text: string): void => void process.stderr.write(`${text}\n`)

interface Place {
  readonly file: SourceFile
  readonly mutant: Mutant
}

interface Judged {
  readonly id: string
  readonly file: string
  readonly line: number
  readonly operator: string
  readonly was: string
  readonly now: string
  /** `uncovered`: no case executes the place; `not-started`: the endpoint did not come up. */
  readonly end: 'killed' | 'survived' | 'uncovered' | 'not-started'
  readonly by?: string
  /** Cases that execute the place, at most the bound, and those of them for which there was time. */
  readonly cases: number
  readonly ran: number
}

async function main(): Promise<void> {
  const spec = loadSpec()
  const cases = deriveCases(spec).filter(one => one.clause.level === 'must')
  const files = await compileReference()
  const places = files
    .filter(one => one.file.startsWith(values.only))
    .flatMap(file => mutantsOf(file.file, file.js).map((mutant): Place => ({ file, mutant })))
  say(`${places.length} mutants in ${files.length} files`)
  const programs = Array.from({ length: WORKERS }, () => layOut(files))
  try {
    const options = await askSound(programs[0]!, spec)
    const covering = await coverage(programs[0]!, options, cases, files)
    const sample = seeded(places, Number(values.seed)).slice(0, Number(values.mutants))
    const deadline = Number(values.budget) === 0 ? Number.POSITIVE_INFINITY : Date.now() + Number(values.budget) * 1000
    const judged: Judged[] = []
    const queue = [...sample]
    await Promise.all(
      programs.map(async program => {
        for (let one = queue.shift(); one !== undefined && Date.now() < deadline; one = queue.shift()) {
          const result = await judge(program, options, one, covering)
          judged.push(result)
          say(
            `${judged.length}/${sample.length} ${result.end.padEnd(11)} ${result.file}:${result.line} ${result.operator}${result.by === undefined ? '' : ` (${result.by})`}`,
          )
        }
      }),
    )
    report(judged, sample.length)
  } finally {
    for (const program of programs) program.remove()
  }
}

async function askSound(program: Program, spec: JudgeOptions['spec']): Promise<JudgeOptions> {
  const running = (await program.start())!
  try {
    const target = await findTarget({ endpoint: running.url, cwd: ROOT, env: {}, allowAws: false })
    const run = `lambdacheck-mut${Number(values.seed) % 1000}`
    const { endpoint } = await askEndpoint({
      target,
      url: running.url,
      spec,
      run,
      signal: AbortSignal.timeout(120_000),
    })
    return { spec, endpoint, seed: Number(values.seed), runs: RUNS, caseTimeoutMs: CASE_MS }
  } finally {
    await running.stop()
  }
}

interface Covering {
  /** Cases that pass on the sound program and execute an offset of a file, the most specific first. */
  of(file: SourceFile, offset: number): readonly Case[]
}

interface Seen {
  readonly id: string
  readonly ms: number
  /** Bytes executed in all: few for a specific case. */
  readonly weight: number
  /** By file: pairs of offsets. */
  readonly executed: { readonly [file: string]: readonly number[] }
}

/** Runs every case once, alone, and keeps what it executed; kept on disk for the same program and cases. */
async function coverage(
  program: Program,
  options: JudgeOptions,
  cases: readonly Case[],
  files: readonly SourceFile[],
): Promise<Covering> {
  const key = createHash('sha256')
    .update(JSON.stringify([options.spec.digest, RUNS, cases.map(one => one.id), files.map(one => one.js)]))
    .digest('hex')
    .slice(0, 24)
  const kept = path.join(CACHE, `coverage-${key}.json`)
  const all: readonly Seen[] = existsSync(kept)
    ? (JSON.parse(readFileSync(kept, 'utf8')) as Seen[])
    : await observe(program, options, cases, files)
  mkdirSync(CACHE, { recursive: true })
  if (!existsSync(kept)) writeFileSync(kept, JSON.stringify(all))
  const start = all.find(one => one.id === AT_START)
  const seen = all.filter(one => one.id !== AT_START)
  const byId = new Map(cases.map(one => [one.id, one]))
  const ordered = [...seen].sort((a, b) => a.weight - b.weight || a.ms - b.ms)
  const executes = (one: Seen, file: string, offset: number): boolean => {
    const ranges = Object.hasOwn(one.executed, file) ? one.executed[file]! : []
    return ranges.some((from, at) => at % 2 === 0 && from <= offset && offset < ranges[at + 1]!)
  }
  return {
    of({ compiled }, offset) {
      const found = ordered.filter(one => executes(one, compiled, offset))
      // A table of a module is read by whoever executes anything of the module.
      const readers =
        found.length === 0 && start !== undefined && executes(start, compiled, offset)
          ? ordered.filter(one => (one.executed[compiled]?.length ?? 0) > 0)
          : found
      return readers.flatMap(one => byId.get(one.id) ?? [])
    },
  }
}

/** Stands for what is executed before the first case. */
const AT_START = ''

async function observe(
  program: Program,
  options: JudgeOptions,
  cases: readonly Case[],
  files: readonly SourceFile[],
): Promise<readonly Seen[]> {
  const sizes = new Map(files.map(one => [one.compiled, one.js.length]))
  const running = (await program.start(undefined, true))!
  const judging = openJudge(options, running.url)
  const seen: Seen[] = []
  try {
    seen.push({ id: AT_START, ms: 0, ...weighed(await running.executed(), sizes) })
    for (const [at, one] of cases.entries()) {
      const { verdict, ms } = await judging.run(one)
      const executed = await running.executed()
      if (at % 100 === 0) say(`looking at what ${at} of ${cases.length} cases execute`)
      if (verdict !== 'pass') continue
      seen.push({ id: one.id, ms, ...weighed(executed, sizes) })
    }
    return seen
  } finally {
    await judging.close()
    await running.stop()
  }
}

function weighed(executed: readonly Executed[], sizes: ReadonlyMap<string, number>): Pick<Seen, 'weight' | 'executed'> {
  const ranges = executed.map(({ file, ranges: all }) => [file, executedIn(all, sizes.get(file) ?? 0)] as const)
  const bytes = (pairs: readonly number[]): number =>
    pairs.reduce((sum, offset, at) => sum + (at % 2 === 0 ? -offset : offset), 0)
  return { weight: ranges.reduce((sum, [, pairs]) => sum + bytes(pairs), 0), executed: Object.fromEntries(ranges) }
}

/** Ranges lie within each other, and the innermost counts: painted from the outside in, then gathered. */
function executedIn(ranges: Executed['ranges'], size: number): readonly number[] {
  const painted = new Uint8Array(size)
  for (const [start, end, count] of [...ranges].sort((a, b) => b[1] - b[0] - (a[1] - a[0])))
    painted.fill(count > 0 ? 1 : 0, start, end)
  const pairs: number[] = []
  for (let at = 0; at <= size; at++) if ((painted[at] ?? 0) !== (painted[at - 1] ?? 0)) pairs.push(at)
  return pairs
}

async function judge(
  program: Program,
  options: JudgeOptions,
  { file, mutant }: Place,
  covering: Covering,
): Promise<Judged> {
  const chosen = covering.of(file, mutant.start).slice(0, MOST_CASES)
  const about = {
    id: mutant.id,
    file: file.file,
    line: file.lineOf(mutant.start),
    operator: mutant.operator,
    was: mutant.was,
    now: mutant.replacement.slice(0, 80),
    cases: chosen.length,
    ran: 0,
  }
  if (chosen.length === 0) return { ...about, end: 'uncovered' }
  const running = await program.start({ file, mutant })
  if (running === undefined) return { ...about, end: 'not-started' }
  const judging = openJudge(options, running.url)
  let ran = 0
  try {
    const until = Date.now() + MUTANT_MS
    for (let at = 0; at < chosen.length && Date.now() < until; at += 4) {
      const together = chosen.slice(at, at + 4)
      ran += together.length
      const ends = await Promise.all(together.map(one => judging.run(one)))
      for (const [which, { verdict }] of ends.entries()) {
        // Seen twice: what a busy machine did once is no kill.
        if (verdict === 'pass' || verdict === 'skipped' || (await judging.run(together[which]!)).verdict === 'pass')
          continue
        return { ...about, ran, end: 'killed', by: `${together[which]!.id}: ${verdict}` }
      }
    }
    return { ...about, ran, end: 'survived' }
  } finally {
    await judging.close()
    await running.stop()
  }
}

function report(judged: readonly Judged[], asked: number): void {
  const reviewed = readReviewed(path.join(import.meta.dirname, 'mutation/reviewed.yaml'))
  const isReviewed = (one: Judged): boolean =>
    reviewed.some(known => known.file === one.file && known.operator === one.operator && known.was === one.was)
  const folders = new Map<string, { killed: number; observable: number }>()
  for (const one of judged) {
    const folder = path.dirname(one.file)
    const counts = folders.get(folder) ?? { killed: 0, observable: 0 }
    const killed = one.end === 'killed' || one.end === 'not-started'
    if (killed || !isReviewed(one)) counts.observable++
    if (killed) counts.killed++
    folders.set(folder, counts)
  }
  const percent = ({ killed, observable }: { killed: number; observable: number }): number =>
    observable === 0 ? 100 : Math.round((killed / observable) * 100)
  for (const [folder, counts] of [...folders].sort())
    process.stdout.write(`${folder.padEnd(28)} ${counts.killed} of ${counts.observable} killed, ${percent(counts)} %\n`)
  const all = [...folders.values()].reduce(
    (sum, one) => ({ killed: sum.killed + one.killed, observable: sum.observable + one.observable }),
    { killed: 0, observable: 0 },
  )
  process.stdout.write(
    `all: ${all.killed} of ${all.observable} observable mutants killed, ${percent(all)} %; ${judged.length} of ${asked} judged, seed ${values.seed}\n`,
  )
  for (const one of judged.filter(
    mutant => (mutant.end === 'survived' || mutant.end === 'uncovered') && !isReviewed(mutant),
  ))
    process.stdout.write(`${one.end}  ${one.file}:${one.line}  ${one.operator}: ${one.was}  →  ${one.now}\n`)
  writeFileSync('mutation.json', `${JSON.stringify({ seed: Number(values.seed), judged }, null, 1)}\n`)
}

/** Shuffled by a seed: the same mutants for the same program. */
function seeded<T>(items: readonly T[], seed: number): readonly T[] {
  let state = seed >>> 0
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const all = [...items]
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[all[at], all[other]] = [all[other]!, all[at]!]
  }
  return all
}

await main()
