/** Runs one case: whatever happens, it ends in a verdict and in time. */
import type { Answer, Case, CaseContext, CaseOutcome, Client, Endpoint } from '../case.ts'
import { troubleOf } from '../families/explore.ts'
import { outcomeOf } from '../judgement.ts'
import { ForeignName } from '../fixtures/foreign.ts'
import { isStarting } from '../fixtures/starts-functions.ts'
import type { Trail } from '../fixtures/trail.ts'
import { FixtureTrouble } from '../fixtures/trouble.ts'
import type { Session } from './session.ts'
import { timeOfCase, timeUntil } from './bounds.ts'
import type { Breaker } from './breaker.ts'
import type { Exchange } from '../../reports/evidence.ts'
import type { Endings } from './endings.ts'
import type { Suspects } from './suspects.ts'
import { unlessAborted } from './unless-aborted.ts'
import { messageOf } from '../../base/message-of.ts'

/** One case and the run that it belongs to. */
export interface RunCaseOptions {
  readonly endpoint: Endpoint
  readonly session: Session
  readonly breaker: Breaker
  readonly suspects: Suspects
  readonly caseTimeoutMs: number
  /** Milliseconds since the epoch by which it has been cleaned up. */
  readonly cleanBy: number
  readonly path?: string
  /** What a failing case made stays where it is. */
  readonly keep?: boolean
  /** Aborted when the run is to end: interrupted, or out of time. */
  readonly signal: AbortSignal
}

/** How it ended. */
export interface CaseRun {
  readonly outcome: CaseOutcome
  /** How what it had was made; absent when it did not run. */
  readonly trail?: Trail
  readonly durationMs: number
  /** What the case made and could not be deleted; tried again when the suite ends. */
  readonly left: readonly string[]
  /** The endpoint ended at it, with no other beside it. */
  readonly endedAlone?: boolean
}

/** Of the case's time, so much is left to the case itself; then it is cut off. */
const GRACE_MS = 2000
const CLOSING_MS = 10_000
const PROBE_MS = 2000

/** A case that an outage got into is run again when the endpoint is back, so often. */
const RETRIES = 2

/** Runs one case. Never throws. */
export async function runCase(one: Case, options: RunCaseOptions): Promise<CaseRun> {
  const { breaker, suspects, signal } = options
  let begun: number | undefined
  for (let attempt = 0; ; attempt++) {
    const early = withoutRunning(one, options) ?? (await whenUp(options, attempt > 0))
    if (early !== undefined) return { outcome: early, durationMs: 0, left: [] }
    if (begun !== undefined && suspects.endings().count > begun) return runAlone(one, options, begun)
    const troubles = breaker.trouble
    const turn = await suspects.turns.beside(async () => {
      const { count } = suspects.endings()
      return { count, run: await runOnce(one, options) }
    })
    begun = turn.count
    const { run } = turn
    const { verdict } = run.outcome
    const disturbed =
      suspects.endings().count > begun ||
      (breaker.trouble !== troubles && verdict !== 'pass' && verdict !== 'unsupported')
    if (disturbed && !signal.aborted && attempt < RETRIES) continue
    suspects.ran(one, begun, verdict === 'pass')
    return run
  }
}

/** What a function does behind its answer has been done by then. */
const BEHIND_MS = 700

/**
 * The endpoint ended while the case ran, the first time at the ending after `begun`. With nothing beside it the case
 * shows whether it was it; whatever becomes of it, the endpoint is back when the next one begins.
 */
export function runAlone(one: Case, options: RunCaseOptions, begun: number): Promise<CaseRun> {
  const { suspects } = options
  return suspects.turns.alone(async () => {
    // What ran before may end it a moment later.
    const before = (await whenQuiet(options)).count
    const exchanges: Exchange[] = []
    const run = await runOnce(one, options, exchanges)
    const { count, how } = await whenQuiet(options)
    if (count === before) {
      suspects.ran(one, begun, run.outcome.verdict === 'pass')
      return run
    }
    suspects.convict(begun + 1, count)
    return { ...run, outcome: endedOutcome(run.outcome, how, exchanges), endedAlone: true }
  })
}

