/**
 * Do the suites notice when an endpoint is wrong? Seeded mutants of `reference/`, each judged over HTTP by cases that
 * execute the mutated place (`npm run mutation`). Writes all mutants with their end to `mutation.json` in the working
 * directory.
 *
 * `--seed N`, `--mutants N` (a sample; 60 unless given, 0: all), `--from 40` (leaves out the first of the sample, so that
 * it can be judged in pieces), `--budget 300` (seconds for judging; 0: no end), `--each 20` (seconds for one),
 * `--only reference/store` (files whose path begins so), `--again FILE` (those that survived an earlier run),
 * `--workers 2`, `--floor FILE` (exit code 1 when a folder is below the percent that the file names),
 * `--results mutation.json`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { loadSpec } from '../spec/compiler/compile.ts'
import type { Case } from '../suites/case.ts'
import { deriveCases } from '../suites/run/derive.ts'
import { observeCases, type Covering } from './mutation/coverage.ts'
import { askSound, findNoticing, openJudge, type Judge, type JudgeOptions } from './mutation/judge.ts'
import { compileReference, layOut, placesOf, type Place, type Program, type SourceFile } from './mutation/program.ts'
import { isAlive, isMutant, percent, SHOWN, scoresOf, summaryOf, type Judged } from './mutation/report.ts'
import { readReviewed } from './mutation/reviewed.ts'
import { hastened } from './mutation/hasten.ts'
import { seeded } from './mutation/sample.ts'
import { bySharedWords } from './mutation/words.ts'

/** Fewer mutants of a folder say nothing of it. */
const TELLING = 10
/** Cases that judge one mutant. */
const MOST_CASES = 150
/** Further ones that execute the file, and those of weaker clauses that are asked when all others saw nothing. */
const MOST_BESIDE = 80
const MOST_WEAKER = 40
/** Cases of a file that are asked before others. */
const MOST_KILLERS = 8

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    mutants: { type: 'string', default: '60' },
    from: { type: 'string', default: '0' },
    budget: { type: 'string', default: '300' },
    each: { type: 'string', default: '20' },
    only: { type: 'string', default: 'reference/' },
    again: { type: 'string' },
    workers: { type: 'string', default: '2' },
    floor: { type: 'string' },
    results: { type: 'string', default: 'mutation.json' },
  },
})
const say = (text: string): void => void process.stderr.write(`${text}\n`)

async function main(): Promise<void> {
  const spec = hastened(loadSpec())
  const cases = deriveCases(spec)
  const files = await compileReference()
  const sample = sampleOf(files)
  const programs = Array.from({ length: Number(values.workers) }, () => layOut(files))
  try {
    const options = await askSound(programs[0]!, spec, Number(values.seed))
    const covering = await observeCases(programs, options, cases, files, say)
    const inOrder = bySharedWords(spec)
    const sound = (await programs[0]!.start())!
    const soundJudge = openJudge(options, sound.url)
    const deadline = Number(values.budget) === 0 ? Number.POSITIVE_INFINITY : Date.now() + Number(values.budget) * 1000
    const judged: Judged[] = []
    const queue = [...sample]
    await Promise.all(
      programs.map(async program => {
        for (let one = queue.shift(); one !== undefined && Date.now() < deadline; one = queue.shift()) {
          const result = await judge(program, options, one, covering, inOrder, soundJudge)
          judged.push(result)
          writeFileSync(values.results, `${JSON.stringify({ seed: Number(values.seed), judged }, null, 1)}\n`)
          const by = result.by === undefined ? '' : ` (${result.by})`
          const place = `${result.file}:${result.line} ${result.operator}`
          say(`${judged.length}/${sample.length} ${result.end.padEnd(11)} ${place} ${Math.round(result.ms)} ms${by}`)
        }
      }),
    )
    await soundJudge.close()
    await sound.stop()
    finish(judged, sample.length)
  } finally {
    for (const program of programs) program.remove()
  }
}

