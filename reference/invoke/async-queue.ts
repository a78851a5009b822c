import { functionArn, readFunctionReference } from '../protocol/arn.ts'
import { deliverToQueue } from '../services/sqs/deliver.ts'
import { resolveQualifier } from '../store/find.ts'
import type { Target } from '../store/find.ts'
import type { MessageAttribute } from '../services/sqs/message-digest.ts'
import type { EventInvokeConfig } from '../store/world.ts'
import type { Invocation, Outcome } from './invoker.ts'
import { memberOf } from '../../base/member-of.ts'

/** Events that functions are given without anyone waiting for the result. */
export interface AsyncQueue {
  readonly add: (invocation: Invocation) => void
  /** Drops what is queued. */
  readonly close: () => void
}

type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency'

/** The wait after a throttled attempt doubles up to this. Milliseconds. */
const longestThrottleWait = 300_000

/**
 * Runs events in the background. A failed event is tried again as the configuration of its function, version or alias
 * says; a throttled one waits for capacity until it is too old. What became of an event goes to a destination, when
 * that is a function or a queue of this endpoint, and an event that failed to the dead-letter queue; topics and buses
 * are not reachable from here. `retryDelayMs` is the wait before the second attempt, doubled before the third;
 * `secondMs` what a second of an event's age takes.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
 */
export function createAsyncQueue(
  invoke: (invocation: Invocation) => Promise<Outcome>,
  { retryDelayMs, secondMs }: { readonly retryDelayMs: number; readonly secondMs: number },
): AsyncQueue {
  const timers = new Set<NodeJS.Timeout>()
  let closed = false

  function later(ms: number, run: () => void): void {
    if (closed) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, ms)
    timers.add(timer)
  }

  function attempt(queued: Invocation, queuedAt: number, failures: number, throttles: number): void {
    const target = currentTarget(queued)
    // Events of a function, version or alias that is gone go with it.
    if (!target) return
    const invocation = { ...queued, target }
    const config = configOf(invocation)
    const tooOld = Date.now() - queuedAt > (config?.maximumEventAge ?? queued.world.limits.eventAge) * secondMs
    if (tooOld || target.fn.reservedConcurrency === 0) {
      finish(invocation, tooOld ? 'EventAgeExceeded' : 'ZeroReservedConcurrency', failures, undefined)
      return
    }
    invoke(invocation).then(
      outcome => {
        if (outcome.functionError === undefined) return finish(invocation, 'Success', failures + 1, outcome)
        if (failures >= (config?.maximumRetryAttempts ?? queued.world.limits.eventRetries))
          return finish(invocation, 'RetriesExhausted', failures + 1, outcome)
        later(retryDelayMs * 2 ** failures, () => attempt(invocation, queuedAt, failures + 1, 0))
      },
      () => {
        // Throttles and faults of the service put the event back without using up an attempt.
        later(Math.min(retryDelayMs * 2 ** throttles, longestThrottleWait), () =>
          attempt(invocation, queuedAt, failures, throttles + 1),
        )
      },
    )
  }

  function finish(invocation: Invocation, condition: Condition, count: number, outcome: Outcome | undefined): void {
    if (closed) return
    const { world } = invocation
    if (condition !== 'Success') deliverDeadLetter(invocation, condition, outcome)
    const config = configOf(invocation)
    const destination = condition === 'Success' ? config?.onSuccess : config?.onFailure
    if (destination === undefined) return
    const record = JSON.stringify(invocationRecord(invocation, condition, count, outcome))
    if (!/^arn:[^:]*:lambda:/.test(destination)) {
      deliverToQueue(world, destination, record)
      return
    }
    const reference = readFunctionReference(world, destination)
    const fn = world.functions.get(reference.name)
    const target = fn && resolveQualifier(fn, reference.qualifier)
    if (target) add({ world, target, requestId: invocation.requestId, payload: Buffer.from(record) })
  }

  function add(invocation: Invocation): void {
    const queuedAt = Date.now()
    setImmediate(() => {
      if (!closed) attempt(invocation, queuedAt, 0, 0)
    })
  }

  return {
    add,
    close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

function deliverDeadLetter(invocation: Invocation, condition: Condition, outcome: Outcome | undefined): void {
  const { world, target, payload } = invocation
  const queue = target.version.settings.deadLetterTarget
  if (queue === undefined) return
  deliverToQueue(world, queue, payload.toString('utf8'), deadLetterAttributes(invocation, condition, outcome))
}

/** What an event is for now: code, configuration and aliases may have changed since it was queued. */
function currentTarget({ world, target }: Invocation): Target | undefined {
  return world.functions.get(target.fn.name) === target.fn ? resolveQualifier(target.fn, target.qualifier) : undefined
}

function configOf({ target }: Invocation): EventInvokeConfig | undefined {
  return target.fn.eventInvokeConfigs.get(target.qualifier ?? '$LATEST')
}

/**
 * What a dead letter says beside the event.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html#invocation-dlq
 */
function deadLetterAttributes(
  { requestId }: Invocation,
  condition: Condition,
  outcome: Outcome | undefined,
): { readonly [name: string]: MessageAttribute } {
  const error = outcome === undefined ? undefined : parsed(outcome.payload)
  const text = memberOf(error, 'errorMessage')
  const message = typeof text === 'string' && text !== '' ? text : condition
  return {
    RequestID: { DataType: 'String', StringValue: requestId },
    ErrorCode: { DataType: 'Number', StringValue: condition === 'ZeroReservedConcurrency' ? '429' : '200' },
    ErrorMessage: { DataType: 'String', StringValue: firstKilobyte(message) },
  }
}

/** Cut between characters. */
function firstKilobyte(text: string): string {
  return new TextDecoder().decode(Buffer.from(text).subarray(0, 1024), { stream: true })
}

/** What destinations are told of an event. */
function invocationRecord(
  invocation: Invocation,
  condition: Condition,
  count: number,
  outcome: Outcome | undefined,
): object {
  const { world, target } = invocation
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: invocation.requestId,
      functionArn: functionArn(world, target.fn.name, target.qualifier ?? '$LATEST'),
      condition,
      approximateInvokeCount: count,
    },
    requestPayload: parsed(invocation.payload),
    ...(outcome && {
      responseContext: {
        statusCode: 200,
        executedVersion: outcome.executedVersion,
        ...(outcome.functionError && { functionError: outcome.functionError }),
      },
      responsePayload: parsed(outcome.payload),
    }),
  }
}

/** A function's result need not be JSON: then it is shown as text. */
function parsed(payload: Buffer): unknown {
  const text = payload.toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
