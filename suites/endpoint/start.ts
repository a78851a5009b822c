/** Runs the command that serves an endpoint, for as long as a run takes. */
import { messageOf } from '../../base/message-of.ts'
import { closeGuard, endGroup, signalGroup, spawnGroup } from '../../base/process-group.ts'
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { secretsOf } from '../../base/redact.ts'
import type { EndpointConfig, Ready, SetupRequest, StartConfig } from '../../config/config.ts'
import { freePort } from './free-port.ts'
import { createOutputTail, type OutputTail } from './output-tail.ts'
import { UsageError } from '../../base/usage-error.ts'

/** A program that was started as an endpoint, and how it is ended. */
export interface Started {
  /** That of the configuration, or what the `url` group of `ready.log` matched. */
  readonly url: string
  /** The last that the command wrote, for people. */
  output(): string
  /** How it ended by itself; undefined while it runs. */
  ended(): string | undefined
  /** Called once when it ends, by itself or because it was stopped. */
  onEnd(listener: (how: string) => void): void
  /** Ends it with all its children: politely, and after five seconds for certain. */
  stop(): Promise<void>
  /**
   * The same command at the same address, once this one has ended. Throws a `UsageError` when it does not get ready.
   */
  again(signal?: AbortSignal): Promise<Started>
}

const DEFAULT_TIMEOUT_S = 60
const POLL_MS = 100
const SETUP_MS = 30_000

/**
 * Starts `start.command` and waits until it is ready. Throws a `UsageError` with the end of its output when it ends
 * before, is not ready in time, or when something else already answers at the url. `signal` gives up waiting.
 */
export async function startEndpoint(given: WithStart, folder: string, signal?: AbortSignal): Promise<Started> {
  return launch(await withPort(given), folder, signal)
}

type WithStart = EndpointConfig & { readonly start: StartConfig }

async function launch(config: WithStart, folder: string, signal: AbortSignal | undefined): Promise<Started> {
  const { start } = config
  const seconds = start.timeout ?? DEFAULT_TIMEOUT_S
  const cwd = path.resolve(folder, start.cwd ?? '.')
  if (!existsSync(cwd)) throw new UsageError(`start.cwd: there is no folder ${cwd}`)
  const ready: Ready = start.ready ?? { url: config.url }
  if (!('log' in ready) && (await isReady(ready, config.url, start.ready === undefined))) {
    throw new UsageError(
      `something already answers at ${'url' in ready ? ready.url : `port ${ready.port}`}, ` +
        `so \`${start.command}\` was not started. Stop it, or test it with --endpoint ${config.url}.`,
    )
  }

  const tail = createOutputTail(secretsOf({ secretAccessKey: '' }, { ...process.env, ...start.env }))
  const child = run(start, cwd, tail)
  let exit: string | undefined
  const listeners: ((how: string) => void)[] = []
  child.on('error', error => (exit ??= `could not be started: ${error.message}`))
  child.on('exit', (code, by) => {
    exit ??= by === null ? `ended with exit code ${code}` : `was ended by ${by}`
    closeGuard(child)
    for (const listener of listeners) listener(exit)
  })
  const onExit = (): void => signalGroup(child, 'SIGKILL')
  process.once('exit', onExit)
  const started = {
    output: tail.text,
    ended: () => exit,
    onEnd: (listener: (how: string) => void) => void (exit === undefined ? listeners.push(listener) : listener(exit)),
    async stop() {
      process.off('exit', onExit)
      await endGroup(child, () => exit !== undefined)
    },
  }

  try {
    const url = await whenReady(ready, config, start, tail, seconds, () => exit, signal)
    for (const request of start.setup ?? []) await sendSetup(url, request, signal)
    return { ...started, url, again: next => launchAgain({ ...config, url }, folder, started.stop, next) }
  } catch (error) {
    await started.stop()
    throw error
  }
}

