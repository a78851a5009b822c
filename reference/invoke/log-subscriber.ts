import { request } from 'node:http'
import { connect } from 'node:net'
import type { LogSubscription } from './log-subscription.ts'

/** A record as subscribers of the Logs API get it. */
export interface LogRecord {
  /** ISO 8601 in UTC, with milliseconds. */
  readonly time: string
  readonly type: string
  readonly record: string | { readonly [member: string]: unknown }
}

/** One subscriber with a buffer of its own. */
export interface Subscriber {
  readonly subscription: LogSubscription
  readonly add: (record: LogRecord) => void
  /** Sends what is kept now. Resolves when it was taken, or when one more attempt has failed. */
  readonly flush: () => Promise<void>
  /** Sends nothing more. */
  readonly close: () => void
}

/** The wait before an attempt is repeated doubles up to the longest. Milliseconds. */
const firstBackoffMs = 50
const longestBackoffMs = 1000
/** How long an extension may take to accept a batch. */
const deliveryMs = 5000

/**
 * Keeps records until the time, the number or the bytes of the buffering are reached, and delivers them in their order.
 * What nobody takes is tried again, later each time; what does not fit into twice the buffer is dropped, and counted in
 * a record of its own.
 */
export function createSubscriber(subscription: LogSubscription): Subscriber {
  const { timeoutMs, maxBytes, maxItems } = subscription.buffering
  let kept: string[] = []
  let bytes = 0
  let dropped = { records: 0, bytes: 0 }
  let timer: NodeJS.Timeout | undefined
  let delivering: Promise<void> | undefined
  let failures = 0
  let closed = false

  function add(record: LogRecord): void {
    if (closed) return
    const text = JSON.stringify(record)
    const size = Buffer.byteLength(text)
    if (bytes + size > 2 * maxBytes) {
      dropped = { records: dropped.records + 1, bytes: dropped.bytes + size }
      return
    }
    kept.push(text)
    bytes += size
    if (bytes >= maxBytes || kept.length >= maxItems) void deliver()
    else plan(timeoutMs)
  }

  function plan(ms: number): void {
    if (closed) return
    timer ??= setTimeout(() => {
      timer = undefined
      void deliver()
    }, ms)
  }

  function deliver(): Promise<void> {
    delivering ??= deliverOnce().finally(() => {
      delivering = undefined
      // What came meanwhile may have seen its time pass.
      if (kept.length > 0) plan(timeoutMs)
    })
    return delivering
  }

  async function deliverOnce(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (closed || (kept.length === 0 && dropped.records === 0)) return
    const batch = dropped.records === 0 ? kept : [...kept, droppedRecord(dropped)]
    const size = bytes
    kept = []
    bytes = 0
    try {
      await send(subscription.destination, batch)
      failures = 0
      dropped = { records: 0, bytes: 0 }
    } catch {
      // In their order: what came meanwhile stands behind what could not be sent.
      kept = [...batch.slice(0, batch.length - (dropped.records > 0 ? 1 : 0)), ...kept]
      bytes += size
      plan(Math.min(firstBackoffMs * 2 ** failures++, longestBackoffMs))
    }
  }

  return {
    subscription,
    add,
    async flush() {
      await delivering
      await deliver()
    },
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}

/**
 * Whatever host a subscription names, records go to the environment's own interface. Rejects when they were not taken.
 */
function send(destination: LogSubscription['destination'], records: readonly string[]): Promise<void> {
  const { port } = destination
  if (destination.protocol === 'TCP') {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(records.map(one => `${one}\n`).join('')))
      socket.setTimeout(deliveryMs, () => socket.destroy(new Error('no answer')))
      socket.once('error', reject)
      socket.once('close', () => resolve())
      socket.resume()
    })
  }
  return new Promise((resolve, reject) => {
    const body = `[${records.join(',')}]`
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path: destination.path,
        method: destination.method,
        headers: {
          Host: `sandbox.localdomain:${port}`,
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
        },
        agent: false,
        timeout: deliveryMs,
      },
      response => {
        response.resume()
        const { statusCode = 500 } = response
        response.once('end', () =>
          statusCode < 300 ? resolve() : reject(new Error(`the subscriber answered ${statusCode}`)),
        )
        response.once('error', reject)
      },
    )
    sent.once('timeout', () => sent.destroy(new Error('no answer')))
    sent.once('error', reject)
    sent.end(body)
  })
}

function droppedRecord({ records, bytes }: { readonly records: number; readonly bytes: number }): string {
  const record: LogRecord = {
    time: new Date().toISOString(),
    type: 'platform.logsDropped',
    record: {
      reason: 'The subscriber has not taken its records quickly enough.',
      droppedRecords: records,
      droppedBytes: bytes,
    },
  }
  return JSON.stringify(record)
}
