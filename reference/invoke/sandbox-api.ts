import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { refuseBrowsers } from '../../base/refuse-browsers.ts'
import { joinBytes } from '../../base/join-bytes.ts'

/** A request from inside an execution environment. */
export interface SandboxRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string | undefined }
  /** Cut off one byte after the limit. */
  readonly body: Buffer
  /** What the body was before it was cut, in bytes. */
  readonly size: number
  /** Aborted when the connection closes before the answer. */
  readonly gone: AbortSignal
  /** A body that its sender streams, which is not in `body`: a runtime's answer, as it comes. */
  readonly streamed?: StreamedBody
}

/** A body that is passed on while it is made. */
export interface StreamedBody {
  readonly chunks: AsyncIterable<Buffer>
  /** What stands behind the body, known at its end. Lower-case names. */
  readonly trailers: () => { readonly [name: string]: string | undefined }
}

/** What an environment's API answers. */
export interface SandboxAnswer {
  readonly status: number
  readonly headers?: { readonly [name: string]: string }
  readonly body: Buffer
}

/** Answers requests of the processes of an environment. */
export type SandboxHandler = (request: SandboxRequest) => Promise<SandboxAnswer> | SandboxAnswer

/** What stands between an execution environment and its APIs: for tests that make them wrong. */
export type SandboxIntercept = (
  request: SandboxRequest,
  answer: (request: SandboxRequest) => Promise<SandboxAnswer>,
) => Promise<SandboxAnswer>

/** The server of an environment's APIs, while it listens. */
export interface SandboxApi {
  /** `host:port`, for `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string
  readonly close: () => void
}

/**
 * Serves what processes of one execution environment ask: the Runtime API, the Extensions API and the Logs API, all at
 * one address. It answers programs on this machine only.
 */
export async function serveSandboxApi(handle: SandboxHandler, maxBodyBytes: number): Promise<SandboxApi> {
  const server = createServer((request, response) => {
    serve(handle, maxBodyBytes, request, response).catch(() => response.destroy())
  })
  // A runtime may think about an event for as long as it likes.
  server.requestTimeout = 0
  server.headersTimeout = 0
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function serve(
  handle: SandboxHandler,
  maxBodyBytes: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // `curl -d`, with which shell runtimes answer, calls its body a form.
  const browser = refuseBrowsers(request, { forms: 'accepted' })
  if (browser) {
    request.resume()
    return write(response, refused(browser.status, 'AccessDenied', browser.message))
  }
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const streams = request.headers['lambda-runtime-function-response-mode'] === 'streaming'
  const streamed = { chunks: request as AsyncIterable<Buffer>, trailers: () => request.trailers as Trailers }
  const { payload, size } = streams ? { payload: Buffer.alloc(0), size: 0 } : await readBounded(request, maxBodyBytes)
  const answer = await handle({
    ...(streams && { streamed }),
    method: request.method ?? 'GET',
    path: (request.url ?? '').split('?')[0] ?? '',
    headers: request.headers as { readonly [name: string]: string | undefined },
    body: payload,
    size,
    gone: gone.signal,
  })
  write(response, answer)
}

type Trailers = ReturnType<StreamedBody['trailers']>

function write(response: ServerResponse, { status, headers, body }: SandboxAnswer): void {
  if (response.destroyed) return
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length, ...headers })
    .end(body)
}

/** Reads a body, keeping no more of it than the limit and one byte. */
async function readBounded(request: IncomingMessage, limit: number): Promise<{ payload: Buffer; size: number }> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (size <= limit) chunks.push(chunk)
    size += chunk.length
  }
  return { payload: joinBytes(chunks), size }
}

/** 202, as the Runtime and the Extensions API take what is told them. */
export function accepted(): SandboxAnswer {
  return { status: 202, body: Buffer.from('{"status":"OK"}') }
}

/** Why a request to a path is refused, whose one method is `known`; undefined: there is no such path. */
export function refusedPath(
  api: string,
  known: string | undefined,
  { method }: Pick<SandboxRequest, 'method'>,
): SandboxAnswer | undefined {
  if (known === undefined) return refused(404, 'NotFound', `There is no such path in the ${api}.`)
  if (method === known) return undefined
  return { ...refused(405, 'MethodNotAllowed', `This path takes ${known} only.`), headers: { Allow: known } }
}

/** An error in the form of these APIs. */
export function refused(status: number, errorType: string, errorMessage: string): SandboxAnswer {
  return { status, body: Buffer.from(JSON.stringify({ errorType, errorMessage })) }
}
