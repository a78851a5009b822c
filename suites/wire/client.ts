/** The only way to an endpoint: signed raw HTTP, bounded in every direction. */
import { setMaxListeners } from 'node:events'
import { Agent, type Dispatcher } from 'undici'
import { createRedactor, secretsOf, type Redactor } from '../../base/redact.ts'
import type { Exchange } from '../../reports/evidence.ts'
import type { Action } from '../../spec/model.ts'
import type { Answer, Client, Endpoint, HttpRequest, SendOptions } from '../case.ts'
import { queryString, recordRequest, recordResponse } from './exchange.ts'
import { likeness } from './likeness.ts'
import { classifyFailure, isOurFault, type TransportFailure } from './failure.ts'
import { lookupHost, readLink } from './link.ts'
import { createGate, createPacer } from './pace.ts'
import { parseAnswer } from './parse.ts'
import { serialise } from './serialise.ts'
import { createSigner, type Signer } from './sign.ts'
import { joinBytes } from '../../base/join-bytes.ts'
import { longPackage, PROBE_PACKAGE, withPackage } from './probe-package.ts'

type Params = { readonly [member: string]: unknown }

/** The endpoint that a client speaks to, and who is told of its calls. */
export interface ClientOptions {
  readonly endpoint: Pick<Endpoint, 'url' | 'region' | 'credentials' | 'limits'> &
    Partial<Pick<Endpoint, 'actions' | 'noRoute' | 'probe'>>
  /**
   * Ends everything under way; calls then reject with the signal's reason. What may have made something is heard out
   * for a moment.
   */
  readonly signal?: AbortSignal
  readonly onExchange?: (exchange: Exchange) => void
  /** Called with every call before it is sent, and again with its answer. Here what was created is written down. */
  readonly onCall?: (action: Action, params: Params, answer: Answer | null) => void
  /** Called with every raw request of a case before it is sent; what it throws keeps the request back. */
  readonly onHttp?: (service: string, request: HttpRequest) => void
}

/** A `Client` that also speaks to other services of the same endpoint, and can be closed. */
export interface WireClient extends Client {
  /** The same connections, limits and count, with another observer of calls. */
  observed(onCall: ClientOptions['onCall'], onHttp?: ClientOptions['onHttp']): WireClient
  /** `http`, signed for another service than Lambda. */
  httpTo(service: string, request: HttpRequest, options?: SendOptions): Promise<Answer>
  /** Resolves when no call of this client is under way: what they made is known then. */
  settled(): Promise<void>
  close(): Promise<void>
}

interface Wire {
  readonly origin: string
  readonly basePath: string
  readonly host: string
  readonly agent: Agent
  readonly signers: Map<string, Signer>
  readonly redactor: Redactor
  /** The package for which requests have a name. */
  readonly longPackage: string | undefined
  readonly gate: <T>(task: () => Promise<T>) => Promise<T>
  readonly pace: () => Promise<void>
  readonly options: ClientOptions
  sent: number
}

/**
 * Keep-alive connections, at most `limits.concurrency` requests at once, `limits.rate` a second,
 * `limits.requestTimeoutMs` for each from start to last byte, `limits.maxResponseBytes` of an answer. Redirects are not
 * followed: they are answers like any other.
 */
export function createClient(options: ClientOptions): WireClient {
  const url = new URL(options.endpoint.url)
  const { limits } = options.endpoint
  // Every request under way listens to it.
  if (options.signal !== undefined) setMaxListeners(0, options.signal)
  const wire: Wire = {
    origin: url.origin,
    basePath: url.pathname.replace(/\/$/, ''),
    host: url.host,
    // Servers close idle connections after some seconds. We let go first, so that no request meets a connection that is
    // just closing.
    agent: new Agent({
      connections: Math.max(1, limits.concurrency),
      pipelining: 1,
      keepAliveTimeout: 900,
      keepAliveMaxTimeout: 4000,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: limits.requestTimeoutMs, lookup: lookupHost },
    }),
    signers: new Map(),
    redactor: createRedactor(secretsOf(options.endpoint.credentials, process.env)),
    gate: createGate(Math.max(1, limits.concurrency)),
    pace: createPacer(limits.rate),
    longPackage: longPackage(options.endpoint.probe),
    options,
    sent: 0,
  }
  return clientOn(wire, options.onCall, options.onHttp)
}

