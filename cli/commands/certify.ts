/** `lambdacheck certify`: the suites against an endpoint. */
import { randomInt } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Command, Option } from 'commander'
import pc from 'picocolors'
import { overallVerdict } from '../../reports/certify.ts'
import { withBaseline } from '../../reports/baseline.ts'
import type { Evidence } from '../../reports/evidence.ts'
import { EvidenceError } from '../../reports/evidence-error.ts'
import { loadEvidence } from '../../reports/load-evidence.ts'
import { renderJson } from '../../reports/json.ts'
import { EVIDENCE_FILE } from '../../reports/writer.ts'
import { renderAll, renderReport } from '../../reports/render/render.ts'
import type { Level } from '../../spec/model.ts'
import { UsageError } from '../../base/usage-error.ts'
import { certify, type CertifyOptions, type Prepared } from '../../suites/run/certify.ts'
import { quote } from '../../suites/wire/reproduce.ts'
import { embeddedEndpoint } from '../embedded-endpoint.ts'
import { INTERRUPTED, type Interruption, watchInterruption } from '../interruption.ts'
import { collect, readDuration, readShard, readWhole } from '../option-values.ts'
import { prepareOutFolder } from '../out-folder.ts'
import { createProgress, type Progress } from '../progress.ts'
import { watchFailures } from '../watch.ts'
import { packageVersion } from '../package-file.ts'
import { CASE_TIMEOUT_MS, DEFAULT_BUDGET_MS, DEFAULT_RUNS, DEFAULT_SEED, prepareCases } from '../prepare-cases.ts'
import { targetOf, type TargetFlags } from '../target-of.ts'

interface CertifyFlags extends TargetFlags {
  readonly profile?: readonly string[]
  readonly action?: readonly string[]
  readonly clause?: readonly string[]
  readonly level?: Level
  readonly seed?: number
  readonly runs?: number
  readonly budget?: number
  readonly shard?: { readonly index: number; readonly count: number }
  readonly concurrency?: number
  readonly path?: string
  readonly baseline?: string
  readonly out: string
  readonly json?: boolean
  readonly verbose?: boolean
  readonly smoke?: boolean
  readonly failFast?: boolean
  readonly keep?: boolean
  readonly watch?: boolean
}

/**
 * Exit codes: 0 certified or no worse than the baseline (or nothing speaks against it but what was expected or chosen),
 * 1 not, 2 usage, 3 not reachable, 130 interrupted.
 */
export function registerCertify(program: Command): void {
  program
    .command('certify')
    .description('run the suites against an endpoint and say what it can be certified for')
    .option(
      '--endpoint <url|name|file>',
      'endpoint to test (default: AWS_ENDPOINT_URL_LAMBDA, the configuration, the embedded endpoint)',
    )
    .option('--config <file>', 'configuration file (default: the lambdacheck.config.* that is found)')
    .option('--profile <name...>', 'run these profiles only', collect)
    .option('--action <name...>', 'run these actions only', collect)
    .option('--clause <id...>', 'run these clauses or cases only; * matches anything', collect)
    .addOption(
      new Option('--level <level>', 'run clauses of this level and of stronger ones').choices([
        'must',
        'should',
        'may',
      ]),
    )
    .option('--smoke', 'run a selection of cases with few examples')
    .option(
      '--seed <number|random>',
      'seed of the generated examples; one seed always gives the same examples',
      readSeed,
    )
    .option('--runs <number>', 'number of generated examples for each case', readWhole(1, 100_000))
    .option('--path <path>', 'replay one counterexample of the case that --clause names', readPath)
    .option('--budget <duration>', 'time limit for the whole run, such as 60s or 10m', readDuration)
    .option('--shard <i/n>', 'run this part of the suites only; `report merge` joins the parts', readShard)
    .option('--concurrency <number>', 'number of requests in flight at the same time', readWhole(1, 256))
    .option(
      '--baseline <file>',
      'evidence of an earlier run: exit with 0 if this run is no worse; uses its seed and runs',
    )
    .option('--out <folder>', 'folder for evidence and reports', 'lambdacheck-report')
    .option('--verbose', 'print every failing case, not only the causes')
    .option('--json', 'print the evidence instead of the report')
    .option('--fail-fast', 'stop at the first unexpected failure')
    .option('--watch', 'then rerun what failed, again and again, while you fix the endpoint')
    .option('--keep', 'keep what failing cases created, and print the commands that delete it')
    .option('--allow-aws', 'allow the endpoint to be AWS itself')
    .action(async (flags: CertifyFlags) => {
      process.exitCode = await run(flags)
    })
}

