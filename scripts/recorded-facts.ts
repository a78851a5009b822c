/**
 * `npm run recorded -- FILE…`: holds every fact that a page calls recorded against recorded answers, exchanges or whole sequences, and
 * prints on how many each rests. Exit code 1 when one rests on none.
 */
import { readFileSync } from 'node:fs'
import { loadSpec } from '../spec/compiler/compile.ts'
import { readRecorded } from './recorded/answers.ts'
import { countEvidence, evidenceOf, readEvidence, recordedFacts, constraintsNotFound } from './recorded/facts.ts'

const files = process.argv.slice(2).filter(one => one !== '--')
if (files.length === 0) {
  console.error('usage: npm run recorded -- FILE…')
  process.exit(2)
}
const spec = loadSpec()
const answers = files.flatMap(file => readRecorded(readFileSync(file, 'utf8')))
const evidence = readEvidence()
let without = 0
for (const fact of recordedFacts(spec)) {
  const own = evidenceOf(evidence, fact)
  const count = own === undefined ? 0 : countEvidence(own, answers)
  if (count === 0) without++
  console.log(`${String(count).padStart(5)}  ${fact.place}  ${fact.key.slice(0, 120)}`)
}
for (const one of constraintsNotFound(spec, answers)) {
  without++
  console.log(`    0  ${one}`)
}
console.log(`${answers.length} answers; facts that rest on none: ${without}`)
process.exitCode = without === 0 ? 0 : 1
