/** Runs a case over enumerated and drawn examples, shrinks what fails, and keeps its hands off what tells nothing. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { CaseContext, CaseOutcome } from '../case.ts'
import { FixtureTrouble } from '../fixtures/trouble.ts'
import { type Judgement, inconclusive, outcomeOf, unsupported } from '../judgement.ts'

/** What is tried with generated values, and how often. */
export interface Exploration<T> {
  readonly caseId: string
  readonly arbitrary: fc.Arbitrary<T>
  /** What can be enumerated: tried first, whatever the seed. */
  readonly examples: readonly T[]
  /** Examples in all; those of the context when absent. */
  readonly runs?: number
  /** Of these, drawn at random at most; a share when absent. */
  readonly drawn?: number
  /**
   * Smaller values than one that failed, each of which may fail too; for values that fast-check does not know how to
   * shrink.
   */
  smaller?(value: T): readonly T[]
  judge(value: T): Promise<Judgement>
  /** What the case needs is part of what it is about: a server error where it is made is a failure. */
  readonly blamesFixtures?: boolean
  /** How a failing value is shown; the value itself when absent. */
  show?(value: T): unknown
}

/**
 * Of the time of a case. Properties and laws stop waiting at nine tenths: what their last look comes to is still heard.
 */
const SHARE = 0.95
/** Of all examples, so many are drawn where others are enumerated: what a seed finds beside them is luck. */
const DRAWN_SHARE = 0.25

/**
 * Enumerated examples first, then some that are drawn, `context.runs` in all at most. Stops at the first that fails and
 * shrinks it, at the first that the endpoint does not support, and after three that told nothing. A pass needs every
 * example to have said yes.
 */
export async function explore<T>(context: CaseContext, options: Exploration<T>): Promise<CaseOutcome> {
  const most = options.runs ?? context.runs
  const examples = options.examples.slice(0, most)
  const drawn = Math.min(most - examples.length, options.drawn ?? Math.ceil(most * DRAWN_SHARE))
  const runs = context.path === undefined ? Math.max(1, examples.length + drawn) : most
  /** The last value that failed: shrinking goes from one failing value to the next, so that it ends there. */
  let failed: Failed<T> | undefined
  let failures = 0
  let said = 0
  let silent: Judgement | undefined
  let silences = 0
  let defect: unknown
  let tried = 0
  /** Time was over before an example was: what was seen before counts, and nothing is begun any more. */
  let isOver = false

  const property = fc.asyncProperty(options.arbitrary, async value => {
    const isClear = silent?.kind === 'unsupported' || silent?.kind === 'skipped'
    if (defect !== undefined || isClear || isOver || silences >= 3) return
    // Where what is enumerated has told nothing, what is drawn would tell by luck.
    if (++tried > examples.length && examples.length > 0 && silent !== undefined) return
    let judgement: Judgement
    try {
      judgement = await judgeSafely(options, value)
    } catch (error) {
      // The example is not one of ours after all: fast-check takes the next one.
      if (fc.PreconditionFailure.isFailure(error)) throw error
      defect = error
      return
    }
    if (judgement.cutShort === true) {
      isOver = true
      if (said === 0) silent = inconclusiveFor(judgement)
    } else if (judgement.kind === 'ok') said++
    else if (judgement.kind === 'fail') {
      failed = { value, judgement }
      failures++
      throw new Error(judgement.reason ?? 'does not hold')
    } else {
      silent = judgement
      silences++
    }
  })
  const details = await fc.check(property, {
    seed: seedOf(context.seed, options.caseId),
    // A replay shows the value that was found, and shrinks it no further.
    ...(context.path === undefined ? {} : { path: context.path, endOnFailure: true }),
    numRuns: runs,
    examples: examples.map(value => [value]),
    interruptAfterTimeLimit: context.caseTimeoutMs * SHARE,
    markInterruptAsFailure: false,
  })
  context.signal.throwIfAborted()
  if (defect !== undefined) throw defect

  if (details.failed && failed !== undefined) {
    const { value, judgement } = await reduced(context, options, failed)
    return {
      ...outcomeOf(judgement, said + failures),
      counterexample: options.show?.(value) ?? value,
      ...(details.counterexamplePath === null ? {} : { path: details.counterexamplePath }),
    }
  }
  if (silent !== undefined) return outcomeOf(silent, said)
  if (said === 0)
    return outcomeOf(
      inconclusive(details.interrupted ? 'time ran out before anything was seen' : 'no example could be tried'),
      0,
    )
  return { verdict: 'pass', runs: said, exchanges: [] }
}

/** Of the first example, for which the time of a case should be enough. */
function inconclusiveFor(judgement: Judgement): Judgement {
  return { ...judgement, kind: 'inconclusive', reason: `time ran out: ${judgement.reason ?? 'it was under way'}` }
}

interface Failed<T> {
  readonly value: T
  readonly judgement: Judgement
}

/** Tries smaller values as long as one of them fails too. */
async function reduced<T>(context: CaseContext, options: Exploration<T>, found: Failed<T>): Promise<Failed<T>> {
  const end = Date.now() + context.caseTimeoutMs * REDUCING_SHARE
  let failed = found
  for (let changed = true; changed; ) {
    changed = false
    for (const value of options.smaller?.(failed.value) ?? []) {
      if (Date.now() > end) return failed
      const judgement = await judgeSafely(options, value).catch(unlessOurs)
      if (judgement?.kind !== 'fail') continue
      failed = { value, judgement }
      changed = true
      break
    }
  }
  context.signal.throwIfAborted()
  return failed
}

/** Of the time of a case. */
const REDUCING_SHARE = 0.2

/** A smaller value that is not one of ours tells nothing. */
function unlessOurs(error: unknown): undefined {
  if (!fc.PreconditionFailure.isFailure(error)) throw error
}

async function judgeSafely<T>(options: Exploration<T>, value: T): Promise<Judgement> {
  try {
    return await options.judge(value)
  } catch (error) {
    if (!(error instanceof FixtureTrouble)) throw error
    return (options.blamesFixtures === true ? serversFault(error) : undefined) ?? troubleOf(error)
  }
}

/**
 * Making what is needed is a legal request too: a 5xx to it is the endpoint's failure, and so is what never gets ready.
 */
function serversFault(error: FixtureTrouble): Judgement | undefined {
  const status = error.exchange?.response?.status ?? 0
  const isServers = status >= 500 && status !== 503
  if ((!isServers && !error.neverReady) || error.unsupported || error.exchange === undefined) return undefined
  return {
    kind: 'fail',
    reason: error.message,
    expected: error.neverReady ? 'what was made to become ready' : 'no server error where something is made',
    actual: `status ${status}`,
    exchanges: [error.exchange],
  }
}

/** A fixture that could not be made says nothing about the case. */
export function troubleOf(error: FixtureTrouble): Judgement {
  if (error.lacks !== undefined) return { kind: 'skipped', reason: error.message, lacks: [error.lacks], exchanges: [] }
  const judgement = error.unsupported ? unsupported(error.message) : inconclusive(error.message)
  return error.exchange === undefined ? judgement : { ...judgement, exchanges: [error.exchange] }
}

/** The seed of one case: it does not depend on which other cases run. */
function seedOf(seed: number, caseId: string): number {
  return createHash('sha256').update(`${seed} ${caseId}`).digest().readInt32BE(0)
}