const SMOKE_RUNS = 2

async function run(flags: CertifyFlags): Promise<number> {
  const progress = createProgress(process.stderr, false)
  // From here on, before anything is sent, a signal ends the run in order.
  const interruption = watchInterruption(
    () => progress.say(pc.yellow('Stopping: cleaning up and writing down what is known. Again to leave at once.')),
    () =>
      process.stderr.write(
        `\nLeft at once: \`lambdacheck clean\` deletes what may be left on the endpoint; ` +
          `what was learnt is in ${flags.out}.\n`,
      ),
  )
  // Should the process end before the run has, nobody shall take that for success.
  const unfinished = (): void => void (process.exitCode ||= interruption.signal.aborted ? INTERRUPTED : 2)
  process.on('exit', unfinished)
  try {
    const code = await runToItsEnd(flags, progress, interruption)
    process.off('exit', unfinished)
    return interruption.signal.aborted ? INTERRUPTED : code
  } catch (error) {
    process.off('exit', unfinished)
    if (interruption.signal.aborted) return INTERRUPTED
    throw error
  } finally {
    interruption.release()
  }
}

async function runToItsEnd(flags: CertifyFlags, progress: Progress, interruption: Interruption): Promise<number> {
  // Read before --out is touched: the folder may be the same.
  const baseline = flags.baseline === undefined ? undefined : loadEvidence(flags.baseline)
  const out = prepareOutFolder(flags.out)
  const target = await targetOf(flags, { embedded: embeddedEndpoint(), concurrency: flags.concurrency })
  if (flags.keep === true && target.config.start !== undefined)
    throw new UsageError(
      `--keep keeps nothing where the endpoint ends with the run: start ${target.name} yourself, ` +
        'and give its address with --endpoint',
    )
  const seed = flags.seed ?? wholeOf(baseline, 'seed') ?? DEFAULT_SEED
  const runs = flags.runs ?? wholeOf(baseline, 'runs') ?? (flags.smoke ? SMOKE_RUNS : DEFAULT_RUNS)
  const budgetMs = flags.budget ?? DEFAULT_BUDGET_MS

  const options: CertifyOptions = {
    version: packageVersion(),
    target,
    prepare: () => prepare(flags),
    seed,
    runs,
    budgetMs,
    caseTimeoutMs: Math.min(CASE_TIMEOUT_MS, budgetMs),
    workers: 1,
    ...(flags.shard === undefined ? {} : { shard: flags.shard }),
    ...(flags.path === undefined ? {} : { path: flags.path }),
    ...(flags.failFast ? { failFast: true } : {}),
    ...(flags.keep ? { keep: true } : {}),
    out,
    cwd: process.cwd(),
    command: commandOf(flags, runs),
    narrowed: narrowedOf(flags),
    options: {
      seed,
      runs,
      budgetMs,
      concurrency: target.limits.concurrency,
      profile: flags.profile,
      action: flags.action,
      clause: flags.clause,
      level: flags.level,
      smoke: flags.smoke,
      failFast: flags.failFast,
      shard: flags.shard === undefined ? undefined : `${flags.shard.index}/${flags.shard.count}`,
    },
    signal: interruption.signal,
    progress,
  }
  const ran = await certify(options)
  const evidence = baseline === undefined ? ran : withBaseline(ran, baseline)
  process.stdout.write(
    renderReport(evidence, flags.json ? 'json' : 'terminal', {
      width: process.stdout.columns ?? 100,
      color: pc.isColorSupported,
      details: flags.verbose === true,
    }),
  )
  const files = renderAll(evidence, out)
  if (!flags.json) process.stdout.write(`${files.join(', ')} are in ${flags.out}\n`)
  if (!isOnDisk(out, evidence)) throw new EvidenceError(`the evidence in ${flags.out} is not that of this run`)
  if (flags.watch === true) return (await watch(evidence, options)).length === 0 ? 0 : 1
  if (evidence.baseline === undefined) return overallVerdict(evidence.results, evidence).acceptable ? 0 : 1
  process.stderr.write(`Against the baseline: ${evidence.baseline.sentence}\n`)
  return evidence.baseline.worse ? 1 : 0
}

