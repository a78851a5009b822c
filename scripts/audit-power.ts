/**
 * `npm run audit:power -- FILE`: how much the audit notices. Each genuine line of recorded traffic is made wrong in
 * each way that applies to it, and the audit is asked of the line with what comes before it. Prints how many of the
 * wrong lines it finds, by kind, and how many genuine ones it calls wrong.
 */
import { readFileSync } from 'node:fs'
import { loadSpec } from '../spec/compiler/compile.ts'
import { createAuditor } from '../suites/audit/audit.ts'
import { readLine } from '../suites/audit/json-lines.ts'
import type { TrafficItem } from '../suites/audit/exchange.ts'
import { MUTATIONS, type Line } from './audit-power/mutations.ts'

const file = process.argv.slice(2).find(one => one !== '--')
if (file === undefined) {
  console.error('usage: npm run audit:power -- FILE')
  process.exit(2)
}
const spec = loadSpec()
const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter(text => text.trim() !== '')
  .map(text => JSON.parse(text) as Line)

const successes = new Map<string, Line[]>()
for (const line of lines)
  if (line.response.status < 400) successes.set(line.operation, [...(successes.get(line.operation) ?? []), line])

/** What the audit says of one line, after those of the same test before it. */
function judge(earlier: readonly Line[], line: Line): number {
  const auditor = createAuditor(spec)
  const seen = (one: Line): readonly TrafficItem[] => readLine(spec, JSON.stringify(one), 1)
  for (const one of earlier) for (const item of seen(one)) if ('exchange' in item) auditor.judge(item.exchange)
  return seen(line).flatMap(item => ('exchange' in item ? auditor.judge(item.exchange) : [])).length
}

const testOf = (line: Line): string => String(line['id'] ?? '').split('#')[0] ?? ''
const tally = new Map<string, { tried: number; found: number }>()
let alarms = 0
for (const [at, line] of lines.entries()) {
  const action = spec.actions[line.operation]
  if (action === undefined) continue
  const earlier = lines.slice(0, at).filter(one => testOf(one) === testOf(line) && testOf(line) !== '')
  if (judge(earlier, line) > 0) {
    alarms++
    console.log(`false alarm: ${String(line['id'])}`)
    continue
  }
  for (const [kind, mutate] of Object.entries(MUTATIONS)) {
    const wrong = mutate(line, {
      spec,
      action,
      successes: successes.get(line.operation) ?? [],
      pick: from => from[at % Math.max(1, from.length)],
    })
    if (wrong === undefined) continue
    const count = tally.get(kind) ?? { tried: 0, found: 0 }
    count.tried++
    if (judge(earlier, wrong) > 0) count.found++
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
console.log(`${lines.length} genuine lines, ${alarms} false alarms`)
