/** From the outcome of a case to its place in the evidence. */
import { MAX_NESTING } from '../../base/parse-json.ts'
import { nestingDepth } from '../../base/nesting-depth.ts'
import type { Redactor } from '../../base/redact.ts'
import type { CaseResult, Exchange, Mismatch, Reproduction } from '../../reports/evidence.ts'
import type { Spec } from '../../spec/model.ts'
import type { CaseOutcome, CaseOutline, Endpoint } from '../case.ts'
import { matchesGlob } from '../../base/glob.ts'
import type { Trail } from '../fixtures/trail.ts'
import { textOf } from '../fixtures/trail.ts'
import { reproduce } from './reproduce.ts'
import { scriptSteps } from './script-steps.ts'
import { withSmallPackage, withWholePackage } from './small-package.ts'

/** Exchanges that are kept of a failure: the first, which is the control, and the last. */
const KEPT_EXCHANGES = 8
const KEPT_TEXT = 2000
const KEPT_MISMATCHES = 20
const KEPT_COUNTEREXAMPLE = 16 * 1024

/** What a result takes from its run. */
export interface ResultOptions {
  readonly endpoint: Pick<Endpoint, 'url' | 'region' | 'run' | 'probe' | 'uninvoked' | 'expectedFailures'>
  readonly command: string
  readonly spec: Pick<Spec, 'actions' | 'resources'>
  readonly seed: number
  readonly durationMs: number
  /** How what the case was lent had been made. */
  readonly trail?: Pick<Trail, 'leadingTo'>
  /** Exchanges have been redacted when they were recorded; what cases say of them has not. */
  readonly redactor: Redactor
}

/** The result of a case for the evidence. */
export function toResult(one: CaseOutline, outcome: CaseOutcome, options: ResultOptions): CaseResult {
  const { clause } = one
  const { endpoint, seed, redactor } = options
  const exchanges = outcome.verdict === 'fail' || outcome.verdict === 'inconclusive' ? bounded(outcome.exchanges) : []
  const expected = endpoint.expectedFailures.some(glob => matchesGlob(glob, one.id) || matchesGlob(glob, clause.id))
  return {
    id: one.id,
    clause: {
      id: clause.id,
      level: clause.level,
      kind: clause.kind,
      page: clause.page,
      line: clause.line,
      text: clause.text,
      profile: clause.profile,
      origin: clause.origin,
    },
    family: one.family,
    title: one.title,
    ...(one.action === undefined ? {} : { action: one.action }),
    verdict: outcome.verdict,
    ...(outcome.lacks === undefined ? {} : { lacks: outcome.lacks }),
    ...texts({ reason: outcome.reason, expected: outcome.expected, actual: outcome.actual }, redactor),
    ...disagreements(outcome.mismatches ?? [], redactor),
    ...(outcome.counterexample === undefined ? {} : { counterexample: plain(outcome.counterexample, redactor) }),
    seed,
    ...(outcome.path === undefined ? {} : { path: outcome.path }),
    runs: outcome.runs,
    durationMs: Math.round(options.durationMs * 10) / 10,
    exchanges,
    ...(outcome.verdict === 'fail'
      ? {
          reproduce: {
            ...reproduce(one, exchanges, { ...options, path: outcome.path }),
            ...stepsOf(one, outcome.exchanges, options),
          },
        }
      : {}),
    ...(expected ? { expectedFailure: true } : {}),
  }
}

/** What these cases look at is what a function does: theirs keep the probe. */
const RUNNING: ReadonlySet<string> = new Set(['property', 'law', 'model'])

function stepsOf(
  one: CaseOutline,
  shown: readonly Exchange[],
  { trail, endpoint, spec }: ResultOptions,
): Pick<Reproduction, 'steps'> {
  const last = shown.at(-1)
  if (trail === undefined || last === undefined) return {}
  const small = (exchange: Exchange): Exchange =>
    (RUNNING.has(one.family) ? withWholePackage : withSmallPackage)(exchange, endpoint)
  const made = trail.leadingTo(shown.map(textOf).join(' '), last.startedAt)
  const inCase = new Set(shown)
  const steps = scriptSteps(made.filter(exchange => !inCase.has(exchange)).map(small), shown.map(small), {
    endpoint,
    spec,
  })
  return steps === undefined ? {} : { steps }
}

function bounded(exchanges: readonly Exchange[]): readonly Exchange[] {
  return exchanges.length <= KEPT_EXCHANGES
    ? exchanges
    : [...exchanges.slice(0, 1), ...exchanges.slice(1 - KEPT_EXCHANGES)]
}

function disagreements(
  mismatches: readonly Mismatch[],
  redactor: Redactor,
): { readonly mismatches?: readonly Mismatch[] } {
  if (mismatches.length === 0) return {}
  return {
    mismatches: mismatches.slice(0, KEPT_MISMATCHES).map(one => ({
      path: redactor.text(one.path).slice(0, KEPT_TEXT),
      expected: redactor.text(one.expected).slice(0, KEPT_TEXT),
      actual: redactor.text(one.actual).slice(0, KEPT_TEXT),
    })),
  }
}

function texts(
  given: { readonly [name: string]: string | undefined },
  redactor: Redactor,
): { readonly [name: string]: string } {
  const kept = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(
    kept.map(([name, text]) => {
      const clean = redactor.text(text)
      return [name, clean.length > KEPT_TEXT ? `${clean.slice(0, KEPT_TEXT)}…` : clean]
    }),
  )
}

/** JSON, and not more of it than a person would read. */
function plain(value: unknown, redactor: Redactor): unknown {
  let text: string | undefined
  try {
    text = JSON.stringify(value, (_, one: unknown) => {
      if (typeof one === 'bigint') return String(one)
      return ArrayBuffer.isView(one) ? Buffer.from(one.buffer, one.byteOffset, one.byteLength).toString('base64') : one
    })
  } catch {
    return '(a value that JSON cannot show)'
  }
  if (text === undefined) return undefined
  if (nestingDepth(text) > MAX_NESTING - 10) return `${redactor.text(text).slice(0, KEPT_TEXT)}…`
  return text.length > KEPT_COUNTEREXAMPLE
    ? `${redactor.text(text).slice(0, KEPT_COUNTEREXAMPLE)}…`
    : redactor.value(JSON.parse(text) as unknown)
}
