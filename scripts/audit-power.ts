/**
 * `npm run audit:power -- FILE`: how much the audit notices. Each genuine line of recorded traffic, exchanges or whole sequences, is made wrong in each
 * way that applies to it, and the audit is asked of the line with what comes before it. Prints how many of the wrong lines it finds, by kind, and
 * how many genuine ones it calls wrong. `SHOW=KIND` prints what it does not find of one kind.
 */
import { readFileSync } from 'node:fs'
import { loadSpec } from '../spec/compiler/compile.ts'
import { createAuditor } from '../suites/audit/audit.ts'
import { readLine } from '../suites/audit/json-lines.ts'
import { MUTATIONS, type Line } from './audit-power/mutations.ts'
import { readSubjects, type Subject } from './audit-power/subjects.ts'

const file = process.argv.slice(2).find(one => one !== '--')
if (file === undefined) {
  console.error('usage: npm run audit:power -- FILE')
  process.exit(2)
}
const spec = loadSpec()
const subjects = readSubjects(readFileSync(file, 'utf8'))

const successes = new Map<string, Line[]>()
const refusals: Line[] = []
for (const { line } of subjects)
  if (line.response.status >= 400) refusals.push(line)
  else successes.set(line.operation, [...(successes.get(line.operation) ?? []), line])

/** How much the audit finds wrong with a line, after those before it. */
function judge(subject: Subject, line: Line): number {
  const auditor = createAuditor(spec)
  let found = 0
  for (const text of subject.textsWith(line))
    for (const item of readLine(spec, text, 1)) {
      if ('sent' in item) auditor.sent(item.sent)
      found = 'exchange' in item ? auditor.judge(item.exchange).length : 0
    }
  return found
}

const tally = new Map<string, { tried: number; found: number }>()
let alarms = 0
for (const [at, subject] of subjects.entries()) {
  const { line } = subject
  const action = spec.actions[line.operation]
  if (action === undefined) continue
  if (judge(subject, line) > 0) {
    alarms++
    console.log(`false alarm: ${String(line['id'])}`)
    continue
  }
  for (const [kind, mutate] of Object.entries(MUTATIONS)) {
    const wrong = mutate(line, {
      spec,
      action,
      successes: successes.get(line.operation) ?? [],
      refusals,
      pick: from => from[at % Math.max(1, from.length)],
    })
    if (wrong === undefined) continue
    const count = tally.get(kind) ?? { tried: 0, found: 0 }
    count.tried++
    if (judge(subject, wrong) > 0) count.found++
    else if (process.env['SHOW'] === kind) console.log(JSON.stringify(wrong).slice(0, 900))
    tally.set(kind, count)
  }
}
const percent = ({ tried, found }: { tried: number; found: number }): string =>
  `${((100 * found) / tried).toFixed(0)} %`
let all = { tried: 0, found: 0 }
for (const [kind, count] of tally) {
  all = { tried: all.tried + count.tried, found: all.found + count.found }
  console.log(`| ${kind} | ${count.found} of ${count.tried} | ${percent(count)} |`)
}
console.log(`| in all | ${all.found} of ${all.tried} | ${percent(all)} |`)
console.log(`${subjects.length} genuine answers, ${alarms} false alarms`)
