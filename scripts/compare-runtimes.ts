/**
 * Holds the table of runtimes in spec/rules/deprecated-runtime.md against the data of today, and prints what differs.
 *
 *     npx jiti scripts/compare-runtimes.ts PACKAGES
 *
 * `PACKAGES` is the folder of Python packages in which cfn-lint (MIT-0: its file of lifecycles) and botocore
 * (Apache-2.0: the service model, which names every runtime) are installed.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readRuntimes } from '../analyzer/services/runtimes.ts'

interface Lifecycle {
  readonly deprecated: string
  readonly 'create-block': string | null
  readonly 'update-block': string | null
  readonly successor: string | null
}

/** What differs between the page and the installed packages, one line each. */
export function compareRuntimes(page: string, packages: string): readonly string[] {
  const { runtimes, undated } = readRuntimes(page)
  const lifecycles = JSON.parse(
    readFileSync(join(packages, 'cfnlint/data/AdditionalSpecs/LmbdRuntimeLifecycle.json'), 'utf8'),
  ) as { [runtime: string]: Lifecycle }
  const folder = join(packages, 'botocore/data/lambda')
  const model = JSON.parse(
    gunzipSync(readFileSync(join(folder, readdirSync(folder).sort().at(-1) ?? '', 'service-2.json.gz'))).toString(
      'utf8',
    ),
  ) as { shapes: { Runtime: { enum: string[] } } }
  const lines: string[] = []
  for (const [name, theirs] of Object.entries(lifecycles)) {
    const ours = runtimes.get(name)
    if (!ours) {
      lines.push(`${name} is missing`)
      continue
    }
    const differ = (what: string, mine: string, other: string): void => {
      if (mine !== other) lines.push(`${name}: ${what} is ${mine} on the page, and ${other}`)
    }
    differ('deprecated', ours.deprecated, theirs.deprecated)
    differ('no creation from', ours.createBlocked, theirs['create-block'] ?? 'never')
    differ('no update from', ours.updateBlocked, theirs['update-block'] ?? 'never')
    differ('instead', ours.instead ?? '-', theirs.successor ?? '-')
  }
  for (const name of model.shapes.Runtime.enum)
    if (!runtimes.has(name) && !undated.includes(name)) lines.push(`${name} is named by the service model alone`)
  return lines
}

if (process.argv[1]?.endsWith('compare-runtimes.ts')) {
  const packages = process.argv[2]
  if (packages === undefined) throw new Error('say where the packages of Python are')
  const page = readFileSync(new URL('../spec/rules/deprecated-runtime.md', import.meta.url), 'utf8')
  const lines = compareRuntimes(page, packages)
  console.log(lines.length ? lines.join('\n') : 'nothing differs')
}
