import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { functionArn } from '../protocol/arn.ts'
import type { LambdaFunction, Version, World } from '../store/world.ts'
import { environmentVariables } from './environment-variables.ts'
import { createLogTail } from './log-tail.ts'
import type { LogTail } from './log-tail.ts'
import { serveRuntimeApi } from './runtime-api.ts'
import type { RuntimeApi } from './runtime-api.ts'
import { exitReason, kill, readPeakMemory, startProcess } from './runtime-process.ts'
import { runtimeCommand } from './runtimes.ts'
import type { Folders } from './runtimes.ts'

/** What the function made of an event. */
interface Answer {
  readonly functionError?: 'Unhandled'
  readonly payload: Buffer
  readonly logTail: Buffer
}

interface Event {
  readonly requestId: string
  readonly payload: Buffer
  /** Alias or version that the caller named. */
  readonly qualifier?: string | undefined
  readonly clientContext?: string | undefined
}

/** One execution environment: a runtime process that takes one event at a time. */
export interface Environment {
  readonly version: Version
  /** Waits for the end of the initialisation; true when the runtime is ready for an event. */
  readonly initialised: Promise<boolean>
  /** False once the process has ended, or is about to: it takes no further event then. */
  readonly usable: () => boolean
  /** Runs one event to its end. Never rejects: whatever goes wrong inside is a function error. */
  readonly run: (event: Event) => Promise<Answer>
  /** Kills the process with all that it started, and removes its files. Resolves when it is gone. */
  readonly stop: () => Promise<void>
}

type End =
  | { readonly kind: 'answer'; readonly error: boolean; readonly payload: Buffer }
  | { readonly kind: 'exit'; readonly reason: string }
  | { readonly kind: 'timeout' }

/** The service ends an initialisation that takes longer. */
const initialisationMs = 10_000

export interface EnvironmentOptions {
  readonly world: World
  readonly fn: LambdaFunction
  readonly version: Version
  readonly folders: Folders
  /** Where the environment may keep its temporary files. */
  readonly tempFolder: string
  readonly initializationType: 'on-demand' | 'provisioned-concurrency'
}