/** Whether the endpoint ends while these run, one after the other. */
export function endsAtAnyOf(cases: readonly Case[], options: RunCaseOptions): Promise<boolean> {
  return options.suspects.turns.alone(async () => {
    const before = (await whenQuiet(options)).count
    for (const one of cases) await runOnce(one, options)
    return (await whenQuiet(options)).count > before
  })
}

/** When nothing is under way any more, and the endpoint answers. */
async function whenQuiet(options: RunCaseOptions): Promise<Endings> {
  await pause(BEHIND_MS, options.signal)
  await whenUp(options, true)
  return options.suspects.endings()
}

function endedOutcome(outcome: CaseOutcome, how: string, exchanges: readonly Exchange[]): CaseOutcome {
  return {
    verdict: 'fail',
    reason: `the endpoint ended at this case, with no other beside it: it ${how}`,
    expected: 'the endpoint to go on answering',
    actual: `it ${how}`.slice(0, 2000),
    runs: outcome.runs,
    exchanges,
  }
}

/** Over at once when the signal is aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await unlessAborted(new Promise(resolve => setTimeout(resolve, ms)), signal).catch(() => {})
}

/** Waits until the endpoint answers; gives the outcome when it does not. */
async function whenUp(
  { endpoint, session, breaker, signal }: RunCaseOptions,
  doubtful: boolean,
): Promise<CaseOutcome | undefined> {
  const nothing = { runs: 0, exchanges: [] }
  const greetings = ['ListFunctions', 'GetAccountSettings'].flatMap(name => session.spec.actions[name] ?? [])
  const timeoutMs = Math.min(PROBE_MS, endpoint.limits.requestTimeoutMs)
  try {
    const silent = await breaker.whenUp(
      async () => {
        // One that is never answered says nothing of the others.
        for (const action of greetings) {
          const { failure } = await session.client.call(action, {}, { timeoutMs })
          if (failure === undefined) return
        }
      },
      signal,
      doubtful,
    )
    return silent === undefined ? undefined : { verdict: 'inconclusive', reason: silent, ...nothing }
  } catch (error) {
    if (signal.aborted) return { verdict: 'inconclusive', reason: reasonOf(signal), ...nothing }
    throw error
  }
}

/** `heard`: where its exchanges are kept. */
async function runOnce(one: Case, options: RunCaseOptions, heard?: Exchange[]): Promise<CaseRun> {
  const start = performance.now()
  const caseTimeoutMs = timeOfCase(one, options.caseTimeoutMs)
  const limit = AbortSignal.timeout(caseTimeoutMs + GRACE_MS)
  const { givenUp } = options.breaker
  const open = options.session.openCase({
    ...(options.path !== undefined && { path: options.path }),
    starts: isStarting(options.session.spec, one),
  })
  // That of the context ends with the case too: what it has left under way must not go on waiting.
  const signal = AbortSignal.any([options.signal, open.context.signal, limit, givenUp])
  const context: CaseContext = {
    ...open.context,
    client: guarded(open.context.client, signal, heard),
    signal,
    caseTimeoutMs,
  }
  let outcome: CaseOutcome
  try {
    outcome = await unlessAborted(one.run(context), signal)
  } catch (error) {
    const ended = [options.signal, givenUp].find(one => one.aborted)
    outcome = outcomeOfError(error, ended, limit, caseTimeoutMs)
  }
  const durationMs = performance.now() - start
  if (options.keep === true && outcome.verdict === 'fail') return { outcome, trail: open.trail, durationMs, left: [] }
  // What takes longer goes on beside the other cases, and is looked after once more when the suite ends.
  const patience = timeUntil(options.cleanBy, 200, CLOSING_MS)
  const left = await Promise.race([
    open.close(patience),
    new Promise<readonly string[]>(resolve => setTimeout(() => resolve([]), patience).unref()),
  ])
  return { outcome, trail: open.trail, durationMs, left }
}