/** Prints the scores, and sets the exit code where a floor is asked for. */
function finish(judged: readonly Judged[], asked: number): void {
  const reviewed = readReviewed(path.join(import.meta.dirname, 'mutation/reviewed.yaml'))
  process.stdout.write(
    `${summaryOf(judged, reviewed)}\n${judged.length} of ${asked} mutants judged, seed ${values.seed}\n`,
  )
  if (values.floor === undefined) return
  const floors = JSON.parse(readFileSync(values.floor, 'utf8')) as { readonly [folder: string]: number }
  for (const [folder, score] of scoresOf(judged, reviewed)) {
    const floor = floors[folder] ?? 0
    if (percent(score) >= floor || score.observable < TELLING) continue
    say(`${folder}: ${percent(score)} % killed, and ${floor} % is the floor`)
    process.exitCode = 1
  }
}

function sampleOf(files: readonly SourceFile[]): readonly Place[] {
  const places = placesOf(files, values.only)
  say(`${places.length} mutants in ${files.length} files`)
  if (values.again !== undefined) {
    const { judged } = JSON.parse(readFileSync(values.again, 'utf8')) as { readonly judged: readonly Judged[] }
    const alive = judged.filter(isAlive)
    return places.filter(place => alive.some(one => isMutant(one, place)))
  }
  const all = seeded(places, Number(values.seed))
  return all.slice(Number(values.from), Number(values.mutants) === 0 ? all.length : Number(values.mutants))
}

/** By whether MUST clauses speak of the place, and whether a case noticed. */
const ENDS = {
  'true true': 'killed',
  'true false': 'survived',
  'false true': 'reported',
  'false false': 'beyond',
} as const

/** Cases that noticed other faults of a file, the latest first: they are the likeliest to notice the next. */
const killers = new Map<SourceFile, readonly Case[]>()

/** Those of `cases` that stand in `first`, in its order, and then the others. */
function foremost(cases: readonly Case[], first: readonly Case[]): readonly Case[] {
  return [...new Set([...first.filter(one => cases.includes(one)), ...cases])]
}

async function judge(
  program: Program,
  options: JudgeOptions,
  { file, mutant }: Place,
  covering: Covering,
  inOrder: ReturnType<typeof bySharedWords>,
  sound: Judge,
): Promise<Judged> {
  const begin = performance.now()
  const executing = inOrder(covering.of(file, mutant.reached, 'must'), `${mutant.was} ${mutant.replacement}`)
  const binding = foremost(executing, killers.get(file) ?? []).slice(0, MOST_CASES)
  const binds = binding.length > 0
  const weaker = covering.of(file, mutant.reached, 'weaker').slice(0, binds ? MOST_WEAKER : MOST_CASES)
  const chosen = binds
    ? [...new Set([...binding, ...covering.ofFile(file).slice(0, MOST_BESIDE), ...covering.last])]
    : weaker
  const about = {
    id: mutant.id,
    file: file.file,
    line: file.lineOf(mutant.start),
    operator: mutant.operator,
    was: mutant.was,
    now: mutant.replacement.slice(0, SHOWN),
    cases: chosen.length,
  }
  if (chosen.length === 0) return { ...about, ran: 0, ms: 0, end: 'uncovered' }
  const running = await program.start([{ file, mutant }])
  if (running === undefined) return { ...about, ran: 0, ms: performance.now() - begin, end: 'not-started' }
  const judging = openJudge(options, running.url)
  try {
    const { by, ran, blind } = await findNoticing(judging, sound, chosen, Number(values.each) * 1000)
    const reported =
      binds && by === undefined ? (await findNoticing(judging, sound, weaker, Number(values.each) * 500)).by : undefined
    if (binds && by !== undefined)
      killers.set(file, [...new Set([by.one, ...(killers.get(file) ?? [])])].slice(0, MOST_KILLERS))
    return {
      ...about,
      ran,
      blind: blind.map(one => one.id),
      ms: performance.now() - begin,
      end: reported === undefined ? ENDS[`${binds} ${by !== undefined}`] : 'reported',
      ...((by ?? reported) && { by: `${(by ?? reported)?.one.id}: ${(by ?? reported)?.verdict}` }),
    }
  } finally {
    await judging.close()
    await running.stop()
  }
}

await main()
