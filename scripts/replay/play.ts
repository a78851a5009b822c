/** Sends a recorded sequence to an endpoint, call by call, and compares what comes. */
import { isObject } from '../../base/is-object.ts'
import type { Action, Spec } from '../../spec/model.ts'
import type { WireClient } from '../../suites/wire/client.ts'
import { serviceCall } from '../../suites/wire/service-call.ts'
import { learn, translate, type Carried } from './carry.ts'
import { compareAnswers, type CameAnswer, type Difference } from './compare-answers.ts'
import type { Call, Members, Sequence } from './sequence.ts'

/** A call whose answer was recorded, and what came instead. */
export interface Played {
  readonly test: string
  /** Of the sequence, from 1. */
  readonly number: number
  readonly call: Call
  readonly came: CameAnswer
  readonly differences: readonly Difference[]
  /** What the sequence had made before by calls of its own, as `CreateFunction NAME`. */
  readonly made: readonly string[]
}

export interface Stage {
  readonly spec: Spec
  readonly client: WireClient
}

/**
 * Plays one sequence; the answers that were recorded, compared. What the test around it waited for is waited for here,
 * too.
 */
export async function play(stage: Stage, sequence: Sequence): Promise<readonly Played[]> {
  const carried: Carried = new Map()
  const played: Played[] = []
  const made: string[] = []
  await prepare(stage, sequence)
  for (const [index, call] of sequence.calls.entries()) {
    const action = stage.spec.actions[call.operation]
    if (call.request === null || action === undefined) continue
    const request = translate(carried, completed(action, call))
    if (!meetsUnderWay(call)) await settled(stage, request)
    const answer = await stage.client.call(action, request)
    if (answer.status === undefined) throw new Error(`${sequence.test}: ${call.operation}: ${answer.failure?.message}`)
    const failed = answer.status >= 400
    const body = failed ? (isObject(answer.json) ? answer.json : {}) : (answer.members ?? {})
    const came: CameAnswer = { status: answer.status, errorType: failed ? (answer.error?.name ?? '') : null, body }
    if (!failed) {
      learn(carried, call.recorded?.body ?? call.madeUp, body)
      made.push(`${call.operation} ${String(request['FunctionName'] ?? request['LayerName'] ?? '')}`)
    }
    if (call.recorded !== undefined) {
      const recorded = translate(carried, call.recorded)
      played.push({
        test: sequence.test,
        number: index + 1,
        call,
        came,
        differences: compareAnswers(recorded, came),
        made: [...made],
      })
    }
  }
  return played
}

/** What every request has and the record of a test may lack, since its value meant nothing to it. */
function completed(action: Action, call: Call): Members {
  const request = call.request ?? {}
  if (action.name !== 'CreateFunction' || (request['Role'] !== undefined && request['Role'] !== null)) return request
  return { ...request, Role: `arn:aws:iam::${call.account}:role/replay` }
}

/** The recorded answer shows something under way, so that nobody had waited for its end. */
export function meetsUnderWay({ recorded }: Call): boolean {
  return (
    recorded !== undefined &&
    (recorded.status === 409 || /"(Pending|InProgress|IN_PROGRESS|Creating)"/.test(JSON.stringify(recorded.body)))
  )
}

const POLL_MS = 15
const PATIENCE_MS = 20_000

/** Waits until what a request is about has settled, as tests do between their calls. */
async function settled(stage: Stage, request: Members): Promise<void> {
  const { FunctionName, UUID, Qualifier } = request
  if (typeof FunctionName === 'string') {
    await until(
      stage,
      'GetFunctionConfiguration',
      { FunctionName: FunctionName.replace(/:\$LATEST$/, '') },
      body => body['State'] !== 'Pending' && body['LastUpdateStatus'] !== 'InProgress',
    )
    if (typeof Qualifier === 'string')
      await until(
        stage,
        'GetProvisionedConcurrencyConfig',
        { FunctionName, Qualifier },
        body => body['Status'] !== 'IN_PROGRESS',
      )
  }
  if (typeof UUID === 'string')
    await until(stage, 'GetEventSourceMapping', { UUID }, body => !/ing$/.test(String(body['State'])))
}

async function until(stage: Stage, name: string, request: Members, done: (body: Members) => boolean): Promise<void> {
  const action = stage.spec.actions[name]
  if (action === undefined) return
  const end = Date.now() + PATIENCE_MS
  while (Date.now() < end) {
    const answer = await stage.client.call(action, request)
    if (answer.status !== 200 || done(answer.members ?? {})) return
    await new Promise(resolve => setTimeout(resolve, POLL_MS))
  }
}

/** Queues and streams that the sequence found there. One of which an answer says that it does not exist is not made. */
async function prepare(stage: Stage, sequence: Sequence): Promise<void> {
  const missing = JSON.stringify(sequence.calls.map(call => (call.recorded?.errorType ? call.recorded.body : null)))
  for (const arn of new Set(
    JSON.stringify(sequence.calls.map(call => call.request)).match(/arn:aws:(sqs|kinesis):[^"\\ ]+/g),
  )) {
    const [, , service, , , rest = ''] = arn.split(':')
    if (missing.includes(`not found: ${arn}`)) continue
    if (service === 'sqs') {
      const fifo = rest.endsWith('.fifo') ? { FifoQueue: 'true' } : {}
      await stage.client.httpTo(
        'sqs',
        serviceCall('sqs', 'CreateQueue', { QueueName: rest, Attributes: { VisibilityTimeout: '900', ...fifo } }),
      )
    } else
      await stage.client.httpTo(
        'kinesis',
        serviceCall('kinesis', 'CreateStream', { StreamName: rest.replace('stream/', ''), ShardCount: 1 }),
      )
  }
}
