import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { refuseBrowsers } from '../../base/refuse-browsers.ts'

/** An event as the runtime gets it from `/runtime/invocation/next`. */
interface RuntimeEvent {
  readonly requestId: string
  /** Unix milliseconds. */
  readonly deadline: number
  readonly invokedFunctionArn: string
  readonly traceId: string
  readonly clientContext?: string | undefined
  readonly payload: Buffer
}

/** What the runtime tells the service. */
export interface RuntimeReports {
  /** It asks for an event: the first time, its initialisation is over; afterwards, the event before it is done with. */
  readonly onNext: () => void
  /** It reports that its initialisation failed. */
  readonly onInitError: (payload: Buffer) => void
  /** It answers the event with this request id, with a result or an error. `tooLarge` when the answer was cut off at the limit. */
  readonly onAnswer: (
    requestId: string,
    answer: { readonly kind: 'result' | 'error' | 'tooLarge'; readonly payload: Buffer; readonly size: number },
  ) => void
}

/** The Runtime API of one execution environment. */
export interface RuntimeApi {
  /** `host:port`, for `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string
  /** Hands an event to the runtime, which must be waiting for one. */
  readonly deliver: (event: RuntimeEvent) => void
  readonly close: () => void
}

/**
 * Serves the Runtime API, version 2018-06-01, to the one runtime of an execution environment.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function serveRuntimeApi(reports: RuntimeReports, maxAnswerBytes: number): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined
  /** The event that the runtime has, and whether it has answered it. */
  let current: { readonly event: RuntimeEvent; answered: boolean } | undefined

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  // The runtime may think about an event for as long as it likes.
  server.requestTimeout = 0
  server.headersTimeout = 0
  server.keepAliveTimeout = 0

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // `curl -d`, with which shell runtimes answer, calls its body a form.
    const browser = refuseBrowsers(request, { forms: 'accepted' })
    if (browser) {
      request.resume()
      return reject(response, browser.status, 'AccessDenied', browser.message)
    }
    const path = (request.url ?? '').split('?')[0]?.replace('/2018-06-01/runtime/', '') ?? ''
    if (request.method === 'GET' && path === 'invocation/next') {
      request.resume()
      current = undefined
      waiting = response
      response.on('close', () => {
        if (waiting === response) waiting = undefined
      })
      reports.onNext()
      return
    }
    const { payload, size } = await readBounded(request, maxAnswerBytes)
    if (request.method === 'POST' && path === 'init/error') {
      reports.onInitError(payload)
      return accept(response)
    }
    const [, requestId, kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? []
    if (request.method !== 'POST' || requestId === undefined)
      return reject(response, 404, 'NotFound', 'There is no such path in the Runtime API.')
    if (current?.event.requestId !== requestId) return reject(response, 400, 'InvalidRequestID', 'Invalid request ID')
    if (current.answered) return reject(response, 403, 'InvalidStateTransition', 'The event has been answered already.')
    current.answered = true
    if (size > maxAnswerBytes) {
      reports.onAnswer(requestId, { kind: 'tooLarge', payload, size })
      return reject(
        response,
        413,
        'RequestEntityTooLarge',
        `Exceeded maximum allowed payload size (${maxAnswerBytes} bytes).`,
      )
    }
    reports.onAnswer(requestId, { kind: kind === 'error' ? 'error' : 'result', payload, size })
    accept(response)
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliver(event) {
      current = { event, answered: false }
      const response = waiting
      waiting = undefined
      response
        ?.writeHead(200, {
          'Content-Type': 'application/json',
          'Content-Length': event.payload.length,
          'Lambda-Runtime-Aws-Request-Id': event.requestId,
          'Lambda-Runtime-Deadline-Ms': String(event.deadline),
          'Lambda-Runtime-Invoked-Function-Arn': event.invokedFunctionArn,
          'Lambda-Runtime-Trace-Id': event.traceId,
          // Header values are bytes: text beyond ASCII travels as UTF-8.
          ...(event.clientContext !== undefined && {
            'Lambda-Runtime-Client-Context': headerText(event.clientContext),
          }),
        })
        .end(event.payload)
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Reads a body, keeping no more of it than the limit and one byte. */
async function readBounded(request: IncomingMessage, limit: number): Promise<{ payload: Buffer; size: number }> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (size <= limit) chunks.push(chunk)
    size += chunk.length
  }
  return { payload: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks), size }
}

function accept(response: ServerResponse): void {
  response.writeHead(202, { 'Content-Type': 'application/json' }).end('{"status":"OK"}')
}

function reject(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ errorType, errorMessage }))
}

function headerText(text: string): string {
  return Buffer.from(text.replace(/[\r\n]/g, ' '), 'utf8').toString('latin1')
}