/** Starts an execution environment. `unavailable`: this machine has nothing to run the runtime with. */
export async function startEnvironment(options: EnvironmentOptions): Promise<Environment | 'unavailable'> {
  const { world, fn, version, folders } = options
  const { settings } = version
  const command = runtimeCommand(settings.runtime ?? '', folders, settings.handler ?? '', settings.memorySize)
  if (command === 'unavailable') return 'unavailable'
  if (command === 'noBootstrap')
    return brokenEnvironment(version, "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]")
  if (command === 'notExecutable') return brokenEnvironment(version, 'fork/exec /var/task/bootstrap: permission denied')

  const tempFolder = mkdtempSync(join(options.tempFolder, 'tmp-'))
  const logStream = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[${version.number}]${randomBytes(16).toString('hex')}`
  const startedAt = Date.now()
  let log: LogTail = createLogTail(world.limits.logTail)
  let usable = true
  let initDuration: number | undefined
  let initError: Buffer | undefined
  let initTimedOut = false
  let reported = false
  let lastPeak: number | undefined
  let ended: string | undefined
  let finish: ((end: End) => void) | undefined
  let onIdle: (() => void) | undefined
  let settleInit: (ready: boolean) => void = () => {}
  const initialised = new Promise<boolean>(resolve => {
    settleInit = resolve
  })

  const api: RuntimeApi = await serveRuntimeApi(
    {
      onNext() {
        if (initDuration === undefined) initDuration = Date.now() - startedAt
        settleInit(true)
        onIdle?.()
      },
      onInitError(payload) {
        if (initDuration !== undefined) return
        initError = payload
        usable = false
        settleInit(false)
      },
      onAnswer(_requestId, answer) {
        if (answer.kind === 'tooLarge')
          finish?.({
            kind: 'answer',
            error: true,
            payload: errorPayload(
              'Function.ResponseSizeTooLarge',
              `Response payload size (${answer.size} bytes) exceeded maximum allowed payload size (${world.limits.payloadSyncResponse} bytes).`,
            ),
          })
        else finish?.({ kind: 'answer', error: answer.kind === 'error', payload: answer.payload })
      },
    },
    world.limits.payloadSyncResponse,
  )

  const child = startProcess(
    command,
    folders,
    environmentVariables({ ...options, command, runtimeApi: api.address, tempFolder, logStream }),
  )
  let outputChunks = 0
  const takeOutput = (chunk: Buffer): void => {
    outputChunks++
    log.write(chunk)
  }
  child.stdout?.on('data', takeOutput)
  child.stderr?.on('data', takeOutput)
  const gone = new Promise<void>(resolve => {
    const end = (reason: string): void => {
      if (ended !== undefined) return
      ended = reason
      usable = false
      settleInit(false)
      finish?.({ kind: 'exit', reason })
      api.close()
      resolve()
    }
    child.once('error', error => end(`Runtime exited with error: ${error.message}`))
    // `close` comes after the last output, `exit` may come before it. A grandchild that keeps the output open must not hold us up.
    child.once('exit', (code, signal) => {
      // What the runtime has started must not outlive it. Later its number may belong to another process.
      kill(child)
      const reason = exitReason(code, signal)
      const timer = setTimeout(() => end(reason), 50)
      child.once('close', () => {
        clearTimeout(timer)
        end(reason)
      })
    })
  })

  const initTimer = setTimeout(() => {
    usable = false
    initTimedOut = true
    settleInit(false)
    kill(child)
  }, initialisationMs)
  void initialised.then(() => clearTimeout(initTimer))

  async function run(event: Event): Promise<Answer> {
    const wasCold = !reported
    await initialised
    log.write(`START RequestId: ${event.requestId} Version: ${version.number}\n`)
    const begun = performance.now()
    const end = await runEvent(event)
    const peakMemory = readPeakMemory(child.pid) ?? lastPeak
    lastPeak = peakMemory
    if (end.kind === 'timeout')
      log.write(
        `${new Date().toISOString()} ${event.requestId} Task timed out after ${settings.timeout.toFixed(2)} seconds\n\n`,
      )
    const answer = read(event, end)
    const duration = performance.now() - begun
    reported = true
    log.write(`END RequestId: ${event.requestId}\n`)
    log.write(
      `REPORT RequestId: ${event.requestId}\tDuration: ${duration.toFixed(2)} ms\tBilled Duration: ${Math.ceil(duration)} ms\tMemory Size: ${settings.memorySize} MB\tMax Memory Used: ${peakMemory ?? settings.memorySize} MB\t${wasCold && initDuration !== undefined ? `Init Duration: ${initDuration.toFixed(2)} ms\t` : ''}\n`,
    )
    const logTail = log.read()
    log = createLogTail(world.limits.logTail)
    return { ...answer, logTail }
  }

  async function runEvent(event: Event): Promise<End> {
    if (initError) return { kind: 'answer', error: true, payload: initError }
    if (initTimedOut) return { kind: 'timeout' }
    if (ended !== undefined || !usable) return { kind: 'exit', reason: ended ?? exitReason(0, null) }
    const timeoutMs = settings.timeout * 1000
    const idleAgain = new Promise<void>(resolve => {
      onIdle = resolve
    })
    const end = await new Promise<End>(resolve => {
      const timer = setTimeout(() => resolve({ kind: 'timeout' }), timeoutMs)
      finish = result => {
        clearTimeout(timer)
        resolve(result)
      }
      api.deliver({
        requestId: event.requestId,
        deadline: Date.now() + timeoutMs,
        invokedFunctionArn: functionArn(world, fn.name, event.qualifier),
        traceId: traceId(),
        clientContext: event.clientContext,
        payload: event.payload,
      })
    })
    finish = undefined
    if (end.kind === 'timeout') {
      usable = false
      kill(child)
      await gone
    } else if (end.kind === 'answer') {
      // The event is over when the runtime asks for the next one; what it wrote until then belongs to this one's log.
      const lingering = setTimeout(() => {
        usable = false
        if (ended === undefined) kill(child)
      }, timeoutMs)
      await Promise.race([idleAgain, gone])
      clearTimeout(lingering)
      await drained()
    }
    onIdle = undefined
    return end
  }

  /** Output that the runtime wrote before its last request is in the pipe already: it is read within a few turns of the event loop. */
  async function drained(): Promise<void> {
    let before: number
    do {
      before = outputChunks
      for (let turn = 0; turn < 2; turn++) await new Promise(resolve => setImmediate(resolve))
    } while (outputChunks !== before)
  }

  function read(event: Event, end: End): { functionError?: 'Unhandled'; payload: Buffer } {
    switch (end.kind) {
      case 'answer':
        return end.error ? { functionError: 'Unhandled', payload: end.payload } : { payload: end.payload }
      case 'exit':
        return {
          functionError: 'Unhandled',
          payload: errorPayload('Runtime.ExitError', `RequestId: ${event.requestId} Error: ${end.reason}`),
        }
      case 'timeout':
        return {
          functionError: 'Unhandled',
          payload: errorPayload(
            'Sandbox.Timedout',
            `RequestId: ${event.requestId} Error: Task timed out after ${settings.timeout.toFixed(2)} seconds`,
          ),
        }
    }
  }

  return {
    version,
    initialised,
    usable: () => usable,
    run,
    async stop() {
      usable = false
      if (ended === undefined) kill(child)
      await gone
      // Whatever cannot be removed now goes with the endpoint's own folder.
      await rm(tempFolder, { recursive: true, force: true }).catch(() => {})
    },
  }
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
        `START RequestId: ${event.requestId} Version: ${version.number}\nRequestId: ${event.requestId} Error: ${text}\n${errorType}\nEND RequestId: ${event.requestId}\n`,
      ),
    }),
    stop: async () => {},
  }
}

function errorPayload(errorType: string, errorMessage: string): Buffer {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }))
}

function traceId(): string {
  return `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`
}
