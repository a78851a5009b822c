/**
 * `npm run stability [-- ENDPOINT… [--seeds 1,1,2]]`: whether an endpoint gets the same verdicts every time. Certifies
 * each endpoint (MiniStack and moto when none is named) once for each seed, prints every case whose verdict differs,
 * and writes what came of it to docs/stability.md when all endpoints were run. `-- --evidence FILE…` takes the evidence of
 * runs that have been made. Exit code 0 when no verdict differs.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { groupBy } from '../base/group-by.ts'
import type { Evidence } from '../reports/evidence.ts'
import { loadEvidence } from '../reports/load-evidence.ts'
import { differingVerdicts, renderStability, type EndpointRuns } from './stability/differences.ts'

const root = path.resolve(import.meta.dirname, '..')
const ENDPOINTS = ['endpoints/ministack.yaml', 'endpoints/moto.yaml']

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter(one => one !== '--'),
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '1,1,2' }, evidence: { type: 'boolean' } },
})
const seeds = values.seeds.split(',')
const runs =
  values.evidence === true
    ? runsMade(positionals)
    : (positionals.length > 0 ? positionals : ENDPOINTS).map(endpoint => runsOf(endpoint))
for (const one of runs) {
  console.log(`${one.endpoint}: ${one.runs[0]?.results.length ?? 0} cases, ${one.runs.length} runs`)
  const differing = differingVerdicts(one)
  console.log(`verdicts that differ: ${differing.length}`)
  for (const line of differing) console.log(`  ${line}`)
}
if (positionals.length === 0 || values.evidence === true)
  writeFileSync(path.join(root, 'docs/stability.md'), renderStability(runs, new Date().toISOString().slice(0, 10)))
process.exitCode = runs.every(one => differingVerdicts(one).length === 0) ? 0 : 1

/** Runs that were made before, by the endpoint that they were of. */
function runsMade(files: readonly string[]): readonly EndpointRuns[] {
  const made = groupBy(
    files.map(file => loadEvidence(file)),
    evidence => evidence.endpoint?.name ?? 'no endpoint',
  )
  return [...made].map(([endpoint, all]) => ({ endpoint, runs: all }))
}

function runsOf(endpoint: string): EndpointRuns {
  const folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-stability-'))
  try {
    return { endpoint, runs: seeds.map((seed, at) => certified(endpoint, seed, path.join(folder, String(at)))) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function certified(endpoint: string, seed: string, out: string): Evidence {
  const args = ['bin/lambdacheck.js', 'certify', '--endpoint', endpoint, '--seed', seed, '--out', out]
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0 && status !== 1) throw new Error(`certifying ${endpoint} ended with ${status}`)
  return loadEvidence(out)
}
