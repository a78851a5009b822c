/**
 * `jiti scripts/sample-failures.ts SEED COUNT [--profile NAME…] EVIDENCE…`: failures of runs at random, the same for the
 * same seed and runs, as they are held one by one against the guide and recordings: what the page says and where, what
 * was sent and what came.
 */
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import type { CaseResult } from '../reports/evidence.ts'
import { loadEvidence } from '../reports/load-evidence.ts'
import { plainLine } from '../reports/plain.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { profile: { type: 'string', multiple: true } },
})
const [seed, count, ...files] = positionals
const profiles = values.profile
if (!/^\d+$/.test(seed ?? '') || !/^\d+$/.test(count ?? '') || files.length === 0) {
  console.error('usage: jiti scripts/sample-failures.ts SEED COUNT [--profile NAME…] EVIDENCE…')
  process.exitCode = 2
} else {
  const failures = files.flatMap(file => {
    const evidence = loadEvidence(file)
    return evidence.results
      .filter(one => one.verdict === 'fail' && (profiles?.includes(one.clause.profile) ?? true))
      .map(result => ({ name: evidence.endpoint?.name ?? file, result }))
      .sort((one, other) => (one.result.id < other.result.id ? -1 : 1))
  })
  const most = Math.min(Number(count), failures.length)
  const [chosen = []] = fc.sample(fc.shuffledSubarray(failures, { minLength: most, maxLength: most }), {
    seed: Number(seed),
    numRuns: 1,
  })
  for (const [at, { name, result }] of chosen.entries()) console.log(`${at + 1}. ${name}  ${told(result)}\n`)
}

function told({ id, clause, expected, actual, exchanges }: CaseResult): string {
  const last = exchanges.at(-1)
  const { method = '', url = '', body = '' } = last?.request ?? {}
  return [
    id,
    `   ${plainLine(clause.text, 300)} (${clause.level}, ${clause.origin}, spec/${clause.page}:${clause.line})`,
    `   expected ${plainLine(expected ?? '', 300)}`,
    `   came     ${plainLine(actual ?? '', 300)}`,
    `   sent     ${method} ${plainLine(url.replace(/^https?:\/\/[^/]+/, ''), 300)} ${plainLine(body, 400)}`,
    `   answer   ${last?.response?.status ?? ''} ${plainLine(last?.response?.body ?? '', 400)}`,
  ].join('\n')
}