/** What the ended one left running behind it goes first: it may hold the port. */
async function launchAgain(
  config: WithStart,
  folder: string,
  stop: () => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<Started> {
  await stop()
  const next = await launch(config, folder, signal)
  if (next.url === config.url) return next
  await next.stop()
  throw new UsageError(`started again it serves at ${next.url}, and no longer at ${config.url}`)
}

/** A url with port 0 leaves the choice to us: the command and the values of `env` find a free port in `$PORT`. */
async function withPort(config: WithStart): Promise<WithStart> {
  const { start, url } = config
  if (
    new URL(url).port !== '0' ||
    (start.ready !== undefined && 'log' in start.ready && start.ready.log.includes('(?<url>'))
  )
    return config
  const port = String(await freePort())
  const filled = (text: string): string => text.replace(/\$\{PORT\}|\$PORT\b/g, port)
  const env = Object.fromEntries(Object.entries(start.env ?? {}).map(([name, value]) => [name, filled(value)]))
  return { ...config, url: url.replace(/:0(?=\/|$)/, `:${port}`), start: { ...start, env: { PORT: port, ...env } } }
}

function run(start: StartConfig, cwd: string, tail: OutputTail): ChildProcess {
  const env = {
    ...process.env,
    ...start.env,
    PATH: `${programFolders(cwd).join(path.delimiter)}${path.delimiter}${process.env['PATH'] ?? ''}`,
  }
  const child = spawnGroup(start.command, { cwd, env })
  child.stdout?.on('data', tail.write)
  child.stderr?.on('data', tail.write)
  return child
}

/** Where projects keep their programs, nearest first. */
function programFolders(cwd: string): readonly string[] {
  const folders: string[] = []
  for (let here = cwd; ; here = path.dirname(here)) {
    folders.push(
      path.join(here, 'node_modules', '.bin'),
      path.join(here, '.venv', process.platform === 'win32' ? 'Scripts' : 'bin'),
    )
    if (path.dirname(here) === here) return folders.filter(folder => existsSync(folder))
  }
}

async function whenReady(
  ready: Ready,
  config: EndpointConfig,
  start: StartConfig,
  tail: OutputTail,
  seconds: number,
  exit: () => string | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  const end = Date.now() + seconds * 1000
  const command = `the command that starts the endpoint, \`${start.command}\`,`
  for (;;) {
    signal?.throwIfAborted()
    const gone = exit()
    if (gone !== undefined) throw new UsageError(`${command} ${gone} before it was ready.${quoted(tail)}`)
    if ('log' in ready) {
      const match = new RegExp(ready.log, 'm').exec(tail.text())
      if (match !== null) return match.groups?.['url'] ?? config.url
    } else if (await isReady(ready, config.url, start.ready === undefined)) return config.url
    if (Date.now() > end)
      throw new UsageError(
        `${command} was not ready within ${seconds} s (start.timeout): ${notReady(ready)}.${quoted(tail)}`,
      )
    await new Promise(resolve => setTimeout(resolve, POLL_MS))
  }
}

function notReady(ready: Ready): string {
  if ('log' in ready) return `its output did not match ${ready.log}`
  return 'url' in ready ? `${ready.url} did not answer` : `nothing listens on port ${ready.port}`
}

function quoted(tail: OutputTail): string {
  const text = tail.text().trimEnd()
  return text === '' ? ' It wrote nothing.' : ` It wrote last:\n${text.replace(/^/gm, '  | ')}`
}

/**
 * `any`: every answer will do. Else, as for a page that is being asked whether it is up, one that is no error of the
 * server or path.
 */
async function isReady(ready: Exclude<Ready, { log: string }>, url: string, any: boolean): Promise<boolean> {
  if ('port' in ready) return listens(ready.port, new URL(url).hostname.replace(/^\[|\]$/g, ''))
  try {
    const answer = await fetch(ready.url, { redirect: 'manual', signal: AbortSignal.timeout(2000) })
    await answer.body?.cancel()
    return any || answer.status < 404
  } catch {
    return false
  }
}

function listens(port: number, host: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ port, host, timeout: 2000 })
    const end = (answer: boolean) => (): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false))
  })
}

async function sendSetup(url: string, request: SetupRequest, given: AbortSignal | undefined): Promise<void> {
  const limit = AbortSignal.timeout(SETUP_MS)
  const { method = 'POST', path: at, headers = {}, body } = request
  const isText = typeof body === 'string'
  try {
    const answer = await fetch(`${url.replace(/\/$/, '')}${at}`, {
      method,
      redirect: 'manual',
      headers: { ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }), ...headers },
      signal: given === undefined ? limit : AbortSignal.any([limit, given]),
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (answer.status < 400) return
    throw new Error(`answered ${answer.status} ${text.slice(0, 200)}`)
  } catch (error) {
    throw new UsageError(`start.setup: ${method} ${at} ${messageOf(error)}`)
  }
}
