/** One run from its target to its evidence: start, ask, run the cases, clean up, stop. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { createRedactor, secretsOf } from '../../base/redact.ts'
import { certifyProfiles } from '../../reports/certify.ts'
import type { CaseList, CaseResult, Evidence } from '../../reports/evidence.ts'
import { openEvidenceWriter, type EvidenceWriter } from '../../reports/writer.ts'
import type { Spec } from '../../spec/model.ts'
import type { CaseOutline, Endpoint } from '../case.ts'
import { askEndpoint, isNoLambda, type Asked } from '../endpoint/ask.ts'
import { keepStarted, type Restarting } from '../endpoint/keep-started.ts'
import { keepHeapsSmall } from './small-heap.ts'
import { startEndpoint, type Started } from '../endpoint/start.ts'
import type { Target } from '../endpoint/target.ts'
import { newRunName } from '../ownership.ts'
import { type Bounds, boundsOf, timeOfCase, timeUntil } from './bounds.ts'
import { NO_ENDINGS, tellEndings, type Endings } from './endings.ts'
import { runSuites } from './engine.ts'
import { groupBySuite, writePlan } from './plan.ts'
import { toResult } from './result.ts'
import { quote } from '../wire/reproduce.ts'
import { createRunFolder } from './run-folder.ts'
import { statementVerdicts } from './statements.ts'
import { writeBundles } from './suite-files.ts'
import { sayings, sweepRun, type RunSwept } from './sweep-run.ts'

/** What a run is asked to do. */
export interface CertifyOptions extends Omit<RunOptions, keyof Prepared> {
  /** Called while the endpoint is starting; what it throws ends the run. */
  prepare(): Promise<Prepared>
}

/** What a run will try, before any endpoint is asked. */
export interface Prepared {
  readonly spec: Spec
  /** Those that were chosen. */
  readonly cases: readonly CaseOutline[]
  /** All that there are, for the profiles of those that were chosen. */
  readonly caseList: CaseList
}

interface RunOptions extends Prepared {
  readonly version: string
  readonly target: Target
  readonly seed: number
  readonly runs: number
  /** Milliseconds for the whole run; a part of them is kept for cleaning up. */
  readonly budgetMs: number
  readonly caseTimeoutMs: number
  readonly workers: number
  readonly shard?: { readonly index: number; readonly count: number }
  readonly path?: string
  /** The first failure that was not expected ends the run. */
  readonly failFast?: boolean
  /** What failing cases made, and what they were lent, stays where it is. */
  readonly keep?: boolean
  /** Folder for the evidence; it is there. */
  readonly out: string
  /** Folder of the project: its `.lambdacheck` holds the suites while they run. */
  readonly cwd: string
  /** What of the command line leads to this endpoint. */
  readonly command: string
  readonly narrowed: readonly string[]
  readonly options: { readonly [option: string]: unknown }
  readonly signal: AbortSignal
  readonly progress: RunProgress
}

/** Is told how far a run has come. */
export interface RunProgress {
  say(text: string): void
  expect(cases: number): void
  result(result: CaseResult): void
  end(): void
}

/** Nothing for so long beyond the longest case: the workers hang. */
const PATIENCE_MS = 60_000
const OUT_OF_TIME = 'the time for the run is over'
/**
 * Cases at a time for each request that may be under way. Most of the time a case waits: for a function to end, for a
 * message to be visible again, for an update. Requests are bounded where they are sent, whatever runs beside. An
 * endpoint that takes one request at a time gets one case.
 */
const CASES_A_REQUEST = 2
/** Suites that are not done with cleaning up by then are left behind. */
const LATE_MS = 3000
/** For cleaning up after an interruption. */
const INTERRUPTED_MS = 30_000
const LEAST_ASKING_MS = 2000

/**
 * Gives the evidence of the whole run, which lies in `out` as well if the disk did not refuse. Throws a `UsageError`
 * when the endpoint cannot be started, an `UnreachableError` when nothing answers there, and an `EvidenceError` when
 * not even the journal can be begun.
 */
