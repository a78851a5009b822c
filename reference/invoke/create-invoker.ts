import { isRunning } from '../../base/is-running.ts'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findVersion } from '../store/find.ts'
import type { Target } from '../store/find.ts'
import type { LambdaFunction, Version } from '../store/world.ts'
import { createAsyncQueue } from './async-queue.ts'
import { createConcurrency } from './concurrency.ts'
import type { Environment } from './environment.ts'
import { createEnvironments } from './environments.ts'
import { prepareFileSystems } from './file-systems.ts'
import type { Invocation, Invoker, Outcome } from './invoker.ts'
import { interpreters } from './runtimes.ts'
import type { SandboxIntercept } from './sandbox-api.ts'
import type { RecordIntercept } from './logs-api.ts'
import { createTaskRoots } from './task-root.ts'

/** How many environments there may be, how long retries wait, and who stands between. */
export interface InvokerOptions {
  /** Before the second attempt of an asynchronous event; twice as long before the third. Milliseconds. */
  readonly retryDelayMs: number
  /** What a second of the age of an asynchronous event takes. Milliseconds. */
  readonly secondMs: number
  readonly maxEnvironments: number
  readonly maxIdle: number
  /** Stands between execution environments and their APIs: for tests that make them wrong. */
  readonly intercept?: SandboxIntercept | undefined
  readonly interceptRecord?: RecordIntercept | undefined
}

/** Makes the part of the endpoint that runs functions. Its files are in a temporary folder that goes with it. */
export function createInvoker(options: InvokerOptions): Invoker {
  removeAbandonedFolders()
  const folder = mkdtempSync(join(tmpdir(), `${folderPrefix}${process.pid}-`))
  removeAtExit(folder)
  let prepared: ReturnType<typeof prepareFileSystems> | undefined
  // Many an endpoint runs no function, and mounting takes longer than all the rest of its start.
  const fileSystems = () => (prepared ??= prepareFileSystems(folder, interpreters()))
  const environments = createEnvironments({
    taskRoots: createTaskRoots(folder),
    tempFolder: folder,
    fileSystems,
    ...options,
  })
  const concurrency = createConcurrency()

  async function invoke(invocation: Invocation): Promise<Outcome> {
    const { world, target } = invocation
    const version = chooseVersion(target)
    const leave = concurrency.enter(world, target.fn, version)
    let environment: Environment
    try {
      environment = await environments.acquire(world, target.fn, version)
    } catch (error) {
      leave()
      throw error
    }
    invocation.onBegin?.(version.number)
    const { over, ...answer } = await environment.run({ ...invocation, qualifier: target.qualifier })
    // Extensions may go on after the answer; until they are done, the environment and its place are taken.
    const free = over.then(() => {
      environments.release(environment)
      leave()
    })
    // Where nothing goes on, the next call finds the place free.
    await Promise.race([free, new Promise(resolve => setImmediate(resolve))])
    return { executedVersion: version.number, ...answer }
  }
  const queue = createAsyncQueue(invoke, options)

  return {
    invoke,
    enqueue: queue.add,
    provision: environments.provision,
    retire(fn: LambdaFunction, version?: Version) {
      const gone = new Set(version ? [version] : [fn.latest, ...fn.versions.values()])
      environments.retire(candidate => gone.has(candidate))
    },
    async close() {
      queue.close()
      await environments.close()
      ;(await prepared)?.close()
      removeFolder(folder)
      foldersOfProcess.delete(folder)
    },
  }
}

const folderPrefix = 'lambdacheck-reference-'

const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })

/** Of the endpoints of this process that are open. */
const foldersOfProcess = new Set<string>()

/** When the process ends without closing the endpoint, the runtimes die by themselves and the files go here. */
function removeAtExit(folder: string): void {
  if (foldersOfProcess.size === 0) {
    process.off('exit', removeFolders)
    process.once('exit', removeFolders)
  }
  foldersOfProcess.add(folder)
}

function removeFolders(): void {
  for (const folder of foldersOfProcess) removeFolder(folder)
}

/** Removes the files of endpoints that were killed outright: those whose process is gone. */
function removeAbandonedFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(folderPrefix)) continue
    const pid = Number(name.slice(folderPrefix.length).split('-')[0])
    // What a process of another user has is not ours to remove.
    if (!isRunning(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}

/** The version that an event goes to: behind an alias with a routing configuration, one of two by chance. */
function chooseVersion(target: Target): Version {
  const { fn, alias, version } = target
  if (!alias?.routing || Math.random() >= alias.routing.weight) return version
  return findVersion(fn, alias.routing.version) ?? version
}