/** Between two rounds, where nobody can press a key. */
const ROUND_MS = 3000

/** The evidence of the whole run stays where it is: rounds write theirs into a folder that goes with them. */
async function watch(evidence: Evidence, options: CertifyOptions): Promise<readonly string[]> {
  const out = mkdtempSync(path.join(tmpdir(), 'lambdacheck-watch-'))
  const { keep: _, failFast: __, ...whole } = options
  const quiet = { say: () => {}, expect: () => {}, result: () => {}, end: () => {} }
  try {
    return await watchFailures(evidence, {
      again: ids =>
        certify({ ...whole, out, progress: quiet, narrowed: ['--watch'], prepare: () => only(options, ids) }),
      say: text => process.stdout.write(`${text}\n`),
      pause: () => nextRound(options.signal),
      signal: options.signal,
    })
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

async function only(options: CertifyOptions, ids: readonly string[]): Promise<Prepared> {
  const prepared = await options.prepare()
  const wanted = new Set(ids)
  return { ...prepared, cases: prepared.cases.filter(one => wanted.has(one.id)) }
}

/** At a key on a terminal, else after a moment. */
function nextRound(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const { stdin } = process
    const timer = stdin.isTTY ? undefined : setTimeout(() => done(), ROUND_MS)
    const done = (): void => {
      clearTimeout(timer)
      stdin.off('data', done)
      if (stdin.isTTY) stdin.pause()
      signal.removeEventListener('abort', done)
      resolve()
    }
    if (signal.aborted) return done()
    signal.addEventListener('abort', done, { once: true })
    if (stdin.isTTY) {
      process.stdout.write('Press Enter for the next round.\n')
      stdin.resume()
      stdin.on('data', done)
    }
  })
}

/** Nothing is certified that nobody can look at afterwards: byte by byte what was judged. */
function isOnDisk(out: string, evidence: Evidence): boolean {
  return readFileSync(path.join(out, EVIDENCE_FILE), 'utf8') === renderJson(evidence)
}

async function prepare(flags: CertifyFlags): Promise<Prepared> {
  const { profile: profiles, action: actions, clause: clauses, level, smoke } = flags
  const prepared = await prepareCases({ profiles, actions, clauses, level, smoke })
  const { length } = prepared.cases
  if (flags.path !== undefined && length !== 1)
    throw new UsageError(`--path replays one case, and ${length} were chosen; name it with --clause`)
  return prepared
}

/** What of the command line the replay of a failure needs beside its clause and seed. */
function commandOf(flags: CertifyFlags, runs: number): string {
  return [
    'lambdacheck certify',
    ...(flags.endpoint === undefined ? [] : [`--endpoint ${quote(flags.endpoint)}`]),
    ...(flags.config === undefined ? [] : [`--config ${quote(flags.config)}`]),
    ...(flags.allowAws ? ['--allow-aws'] : []),
    ...(runs === DEFAULT_RUNS ? [] : [`--runs ${runs}`]),
  ].join(' ')
}

/** Choosing whole profiles is not narrowing, and neither is leaving out what no certificate needs. */
function narrowedOf(flags: CertifyFlags): readonly string[] {
  return [
    ...(flags.action ?? []).map(one => `--action ${one}`),
    ...(flags.clause ?? []).map(one => `--clause ${one}`),
    ...(flags.shard === undefined ? [] : [`--shard ${flags.shard.index}/${flags.shard.count}`]),
    ...(flags.smoke ? ['--smoke'] : []),
    ...(flags.path === undefined ? [] : [`--path ${flags.path}`]),
  ]
}

/** What a run that is to be compared has to have in common with the earlier one. */
function wholeOf(baseline: Evidence | undefined, option: 'seed' | 'runs'): number | undefined {
  const value = baseline?.options[option]
  return typeof value === 'number' && Number.isInteger(value) && (option === 'seed' || value > 0) ? value : undefined
}

function readSeed(text: string): number {
  return text === 'random' ? randomInt(2 ** 31) : readWhole(-2147483648, 2147483647)(text)
}

function readPath(text: string): string {
  if (!/^[\d:]+(;[\w+/:=-]*)?$/.test(text))
    throw new UsageError(`--path ${JSON.stringify(text)}: a path is numbers between colons, as a failure prints it`)
  return text
}
