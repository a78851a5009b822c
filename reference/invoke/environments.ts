import { refuse } from '../protocol/errors.ts'
import { NotAZip } from '../store/zip.ts'
import type { LambdaFunction, Version, World } from '../store/world.ts'
import { startEnvironment } from './environment.ts'
import type { Environment } from './environment.ts'
import type { FileSystems } from './file-systems.ts'
import type { Folders } from './runtimes.ts'
import type { SandboxIntercept } from './sandbox-api.ts'
import type { RecordIntercept } from './logs-api.ts'
import type { TaskRoots } from './task-root.ts'

/** Execution environments, kept warm between events. */
export interface Environments {
  /**
   * An environment of this version that nobody else uses until it is released. Waits while as many as may run at all
   * are busy.
   */
  readonly acquire: (world: World, fn: LambdaFunction, version: Version) => Promise<Environment>
  readonly release: (environment: Environment) => void
  /** Starts environments ahead of events. Resolves to whether they came up. */
  readonly provision: (world: World, fn: LambdaFunction, version: Version, count: number) => Promise<boolean>
  /** Ends idle environments of versions that are not wanted any more; busy ones end when they are released. */
  readonly retire: (isRetired: (version: Version) => boolean) => void
  readonly close: () => Promise<void>
}

/** How many environments there may be, running and idle, and where their files are. */
export interface EnvironmentsOptions {
  readonly taskRoots: TaskRoots
  readonly tempFolder: string
  /** Asked for when the first environment starts. */
  readonly fileSystems: () => Promise<FileSystems | undefined>
  /** Processes at one time. */
  readonly maxEnvironments: number
  /** Idle environments that are kept, beside those that were started ahead of events. */
  readonly maxIdle: number
  readonly intercept?: SandboxIntercept | undefined
  readonly interceptRecord?: RecordIntercept | undefined
}

/**
 * An idle environment stays for so long at least, however many there are: longer than a mapping waits between two
 * attempts, of which the second may find what the first has left. Milliseconds.
 */
const warmMs = 3000
/** Environments that are really started for one configuration of provisioned concurrency; more events start theirs. */
const mostAhead = 3

/** The environments that there are, and who waits for one. */
interface Pool {
  /** Oldest use first. */
  readonly idle: Environment[]
  readonly all: Set<Environment>
  readonly waiting: (() => void)[]
  /** Places that are kept for environments which are being started. */
  starting: number
  /** The same until they are there, or cannot be. */
  readonly underWay: Set<Promise<Environment>>
  /** Nothing is started any more. */
  closed: boolean
}

/** What was under way when the endpoint closed ends as soon as it is there: its processes would outlive it. */
function startIn(pool: Pool, options: EnvironmentsOptions, what: StartWhat): Promise<Environment> {
  const begun = startInPlace(pool, options, what).then(async environment => {
    if (pool.closed) await endIn(pool, environment)
    return environment
  })
  pool.underWay.add(begun)
  const done = (): void => void pool.underWay.delete(begun)
  begun.then(done, done)
  return begun
}

async function startInPlace(pool: Pool, options: EnvironmentsOptions, what: StartWhat): Promise<Environment> {
  pool.starting++
  try {
    const environment = await startOne(options, ...what)
    pool.all.add(environment)
    return environment
  } catch (error) {
    // The place that was kept for it is free again.
    pool.waiting.shift()?.()
    throw error
  } finally {
    pool.starting--
  }
}

function endIn({ all, idle, waiting }: Pool, environment: Environment): Promise<void> {
  all.delete(environment)
  takeFrom(idle, one => one === environment)
  return environment.stop().finally(() => waiting.shift()?.())
}