function clientOn(wire: Wire, onCall: ClientOptions['onCall'], onHttp: ClientOptions['onHttp']): WireClient {
  const underWay = new Set<Promise<Answer>>()
  const observedCall = async (action: Action, params: Params, options: SendOptions): Promise<Answer> => {
    const request = serialise(action, params, wire.longPackage)
    onCall?.(action, params, null)
    const answer = await send(wire, 'lambda', action, params, options.mutate?.(request) ?? request, options)
    onCall?.(action, params, answer)
    return answer
  }
  return {
    call(action, params, options = {}) {
      const one = observedCall(action, params, options)
      const done = (): unknown => underWay.delete(one)
      underWay.add(one)
      one.then(done, done)
      return one
    },
    async settled() {
      await Promise.allSettled(underWay)
    },
    async http(request, options = {}) {
      const { service = 'lambda', mutate } = options
      const whole = mutate?.(request) ?? request
      onHttp?.(service, whole)
      return send(wire, service, null, null, whole, options)
    },
    httpTo: (service, request, options = {}) =>
      send(wire, service, null, null, options.mutate?.(request) ?? request, options),
    get sent() {
      return wire.sent
    },
    observed: (observer, guard) => clientOn(wire, observer, guard),
    close: () => wire.agent.destroy(),
  }
}

async function send(
  wire: Wire,
  service: string,
  action: Action | null,
  params: Params | null,
  request: HttpRequest,
  options: SendOptions,
): Promise<Answer> {
  const { signal, onExchange } = wire.options
  signal?.throwIfAborted()
  return wire.gate(async () => {
    await wire.pace()
    signal?.throwIfAborted()
    const link = request.link === undefined ? undefined : readLink(request.link, wire.options.endpoint.url)
    const place = typeof link === 'object' ? link : undefined
    const origin = place?.origin ?? wire.origin
    const path = place === undefined ? `${wire.basePath}${request.path}` : `${place.path}${request.path}`
    const asked = place === undefined ? request : { ...request, query: [...place.query, ...request.query] }
    const body = wholeBody(wire, asked.body)
    const whole = { ...asked, body }
    const headers =
      options.sign === false || (request.link !== undefined && options.sign !== true)
        ? { ...request.headers, host: new URL(origin).host }
        : signerFor(wire, service).sign(whole, place === undefined ? wire.host : new URL(origin).host, path)
    const startedAt = new Date()
    const start = performance.now()
    wire.sent++
    const received =
      typeof link === 'string'
        ? { failure: { kind: 'protocol' as const, message: link } }
        : await receive(
            wire,
            { ...whole, origin, path },
            headers,
            options.timeoutMs ?? wire.options.endpoint.limits.requestTimeoutMs,
          )
    const exchange: Exchange = {
      request: recordRequest(
        action?.name,
        origin,
        { ...asked, path },
        headers,
        wire.redactor,
        // With what evidence only names.
        body === asked.body ? undefined : body?.length,
      ),
      ...('failure' in received
        ? { failure: { ...received.failure, message: wire.redactor.text(received.failure.message) } }
        : {
            response: recordResponse(
              received.status,
              received.headers,
              received.body,
              received.bodyBytes,
              wire.redactor,
            ),
          }),
      startedAt: startedAt.toISOString(),
      durationMs: Math.round((performance.now() - start) * 1000) / 1000,
    }
    onExchange?.(exchange)
    if ('failure' in received) return { exchange, headers: {}, failure: received.failure, body: new Uint8Array() }
    const answer = { exchange, ...parseAnswer(action, params, received.status, received.headers, received.body) }
    return answer.status === 404 && answer.error?.name === undefined
      ? { ...answer, ...leadsNowhere(wire, action, answer, path) }
      : answer
  })
}

