/**
 * Whether an endpoint gets the same verdicts every time: `jiti scripts/stability.ts ENDPOINT [options of certify]` certifies it
 * three times with the fixed seed and once with another, and prints every case whose verdict differs. Exit code 0 when none does.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Evidence } from '../reports/evidence.ts'
import { loadEvidence } from '../reports/load.ts'

const root = path.resolve(import.meta.dirname, '..')
const SEEDS = ['1', '1', '1', '2']

const [endpoint, ...options] = process.argv.slice(2)
if (endpoint === undefined || endpoint.startsWith('-')) {
  console.error('usage: jiti scripts/stability.ts ENDPOINT [options of certify]')
  process.exitCode = 2
} else {
  const folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-stability-'))
  try {
    const runs = SEEDS.map((seed, index) => certified(endpoint, seed, path.join(folder, String(index))))
    const same = differences(runs.filter((_, index) => SEEDS[index] === '1'))
    const other = differences(runs)
    const cases = runs[0]?.results.length ?? 0
    console.log(`${endpoint}: ${cases} cases, ${SEEDS.length} runs (seeds ${SEEDS.join(', ')})`)
    console.log(`verdicts that differ with one seed: ${same.length}; with two: ${other.length}`)
    for (const line of other) console.log(`  ${line}`)
    process.exitCode = other.length === 0 ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function certified(endpoint: string, seed: string, out: string): Evidence {
  const args = ['bin/lambdacheck.js', 'certify', '--endpoint', endpoint, '--seed', seed, '--out', out, ...options]
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0 && status !== 1) throw new Error(`certifying ${endpoint} ended with ${status}`)
  return loadEvidence(out)
}

/** `CASE: pass, pass, fail` for each case whose verdict is not the same in all. */
function differences(runs: readonly Evidence[]): readonly string[] {
  const verdicts = runs.map(run => new Map(run.results.map(one => [one.id, one.verdict])))
  const ids = [...new Set(verdicts.flatMap(one => [...one.keys()]))].sort()
  return ids.flatMap(id => {
    const own = verdicts.map(one => one.get(id) ?? 'missing')
    return new Set(own).size === 1 ? [] : [`${id}: ${own.join(', ')}`]
  })
}
