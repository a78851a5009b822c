/**
 * Everything a run needs of one endpoint: connections, shared fixtures, and for each case a context of its own whose
 * creations are deleted when the case is over.
 */
import { createAnswersSeen } from './answers-seen.ts'
import type { Exchange } from '../../reports/evidence.ts'
import type { Spec } from '../../spec/model.ts'
import type { CaseContext, Endpoint, Fixtures } from '../case.ts'
import { createFixtures } from '../fixtures/fixtures.ts'
import { refuseForeign, refuseForeignRequest } from '../fixtures/foreign.ts'
import { createTrail, type Trail } from '../fixtures/trail.ts'
import { startsFunctions } from '../fixtures/starts-functions.ts'
import { createRegistry, type Registry } from '../fixtures/registry.ts'
import { fillTemplate, standingScope } from '../template/index.ts'
import { createClient, type ClientOptions, type WireClient } from '../wire/client.ts'

/** An endpoint, and how it is worked with. */
export interface SessionOptions {
  readonly spec: Spec
  readonly endpoint: Endpoint
  readonly seed: number
  /** Generated examples per case. */
  readonly runs: number
  readonly caseTimeoutMs: number
  /**
   * Begins the name of everything that is created: letters, digits and dashes, at most 24, and different for every
   * worker.
   */
  readonly prefix: string
  readonly signal: AbortSignal
  readonly onExchange?: (exchange: Exchange) => void
  /** What a failure had is to be looked at later: nothing is deleted before the end. */
  readonly keep?: boolean
}

/** The context of a case that runs, to be closed afterwards. */
export interface OpenCase {
  readonly context: CaseContext
  /** How what the case has was made: its own things, and what it was lent. */
  readonly trail: Trail
  /** Deletes what the case made, in so many milliseconds; says what could not be deleted. Never throws. */
  close(timeMs?: number): Promise<readonly string[]>
}

/** What is special about a case. */
export interface CaseOptions {
  /** `path` and `runs` replay or narrow a single case. */
  readonly path?: string
  readonly runs?: number
  readonly seed?: number
  /** False: no function is started for it, so that the smallest package will do. */
  readonly starts?: boolean
}

/** Connections, shared fixtures and a context for each case. */
export interface Session {
  readonly spec: Spec
  readonly client: WireClient
  /** Requests so far, those that delete included. */
  readonly sent: number
  /** Those that all cases share. */
  readonly fixtures: Fixtures
  openCase(options?: CaseOptions): OpenCase
  /**
   * Deletes what is still there; says what could not be deleted. To be called when no case runs any more. Never throws.
   */
  cleanUp(timeMs?: number): Promise<readonly string[]>
  close(): Promise<void>
}

/** What the cases of a session share. */
function openParts(options: SessionOptions) {
  const { spec, endpoint, signal, prefix } = options
  const client = createClient({
    endpoint,
    signal,
    ...(options.onExchange === undefined ? {} : { onExchange: options.onExchange }),
  })
  // Deleting must not be stopped by what stops the run.
  const janitor = createClient({ endpoint })
  const counter = { next: 0 }
  const neverReady = new Set<string>()
  const seen = createAnswersSeen()
  const lent = createTrail()
  const registry = createRegistry(spec, prefix)
  const observer =
    (made: Registry): Registry['observe'] =>
    (action, params, answer) => {
      if (answer === null) refuseForeign(spec, action, params, [prefix, endpoint.run])
      made.observe(action, params, answer)
      seen.observe(action, answer)
    }
  const guard: ClientOptions['onHttp'] = (service, request) =>
    refuseForeignRequest(spec, service, request, [prefix, endpoint.run])
  const sharing = client.observed(observer(registry), guard)
  const { probe, uninvoked = probe } = endpoint
  const common = { spec, endpoint: { ...endpoint, probe: uninvoked }, prefix, counter }
  const making = { ...common, signal, neverReady }
  const lending = { ...making, client: sharing, registry, trail: lent, keeps: options.keep === true }
  // What is shared and lent is asked and changed far more often than it is run: two sets, by what they are for.
  const asked = createFixtures(lending)
  const started = createFixtures({ ...lending, endpoint })
  const both: Pick<Fixtures, 'lease' | 'forgetAll'> = {
    lease: (purpose, needs) => (startsFunctions(spec, [purpose], needs) ? started : asked).lease(purpose, needs),
    forgetAll() {
      asked.forgetAll()
      started.forgetAll()
    },
  }
  const shared: Fixtures = { ...asked, ...both }
  const sharedStarted: Fixtures = { ...started, ...both }
  const cleaner = createFixtures({ ...common, client: janitor, registry })

  return {
    common,
    making,
    client,
    janitor,
    sharing,
    shared,
    sharedStarted,
    cleaner,
    registry,
    lent,
    seen,
    observer,
    guard,
  }
}

type Parts = ReturnType<typeof openParts>

/**
 * Cleaning up goes on after `signal` has been aborted: it uses connections of its own.
 */
export function openSession(options: SessionOptions): Session {
  const parts = openParts(options)
  const { client, janitor, sharing, shared, cleaner } = parts
  return {
    spec: options.spec,
    client,
    get sent() {
      return client.sent + janitor.sent
    },
    fixtures: shared,
    openCase: one => openCase(options, parts, one),
    async cleanUp(timeMs) {
      await sharing.settled()
      return cleaner.cleanUp(timeMs)
    },
    async close() {
      await Promise.all([client.close(), janitor.close()])
    },
  }
}

/** A case with fixtures of its own, which lie in those of the session. */
function openCase(options: SessionOptions, parts: Parts, one: CaseOptions = {}): OpenCase {
  const { spec, signal, prefix } = options
  const { common, making, client, janitor, shared, sharedStarted, registry, lent, seen, observer, guard } = parts
  const [endpoint, parent] =
    one.starts === false ? [common.endpoint, shared] : ([options.endpoint, sharedStarted] as const)
  const made = createRegistry(spec, prefix)
  const own = client.observed(observer(made), guard)
  const trail = createTrail(lent)
  const over = new AbortController()
  const ofCase = { signal: AbortSignal.any([signal, over.signal]) }
  const fixtures = createFixtures({
    ...making,
    endpoint,
    ...ofCase,
    client: own,
    registry: made,
    trail,
    parent,
  })
  const standing = standingScope(endpoint)
  const context: CaseContext = {
    spec,
    endpoint,
    client: own,
    fixtures,
    seed: one.seed ?? options.seed,
    runs: one.runs ?? options.runs,
    ...(one.path === undefined ? {} : { path: one.path }),
    ...ofCase,
    caseTimeoutMs: options.caseTimeoutMs,
    fill: (template, scope) => fillTemplate(template, { ...standing, ...scope }, fixtures),
    answersSeen: seen.list,
  }
  const janitorial = createFixtures({ ...common, client: janitor, registry: made })
  return {
    context,
    trail,
    async close(timeMs) {
      // An example that the end of the case has interrupted goes on by itself: it would wait for what is deleted here.
      over.abort(new Error('the case is over'))
      // A case that was cut off may have a creation under way, which is known only by its answer.
      await own.settled()
      const left = await janitorial.cleanUp(timeMs)
      // What is still there is tried once more at the end of the run.
      for (const one of made.list()) registry.add(one)
      return left
    },
  }
}
