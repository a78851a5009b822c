/**
 * `npm run sample:statements -- [--seed 1] [--count 80]`: statements of the guide that count as tested whole, drawn by a
 * seed, each with the clauses that cover it, for somebody to hold one against the other.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { loadSpec, ownPagesFolder } from '../spec/compiler/compile.ts'
import { coverageOf } from '../spec/compiler/coverage.ts'
import type { Clause } from '../spec/model.ts'
import { seeded } from './mutation/sample.ts'

const { values } = parseArgs({
  args: process.argv.slice(2).filter(one => one !== '--'),
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '80' } },
})
/** Lines of a property that are shown. */
const SHOWN = 40

const whole = coverageOf(loadSpec())
  .flatMap(page => page.entries)
  .filter(one => one.standing === 'whole')
for (const { entry, clauses } of seeded(whole, Number(values.seed)).slice(0, Number(values.count))) {
  console.log(`\n## ${entry.id} (${entry.level}, ${entry.page}): ${entry.statement}`)
  for (const clause of clauses)
    console.log(`- ${clause.id} (${clause.level}) ${clause.page}:${clause.line}\n${body(clause)}`)
}

/** A property as it stands on its page; of another clause its sentence. */
function body(clause: Clause): string {
  if (clause.kind !== 'property') return `    ${clause.text}`
  const lines = readFileSync(path.join(ownPagesFolder(), clause.page), 'utf8')
    .split('\n')
    .slice(clause.line - 1)
  const end = lines.findIndex((line, at) => at > 0 && line.startsWith('```'))
  return lines
    .slice(0, Math.min(end, SHOWN))
    .map(line => `    ${line}`)
    .join('\n')
}
