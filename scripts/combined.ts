/**
 * `npm run combined -- [--seed 1] [--endpoints 10] [--faults 30] [--hand-made 0] [--survivors mutation.json] [--unseen]`:
 * endpoints with thirty faults at once, drawn from all mutants of `reference/` or, with results of `npm run mutation`,
 * from those that survived there and are not known to be unobservable, with `--unseen` from those too; `--hand-made` of
 * them are faults of the tests of the suites. Exit code 1 when one of them keeps its certificates.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { loadSpec } from '../spec/compiler/compile.ts'
import { deriveCases } from '../suites/run/derive.ts'
import { judgeCombined } from './mutation/combined.ts'
import { hastened } from './mutation/hasten.ts'
import { compileReference, placesOf, type Place } from './mutation/program.ts'
import { isAlive, isMutant, isReviewed, type Judged } from './mutation/report.ts'
import { readReviewed } from './mutation/reviewed.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    endpoints: { type: 'string', default: '10' },
    faults: { type: 'string', default: '30' },
    'hand-made': { type: 'string', default: '0' },
    survivors: { type: 'string', multiple: true },
    unseen: { type: 'boolean', default: false },
  },
})
const spec = hastened(loadSpec())
const files = await compileReference()
const combined = await judgeCombined({
  spec,
  files,
  places: survivorsOf(placesOf(files)),
  seeds: Array.from({ length: Number(values.endpoints) }, (_, at) => Number(values.seed) + at),
  size: Number(values.faults),
  handMade: Number(values['hand-made']),
  cases: deriveCases(spec).filter(one => one.clause.level === 'must'),
  timeMs: 120_000,
})
for (const { seed, faults, handMade, lostBy, ran } of combined) {
  const end = lostBy === undefined ? 'keeps its certificates' : `is not certified: ${lostBy}`
  console.log(`seed ${seed}, ${faults.length} mutants and ${handMade.length} faults by hand: ${end} (${ran} cases)`)
  if (lostBy !== undefined) continue
  for (const { file, mutant } of faults)
    console.log(`  ${file.file}:${file.lineOf(mutant.start)} ${mutant.operator}: ${mutant.was}`)
  for (const { id, wrong } of handMade) console.log(`  ${id}: ${wrong}`)
}
process.exitCode = combined.some(one => one.lostBy === undefined) ? 1 : 0

function survivorsOf(places: readonly Place[]): readonly Place[] {
  if (values.survivors === undefined) return places
  const reviewed = readReviewed(path.join(import.meta.dirname, 'mutation/reviewed.yaml'))
  const alive = values.survivors
    .flatMap(file => (JSON.parse(readFileSync(file, 'utf8')) as { readonly judged: readonly Judged[] }).judged)
    .filter(one => isAlive(one) && (values.unseen || !isReviewed(one, reviewed)))
  return places.filter(place => alive.some(one => isMutant(one, place)))
}
