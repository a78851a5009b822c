import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { functionArn } from '../protocol/arn.ts'
import type { LambdaFunction, Version, World } from '../store/world.ts'
import { environmentVariables } from './environment-variables.ts'
import { startGeneration } from './generation.ts'
import type { End, Failure, Generation } from './generation.ts'
import { logWriter } from '../services/logs/log-group.ts'
import { createLogTail } from './log-tail.ts'
import type { LogTail } from './log-tail.ts'
import { createLogsApi, type LogsApi } from './logs-api.ts'
import { foldersSeen, runtimeCommand } from './runtimes.ts'
import type { Place, RuntimeCommand } from './runtimes.ts'
import type { FileSystem } from './file-systems.ts'
import { refused, serveSandboxApi } from './sandbox-api.ts'
import type { SandboxIntercept } from './sandbox-api.ts'
import type { RecordIntercept } from './logs-api.ts'
import { present } from '../../base/present.ts'

/** A timer that is set to more rings at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** What the function made of an event. */
interface Answer {
  readonly functionError?: 'Unhandled'
  readonly payload: Buffer
  /** Empty when the answer came before the end of the invocation. */
  readonly logTail: Buffer
  /** Resolves when the environment can take another event: extensions may go on after the answer. */
  readonly over: Promise<void>
}

interface Event {
  readonly requestId: string
  readonly payload: Buffer
  /** Alias or version that the caller named. */
  readonly qualifier?: string | undefined
  readonly clientContext?: string | undefined
  /** The caller wants the log, which is whole when extensions are done too. */
  readonly wantsLog?: boolean | undefined
  /** The tracing header of the caller. */
  readonly trace?: string | undefined
  /** Gets what the runtime streams, as it comes; the payload of the answer has nothing of it then. */
  readonly onChunk?: ((chunk: Buffer) => void) | undefined
}

/** One execution environment: a runtime and extensions that take one event at a time. */
export interface Environment {
  readonly version: Version
  /** Waits for the end of the initialisation; true when the runtime is ready for an event. */
  readonly initialised: Promise<boolean>
  /** False once it takes no further event. */
  readonly usable: () => boolean
  /** Runs one event to its end. Never rejects: whatever goes wrong inside is a function error. */
  readonly run: (event: Event) => Promise<Answer>
  /** Ends all processes, and removes the files. Resolves when they are gone. */
  readonly stop: () => Promise<void>
}

/** The version that an environment runs, and where it may keep its files. */
export interface EnvironmentOptions extends Place {
  readonly world: World
  readonly fn: LambdaFunction
  readonly version: Version
  /** Where the environment may keep its temporary files. */
  readonly tempFolder: string
  readonly initializationType: 'on-demand' | 'provisioned-concurrency'
  readonly intercept?: SandboxIntercept | undefined
  readonly interceptRecord?: RecordIntercept | undefined
}

/**
 * Starts an execution environment. A crash or a timeout resets it: its processes are started again with the next event,
 * its temporary files stay. `unavailable`: this machine has nothing to run the runtime with.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-context.html
 */
export async function startEnvironment(options: EnvironmentOptions): Promise<Environment | 'unavailable'> {
  const { version, folders, fileSystems } = options
  const { settings } = version
  const command = runtimeCommand(settings.runtime ?? '', options, settings.handler ?? '', settings.memorySize)
  if (command === 'unavailable') return 'unavailable'
  if (command === 'noBootstrap')
    return brokenEnvironment(version, "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]")
  if (command === 'notExecutable') return brokenEnvironment(version, 'fork/exec /var/task/bootstrap: permission denied')

  const fileSystem = await fileSystems?.open({ ...folders, runtimeDir: command.machineRuntimeDir })
  try {
    return await startInside(options, command, fileSystem)
  } catch (error) {
    // What holds the folders is a process, which nothing else would end.
    fileSystem?.close()
    throw error
  }
}

