import { join } from 'node:path'
import { createChanges } from './changes.ts'
import { extensionVariables, findExtensions } from './extension-process.ts'
import { createExtensionsApi } from './extensions-api.ts'
import type { Extension } from './extensions-api.ts'
import type { FileSystem } from './file-systems.ts'
import type { LogsApi } from './logs-api.ts'
import { createRuntimeApi } from './runtime-api.ts'
import { readOwnMemory, readPeakMemory, startProcess } from './runtime-process.ts'
import type { SandboxProcess } from './runtime-process.ts'
import type { Folders, RuntimeCommand } from './runtimes.ts'
import { refused } from './sandbox-api.ts'
import type { SandboxAnswer, SandboxRequest } from './sandbox-api.ts'
import { present } from '../../base/present.ts'

/** Why an environment cannot go on. */
export type Failure =
  /** The runtime's process has ended. */
  | { readonly kind: 'exit'; readonly reason: string }
  | { readonly kind: 'initError'; readonly payload: Buffer }
  | { readonly kind: 'timeout' }
  /** An extension has ended, could not be started, or reported an error. */
  | { readonly kind: 'extension'; readonly errorType: string; readonly reason: string }

/** How the runtime's part of an event ends. */
export type End = { readonly kind: 'answer'; readonly error: boolean; readonly payload: Buffer } | Failure

interface GenerationEvent {
  readonly requestId: string
  readonly deadline: number
  readonly invokedFunctionArn: string
  readonly traceId: string
  readonly clientContext: string | undefined
  readonly payload: Buffer
  readonly onChunk?: ((chunk: Buffer) => void) | undefined
}

/** One phase in which the runtime and the extensions have an event. */
interface InvokePhase {
  /** Resolves when the runtime has answered, or something went wrong before. */
  readonly answered: Promise<End>
  /**
   * Resolves when the runtime and all extensions that had the event have asked for the next, or to why they never will.
   */
  readonly over: Promise<Failure | undefined>
}

type ShutdownReason = 'SPINDOWN' | 'TIMEOUT' | 'FAILURE'

/**
 * The processes of an execution environment from their start to their end: extensions and the runtime. A reset begins a
 * new generation.
 */
export interface Generation {
  /** Resolves when the runtime and every extension have asked for their first event, or to why they have not. */
  readonly initialised: Promise<Failure | undefined>
  /** Milliseconds from the start to the runtime's first request for an event. */
  readonly initDuration: () => number | undefined
  readonly hasExternal: () => boolean
  /** False when a process has ended by itself. */
  readonly alive: () => boolean
  readonly handle: (request: SandboxRequest) => Promise<SandboxAnswer> | SandboxAnswer
  readonly run: (event: GenerationEvent) => InvokePhase
  readonly peakMemory: () => number | undefined
  /**
   * Ends the runtime, tells the extensions that registered for it, and kills what has not ended in time. Resolves when
   * all are gone.
   */
  readonly shutDown: (reason: ShutdownReason) => Promise<void>
}

/** What the processes of an environment are started with. */
export interface GenerationOf {
  readonly functionName: string
  readonly functionVersion: string
  readonly handler: string
  readonly command: RuntimeCommand
  /** As this machine has them. */
  readonly folders: Folders
  /** As the processes see them. */
  readonly seen: Folders
  readonly fileSystem: FileSystem | undefined
  readonly env: NodeJS.ProcessEnv
  readonly maxAnswerBytes: number
  /** The service ends an initialisation that takes longer. */
  readonly initialisationMs: number
  /** MB. */
  readonly memorySize: number
  readonly logs: LogsApi
  /** A line for the function's log. */
  readonly log: (text: string | Buffer) => void
  /** What a process wrote. */
  readonly onOutput: (type: 'function' | 'extension', chunk: Buffer) => void
}

/** What a runtime has to end by itself: beside external extensions, and when it is registered as one. Milliseconds. */
const runtimeShutdownMs = { external: 300, internal: 500 }
/** What the whole end may take where there are external extensions. Milliseconds. */
const shutdownMs = 2000
/** How long the end waits for subscribers to take their last records. Milliseconds. */
const lastLogsMs = 300

