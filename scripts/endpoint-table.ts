/**
 * `npm run endpoints`: certifies the emulators of `endpoints/` and writes what came out between the markers of the
 * README.
 * `npm run endpoints -- --evidence FILE…` takes the evidence of runs that have been made.
 */
import { present } from '../base/present.ts'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Evidence } from '../reports/evidence.ts'
import { renderComparison } from '../reports/render/side-by-side.ts'
import { loadEvidence } from '../reports/load-evidence.ts'
import { mergeEvidence } from '../reports/merge.ts'
import { prose, table } from '../reports/render/markdown-text.ts'
import { grouped } from '../reports/summary.ts'

const root = path.resolve(import.meta.dirname, '..')

interface Emulator {
  readonly name: string
  readonly title: string
  readonly version: () => string
  /** Runs one after the other, joined afterwards: one that is slow would not come to its end in the time of one. */
  readonly shards?: number
}

/**
 * Generated examples for each case. What is enumerated is asked whatever this is; more would only draw more of the
 * same.
 */
const RUNS = 5

const EMULATORS: readonly Emulator[] = [
  {
    name: 'embedded',
    title: 'embedded',
    version: () => (JSON.parse(read('package.json')) as { version: string }).version,
  },
  { name: 'ministack', title: 'MiniStack', version: () => pinned('ministack') },
  { name: 'moto', title: 'moto', version: () => pinned('moto') },
  {
    name: 'serverless-offline',
    title: 'serverless-offline',
    version: () =>
      JSON.parse(read('endpoints/serverless-offline/package-lock.json')).packages['node_modules/serverless-offline']
        .version as string,
  },
  {
    name: 'localstack',
    title: 'LocalStack without Docker',
    version: () => pinned('localstack-core', 'endpoints/requirements-localstack.txt'),
    shards: 2,
  },
  { name: 'rie', title: 'RIE', version: () => pinned('aws-sam-cli', 'endpoints/requirements-rie.txt') },
  {
    name: 'rie-runtime',
    title: 'RIE with the runtime probe',
    version: () => pinned('aws-sam-cli', 'endpoints/requirements-rie.txt'),
  },
]

/** The text between the markers: profiles by endpoints, then the MUST cases of each endpoint by verdict. */
function endpointTables(runs: readonly Evidence[]): string {
  const named = runs.map(evidence => ({
    name: titleOf(evidence),
    evidence: {
      ...evidence,
      endpoint: { ...present(evidence.endpoint, 'the endpoint'), name: titleOf(evidence), software: titleOf(evidence) },
    },
  }))
  const counts = named.map(({ name, evidence }) => {
    const must = evidence.results.filter(one => one.clause.level === 'must')
    const number = (verdict: string): string => grouped(must.filter(one => one.verdict === verdict).length)
    return [
      prose(name),
      grouped(must.length),
      ...['pass', 'fail', 'unsupported', 'skipped', 'inconclusive'].map(number),
      grouped(evidence.requests),
    ]
  })
  return [
    renderComparison(named, 'markdown').trimEnd(),
    '',
    table(
      ['MUST cases', 'all', 'passed', 'failed', 'not implemented', 'skipped', 'inconclusive', 'requests'],
      counts,
    ).trimEnd(),
  ].join('\n')
}

function titleOf(evidence: Evidence): string {
  const emulator = EMULATORS.find(one => one.name === evidence.endpoint?.name)
  if (emulator === undefined)
    throw new Error(
      `the evidence is of ${evidence.endpoint?.name ?? 'no endpoint'}, which is none of ${EMULATORS.map(one => one.name).join(', ')}`,
    )
  return `${emulator.title} ${emulator.version()}`
}

function pinned(name: string, file = 'endpoints/requirements.txt'): string {
  const version = new RegExp(`^${name}(?:\\[[^\\]]*\\])?==(\\S+)`, 'm').exec(read(file))?.[1]
  if (version === undefined) throw new Error(`${file} pins no version of ${name}`)
  return version
}

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
}

/** One whole run after the other: side by side they would wait for each other. */
function certified(): readonly Evidence[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-endpoints-'))
  try {
    return EMULATORS.map(({ name, shards = 1 }) => {
      const parts = Array.from({ length: shards }, (_, at) => {
        const out = path.join(folder, `${name}-${at + 1}`)
        const endpoint = name === 'embedded' ? name : `endpoints/${name}.yaml`
        const part = shards === 1 ? [] : ['--shard', `${at + 1}/${shards}`]
        const { status } = spawnSync(
          process.execPath,
          ['bin/lambdacheck.js', 'certify', '--endpoint', endpoint, '--runs', String(RUNS), ...part, '--out', out],
          { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
        )
        if (status !== 0 && status !== 1) throw new Error(`certifying ${name} ended with ${status}`)
        return { name: out, evidence: loadEvidence(out) }
      })
      return shards === 1 ? present(parts[0], 'the run').evidence : mergeEvidence(parts)
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The README with `text` between its markers. */
function withTables(readme: string, text: string): string {
  const marked = /(<!-- endpoints -->\n)[\s\S]*?(<!-- \/endpoints -->)/
  if (!marked.test(readme)) throw new Error('the README has no <!-- endpoints --> … <!-- /endpoints -->')
  return readme.replace(marked, (_, begin: string, end: string) => `${begin}${text}\n${end}`)
}

const [flag, ...files] = process.argv.slice(2)
if (flag !== undefined && (flag !== '--evidence' || files.length === 0)) {
  console.error('usage: npm run endpoints [-- --evidence FILE…]')
  process.exitCode = 2
} else {
  const runs = flag === undefined ? certified() : files.map(file => loadEvidence(file))
  for (const one of runs)
    if (one.partial || (one.narrowed?.length ?? 0) > 0)
      throw new Error(`the run of ${one.endpoint?.name} was not a whole one`)
  writeFileSync(path.join(root, 'README.md'), withTables(read('README.md'), endpointTables(runs)))
}
