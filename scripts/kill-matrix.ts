/**
 * `npm run kill-matrix -- --kind lacks --kind aimed [--seed 1] [--endpoints 6] [--faults 6] [--each 130] [--idle] [--only otherwise]
 * [--results kills.json]`, `-- --write`: which cases fail on endpoints that are wrong in many places at once. What is found is added to
 * the file of results; with `--idle` only those cases are asked that failed neither on an endpoint of the file nor on a
 * seeded fault of the tests. `--write` asks nothing and writes `docs/idle-cases.md` from the file.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { loadSpec } from '../spec/compiler/compile.ts'
import type { Case } from '../suites/case.ts'
import { deriveCases } from '../suites/run/derive.ts'
import { FAULTS } from '../suites/testing/faults/catalogue.ts'
import { SANDBOX_FAULTS } from '../suites/testing/faults/sandbox.ts'
import { aimedEndpoints } from './kill-matrix/aimed.ts'
import { askAll } from './kill-matrix/ask.ts'
import { documentOf } from './kill-matrix/document.ts'
import { endpointsOf, KINDS, type Endpoint, type Kind } from './kill-matrix/endpoints.ts'
import { creditedIn, type KillRecord } from './kill-matrix/record.ts'
import { observeCases } from './mutation/coverage.ts'
import { hastened } from './mutation/hasten.ts'
import { askSound, openJudge, type Judge, type JudgeOptions } from './mutation/judge.ts'
import { compileReference, layOut, placesOf } from './mutation/program.ts'
import { seeded } from './mutation/sample.ts'

const { values } = parseArgs({
  options: {
    kind: { type: 'string', multiple: true, default: [...KINDS] },
    seed: { type: 'string', default: '1' },
    endpoints: { type: 'string', default: '6' },
    faults: { type: 'string', default: '6' },
    each: { type: 'string', default: '130' },
    budget: { type: 'string', default: '840' },
    runs: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
    idle: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    results: { type: 'string', default: 'kills.json' },
  },
})
const say = (text: string): void => void process.stderr.write(`${text}\n`)
const eachMs = Number(values.each) * 1000
const end = Date.now() + Number(values.budget) * 1000

async function main(): Promise<void> {
  const spec = hastened(loadSpec())
  const files = await compileReference()
  const [program, soundProgram] = [layOut(files), layOut(files)]
  try {
    const options = { ...(await askSound(program, spec, Number(values.seed))), runs: Number(values.runs) }
    const running = (await soundProgram.start())!
    const sound = openJudge(options, running.url)
    const material = {
      spec,
      cases: seeded(deriveCases(spec), Number(values.seed)),
      places: placesOf(files),
      program,
      seed: Number(values.seed),
      endpoints: Number(values.endpoints),
      faults: Number(values.faults),
    }
    await askFirst(options, running.url, sound, material.cases)
    for (const endpoint of values.kind.filter(isKind).flatMap(kind => endpointsOf(kind, material)))
      if (Date.now() + eachMs < end && endpoint.name.includes(values.only)) await askOne(options, sound, endpoint)
    if (values.kind.includes('aimed')) {
      const cases = idle(material.cases)
      const rounds = Number(values.endpoints)
      const isLeft = (one: Case): boolean => idle([one]).length > 0
      const covering = await observeCases([program, soundProgram], options, cases, files, say)
      for (const endpoint of aimedEndpoints({ ...material, cases, isLeft, covering, rounds }))
        if (Date.now() + AIMED_MS < end) await askOne(options, sound, endpoint)
    }
    await sound.close()
    await running.stop()
  } finally {
    program.remove()
    soundProgram.remove()
  }
}

const isKind = (text: string): text is Kind => KINDS.some(kind => kind === text)

/** Those that pass on the sound program: of others nothing can be said. */
async function askFirst(options: JudgeOptions, url: string, sound: Judge, cases: readonly Case[]): Promise<void> {
  const before = known()
  const left = cases.filter(one => !before.sound.includes(one.id))
  if (left.length === 0) return
  const { passed, open, failed, crashed } = await askAll(options, url, sound, left, eachMs)
  say(`the sound program: ${passed.length} of ${left.length} pass, ${open.length} come to no verdict`)
  for (const id of [...failed, ...crashed]) say(`${id} fails on the sound program`)
  keep({ ...known(), sound: [...before.sound, ...passed].toSorted() })
}

/** Cases that pass on the sound program and failed nowhere. */
function idle(cases: readonly Case[]): readonly Case[] {
  const { sound, endpoints } = known()
  const credited = new Set([...creditedIn(endpoints), ...seededFaults()])
  return cases.filter(one => sound.includes(one.id) && !credited.has(one.id))
}

/** An endpoint that is aimed is asked by few. */
const AIMED_MS = 40_000

async function askOne(options: JudgeOptions, sound: Judge, endpoint: Endpoint): Promise<void> {
  const { sound: passing, endpoints } = known()
  const credited = new Set([...creditedIn(endpoints), ...seededFaults()])
  const cases = endpoint.cases.filter(one => passing.includes(one.id) && !(values.idle && credited.has(one.id)))
  const started = cases.length === 0 ? undefined : await endpoint.start()
  if (started === undefined) return say(`${endpoint.name}: does not start, or nobody is left to ask`)
  try {
    if (endpoint.kind === 'mutants' && !(await worksMostly(options, started.url, sound)))
      return say(`${endpoint.name}: works nowhere, which says nothing`)
    const asked = await askAll(options, started.url, sound, cases, eachMs)
    const { kind, name, faults } = endpoint
    keep({ ...known(), endpoints: [...known().endpoints, { kind, name, faults, ...asked }] })
    const anew = asked.failed.filter(id => !credited.has(id)).length
    say(
      `${name}: ${asked.failed.length} fail, ${anew} for the first time; ${asked.crashed.length} by a crash, ` +
        `${asked.passed.length} pass, ${asked.open.length} open, of ${cases.length}`,
    )
  } finally {
    await started.stop()
  }
}

/** An endpoint that makes no functions, or runs none, says nothing of the rest. */
const USUAL = [
  'CreateFunction.answer#valid',
  'Invoke.answer#valid',
  'PublishVersion.answer#valid',
  'function.law.read-written#law',
]

async function worksMostly(options: JudgeOptions, url: string, sound: Judge): Promise<boolean> {
  const usual = deriveCases(options.spec).filter(one => USUAL.includes(one.id))
  const { crashed, open } = await askAll(options, url, sound, usual, eachMs)
  return crashed.length + open.length <= 1
}

function known(): KillRecord {
  return existsSync(values.results)
    ? (JSON.parse(readFileSync(values.results, 'utf8')) as KillRecord)
    : { date: '', sound: [], endpoints: [] }
}

function keep(record: KillRecord): void {
  const date = new Date().toISOString().slice(0, 10)
  writeFileSync(values.results, `${JSON.stringify({ ...record, date }, null, 1)}\n`)
}

/** By the tests of the catalogues. */
function seededFaults(): ReadonlySet<string> {
  return new Set([
    ...FAULTS.flatMap(fault => Object.values(fault.caught).flat()),
    ...SANDBOX_FAULTS.flatMap(fault => fault.caught),
  ])
}

if (values.write) {
  const page = documentOf({ record: known(), cases: deriveCases(loadSpec()), seeded: seededFaults() })
  writeFileSync(path.join(import.meta.dirname, '../docs/idle-cases.md'), page)
} else await main()
