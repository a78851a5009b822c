import { createSubscriber } from './log-subscriber.ts'
import type { LogRecord, Subscriber } from './log-subscriber.ts'
import { readSubscription } from './log-subscription.ts'
import type { LogType } from './log-subscription.ts'
import { refused } from './sandbox-api.ts'
import type { SandboxAnswer, SandboxRequest } from './sandbox-api.ts'

/** Changes, repeats or drops a record before it is given to subscribers: for tests that make records wrong. */
export type RecordIntercept = (record: LogRecord) => readonly LogRecord[]

/** The Logs API of one execution environment, and what feeds it. */
export interface LogsApi {
  /** Answers a request to `/2020-08-15/logs` by the extension whose identifier it bears. */
  readonly handle: (request: SandboxRequest, extension: { readonly name: string } | undefined) => SandboxAnswer
  /** Gives a record to every subscriber that wants its kind. */
  readonly emit: (type: string, record: LogRecord['record']) => void
  /** What a process wrote, line by line. */
  readonly emitOutput: (type: 'function' | 'extension', chunk: Buffer) => void
  /** From here on nobody subscribes. */
  readonly closeSubscription: () => void
  /** Sends what is kept, without waiting for the buffers to fill. Resolves when it has been tried. */
  readonly flush: () => Promise<void>
  /** Forgets all subscribers: the processes that they are have ended. */
  readonly reset: () => void
}

/**
 * The Logs API, version 2020-08-15. `onSubscribed` tells of each new subscription.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-logs-api.html
 */
export function createLogsApi(
  onSubscribed: (name: string, types: readonly LogType[]) => void,
  interceptRecord: RecordIntercept = record => [record],
): LogsApi {
  const subscribers = new Map<string, Subscriber>()
  const unfinished = { function: '', extension: '' }
  let open = true

  function emit(type: string, record: LogRecord['record']): void {
    for (const one of interceptRecord({ time: new Date().toISOString(), type, record })) give(one)
  }

  function give(whole: LogRecord): void {
    const { type } = whole
    const kind = type.split('.')[0] as LogType
    for (const subscriber of subscribers.values()) {
      const { types, schemaVersion } = subscriber.subscription
      if (type === 'platform.runtimeDone' && schemaVersion === '2020-08-15') continue
      if (types.includes(kind)) subscriber.add(whole)
    }
  }

  return {
    emit,
    handle(request, extension) {
      if (request.method !== 'PUT')
        return { ...refused(405, 'MethodNotAllowed', 'This path takes PUT only.'), headers: { Allow: 'PUT' } }
      if (extension === undefined)
        return refused(403, 'Extension.UnknownExtensionIdentifier', 'Lambda-Extension-Identifier names no extension.')
      const subscription = readSubscription(request.body)
      if (typeof subscription === 'string') return refused(400, 'Logs.ValidationError', subscription)
      if (!open)
        return refused(403, 'Logs.SubscriptionClosed', 'Extensions subscribe while the environment initialises.')
      const before = subscribers.get(extension.name)
      before?.close()
      subscribers.set(extension.name, createSubscriber(subscription))
      if (before === undefined) onSubscribed(extension.name, subscription.types)
      return { status: 200, body: Buffer.from('"OK"') }
    },
    emitOutput(type, chunk) {
      const lines = (unfinished[type] + chunk.toString('utf8')).split(/(?<=\n)/)
      // What has no end yet waits for it, but not for ever.
      const last = lines.at(-1) ?? ''
      const keeps = !last.endsWith('\n') && last.length < 65_536
      unfinished[type] = keeps ? last : ''
      for (const line of keeps ? lines.slice(0, -1) : lines) if (line !== '') emit(type, line)
    },
    closeSubscription() {
      open = false
    },
    async flush() {
      for (const type of ['function', 'extension'] as const) {
        if (unfinished[type] !== '') emit(type, unfinished[type])
        unfinished[type] = ''
      }
      await Promise.all([...subscribers.values()].map(one => one.flush()))
    },
    reset() {
      for (const subscriber of subscribers.values()) subscriber.close()
      subscribers.clear()
      open = true
    },
  }
}
