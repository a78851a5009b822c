/**
 * `npm run idle-cases -- FILE… [--often 5]`: which MUST cases noticed nothing in runs of `npm run mutation`, whose
 * results are the files. A case that killed nothing in a sample may be the only one to notice what was not drawn; the
 * list says where to look, not what to delete.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadSpec } from '../spec/compiler/compile.ts'
import { deriveCases } from '../suites/run/derive.ts'
import { idleText, recordsOf } from './mutation/idle.ts'
import type { Judged } from './mutation/report.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { often: { type: 'string', default: '5' } },
})
if (positionals.length === 0) throw new Error('name the results of `npm run mutation`: mutation.json …')
const judged = positionals.flatMap(
  file => (JSON.parse(readFileSync(file, 'utf8')) as { readonly judged: readonly Judged[] }).judged,
)
const must = deriveCases(loadSpec()).filter(one => one.clause.level === 'must')
const ids = must.map(one => one.id)
console.log(`${judged.length} mutants, of which ${judged.filter(one => one.by !== undefined).length} were noticed`)
console.log(idleText(recordsOf(ids, judged), Number(values.often)))
