import { accepted, refused, refusedPath } from './sandbox-api.ts'
import type { SandboxAnswer, SandboxRequest, StreamedBody } from './sandbox-api.ts'
import { own } from '../../base/own.ts'

/** An event as the runtime gets it from `/runtime/invocation/next`. */
interface RuntimeEvent {
  readonly requestId: string
  /** Unix milliseconds. */
  readonly deadline: number
  readonly invokedFunctionArn: string
  readonly traceId: string
  readonly clientContext?: string | undefined
  readonly payload: Buffer
  /** The caller takes the answer as it comes: what a runtime streams is handed on and not kept. */
  readonly onChunk?: ((chunk: Buffer) => void) | undefined
}

/** What the runtime tells the service. */
export interface RuntimeReports {
  /** It asks for an event: the first time, its initialisation is over; afterwards, the event before it is done with. */
  readonly onNext: () => void
  /** It reports that its initialisation failed. */
  readonly onInitError: (payload: Buffer) => void
  /**
   * It answers the event with this request id, with a result or an error. `tooLarge` when the answer was cut off at the
   * limit.
   */
  readonly onAnswer: (
    requestId: string,
    answer: { readonly kind: 'result' | 'error' | 'tooLarge'; readonly payload: Buffer; readonly size: number },
  ) => void
}

/** The Runtime API for one runtime process. */
export interface RuntimeApi {
  /** Answers a request whose path is below `/2018-06-01/runtime/`. */
  readonly handle: (request: SandboxRequest, path: string) => Promise<SandboxAnswer> | SandboxAnswer
  /** Hands an event to the runtime, which must be waiting for one. */
  readonly deliver: (event: RuntimeEvent) => void
}

/**
 * Where a runtime stands. It asks for an event (`waiting`), has one (`running`), answers it (`answered`) and asks
 * again; before its first request it is `starting`, and one that has reported a failed initialisation is `failed`.
 */
type State = 'starting' | 'waiting' | 'running' | 'answered' | 'failed'

/** The paths that are always there, each with its one method; an invocation has paths of its own. */
const METHODS: { readonly [path: string]: string } = { 'invocation/next': 'GET', 'init/error': 'POST' }

/**
 * The Runtime API, version 2018-06-01. What does not fit the state is refused, and changes nothing.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export function createRuntimeApi(reports: RuntimeReports, maxAnswerBytes: number): RuntimeApi {
  let state: State = 'starting'
  let current: RuntimeEvent | undefined
  let waiting: ((event: RuntimeEvent) => void) | undefined

  function next(gone: AbortSignal): Promise<SandboxAnswer> | SandboxAnswer {
    // As on the service: who asks again before it has answered is told of the same event again.
    if (state === 'running' && current !== undefined) return eventAnswer(current)
    if (state === 'failed') return wrongState(state, 'waiting')
    if (waiting !== undefined) return wrongState('waiting', 'waiting')
    state = 'waiting'
    return new Promise(resolve => {
      const take = (event: RuntimeEvent): void => resolve(eventAnswer(event))
      waiting = take
      gone.addEventListener('abort', () => {
        if (waiting === take) waiting = undefined
      })
      reports.onNext()
    })
  }

  function initError(body: Buffer): SandboxAnswer {
    if (state !== 'starting') return wrongState(state, 'failed')
    state = 'failed'
    reports.onInitError(body)
    return accepted()
  }

  function answerEvent(
    requestId: string,
    kind: string,
    { body, size, streamed }: SandboxRequest,
  ): Promise<SandboxAnswer> | SandboxAnswer {
    if (current?.requestId !== requestId) return refused(400, 'InvalidRequestID', 'Invalid request ID')
    if (state !== 'running') return wrongState(state, 'answered')
    state = 'answered'
    if (streamed !== undefined) return takeStream(current, streamed, reports, maxAnswerBytes)
    if (size > maxAnswerBytes) {
      reports.onAnswer(requestId, { kind: 'tooLarge', payload: body, size })
      return refused(413, 'RequestEntityTooLarge', `Exceeded maximum allowed payload size (${maxAnswerBytes} bytes).`)
    }
    reports.onAnswer(requestId, { kind: kind === 'error' ? 'error' : 'result', payload: body, size })
    return accepted()
  }

  return {
    handle(request, path) {
      const [, requestId, kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? []
      const answers = requestId !== undefined && kind !== undefined
      const known = answers ? 'POST' : own(METHODS, path)
      const wrong = refusedPath('Runtime API', known, request)
      if (wrong !== undefined) return wrong
      if (path === 'invocation/next') return next(request.gone)
      return answers ? answerEvent(requestId, kind, request) : initError(request.body)
    },
    deliver(event) {
      current = event
      state = 'running'
      const take = waiting
      waiting = undefined
      take?.(event)
    },
  }
}

/** Hands a streamed answer on, or gathers it. An error in its midst stands behind it, in trailers. */
async function takeStream(
  event: RuntimeEvent,
  { chunks, trailers }: StreamedBody,
  reports: RuntimeReports,
  maxAnswerBytes: number,
): Promise<SandboxAnswer> {
  const kept: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (event.onChunk !== undefined) event.onChunk(chunk)
    else if (size <= maxAnswerBytes) kept.push(chunk)
  }
  const { requestId } = event
  const errorType = trailers()['lambda-runtime-function-error-type']
  if (errorType !== undefined) {
    const told = Buffer.from(trailers()['lambda-runtime-function-error-body'] ?? '', 'base64')
    const payload = told.length > 0 ? told : Buffer.from(JSON.stringify({ errorType, errorMessage: '' }))
    reports.onAnswer(requestId, { kind: 'error', payload, size })
  } else if (event.onChunk === undefined && size > maxAnswerBytes)
    reports.onAnswer(requestId, { kind: 'tooLarge', payload: Buffer.alloc(0), size })
  else reports.onAnswer(requestId, { kind: 'result', payload: Buffer.concat(kept), size })
  return accepted()
}

function wrongState(from: State, to: State): SandboxAnswer {
  return refused(403, 'InvalidStateTransition', `Transition from ${from} to ${to} is not allowed.`)
}

function eventAnswer(event: RuntimeEvent): SandboxAnswer {
  return {
    status: 200,
    headers: {
      'Lambda-Runtime-Aws-Request-Id': event.requestId,
      'Lambda-Runtime-Deadline-Ms': String(event.deadline),
      'Lambda-Runtime-Invoked-Function-Arn': event.invokedFunctionArn,
      'Lambda-Runtime-Trace-Id': event.traceId,
      // Header values are bytes: text beyond ASCII travels as UTF-8.
      ...(event.clientContext !== undefined && { 'Lambda-Runtime-Client-Context': headerText(event.clientContext) }),
    },
    body: event.payload,
  }
}

function headerText(text: string): string {
  return Buffer.from(text.replace(/[\r\n]/g, ' '), 'utf8').toString('latin1')
}