export async function certify(given: CertifyOptions): Promise<Evidence> {
  keepHeapsSmall()
  const startedAt = new Date()
  const bounds = boundsOf(startedAt.getTime(), given.budgetMs)
  const run = newRunName()
  const { target, signal, progress } = given
  const { start } = target.config
  const gaveUp = new AbortController()
  // While something is awaited that nothing keeps alive, Node.js would end, and end well.
  const alive = setInterval(() => {}, 60_000)
  if (start !== undefined) progress.say(`Starting ${target.name}`)
  const starting =
    start === undefined
      ? undefined
      : startEndpoint({ ...target.config, start }, target.folder, AbortSignal.any([signal, gaveUp.signal]))
  // Awaited only after the preparations: until then nobody would hear of a refusal.
  starting?.catch(() => {})
  let started: Started | undefined
  try {
    const options: RunOptions = { ...given, ...(await given.prepare()) }
    started = await starting
    signal.throwIfAborted()
    const url = started?.url ?? target.config.url
    progress.say(`Asking ${target.name}${target.name === new URL(url).host ? '' : ` at ${url}`} what it can do`)
    const asked = await ask(options, url, run, bounds)
    const { endpoint } = asked
    const record = beginRecord(options, endpoint, startedAt)
    record.sent(asked.requests)
    for (const note of asked.notes) record.note(note)
    const folder = createRunFolder(options.cwd)
    const planFile = path.join(folder, 'plan.json')
    const casesOver = new AbortController()
    const kept =
      started === undefined ? undefined : keep(started, planFile, AbortSignal.any([signal, casesOver.signal]), record)
    let trouble: string | undefined
    try {
      trouble = answersAlike(options, asked)
      if (trouble !== undefined) record.missing(options.cases, trouble)
      else trouble = await execute(options, endpoint, record, { folder, planFile, bounds })
    } finally {
      casesOver.abort(new Error('the cases are over'))
      started = kept?.current()
      progress.end()
      rmSync(folder, { recursive: true, force: true })
      const until = signal.aborted ? Date.now() + INTERRUPTED_MS : bounds.end
      if (options.keep === true)
        record.note(
          `Kept: what failing cases made or were lent, by names that begin with ${run}-. It is removed by: ` +
            `lambdacheck clean --endpoint ${quote(url)}`,
        )
      else record.swept(await sweepRun(options, url, run, until, endpoint.capabilities))
    }
    return record.finish(trouble)
  } finally {
    progress.end()
    clearInterval(alive)
    gaveUp.abort(new Error('nothing is to be started any more'))
    await (started ?? (await starting?.catch(() => undefined)))?.stop()
  }
}

/**
 * Why no case is worth a request: a server that answers nonsense as it answers every action is no Lambda, and what it
 * would be told of each case is the same. Who runs a share of the cases does not know yet which they are.
 */
function answersAlike({ shard }: RunOptions, { constant }: Asked): string | undefined {
  return constant === undefined || shard !== undefined ? undefined : isNoLambda(constant)
}

/** So much of the last words of an endpoint goes into each verdict that tells of its end. */
const WORDS = 1500

/** The end of a text, from the beginning of a line on. */
function lastLines(text: string): string {
  const from = text.length - WORDS
  return from <= 0 ? text : text.slice(text.indexOf('\n', from) + 1)
}

/** Has it started again whenever it ends, and tells the workers and the record of it. */
function keep(started: Started, planFile: string, signal: AbortSignal, record: RunRecord): Restarting {
  let endings = NO_ENDINGS
  const tell = (change: Partial<Endings>): void => {
    endings = { ...endings, ...change }
    tellEndings(planFile, endings)
  }
  return keepStarted(started, {
    signal,
    onEnd: (count, how, again) => tell({ count, how, at: Date.now(), underWay: again }),
    onWords(text) {
      const words = text.trimEnd()
      record.note(
        `The endpoint ended during the run (${endings.count}): it ${endings.how}. ` +
          `${words === '' ? 'It wrote nothing.' : `It wrote last:\n${words}`}`,
      )
      if (words !== '') tell({ how: `${endings.how}, and wrote last:\n${lastLines(words)}` })
    },
    onBack: () => tell({ underWay: false }),
    onLost(why) {
      record.note(`The endpoint was not started again: ${why}`)
      tell({ underWay: false })
    },
  })
}