/** What the processes of a generation have done so far, and the APIs that they ask. */
interface Life {
  readonly of: GenerationOf
  /** Names of the extensions that are started as processes. */
  readonly launched: readonly string[]
  readonly processes: Map<string, SandboxProcess>
  readonly changes: ReturnType<typeof createChanges>
  readonly runtimeApi: ReturnType<typeof createRuntimeApi>
  readonly extensionsApi: ReturnType<typeof createExtensionsApi>
  /** Of the event at hand. */
  requestId: string
  answer: End | undefined
  runtime: SandboxProcess | undefined
  runtimeIsIdle: boolean
  initDuration: number | undefined
  /** The first one. */
  failure: Failure | undefined
  closing: boolean
}

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-context.html#runtimes-lifecycle */
export function startGeneration(of: GenerationOf): Generation {
  const life = beginLife(of)
  const timer = setTimeout(() => fail(life, { kind: 'timeout' }), of.initialisationMs)
  const initialised = initialise(life).then(found => {
    clearTimeout(timer)
    if (!life.closing) tellExtensions(life)
    return found
  })
  return {
    initialised,
    initDuration: () => life.initDuration,
    hasExternal: () => life.launched.length > 0,
    alive: () => life.failure === undefined && life.runtime?.hasEnded() !== true,
    peakMemory: () => readPeakMemory(life.runtime?.pid),
    handle: request => handle(life, request),
    run: event => runEvent(life, event),
    shutDown(reason) {
      life.closing = true
      // Whoever waits for the end of what is under way would wait for ever: nothing fails once it is closing.
      life.failure ??= { kind: 'exit', reason: '' }
      clearTimeout(timer)
      life.changes.announce()
      return endProcesses(life, reason)
    },
  }
}

function beginLife(of: GenerationOf): Life {
  const startedAt = Date.now()
  const changes = createChanges()
  const launched = findExtensions(of.folders)
  const runtimeApi = createRuntimeApi(
    {
      onNext() {
        life.initDuration ??= Date.now() - startedAt
        if (life.answer?.kind === 'answer' && !life.answer.error && !life.runtimeIsIdle) runtimeDone(life, 'success')
        life.runtimeIsIdle = true
        changes.announce()
      },
      onInitError: payload => fail(life, { kind: 'initError', payload }),
      onAnswer(_, given) {
        const tooLarge = given.kind === 'tooLarge'
        const answer = tooLarge
          ? ({ kind: 'answer', error: true, payload: tooLargePayload(given.size, of.maxAnswerBytes) } as const)
          : ({ kind: 'answer', error: given.kind === 'error', payload: given.payload } as const)
        life.answer = answer
        if (answer.error) runtimeDone(life, 'failure')
        changes.announce()
      },
    },
    of.maxAnswerBytes,
  )
  const extensionsApi = createExtensionsApi(
    { ...of, launched },
    {
      onChange: changes.announce,
      onError: ({ name }, errorType) =>
        fail(life, { kind: 'extension', errorType, reason: `the extension ${name} reported it` }),
    },
  )
  const life: Life = {
    of,
    launched,
    processes: new Map(),
    changes,
    runtimeApi,
    extensionsApi,
    requestId: '',
    answer: undefined,
    runtime: undefined,
    runtimeIsIdle: false,
    initDuration: undefined,
    failure: undefined,
    closing: false,
  }
  return life
}

function runtimeDone({ of, requestId }: Life, status: 'success' | 'failure' | 'timeout'): void {
  of.logs.emit('platform.runtimeDone', { requestId, status })
}

/** The first failure counts. */
function fail(life: Life, reason: Failure): void {
  if (life.closing) return
  life.failure ??= reason
  life.changes.announce()
}

function startExtension(life: Life, name: string): void {
  const { seen, fileSystem, env, onOutput } = life.of
  const process = startProcess(
    { command: join(seen.opt, 'extensions', name), args: [], cwd: '/', fileSystem },
    extensionVariables(env),
    chunk => onOutput('extension', chunk),
  )
  life.processes.set(name, process)
  void process.ended.then(reason =>
    fail(life, {
      kind: 'extension',
      errorType: reason.startsWith('error: ') ? 'Extension.LaunchError' : 'Extension.Crash',
      reason: `${name}: ${reason === '' ? 'exit status 0' : reason}`,
    }),
  )
}

const areWaiting = (extensions: readonly Extension[]): boolean => extensions.every(one => one.state === 'waiting')

/** Whether the runtime and all extensions wait for an event. */
const isIdle = (life: Life): boolean => life.runtimeIsIdle && areWaiting(life.extensionsApi.registered())

async function initialise(life: Life): Promise<Failure | undefined> {
  const { launched, changes, extensionsApi } = life
  const { command, env, folders, fileSystem, logs, onOutput } = life.of
  for (const name of launched) startExtension(life, name)
  await changes.until(
    () =>
      life.failure !== undefined || launched.every(name => extensionsApi.registered().some(one => one.name === name)),
  )
  if (life.failure !== undefined || life.closing) return life.failure
  // A wrapper script starts the runtime in its own way.
  const wrapper = env['AWS_LAMBDA_EXEC_WRAPPER']
  const start = wrapper === undefined ? command : { command: wrapper, args: [command.command, ...command.args] }
  const runtime = startProcess({ ...start, cwd: folders.taskRoot, fileSystem }, env, chunk =>
    onOutput('function', chunk),
  )
  life.runtime = runtime
  void runtime.ended.then(reason => fail(life, { kind: 'exit', reason }))
  await changes.until(() => life.failure !== undefined || isIdle(life))
  extensionsApi.closeRegistration()
  logs.closeSubscription()
  return life.failure
}