/** Starts an execution environment whose folders are there. */
async function startInside(
  options: EnvironmentOptions,
  command: RuntimeCommand,
  fileSystem: FileSystem | undefined,
): Promise<Environment> {
  const { world, fn, version, folders } = options
  const { settings } = version
  const tempFolder = mkdtempSync(join(options.tempFolder, 'tmp-'))
  const logStream = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[${version.number}]${randomBytes(16).toString('hex')}`
  let usable = true
  let outputChunks = 0
  const logs = createLogsApi((name, types) => {
    logs.emit('platform.logsSubscription', { name, state: 'Subscribed', types })
    log.write(`LOGS\tName: ${name}\tState: Subscribed\tTypes: [${types.join(',')}]\n`)
  }, options.interceptRecord)
  const keep = logWriter(world, settings.logging.group, logStream)
  const log = createInvocationLog(settings, logs, { longest: world.limits.logTail, keep })

  let begun: Processes | undefined
  const answer: Parameters<SandboxIntercept>[1] = async request =>
    begun?.current()?.handle(request) ?? refused(500, 'ServiceException', 'The environment has ended.')
  const api = await serveSandboxApi(
    request => options.intercept?.(request, answer) ?? answer(request),
    world.limits.payloadSyncResponse,
  )
  const env = environmentVariables({ ...options, command, runtimeApi: api.address, tempFolder, logStream })

  const begin = (): Generation =>
    startGeneration({
      functionName: fn.name,
      functionVersion: version.number,
      handler: settings.handler ?? '',
      command,
      folders,
      seen: foldersSeen(options),
      fileSystem,
      env,
      maxAnswerBytes: world.limits.payloadSyncResponse,
      initialisationMs: Math.min(world.limits.initialisation * 1000, LONGEST_TIMER_MS),
      memorySize: settings.memorySize,
      logs,
      log: text => log.write(text),
      onOutput(type, chunk) {
        outputChunks++
        log.write(chunk)
        logs.emitOutput(type, chunk)
      },
    })

  const processes = (begun = createProcesses(begin, settings.timeout * 1000))

  const running: Running = {
    world,
    fn,
    version,
    processes,
    log,
    outputChunks: () => outputChunks,
    onBroken() {
      usable = false
    },
  }
  return {
    version,
    initialised: processes.initialised,
    usable: () => usable,
    run: event => runEvent(event, running),
    async stop() {
      usable = false
      await processes.end()
      fileSystem?.close()
      api.close()
      // Whatever cannot be removed now goes with the endpoint's own folder.
      await rm(tempFolder, { recursive: true, force: true }).catch(() => {})
    },
  }
}

/** An environment that has been started, as far as running an event goes. */
interface Running extends Pick<EnvironmentOptions, 'world' | 'fn' | 'version'> {
  readonly processes: Processes
  readonly log: ReturnType<typeof createInvocationLog>
  /** How many pieces of output have come so far. */
  readonly outputChunks: () => number
  /** It could not be initialised, and takes no further event. */
  readonly onBroken: () => void
}

async function runEvent(event: Event, running: Running): Promise<Answer> {
  const { world, fn, version, processes, log } = running
  const { settings } = version
  const measured = () => ({ initDuration: processes.current()?.initDuration() })
  await processes.resetWhenDead(log.hasReported())
  const failed = await processes.ready()
  log.write(`START RequestId: ${event.requestId} Version: ${version.number}\n`)
  const begun = performance.now()
  if (failed !== undefined) {
    running.onBroken()
    return { ...log.finish(event, failed, { begun, ...measured() }), over: Promise.resolve() }
  }
  const current = present(processes.current(), 'what runs the event')
  const deadline = Date.now() + settings.timeout * 1000
  const trace = traceId(event.trace)
  const phase = current.run({
    requestId: event.requestId,
    deadline,
    invokedFunctionArn: functionArn(world, fn.name, event.qualifier),
    traceId: trace,
    clientContext: event.clientContext,
    payload: event.payload,
    onChunk: event.onChunk,
  })
  const end = await phase.answered
  const whole = phase.over.then(async failure => {
    // What the runtime wrote until it asked for the next event belongs to this one's log.
    await drained(running.outputChunks)
    const told = log.finish(event, end, { begun, trace, peakMemory: current.peakMemory(), ...measured() })
    const over = failure === undefined ? Promise.resolve() : processes.reset(failure)
    return { ...told, over }
  })
  if (end.kind !== 'answer' || !current.hasExternal() || event.wantsLog === true) return whole
  return {
    ...resultOf(event.requestId, end, settings.timeout),
    logTail: Buffer.alloc(0),
    over: whole.then(({ over }) => over),
  }
}

/** What was measured of an invocation. Milliseconds and MB. */
interface Measures {
  /** By `performance.now()`. */
  readonly begun: number
  readonly initDuration: number | undefined
  readonly trace?: string
  readonly peakMemory?: number | undefined
}

/**
 * What an environment writes around the lines of its function, for the tail of the log and for subscribers. `keep` gets
 * all that is written.
 */
function createInvocationLog(
  settings: Version['settings'],
  logs: LogsApi,
  { longest, keep }: { readonly longest: number; readonly keep: (text: string | Buffer) => void },
) {
  let log: LogTail = createLogTail(longest)
  let reported = false
  let lastPeak: number | undefined
  let trace = ''

  function write(text: string | Buffer): void {
    log.write(text)
    keep(text)
  }

  /** The last lines of an invocation, and what is told of it. */
  function finish({ requestId }: Event, end: End, measures: Measures): Omit<Answer, 'over'> {
    const { initDuration } = measures
    const duration = performance.now() - measures.begun
    trace = measures.trace ?? trace
    lastPeak = measures.peakMemory ?? lastPeak
    const cold = !reported && initDuration !== undefined
    reported = true
    const told = resultOf(requestId, end, settings.timeout)
    if (end.kind === 'timeout')
      write(`${new Date().toISOString()} ${requestId} Task timed out after ${settings.timeout.toFixed(2)} seconds\n\n`)
    if (end.kind === 'exit') logs.emit('platform.fault', `RequestId: ${requestId} Error: ${exitText(end.reason)}`)
    write(`END RequestId: ${requestId}\n`)
    logs.emit('platform.end', { requestId })
    const maxMemoryUsed = lastPeak ?? settings.memorySize
    const initText = cold ? `Init Duration: ${initDuration.toFixed(2)} ms\t` : ''
    write(
      `REPORT RequestId: ${requestId}\tDuration: ${duration.toFixed(2)} ms\t` +
        `Billed Duration: ${Math.ceil(duration)} ms\tMemory Size: ${settings.memorySize} MB\t` +
        `Max Memory Used: ${maxMemoryUsed} MB\t${initText}\n`,
    )
    logs.emit('platform.report', {
      requestId,
      metrics: {
        durationMs: Number(duration.toFixed(2)),
        billedDurationMs: Math.ceil(duration),
        memorySizeMB: settings.memorySize,
        maxMemoryUsedMB: maxMemoryUsed,
        ...(cold && { initDurationMs: initDuration }),
      },
      ...(settings.tracingMode === 'Active' && { tracing: { type: 'X-Amzn-Trace-Id', value: trace } }),
    })
    const logTail = log.read()
    log = createLogTail(longest)
    return { ...told, logTail }
  }

  return {
    finish,
    /** Whether an invocation has come to its end. */
    hasReported: () => reported,
    write,
  }
}

/**
 * Output that a process wrote before its last request is in the pipe already: it is read within a few turns of the
 * event loop.
 */
async function drained(count: () => number): Promise<void> {
  let before: number
  do {
    before = count()
    for (let turn = 0; turn < 2; turn++) await new Promise(resolve => setImmediate(resolve))
  } while (count() !== before)
}

/** The processes of an environment: those of now, and how they are ended and started again. */
interface Processes {
  readonly initialised: Promise<boolean>
  readonly current: () => Generation | undefined
  readonly ready: () => Promise<Failure | undefined>
  readonly reset: (failure: Failure) => Promise<void>
  /** What ended between two events is found out now; the first generation counts once it has taken an event. */
  readonly resetWhenDead: (hasRun: boolean) => Promise<void>
  /** Ends them for good: none is started afterwards. */
  readonly end: () => Promise<void>
}

/** What an event of an environment that is gone ends with. */
const endedBefore: Failure = { kind: 'exit', reason: '' }

function createProcesses(begin: () => Generation, timeoutMs: number): Processes {
  const first = begin()
  let generation: Generation | undefined = first
  const initialised = first.initialised.then(failure => failure === undefined)
  let ended = false

  /**
   * Processes that are ready for an event. An initialisation that took too long, or that an extension spoilt, is tried
   * once more with the event, in the function's own time.
   */
  async function ready(): Promise<Failure | undefined> {
    if (ended) return endedBefore
    const current = generation ?? begin()
    const isFirst = current === first
    generation = current
    const failure = isFirst ? await current.initialised : await withinTimeout(current)
    const again = isFirst && (failure?.kind === 'timeout' || failure?.kind === 'extension')
    if (!again) return failure
    await current.shutDown('FAILURE')
    // The environment may have been ended meanwhile, with the processes of before.
    if (ended) return endedBefore
    generation = begin()
    return withinTimeout(generation)
  }

  async function withinTimeout(current: Generation): Promise<Failure | undefined> {
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<Failure>(resolve => {
      timer = setTimeout(() => resolve({ kind: 'timeout' }), timeoutMs)
    })
    const failure = await Promise.race([current.initialised, timeout])
    clearTimeout(timer)
    return failure
  }

  async function reset(failure: Failure): Promise<void> {
    // Until its processes have ended, they may ask for the event that tells them so.
    await generation?.shutDown(failure.kind === 'timeout' ? 'TIMEOUT' : 'FAILURE')
    generation = undefined
  }

  return {
    initialised,
    current: () => generation,
    ready,
    reset,
    async resetWhenDead(hasRun) {
      if (generation === undefined || generation.alive()) return
      if (generation !== first || hasRun) await reset({ kind: 'exit', reason: '' })
    },
    async end() {
      ended = true
      await generation?.shutDown('SPINDOWN')
    },
  }
}

/** What the caller gets of an end; `timeout` in seconds. */
function resultOf(requestId: string, end: End, timeout: number): Pick<Answer, 'functionError' | 'payload'> {
  const failed = (errorType: string, text: string): Pick<Answer, 'functionError' | 'payload'> => ({
    functionError: 'Unhandled',
    payload: errorPayload(errorType, `RequestId: ${requestId} Error: ${text}`),
  })
  switch (end.kind) {
    case 'answer':
      return end.error ? { functionError: 'Unhandled', payload: end.payload } : { payload: end.payload }
    case 'initError':
      return { functionError: 'Unhandled', payload: end.payload }
    case 'exit':
      return failed('Runtime.ExitError', exitText(end.reason))
    case 'extension':
      return failed(end.errorType, end.reason)
    case 'timeout':
      return failed('Sandbox.Timedout', `Task timed out after ${timeout.toFixed(2)} seconds`)
  }
}

function exitText(reason: string): string {
  return reason === ''
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: ${reason.replace(/^error: /, '')}`
}

