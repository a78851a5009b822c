/** Cases against a server that a test has made wrong, without the run around them. */
import { eachAtOnce } from '../../../base/each-at-once.ts'
import { present } from '../../../base/present.ts'
import { loadSpec } from '../../../spec/compiler/compile.ts'
import type { Spec } from '../../../spec/model.ts'
import type { Case, CaseOutcome, Endpoint } from '../../case.ts'
import { isStarting } from '../../fixtures/starts-functions.ts'
import { probeFlavour } from '../../probes/flavours.ts'
import { staticFlavour } from '../../probes/static.ts'
import { deriveCases } from '../../run/derive.ts'
import { openSession } from '../../run/session.ts'

/** The pages, and all cases by id. */
export interface KnownCases {
  readonly spec: Spec
  readonly cases: ReadonlyMap<string, Case>
}

/** Compiles the pages and derives the cases. */
export function knownCases(): KnownCases {
  const spec = loadSpec()
  return { spec, cases: new Map(deriveCases(spec).map(one => [one.id, one])) }
}

const NODE = probeFlavour('nodejs', 'nodejs20.x', true)

/** An endpoint of this machine that runs functions, and what `more` says beside. */
export function faultyEndpoint(
  url: string,
  requestTimeoutMs: number,
  more: Pick<Endpoint, 'run' | 'capabilities'> & Partial<Endpoint>,
): Endpoint {
  return {
    name: 'faulty',
    url,
    region: 'us-east-1',
    accountId: '000000000000',
    role: 'arn:aws:iam::000000000000:role/lambdacheck',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    actions: {},
    // What starts fastest, where this machine can run it.
    probe: process.platform === 'linux' && process.arch === 'x64' ? staticFlavour('provided.al2023', 'x86_64') : NODE,
    uninvoked: NODE,
    flavours: { nodejs: NODE },
    probes: {},
    limits: { concurrency: 8, rate: 0, requestTimeoutMs, maxResponseBytes: 10_000_000 },
    expectedFailures: [],
    ...more,
  }
}

export interface RunCasesOptions extends KnownCases {
  readonly endpoint: Endpoint
  readonly ids: readonly string[]
  readonly caseTimeoutMs: number
}

/** Cases of one run that are under way at the same time. */
const AT_ONCE = 12
/** Names differ from run to run: the numbers of a layer's versions outlive the layer. */
let runs = 0

/** The outcomes by id. What was made is deleted. A case that throws is inconclusive. */
export async function runCases(options: RunCasesOptions): Promise<ReadonlyMap<string, CaseOutcome>> {
  const { spec, cases, endpoint, ids, caseTimeoutMs } = options
  const session = openSession({
    spec,
    endpoint,
    seed: 7,
    runs: 8,
    caseTimeoutMs,
    prefix: `${endpoint.run}-${(++runs).toString(36)}`,
    signal: new AbortController().signal,
  })
  const outcomes = new Map<string, CaseOutcome>()
  const chosen = ids.map(id => present(cases.get(id), `a case ${id}`))
  try {
    await eachAtOnce(chosen, AT_ONCE, async one => {
      const open = session.openCase({ starts: isStarting(spec, one) })
      outcomes.set(one.id, await one.run(open.context).catch(brokenOff))
      await open.close()
    })
    await session.cleanUp()
  } finally {
    await session.close()
  }
  return outcomes
}

function brokenOff(error: unknown): CaseOutcome {
  return { verdict: 'inconclusive', reason: String(error), runs: 0, exchanges: [] }
}