function tellExtensions({ of, extensionsApi, failure }: Life): void {
  for (const { name, events, state } of extensionsApi.registered()) {
    const told = state === 'failed' ? 'InitError' : 'Ready'
    of.logs.emit('platform.extension', { name, state: told, events })
    of.log(`EXTENSION\tName: ${name}\tState: ${told}\tEvents: [${events.join(',')}]\n`)
  }
  if (failure?.kind === 'extension') of.log(`EXTENSION\t${failure.reason}\tError Type: ${failure.errorType}\n`)
}

function handle({ of, runtimeApi, extensionsApi }: Life, request: SandboxRequest): ReturnType<Generation['handle']> {
  const [, version, path = ''] = /^\/([\d-]{10})\/(.*)$/.exec(request.path) ?? []
  if (version === '2018-06-01' && path.startsWith('runtime/')) return runtimeApi.handle(request, path.slice(8))
  if (version === '2020-01-01' && path.startsWith('extension/')) return extensionsApi.handle(request, path.slice(10))
  if (version === '2020-08-15' && /^logs\/?$/.test(path))
    return of.logs.handle(request, extensionsApi.byId(request.headers['lambda-extension-identifier']))
  return refused(404, 'NotFound', 'There is no such path in the APIs of an execution environment.')
}

function runEvent(life: Life, event: GenerationEvent): InvokePhase {
  const { of, changes } = life
  const { requestId } = event
  Object.assign(life, { requestId, answer: undefined, runtimeIsIdle: false } satisfies Partial<Life>)
  const timeout = setTimeout(() => {
    if (life.answer === undefined) runtimeDone(life, 'timeout')
    fail(life, { kind: 'timeout' })
  }, event.deadline - Date.now())
  // As the kernel does on the real service: who takes more than there is, is killed.
  const watch = setInterval(() => {
    if ((readOwnMemory(life.runtime?.pid) ?? 0) > of.memorySize) life.runtime?.kill()
  }, 50)
  of.logs.emit('platform.start', { requestId })
  life.runtimeApi.deliver(event)
  life.extensionsApi.deliver({
    eventType: 'INVOKE',
    deadlineMs: event.deadline,
    requestId,
    invokedFunctionArn: event.invokedFunctionArn,
    tracing: { type: 'X-Amzn-Trace-Id', value: event.traceId },
  })
  const answered = changes
    .until(() => life.answer !== undefined || life.failure !== undefined)
    .then(() => {
      if (life.answer === undefined && life.failure?.kind === 'exit') runtimeDone(life, 'failure')
      return present(life.answer ?? life.failure, 'the end of an event')
    })
  const over = changes
    .until(() => life.failure !== undefined || isIdle(life))
    .then(() => {
      clearTimeout(timeout)
      clearInterval(watch)
      return life.failure
    })
  return { answered, over }
}

async function endProcesses({ of, runtime, extensionsApi, processes }: Life, reason: ShutdownReason): Promise<void> {
  const extensions = extensionsApi.registered()
  const deadline = Date.now() + shutdownMs
  if (runtime !== undefined) {
    if (reason === 'SPINDOWN' && extensions.length > 0) {
      runtime.terminate()
      const internal = extensions.some(one => !one.external)
      await within(runtime.ended, internal ? runtimeShutdownMs.internal : runtimeShutdownMs.external)
    }
    runtime.kill()
    await runtime.ended
  }
  await within(of.logs.flush(), lastLogsMs)
  extensionsApi.deliver({ eventType: 'SHUTDOWN', shutdownReason: reason, deadlineMs: deadline })
  // Who has reported an error is to end by itself.
  const ends = new Set(
    extensions.filter(one => one.events.includes('SHUTDOWN') || one.state === 'failed').map(one => one.name),
  )
  await Promise.all(
    [...processes].map(async ([name, process]) => {
      if (ends.has(name)) await within(process.ended, Math.max(0, deadline - Date.now()))
      process.kill()
      await process.ended
    }),
  )
  of.logs.reset()
}

function tooLargePayload(size: number, most: number): Buffer {
  return Buffer.from(
    JSON.stringify({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size (${size} bytes) exceeded maximum allowed payload size (${most} bytes).`,
    }),
  )
}

/** Waits for the end, but no longer than so many milliseconds. */
async function within(end: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([
    end,
    new Promise<void>(resolve => {
      timer = setTimeout(resolve, ms)
    }),
  ])
  clearTimeout(timer)
}