/** When asking is cut off, what it has made is deleted before anything else happens. */
async function ask(options: RunOptions, url: string, run: string, bounds: Bounds): Promise<Asked> {
  const { target, spec, signal, progress } = options
  let touched = false
  const timeMs = timeUntil((Date.now() + bounds.cases) / 2, LEAST_ASKING_MS, Number.POSITIVE_INFINITY)
  try {
    return await askEndpoint({ target, url, spec, run, signal, timeMs, onGreeting: () => (touched = true) })
  } catch (error) {
    if (touched) {
      const swept = await sweepRun(options, url, run, Date.now() + INTERRUPTED_MS)
      for (const one of sayings(target, url, swept)) progress.say(one)
    }
    throw error
  }
}

/** Gives the reason when the run did not come to its end. */
async function execute(
  options: RunOptions,
  endpoint: Endpoint,
  record: RunRecord,
  where: { readonly folder: string; readonly planFile: string; readonly bounds: Bounds },
): Promise<string | undefined> {
  const { cases, signal, progress } = options
  if (signal.aborted) {
    record.missing(cases, reasonOf(signal))
    return reasonOf(signal)
  }
  const suites = groupBySuite(cases)
  const { planFile } = where
  const concurrency = Math.max(1, Math.ceil(endpoint.limits.concurrency / options.workers))
  writePlan(planFile, {
    endpoint: {
      ...endpoint,
      limits: { ...endpoint.limits, concurrency, rate: endpoint.limits.rate / options.workers },
    },
    spec: options.spec,
    seed: options.seed,
    runs: options.runs,
    caseTimeoutMs: options.caseTimeoutMs,
    deadline: where.bounds.cases,
    cleanBy: where.bounds.suites,
    prefix: endpoint.run,
    cases: cases.map(one => one.id),
    ...(options.path === undefined ? {} : { path: options.path }),
    ...(options.keep === true ? { keep: true } : {}),
    command: options.command,
    mode: 'record',
  })
  const bundles = writeBundles(where.folder, [...suites.keys()], options.workers * (options.shard?.count ?? 1))
  const own: CaseOutline[] = []
  const enough = new AbortController()
  const ending = AbortSignal.any([signal, enough.signal])
  const end = await runSuites({
    folder: where.folder,
    planFile,
    credentials: endpoint.credentials,
    workers: options.workers,
    casesAtOnce: concurrency === 1 ? 1 : concurrency * CASES_A_REQUEST,
    ...(options.shard === undefined ? {} : { shard: options.shard }),
    patienceMs: Math.max(...cases.map(one => timeOfCase(one, options.caseTimeoutMs))) + PATIENCE_MS,
    endBy: where.bounds.suites + LATE_MS,
    signal: ending,
    onFile(bundle) {
      own.push(...(bundles.get(bundle) ?? []).flatMap(suite => suites.get(suite) ?? []))
      progress.expect(own.length)
    },
    onResult(result, requests) {
      record.result(result)
      record.sent(requests)
      progress.result(result)
      if (options.failFast && result.verdict === 'fail' && result.expectedFailure !== true)
        enough.abort(new Error(`--fail-fast ended it at ${result.id}`))
    },
    onFileEnd(requests, notes, revised) {
      record.sent(requests)
      for (const result of revised) record.result(result)
      for (const note of notes) record.left(note)
    },
  })
  const reason = ending.aborted ? reasonOf(ending) : end.trouble
  // Before the first file had come, nobody knew which part of a sharded run was to be done here.
  record.missing(
    own.length === 0 && options.shard === undefined ? cases : own,
    reason ?? 'the run ended before this case',
  )
  return reason ?? (Date.now() > where.bounds.cases ? OUT_OF_TIME : undefined)
}