/** An environment whose runtime cannot even be started: every event fails. */
function brokenEnvironment(version: Version, text: string): Environment {
  const errorType = 'Runtime.InvalidEntrypoint'
  return {
    version,
    initialised: Promise.resolve(false),
    usable: () => false,
    run: async event => ({
      functionError: 'Unhandled',
      payload: errorPayload(errorType, `RequestId: ${event.requestId} Error: ${text}`),
      logTail: Buffer.from(
        `START RequestId: ${event.requestId} Version: ${version.number}\nRequestId: ${event.requestId} Error: ` +
          `${text}\n${errorType}\nEND RequestId: ${event.requestId}\n`,
      ),
      over: Promise.resolve(),
    }),
    stop: async () => {},
  }
}

function errorPayload(errorType: string, errorMessage: string): Buffer {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }))
}

/** The function's part of a trace: of the caller's, with his decision on sampling, or of a new one. */
function traceId(caller = ''): string {
  const root =
    /Root=(1-[0-9a-f]{8}-[0-9a-f]{24})/.exec(caller)?.[1] ??
    `1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`
  const sampled = /Sampled=([01])/.exec(caller)?.[1] ?? '0'
  return `Root=${root};Parent=${randomBytes(8).toString('hex')};Sampled=${sampled}`
}
