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

export interface EnvironmentsOptions {
  readonly taskRoots: TaskRoots
  readonly tempFolder: string
  readonly fileSystems: Promise<FileSystems | undefined>
  /** Processes at one time. */
  readonly maxEnvironments: number
  /** Idle processes that are kept. */
  readonly maxIdle: number
  readonly intercept?: SandboxIntercept | undefined
  readonly interceptRecord?: RecordIntercept | undefined
}

export function createEnvironments(options: EnvironmentsOptions): Environments {
  /** Oldest use first. */
  const idle: Environment[] = []
  const all = new Set<Environment>()
  const retired = new WeakSet<Version>()
  const waiting: (() => void)[] = []
  let starting = 0
  let closed = false

  async function start(
    world: World,
    fn: LambdaFunction,
    version: Version,
    initializationType: 'on-demand' | 'provisioned-concurrency',
  ): Promise<Environment> {
    starting++
    try {
      const folders = unpack(version)
      const environment = await startEnvironment({
        world,
        fn,
        version,
        folders,
        fileSystems: await options.fileSystems,
        tempFolder: options.tempFolder,
        initializationType,
        intercept: options.intercept,
        interceptRecord: options.interceptRecord,
      })
      if (environment === 'unavailable')
        return refuse(
          'InvalidRuntimeException',
          `This endpoint cannot run ${version.settings.runtime ?? 'container images'}: nothing on its machine can.`,
        )
      all.add(environment)
      return environment
    } catch (error) {
      // The place that was kept for it is free again.
      waiting.shift()?.()
      throw error
    } finally {
      starting--
    }
  }

  function unpack(version: Version): Folders {
    if (version.code.kind === 'image') refuse('InvalidRuntimeException', 'This endpoint cannot run container images.')
    try {
      return options.taskRoots.unpack(version)
    } catch (error) {
      if (!(error instanceof NotAZip)) throw error
      return refuse('InvalidZipFileException', `Lambda could not unzip the deployment package: ${error.message}.`)
    }
  }

  function end(environment: Environment): Promise<void> {
    all.delete(environment)
    const at = idle.indexOf(environment)
    if (at >= 0) idle.splice(at, 1)
    return environment.stop().finally(() => waiting.shift()?.())
  }

  return {
    async acquire(world, fn, version) {
      for (;;) {
        const at = idle.findLastIndex(environment => environment.version === version)
        const [warm] = at < 0 ? [] : idle.splice(at, 1)
        if (warm?.usable()) return warm
        if (warm) {
          void end(warm)
          continue
        }
        if (all.size + starting < options.maxEnvironments) return start(world, fn, version, 'on-demand')
        const [oldest] = idle
        if (oldest) await end(oldest)
        else await new Promise<void>(resolve => waiting.push(resolve))
      }
    },
    release(environment) {
      if (closed || !environment.usable() || retired.has(environment.version)) {
        void end(environment)
        return
      }
      idle.push(environment)
      if (idle.length > options.maxIdle) void end(idle[0] as Environment)
      else waiting.shift()?.()
    },
    async provision(world, fn, version, count) {
      const attempts = await Promise.allSettled(
        Array.from({ length: Math.min(count, options.maxIdle) }, () =>
          start(world, fn, version, 'provisioned-concurrency'),
        ),
      )
      const started = attempts.flatMap(attempt => (attempt.status === 'fulfilled' ? [attempt.value] : []))
      const ready = await Promise.all(started.map(environment => environment.initialised))
      started.forEach((environment, i) => {
        if (ready[i] && !closed) idle.push(environment)
        else void end(environment)
      })
      while (idle.length > options.maxIdle) void end(idle[0] as Environment)
      return started.length === attempts.length && ready.every(Boolean)
    },
    retire(isRetired) {
      for (const environment of all) if (isRetired(environment.version)) retired.add(environment.version)
      for (const environment of idle.filter(({ version }) => retired.has(version))) void end(environment)
    },
    async close() {
      closed = true
      await Promise.all([...all].map(end))
      for (const resolve of waiting.splice(0)) resolve()
    },
  }
}
