/**
 * Compares the pages with AWS's current service model and prints the drift, one line each: members, bounds, lists of
 * values, patterns, errors and actions that the model has and the pages lack. See `scripts/README.md` for how to get
 * the model.
 *
 * Usage: jiti scripts/service-model-drift.ts [--all] [service-2.json | service-2.json.gz]
 *
 * Prints, too, each fault that the suites want refused and the model allows (`allowed`). `--all` prints patterns that
 * are spelt otherwise and bounds that only became narrower, too. Exits with 1 when an action that has a page drifted.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { globSync } from 'tinyglobby'
import { groupBy } from '../base/group-by.ts'
import { loadSpec } from '../spec/compiler/compile.ts'
import { allowedFaults } from './drift/allowed-faults.ts'
import { compareWithModel, type Drift } from './drift/compare-with-model.ts'
import type { ServiceModel } from './drift/service-model.ts'

const INSTALLED = '.venv/lib/python3*/site-packages/botocore/data/lambda/2015-03-31/service-2.json*'
const QUIET: readonly Drift['kind'][] = ['pattern', 'narrowed']

const all = process.argv.includes('--all')
const file =
  process.argv.slice(2).find(one => !one.startsWith('--')) ??
  globSync(INSTALLED, { dot: true, expandDirectories: false })[0]
if (file === undefined) {
  console.error(`there is no service model under ${INSTALLED}; install botocore, or name the file`)
  process.exitCode = 2
} else {
  const bytes = readFileSync(file)
  const model = JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as ServiceModel
  const spec = loadSpec()
  const drift = compareWithModel(spec, model)
  const allowed = allowedFaults(spec, model)
  const shown = all ? drift : drift.filter(one => !QUIET.includes(one.kind))
  for (const { kind, where, page, model: now } of shown)
    console.log(`${kind.padEnd(9)} ${where}: page ${page}, model ${now}`)
  for (const { where, value } of allowed)
    console.log(`allowed   ${where}: the model takes ${JSON.stringify(value).slice(0, 100)}`)
  const counts = [...groupBy(drift, one => one.kind)].map(([kind, list]) => `${list.length} ${kind}`)
  console.log(`${Object.keys(model.operations).length} actions in the model; ${counts.join(', ') || 'no drift'}`)
  process.exitCode = shown.some(one => one.kind !== 'action') || allowed.length > 0 ? 1 : 0
}