interface RunRecord {
  result(result: CaseResult): void
  sent(requests: number): void
  note(text: string): void
  /** Something could not be deleted. */
  left(text: string): void
  /** After the last look: of what has the name of the run only this is still there. */
  swept(found: RunSwept): void
  /** Results for cases that have none. */
  missing(cases: readonly CaseOutline[], reason: string): void
  finish(trouble: string | undefined): Evidence
}

/** What evidence says of a run before any case has run. */
function beginningOf(options: RunOptions, endpoint: Endpoint, startedAt: Date) {
  const { name, url, region, software, capabilities, actions, declared = [] } = endpoint
  return {
    tool: { name: 'lambdacheck', version: options.version },
    startedAt: startedAt.toISOString(),
    ...(options.narrowed.length > 0 && { narrowed: options.narrowed }),
    spec: { edition: options.spec.edition, digest: options.spec.digest, clauses: options.spec.clauses.length },
    endpoint: {
      name,
      url,
      region,
      ...(software !== undefined && { software }),
      ...(options.target.artifact && { artifact: options.target.artifact }),
      capabilities,
      actions,
      declared,
    },
    options: options.options,
    caseList: options.caseList,
  } as const
}

function beginRecord(options: RunOptions, endpoint: Endpoint, startedAt: Date): RunRecord {
  const redactor = createRedactor(secretsOf(endpoint.credentials, process.env))
  const start = redactor.value(beginningOf(options, endpoint, startedAt))
  const writer: EvidenceWriter = openEvidenceWriter(options.out, start)
  const results = new Map<string, CaseResult>()
  const notes: string[] = []
  let left: readonly string[] = []
  let requests = 0
  const append = (entry: Parameters<EvidenceWriter['append']>[0]): void => {
    try {
      writer.append(entry)
    } catch {
      // The run is worth more than its journal; the whole is tried again in the end.
    }
  }
  const record: RunRecord = {
    result(result) {
      results.set(result.id, result)
      append({ result })
    },
    sent(more) {
      if (more === 0) return
      requests += more
      append({ requests })
    },
    note(given) {
      const text = redactor.text(given)
      notes.push(text)
      append({ note: text })
    },
    left(text) {
      left = [...left, text]
    },
    swept(found) {
      const known = found.unread.length > 0 ? left : left.filter(one => !one.includes(`${endpoint.run}-`))
      left = [...new Set([...known, ...sayings(options.target, endpoint.url, found)])]
      record.sent(found.requests)
    },
    missing(cases, reason) {
      for (const one of cases) {
        if (results.has(one.id)) continue
        const outcome = { verdict: 'inconclusive', reason, runs: 0, exchanges: [] } as const
        const { spec, command, seed } = options
        record.result(toResult(one, outcome, { endpoint, spec, command, seed, durationMs: 0, redactor }))
      }
    },
    finish(trouble) {
      if (trouble !== undefined) notes.push(`The run did not come to its end: ${trouble}.`)
      notes.push(...left.map(redactor.text))
      const all = [...results.values()]
      const partial = trouble !== undefined
      const evidence: Evidence = {
        schemaVersion: 1,
        ...start,
        finishedAt: new Date().toISOString(),
        partial,
        results: all,
        profiles: certifyProfiles(all, { ...start, partial }),
        statements: statementVerdicts(options.spec, all),
        requests,
        findings: [],
        notes,
      }
      try {
        writer.finish(evidence)
      } catch {
        // Whoever asked for the run shows what it found before they try the disk again, and say what is wrong with it.
        writer.close()
      }
      return evidence
    },
  }
  return record
}

function reasonOf(signal: AbortSignal): string {
  return signal.reason instanceof Error ? signal.reason.message : String(signal.reason)
}
