/** Runs suite files with Vitest and hands on what they report, as it comes. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import { UsageError } from '../../base/usage-error.ts'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import type { CaseResult } from '../../reports/evidence.ts'
import type { Endpoint } from '../case.ts'
import { CREDENTIALS_KEY, PLAN_KEY } from './plan.ts'
import { announceStop } from './stopping.ts'
import type { CaseMeta, SuiteMeta } from './suite.ts'

/** What Vitest is to run, and who is told. */
export interface EngineOptions {
  /** Holds the suite files; Vitest's root. */
  readonly folder: string
  readonly planFile: string
  /** What the plan does not hold. */
  readonly credentials: Endpoint['credentials']
  readonly workers: number
  /** Cases of one file that run at the same time. */
  readonly casesAtOnce: number
  readonly shard?: { readonly index: number; readonly count: number }
  /** Milliseconds without any news after which the run is taken to hang. */
  readonly patienceMs: number
  /** Milliseconds since the epoch at which the run is left to itself. */
  readonly endBy: number
  /** Ends the run: cases under way are cut off and what they made is deleted. */
  readonly signal: AbortSignal
  /** A file of this shard, by its name without extension. Vitest chooses which they are. */
  onFile(name: string): void
  onResult(result: CaseResult, requests: number): void
  /** `revised`: of cases that were judged again. */
  onFileEnd(requests: number, notes: readonly string[], revised: readonly CaseResult[]): void
}

/** How Vitest ended. */
export interface EngineEnd {
  /** Why the run did not come to its end; absent when it did. */
  readonly trouble?: string
}

/** After an abort, and after all results have come, the workers get this long to delete what they made. */
const ENDING_MS = 45_000

/** Never throws for what happens inside the suites. */
export async function runSuites(options: EngineOptions): Promise<EngineEnd> {
  const leave = enter(options.folder)
  try {
    return await runInFolder(options)
  } finally {
    leave()
  }
}

/**
 * Node.js reads the nearest `package.json` of the working directory when a worker starts: that of the project may be
 * broken.
 */
function enter(folder: string): () => void {
  if (!isMainThread) return () => {}
  const before = process.cwd()
  process.chdir(folder)
  return () => process.chdir(before)
}

/** An optional peer: the linter does without, and weighs half of it. */
async function loadVitest(): Promise<typeof import('vitest/node')> {
  try {
    return await import('vitest/node')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new UsageError('certify runs on Vitest, which is not installed: `npm install --save-dev vitest`')
  }
}

async function runInFolder(options: EngineOptions): Promise<EngineEnd> {
  const { startVitest } = await loadVitest()
  const trouble: string[] = []
  let vitest: Vitest | undefined
  let giveUp: (reason: string) => void = () => {}
  const gaveUp = new Promise<string>(resolve => (giveUp = resolve))
  const watchdog = createWatchdog(options.patienceMs, () =>
    giveUp(`nothing happened for ${Math.round(options.patienceMs / 1000)} s; the workers hang`),
  )

  const stop = (): void => {
    // Every case notices that comes to its next request; workers that do not are left behind.
    announceStop(options.planFile)
    void vitest?.cancelCurrentRun('keyboard-input')
    setTimeout(() => giveUp('the workers did not stop'), ENDING_MS).unref()
  }
  options.signal.addEventListener('abort', stop, { once: true })

  const late = setTimeout(
    () => giveUp('the suites did not end in time'),
    Math.max(0, Math.min(options.endBy - Date.now(), 2 ** 31 - 1)),
  )
  const stopKeeping = keepSignals()
  const reporter: Reporter = {
    onInit(instance) {
      vitest = instance
    },
    onTestRunStart() {
      if (options.signal.aborted) stop()
    },
    onTestModuleQueued(module) {
      options.onFile(fileName(module.moduleId))
    },
    onTestCaseResult(test) {
      watchdog.alive()
      const meta = (test.meta() as { lambdacheck?: CaseMeta }).lambdacheck
      if (meta !== undefined) options.onResult(meta.result, meta.requests)
      else if (test.result().state === 'failed') trouble.push(firstLine(test.result().errors?.[0]))
    },
    onTestModuleEnd(module) {
      watchdog.alive()
      const meta = (module.meta() as { lambdacheck?: SuiteMeta }).lambdacheck
      options.onFileEnd(meta?.requests ?? 0, meta?.notes ?? [], meta?.revised ?? [])
      trouble.push(...errorsOf(module))
    },
    onTestRunEnd(_, errors) {
      trouble.push(...errors.map(firstLine))
    },
  }

  const run = startVitest('test', [], vitestOptions(options, reporter), viteOptions(options)).then(
    async started => {
      await Promise.race([started.close(), new Promise(resolve => setTimeout(resolve, ENDING_MS).unref())])
    },
    (error: unknown) => void trouble.push(firstLine(error)),
  )
  const exitCode = process.exitCode
  const given = await Promise.race([run, gaveUp])
  // Vitest says by the exit code of the process what we say with our own.
  process.exitCode = exitCode
  watchdog.stop()
  clearTimeout(late)
  stopKeeping()
  options.signal.removeEventListener('abort', stop)
  if (typeof given === 'string') trouble.push(given)
  return trouble.length === 0 ? {} : { trouble: [...new Set(trouble)].slice(0, 5).join('; ') }
}

