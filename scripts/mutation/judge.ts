/** Runs cases of the suites against an endpoint over HTTP, and says whether they notice that it is wrong. */
import { randomInt } from 'node:crypto'
import path from 'node:path'
import { eachAtOnce } from '../../base/each-at-once.ts'
import type { Verdict } from '../../reports/evidence.ts'
import type { Spec } from '../../spec/model.ts'
import type { Case, CaseOutcome, Endpoint } from '../../suites/case.ts'
import { askEndpoint } from '../../suites/endpoint/ask.ts'
import { findTarget } from '../../suites/endpoint/target.ts'
import { createSuspects } from '../../suites/run/suspects.ts'
import { createBreaker } from '../../suites/run/breaker.ts'
import { runCase } from '../../suites/run/run-case.ts'
import { openSession } from '../../suites/run/session.ts'
import type { Program } from './program.ts'

/** Runs cases one by one, of which several may be under way. */
export interface Judge {
  run(one: Case): Promise<{ readonly verdict: Verdict; readonly ms: number; readonly outcome: CaseOutcome }>
  close(): Promise<void>
}

export interface JudgeOptions {
  readonly spec: Spec
  /** As asking the sound program showed it. */
  readonly endpoint: Endpoint
  readonly seed: number
  readonly runs: number
  readonly caseTimeoutMs: number
}

const ROOT = path.resolve(import.meta.dirname, '../..')
/** Generated examples for each case: fewer than `certify` takes, which can only spare mutants. */
const RUNS = 5
const CASE_MS = 30_000

/** What the program without faults is able to do. */
export async function askSound(program: Program, spec: Spec, seed: number): Promise<JudgeOptions> {
  const running = (await program.start())!
  try {
    const target = await findTarget({ endpoint: running.url, cwd: ROOT, env: {}, allowAws: false })
    const run = `lambdacheck-mut${seed % 1000}`
    const signal = AbortSignal.timeout(120_000)
    const { endpoint } = await askEndpoint({ target, url: running.url, spec, run, signal })
    return { spec, endpoint, seed, runs: RUNS, caseTimeoutMs: CASE_MS }
  } finally {
    await running.stop()
  }
}

/** `url`: of the program that is judged, which may be a mutant of the one that was asked. */
export function openJudge({ spec, endpoint, seed, runs, caseTimeoutMs }: JudgeOptions, url: string): Judge {
  const end = new AbortController()
  const at: Endpoint = { ...endpoint, url }
  const session = openSession({
    spec,
    endpoint: at,
    seed,
    runs,
    caseTimeoutMs,
    prefix: `${endpoint.run}-${randomInt(36 ** 3).toString(36)}`,
    signal: end.signal,
  })
  return {
    async run(one) {
      const { outcome, durationMs } = await runCase(one, {
        endpoint: at,
        session,
        // Of a mutant that has died every case is to fail by itself.
        breaker: createBreaker(),
        suspects: createSuspects(),
        caseTimeoutMs,
        cleanBy: Number.POSITIVE_INFINITY,
        signal: end.signal,
      })
      return { verdict: outcome.verdict, ms: durationMs, outcome }
    },
    async close() {
      end.abort(new Error('the mutant is judged'))
      await session.close()
    },
  }
}

export interface Noticed {
  /** The case that notices, and its verdict. */
  readonly by?: { readonly one: Case; readonly verdict: Verdict }
  /** Cases for which there was time. */
  readonly ran: number
  /** Those of them that ran to their end and saw nothing. */
  readonly blind: readonly Case[]
}

/** So long takes a case that waits. */
const SLOW_MS = 5000
/** A case that waits for something which never comes takes its time, and is run twice. */
const SLOWEST_MS = 75_000
/** Cases of one mutant that are under way at one time: most of their time is waiting. */
const TOGETHER = 8

/**
 * Runs the cases, the first first, until one notices, none is left, or the time is over; of those under way the end is
 * waited for. A case notices when it does not pass, twice; and when it waited or came to no verdict, only if it passes on
 * the sound program meanwhile: what a busy machine did is no kill.
 */
export async function findNoticing(
  judging: Judge,
  sound: Judge,
  cases: readonly Case[],
  timeMs: number,
): Promise<Noticed> {
  const until = Date.now() + timeMs
  const usual = cases.filter(one => one.isLast !== true)
  let ran = 0
  const blind: Case[] = []
  let by: Noticed['by']
  const look = async (one: Case): Promise<void> => {
    ran++
    const first = await judging.run(one)
    if (first.verdict === 'pass') blind.push(one)
    if (by !== undefined || isBlind(first.verdict)) return
    const { verdict } = await judging.run(one)
    if (by !== undefined || isBlind(verdict)) return
    // What waits is waited for shortly here, and a case without a verdict may have met a busy machine.
    const isDoubtful = verdict !== 'fail' || first.ms > SLOW_MS
    if (isDoubtful && (await sound.run(one)).verdict !== 'pass') return
    by ??= { one, verdict }
  }
  const lookInTime = async (one: Case): Promise<void> => {
    if (by === undefined && Date.now() < until) await look(one)
  }
  const found = new Promise<void>(resolve => {
    const timer = setInterval(() => by !== undefined && done(), 20)
    const late = setTimeout(() => done(), timeMs + SLOWEST_MS)
    const done = (): void => {
      clearInterval(timer)
      clearTimeout(late)
      resolve()
    }
    void eachAtOnce(usual, TOGETHER, lookInTime).then(done)
  })
  await found
  // They speak of all answers that the others met.
  for (const one of cases.filter(last => last.isLast === true)) if (by === undefined) await look(one)
  return { ran, blind, ...(by === undefined ? {} : { by }) }
}

const isBlind = (verdict: Verdict): boolean => verdict === 'pass' || verdict === 'skipped'
