/** `lambdacheck/suites`: what a generated suite file calls, inside a Vitest worker. */
import type * as Vitest from 'vitest'
import { isObject } from '../../base/is-object.ts'
import { createRedactor, secretsOf } from '../../base/redact.ts'
import type { CaseResult } from '../../reports/evidence.ts'
import type { Case, Endpoint } from '../case.ts'
import { deriveCases, deriveChosen } from './derive.ts'
import { openSession, type Session } from './session.ts'
import { timeUntil } from './bounds.ts'
import { createBreaker, type Breaker } from './breaker.ts'
import { readEndings } from './endings.ts'
import { CREDENTIALS_KEY, groupBySuite, PLAN_KEY, readPlan, type Plan } from './plan.ts'
import { toResult } from './result.ts'
import { onStop } from './stopping.ts'
import { judgeEndings } from './judge-endings.ts'
import { runCase, type CaseRun, type RunCaseOptions } from './run-case.ts'
import { createSuspects } from './suspects.ts'

type VitestApi = Pick<typeof Vitest, 'test' | 'inject' | 'beforeAll' | 'afterAll'>

/**
 * In the meta of every test under `lambdacheck`, for the process that started the run.
 * @since 0.1.0
 */
export interface CaseMeta {
  readonly result: CaseResult
  /** Requests sent since the last report of this suite. */
  readonly requests: number
}

/**
 * The same in the meta of the file, when its suite is over.
 * @since 0.1.0
 */
export interface SuiteMeta {
  readonly requests: number
  readonly notes: readonly string[]
  /** Of cases that were judged again: they stand in place of those that came before. */
  readonly revised?: readonly CaseResult[]
}

interface Worker {
  readonly plan: Plan
  /** The chosen cases; a suite of which none was chosen is not there. */
  readonly suites: ReadonlyMap<string, readonly Case[]>
  readonly breaker: Breaker
  opened: number
}

/** Deleting everything may take so long; and so long where the endpoint has stopped answering. */
const CLEAN_UP_MS = 30_000
const SILENT_CLEAN_UP_MS = 5000

/** One of each plan for all suites that this worker runs. */
const workers = new Map<string, Worker>()

/**
 * Defines one test for each chosen case of the suite. Throws when the suite is not known, or when no endpoint was
 * handed over: suites are run by `lambdacheck certify`, or with the configuration that `lambdacheck compile` writes
 * beside them.
 * @since 0.1.0
 */
export function defineSuite(name: string, vitest: VitestApi): void {
  defineSuites([name], vitest)
}

/**
 * The same for several suites that run side by side and share their fixtures.
 * @since 0.1.0
 */
export function defineSuites(names: readonly string[], vitest: VitestApi): void {
  const worker = workerOf(vitest)
  const { plan, breaker } = worker
  const redactor = createRedactor(secretsOf(plan.endpoint.credentials, process.env))
  const chosen = slowFirst(names.flatMap(name => casesOf(worker, name)))

  const end = new AbortController()
  const timer = abortAt(plan.deadline, end)
  const session = sessionOf(worker, names[0] ?? '', end.signal)
  const interrupt = (): void => end.abort(new Error('the run was interrupted'))
  const stopListening = onStop(planFileOf(vitest), interrupt)
  const notes: string[] = []
  let reported = 0
  const sinceLast = (): number => {
    const before = reported
    reported = session.sent
    return reported - before
  }

  const suspects = createSuspects(
    () => readEndings(planFileOf(vitest)),
    () => session.fixtures.forgetAll(),
  )
  const running: RunCaseOptions = {
    endpoint: plan.endpoint,
    session,
    breaker,
    suspects,
    caseTimeoutMs: plan.caseTimeoutMs,
    cleanBy: plan.cleanBy ?? Number.POSITIVE_INFINITY,
    signal: end.signal,
    ...(plan.keep === true ? { keep: true } : {}),
    ...(plan.path === undefined ? {} : { path: plan.path }),
  }
  const resultOf = (one: Case, { outcome, durationMs, trail }: CaseRun): CaseResult =>
    toResult(one, outcome, {
      endpoint: plan.endpoint,
      spec: plan.spec,
      command: plan.command,
      seed: plan.seed,
      durationMs,
      redactor,
      ...(trail === undefined ? {} : { trail }),
    })

  let open = chosen.filter(one => one.isLast !== true).length
  let quiet = (): void => {}
  const whenQuiet = open === 0 ? Promise.resolve() : new Promise<void>(resolve => (quiet = resolve))
  for (const one of chosen) {
    vitest.test.concurrent(one.id, { timeout: 0 }, async test => {
      test.signal.addEventListener('abort', interrupt, { once: true })
      if (one.isLast === true) await whenQuiet
      const run = await runCase(one, running).finally(() => {
        if (one.isLast !== true && --open === 0) quiet()
      })
      const result = resultOf(one, run)
      Object.assign(test.task.meta, { lambdacheck: { result, requests: sinceLast() } satisfies CaseMeta })
      if (plan.mode === 'assert') report(result, test)
    })
  }
  vitest.afterAll(async ({}, file) => {
    const revised = (await judgeEndings(running)).map(({ one, run }) => resultOf(one, run))
    clearTimeout(timer)
    stopListening()
    const most = breaker.silent === undefined ? CLEAN_UP_MS : SILENT_CLEAN_UP_MS
    const patience = timeUntil(plan.cleanBy ?? Number.POSITIVE_INFINITY, 500, most)
    // What is not done by then, the sweep at the end of the run looks for.
    const enough = new Promise<readonly string[]>(resolve => setTimeout(() => resolve([]), patience + 200).unref())
    if (plan.keep !== true)
      notes.push(
        ...(await Promise.race([session.cleanUp(patience), enough])).map(one => `Could not be deleted: ${one}`),
      )
    await session.close()
    Object.assign(file.meta, { lambdacheck: { requests: sinceLast(), notes, revised } satisfies SuiteMeta })
  }, 240_000)
}