/** The body as it travels. */
function wholeBody({ longPackage: text }: Wire, body: HttpRequest['body']): HttpRequest['body'] {
  return text !== undefined && typeof body === 'string' && body.includes(PROBE_PACKAGE) ? withPackage(body, text) : body
}

/**
 * A 404 without a name says that there is no such path only when nonsense is answered so, and the action is not known
 * to be there.
 */
function leadsNowhere(wire: Wire, action: Action | null, answer: Answer, path: string): Pick<Answer, 'noRoute'> {
  const { noRoute, actions } = wire.options.endpoint
  if (noRoute === undefined) return {}
  const isThere = action !== null && actions?.[action.name] === 'supported'
  return { noRoute: !isThere && noRoute.includes(likeness(answer, [path, decoded(path)])) }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function signerFor(wire: Wire, service: string): Signer {
  const known = wire.signers.get(service)
  if (known !== undefined) return known
  const { region, credentials } = wire.options.endpoint
  const signer = createSigner({ region, service, credentials })
  wire.signers.set(service, signer)
  return signer
}

type Received =
  | {
      readonly status: number
      readonly headers: { [name: string]: string }
      readonly body: Uint8Array
      /** As it came: without a secret, `body` may be shorter. */
      readonly bodyBytes: number
    }
  | { readonly failure: TransportFailure }

async function receive(
  wire: Wire,
  request: HttpRequest & { readonly origin: string },
  headers: { readonly [name: string]: string },
  timeoutMs: number,
): Promise<Received> {
  const { signal, endpoint } = wire.options
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(TIMED_OUT), timeoutMs)
  // A request that may have made something is heard out: without its answer nobody knows what is to be deleted.
  let hearing: NodeJS.Timeout | undefined
  const giveUp = (): void => controller.abort(signal?.reason)
  const stop = request.method === 'GET' ? giveUp : (): void => void (hearing = setTimeout(giveUp, HEAR_OUT_MS))
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const response = await wire.agent.request({
      origin: request.origin,
      path: `${request.path}${queryString(request.query)}`,
      method: request.method,
      headers: { ...headers },
      body: request.body === null ? null : request.body,
      signal: controller.signal,
    })
    const body = await readBounded(response.body, endpoint.limits.maxResponseBytes)
    if (body === null) {
      return {
        failure: { kind: 'too-large', message: `the answer has more than ${endpoint.limits.maxResponseBytes} bytes` },
      }
    }
    return {
      status: response.statusCode,
      headers: withoutSecrets(flatten(response.headers), wire.redactor),
      // Before anybody quotes a part of it, and a half of a secret with it.
      body: wire.redactor.secretsInBytes(body),
      bodyBytes: body.length,
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (controller.signal.aborted)
      return { failure: { kind: 'timeout', message: `no whole answer within ${timeoutMs} ms` } }
    if (isOurFault(error)) throw error
    return { failure: classifyFailure(error) }
  } finally {
    clearTimeout(timer)
    clearTimeout(hearing)
    signal?.removeEventListener('abort', stop)
  }
}

const TIMED_OUT = new Error('timed out')
/** After an abort, for the answers of what changes things. */
const HEAR_OUT_MS = 2000

/** Null when there is more than `limit`; the rest is not read then. */
async function readBounded(body: Dispatcher.ResponseData['body'], limit: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > limit) {
      body.destroy()
      return null
    }
    chunks.push(chunk)
  }
  return joinBytes(chunks)
}

function withoutSecrets(headers: { [name: string]: string }, redactor: Redactor): { [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redactor.secretsIn(value)]))
}

function flatten(headers: Dispatcher.ResponseData['headers']): { [name: string]: string } {
  const flat: { [name: string]: string } = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return flat
}