/**
 * Capabilities that are the endpoint's as soon as it has this action: where it has not, the action is what it lacks.
 */
const MADE_BY: { readonly [capability: string]: string } = { signing: 'CreateCodeSigningConfig' }

/** What is clear beforehand. */
function withoutRunning(one: Case, { endpoint, signal }: RunCaseOptions): CaseOutcome | undefined {
  const nothing = { runs: 0, exchanges: [] }
  const creates = one.actions.includes('CreateFunction') && endpoint.capabilities['create'] === false
  const needs = [
    ...(creates ? ['create'] : []),
    ...one.needs.filter(capability => endpoint.capabilities[capability] !== true),
  ]
  // What the endpoint file says is not there is not missed.
  const undeclared = needs.filter(need => endpoint.declared?.includes(need) !== true)
  const actions = [...one.actions, ...undeclared.flatMap(need => MADE_BY[need] ?? [])]
  const missing = creates ? [] : actions.filter(action => endpoint.actions[action] === 'unsupported')
  if (missing.length > 0)
    return {
      verdict: 'unsupported',
      reason: `the endpoint does not implement ${withReasons(endpoint, missing)}`,
      ...nothing,
    }
  if (needs.length > 0)
    return {
      verdict: 'skipped',
      lacks: needs,
      reason: `the endpoint has no ${withReasons(endpoint, needs)}`,
      ...nothing,
    }
  return signal.aborted ? { verdict: 'inconclusive', reason: reasonOf(signal), ...nothing } : undefined
}

/** `sqs (the endpoint file says so), kinesis`. */
function withReasons({ reasons = {} }: Endpoint, names: readonly string[]): string {
  return names.map(name => (reasons[name] === undefined ? name : `${name} (${reasons[name].slice(0, 300)})`)).join(', ')
}

function outcomeOfError(
  error: unknown,
  ended: AbortSignal | undefined,
  limit: AbortSignal,
  caseTimeoutMs: number,
): CaseOutcome {
  const nothing = { runs: 0, exchanges: [] }
  if (ended !== undefined) return { verdict: 'inconclusive', reason: reasonOf(ended), ...nothing }
  if (limit.aborted)
    return { verdict: 'inconclusive', reason: `not done within ${Math.round(caseTimeoutMs / 1000)} s`, ...nothing }
  if (error instanceof FixtureTrouble) return outcomeOf(troubleOf(error), 0)
  const notSent = outcomeOfNotSent(error)
  if (notSent !== undefined) return notSent
  const stack = process.env['LAMBDACHECK_DEBUG'] === '1' && error instanceof Error ? error.stack : undefined
  const detail = stack ?? messageOf(error)
  return { verdict: 'inconclusive', reason: `a defect of lambdacheck: ${detail}`, ...nothing }
}

/** The outcome of a case that would have changed what the run has not made; undefined for every other error. */
export function outcomeOfNotSent(error: unknown): CaseOutcome | undefined {
  return error instanceof ForeignName
    ? { verdict: 'inconclusive', reason: error.message, runs: 0, exchanges: [] }
    : undefined
}

function reasonOf(signal: AbortSignal): string {
  return messageOf(signal.reason)
}

/** A case that has been cut off must not go on sending. */
function guarded(client: Client, signal: AbortSignal, heard: Exchange[] | undefined): Client {
  const hear = (answer: Answer): Answer => {
    heard?.push(answer.exchange)
    return answer
  }
  return {
    async call(action, params, options) {
      signal.throwIfAborted()
      return hear(await client.call(action, params, options))
    },
    async http(request, options) {
      signal.throwIfAborted()
      return hear(await client.http(request, options))
    },
    get sent() {
      return client.sent
    },
  }
}