function sessionOf(worker: Worker, name: string, signal: AbortSignal): Session {
  const { plan, breaker } = worker
  return openSession({
    spec: plan.spec,
    endpoint: plan.endpoint,
    seed: plan.seed,
    runs: plan.runs,
    caseTimeoutMs: plan.caseTimeoutMs,
    prefix: `${plan.prefix}-${suiteSuffix(name, worker)}`,
    signal,
    onExchange: breaker.observe,
    ...(plan.keep === true && { keep: true }),
  })
}

/** Aborts at a time in milliseconds of the epoch, `null` for never. */
function abortAt(deadline: number | null, end: AbortController): NodeJS.Timeout | undefined {
  if (deadline === null) return undefined
  const abort = (): void => end.abort(new Error('the time for the run is over'))
  return setTimeout(abort, Math.max(0, deadline - Date.now()))
}

/** Vitest knows no types for keys of ours. */
const handedOver = (vitest: VitestApi, key: string): unknown => (vitest.inject as (key: string) => unknown)(key)

function planFileOf(vitest: VitestApi): string {
  const file = handedOver(vitest, PLAN_KEY)
  if (typeof file === 'string') return file
  throw new Error(
    'lambdacheck: no endpoint was handed over. Run the suites with the vitest.config.js that `lambdacheck ' +
      'compile` writes beside them, or add globalSetup: "lambdacheck/vitest" to your own.',
  )
}

function workerOf(vitest: VitestApi): Worker {
  const file = planFileOf(vitest)
  const credentials = handedOver(vitest, CREDENTIALS_KEY)
  if (!isObject(credentials)) throw new Error('lambdacheck: no credentials were handed over with the endpoint')
  const known = workers.get(file)
  if (known !== undefined) return known
  const plan = readPlan(file, credentials as unknown as Endpoint['credentials'])
  const worker: Worker = {
    plan,
    suites: groupBySuite(plan.cases === null ? deriveCases(plan.spec) : deriveChosen(plan.spec, plan.cases)),
    breaker: createBreaker({ isComingBack: () => readEndings(file).underWay }),
    opened: 0,
  }
  workers.set(file, worker)
  return worker
}

function casesOf(worker: Worker, name: string): readonly Case[] {
  const cases = worker.suites.get(name) ?? []
  if (cases.length === 0 && !groupBySuite(deriveCases(worker.plan.spec)).has(name))
    throw new Error(
      `lambdacheck: there is no suite ${JSON.stringify(name)} in this version; ` +
        `write the suites anew with \`lambdacheck compile\``,
    )
  return cases
}

/** What waits for things to happen begins first, so that nothing waits for it in the end. */
function slowFirst(cases: readonly Case[]): readonly Case[] {
  const rank = (one: Case): number =>
    one.isLast === true ? 4 : ({ property: 0, model: 1, law: 2 }[one.family as string] ?? 3)
  const length = ({ expectedMs = 0, timeMs = 0 }: Case): number => expectedMs + timeMs / 10
  return [...cases].sort((a, b) => rank(a) - rank(b) || length(b) - length(a))
}

/** Differs between all suites, whichever worker runs them: names must never meet. */
function suiteSuffix(name: string, worker: Worker): string {
  return [...worker.suites.keys()].indexOf(name).toString(36)
}

/** In somebody's own Vitest: only a pass passes. What the endpoint does not have is skipped with the reason. */
function report(result: CaseResult, test: Vitest.TestContext): void {
  if (result.verdict === 'pass' || result.expectedFailure === true) return
  if (result.verdict === 'skipped' || result.verdict === 'unsupported')
    test.skip(`${result.verdict}: ${result.reason ?? ''}`)
  const lines = [
    `${result.verdict === 'fail' ? '' : `${result.verdict}: `}${result.reason ?? 'does not hold'}`,
    `  ${result.clause.text}`,
    `  spec/${result.clause.page}:${result.clause.line} (${result.clause.level})`,
    ...(result.expected === undefined ? [] : [`  expected ${result.expected}`]),
    ...(result.actual === undefined ? [] : [`  actual   ${result.actual}`]),
    ...(result.counterexample === undefined ? [] : [`  with     ${JSON.stringify(result.counterexample)}`]),
    ...(result.reproduce?.curl === undefined ? [] : [`  ${result.reproduce.curl}`]),
    ...(result.reproduce === undefined ? [] : [`  ${result.reproduce.replay}`]),
  ]
  throw Object.assign(new Error(lines.join('\n')), { stack: undefined })
}