function vitestOptions(options: EngineOptions, reporter: Reporter) {
  return {
    root: options.folder,
    config: false as const,
    watch: false,
    run: true,
    include: ['*.test.js'],
    pool: 'threads' as const,
    isolate: false,
    maxWorkers: options.workers,
    maxConcurrency: options.casesAtOnce,
    passWithNoTests: true,
    provide: { [PLAN_KEY]: options.planFile, [CREDENTIALS_KEY]: options.credentials } as never,
    reporters: [reporter],
    ...(options.shard === undefined ? {} : { shard: `${options.shard.index}/${options.shard.count}` }),
    teardownTimeout: 5000,
    // Native imports: our modules need no transformation.
    server: { deps: { external: [/.*/], inline: [/\.test\.js$/] } },
    disableConsoleIntercept: true,
    coverage: { enabled: false },
    cache: false as const,
  }
}

function viteOptions(options: EngineOptions) {
  return {
    // Nothing of the project is looked for, and so nothing of it is executed: no configuration of Vite, of PostCSS
    // (which is code), no `.env`.
    configFile: false as const,
    envFile: false as const,
    envDir: false as const,
    css: { postcss: {} },
    logLevel: 'silent' as const,
    clearScreen: false,
    publicDir: false as const,
    cacheDir: path.join(options.folder, '.vite'),
    resolve: { alias: { 'lambdacheck/suites': suiteModule() } },
    server: { watch: null, ws: false as const },
  }
}

/** This package's own `lambdacheck/suites`, wherever it is installed. */
function suiteModule(): string {
  return fileURLToPath(new URL(`./suite${path.extname(fileURLToPath(import.meta.url))}`, import.meta.url))
}

/**
 * Vitest ends the process at the first Ctrl-C. That is for us to decide: what it adds is taken away before a signal can
 * meet it.
 */
function keepSignals(): () => void {
  const refuse = (event: string | symbol, listener: (...args: unknown[]) => void): void => {
    if (event === 'SIGINT' || event === 'SIGTERM') process.nextTick(() => process.off(event, listener))
  }
  process.on('newListener', refuse)
  return () => void process.off('newListener', refuse)
}

function fileName(file: string): string {
  return path.basename(file).replace(/\.test\.js$/, '')
}

function errorsOf(module: TestModule): readonly string[] {
  return module.errors().map(error => `${fileName(module.moduleId)}: ${firstLine(error)}`)
}

function firstLine(error: unknown): string {
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
  return message.split('\n')[0]?.slice(0, 300) ?? ''
}

function createWatchdog(patienceMs: number, bark: () => void): { alive(): void; stop(): void } {
  let timer = setTimeout(bark, patienceMs)
  return {
    alive() {
      clearTimeout(timer)
      timer = setTimeout(bark, patienceMs)
    },
    stop: () => clearTimeout(timer),
  }
}