/** Keeps environments for the next event, and ends those that were idle longest when another needs the place. */
export function createEnvironments(options: EnvironmentsOptions): Environments {
  const pool: Pool = { idle: [], all: new Set(), waiting: [], starting: 0, underWay: new Set(), closed: false }
  const { idle, all, waiting } = pool
  const idleSince = new WeakMap<Environment, number>()
  /** Started ahead of events: they stay while their version is wanted. */
  const provisioned = new WeakSet<Environment>()
  const retired = new WeakSet<Version>()

  const end = (environment: Environment): Promise<void> => endIn(pool, environment)
  const start = (...what: StartWhat): Promise<Environment> => startIn(pool, options, what)
  const spare = (): readonly Environment[] => idle.filter(environment => !provisioned.has(environment))

  function endSurplus(): void {
    for (const environment of surplusOf(spare(), options.maxIdle, idleSince)) void end(environment)
  }

  return {
    async acquire(world, fn, version) {
      for (;;) {
        if (pool.closed) return refuse('ServiceException', 'This endpoint is closing, and starts no function any more.')
        const warm = takeFrom(idle, environment => environment.version === version)
        if (warm?.usable()) return warm
        if (warm) void end(warm)
        else if (all.size + pool.starting < options.maxEnvironments) return start(world, fn, version, 'on-demand')
        else {
          const oldest = spare()[0] ?? idle[0]
          if (oldest) await end(oldest)
          else await new Promise<void>(resolve => waiting.push(resolve))
        }
      }
    },
    release(environment) {
      if (pool.closed || !environment.usable() || retired.has(environment.version)) {
        void end(environment)
        return
      }
      idle.push(environment)
      idleSince.set(environment, Date.now())
      setTimeout(endSurplus, warmMs + 1).unref()
      waiting.shift()?.()
    },
    async provision(world, fn, version, count) {
      if (pool.closed) return false
      const {
        started,
        ready,
        all: whole,
      } = await startAhead(count, () => start(world, fn, version, 'provisioned-concurrency'))
      started.forEach((environment, i) => {
        provisioned.add(environment)
        if (ready[i] && !pool.closed) idle.push(environment)
        else void end(environment)
      })
      return whole && ready.every(Boolean)
    },
    retire(isRetired) {
      for (const environment of all) if (isRetired(environment.version)) retired.add(environment.version)
      for (const environment of idle.filter(({ version }) => retired.has(version))) void end(environment)
    },
    async close() {
      pool.closed = true
      await Promise.allSettled([...[...all].map(end), ...pool.underWay])
      for (const resolve of waiting.splice(0)) resolve()
    },
  }
}

/** The last of the idle ones that is wanted, which is idle no more. */
function takeFrom(idle: Environment[], isWanted: (one: Environment) => boolean): Environment | undefined {
  const at = idle.findLastIndex(isWanted)
  return at < 0 ? undefined : idle.splice(at, 1)[0]
}

/** The idle environments that are too many and have had their time. `idle`: the longest unused first. */
function surplusOf(
  idle: readonly Environment[],
  most: number,
  idleSince: WeakMap<Environment, number>,
): readonly Environment[] {
  const before = Date.now() - warmMs
  const tooMany = idle.slice(0, Math.max(0, idle.length - most))
  return tooMany.filter(environment => (idleSince.get(environment) ?? 0) < before)
}

/**
 * Starts environments at once, as many as are worth it. `ready`: whether each came up; `all`: every one was started.
 */
async function startAhead(
  count: number,
  start: () => Promise<Environment>,
): Promise<{ readonly started: readonly Environment[]; readonly ready: readonly boolean[]; readonly all: boolean }> {
  const attempts = await Promise.allSettled(Array.from({ length: Math.min(count, mostAhead) }, start))
  const started = attempts.flatMap(attempt => (attempt.status === 'fulfilled' ? [attempt.value] : []))
  const ready = await Promise.all(started.map(environment => environment.initialised))
  return { started, ready, all: started.length === attempts.length }
}

type StartWhat = [
  world: World,
  fn: LambdaFunction,
  version: Version,
  initializationType: 'on-demand' | 'provisioned-concurrency',
]

async function startOne(
  { taskRoots, fileSystems, tempFolder, intercept, interceptRecord }: EnvironmentsOptions,
  ...[world, fn, version, initializationType]: StartWhat
): Promise<Environment> {
  const environment = await startEnvironment({
    world,
    fn,
    version,
    folders: unpack(taskRoots, version),
    fileSystems: await fileSystems(),
    tempFolder,
    initializationType,
    intercept,
    interceptRecord,
  })
  if (environment !== 'unavailable') return environment
  const what = version.settings.runtime ?? 'container images'
  return refuse('InvalidRuntimeException', `This endpoint cannot run ${what}: nothing on its machine can.`)
}

function unpack(taskRoots: EnvironmentsOptions['taskRoots'], version: Version): Folders {
  if (version.code.kind === 'image') refuse('InvalidRuntimeException', 'This endpoint cannot run container images.')
  try {
    return taskRoots.unpack(version)
  } catch (error) {
    if (!(error instanceof NotAZip)) throw error
    return refuse('InvalidZipFileException', `Lambda could not unzip the deployment package: ${error.message}.`)
  }
}
