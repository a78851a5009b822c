/** Function URLs over HTTP: each is a host of its own below `localhost`. */
import type { IncomingMessage } from 'node:http'
import { randomUUID } from 'node:crypto'
import type { Reply } from '../actions/call.ts'
import type { Invoker } from '../invoke/invoker.ts'
import { readSigner } from '../protocol/authorization.ts'
import { ServiceError } from '../protocol/errors.ts'
import { resolveQualifier } from '../store/find.ts'
import type { Target } from '../store/find.ts'
import type { UrlConfig, World } from '../store/world.ts'
import { corsHeaders, preflightHeaders } from './cross-origin.ts'
import { urlEvent } from './url-event.ts'
import type { UrlRequest } from './url-event.ts'
import { forbidden, functionFailed, json, urlAnswer } from './url-response.ts'
import type { UrlAnswer } from './url-response.ts'

/** A URL that is called. */
export interface CalledUrl {
  readonly world: World
  readonly target: Target
  readonly config: UrlConfig
}

const host = /^([0-9a-f]{32})\.lambda-url\.([a-z]{2,4}(?:-[a-z]{3,9}){1,2}-\d)\.localhost(?::\d+)?$/

/**
 * The URL that the request is for; `unknown` when it is for one that there is not, undefined when it is for the
 * endpoint itself. Who has a URL was given it, 32 random digits: so it answers pages too, as its owner allows.
 */
export function calledUrl(
  request: Pick<IncomingMessage, 'headers'>,
  worldOf: (region: string) => World,
): CalledUrl | 'unknown' | undefined {
  const [, id, region = ''] = host.exec(request.headers.host?.toLowerCase() ?? '') ?? []
  if (id === undefined) return undefined
  const world = worldOf(region)
  for (const fn of world.functions.values()) {
    for (const [key, config] of fn.urls) {
      if (config.id !== id) continue
      const target = resolveQualifier(fn, key === '$LATEST' ? undefined : key)
      return target ? { world, target, config } : 'unknown'
    }
  }
  return 'unknown'
}

/** Runs the function of a URL and answers as it says. */
export async function answerUrl(
  called: CalledUrl | 'unknown',
  request: IncomingMessage,
  body: Buffer,
  invoker: Pick<Invoker, 'invoke'>,
): Promise<Reply> {
  if (called === 'unknown') return replyOf(forbidden, {})
  const { origin } = request.headers
  const { cors } = called.config
  if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined)
    return replyOf({ status: 200, headers: {}, body: Buffer.alloc(0) }, preflightHeaders(cors, origin))
  return replyOf(await run(called, request, body, invoker), corsHeaders(cors, origin))
}

async function run(
  { world, target, config }: CalledUrl,
  request: IncomingMessage,
  body: Buffer,
  invoker: Pick<Invoker, 'invoke'>,
): Promise<UrlAnswer> {
  const accessKey = config.authType === 'AWS_IAM' ? signerOf(request) : undefined
  if (config.authType === 'AWS_IAM' ? accessKey === undefined : !isPublic(target)) return forbidden
  const requestId = randomUUID()
  const event = urlEvent(readRequest(request, body), {
    urlId: config.id,
    domainName: request.headers.host ?? '',
    requestId,
    now: Date.now(),
    caller: accessKey === undefined ? undefined : { accountId: world.accountId, accessKey },
  })
  const payload = Buffer.from(JSON.stringify(event))
  if (payload.length > world.limits.payloadSync) return json(413, { Message: 'Request Too Long' })
  try {
    const outcome = await invoker.invoke({ world, target, requestId, payload })
    return outcome.functionError === undefined ? urlAnswer(outcome.payload) : functionFailed
  } catch (error) {
    if (error instanceof ServiceError && error.errorName === 'TooManyRequestsException')
      return json(429, { Message: 'Too Many Requests' })
    throw error
  }
}

/** The access key of a request that is signed in the right form; the signature itself nobody here can verify. */
function signerOf(request: IncomingMessage): string | undefined {
  try {
    return readSigner(request.headers).accessKeyId
  } catch (error) {
    if (error instanceof ServiceError) return undefined
    throw error
  }
}

/** A URL without authentication still takes a statement that lets everybody call it. */
function isPublic({ fn, qualifier }: Target): boolean {
  const { statements = [] } = fn.policies.get(qualifier ?? '$LATEST') ?? {}
  return statements.some(
    ({ Effect, Principal, Action }) => Effect === 'Allow' && Principal === '*' && Action === 'lambda:InvokeFunctionUrl',
  )
}

function readRequest(request: IncomingMessage, body: Buffer): UrlRequest {
  const target = request.url ?? '/'
  const mark = target.indexOf('?')
  const headers: (readonly [string, string])[] = []
  for (let at = 0; at < request.rawHeaders.length; at += 2)
    headers.push([(request.rawHeaders[at] ?? '').toLowerCase(), request.rawHeaders[at + 1] ?? ''])
  return {
    method: request.method ?? 'GET',
    rawPath: mark < 0 ? target : target.slice(0, mark),
    rawQuery: mark < 0 ? '' : target.slice(mark + 1),
    headers,
    body,
    sourceIp: request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '127.0.0.1',
    protocol: `HTTP/${request.httpVersion}`,
  }
}

function replyOf({ status, headers, body }: UrlAnswer, cors: { readonly [name: string]: string }): Reply {
  // Under the name by which the endpoint would say what its own answers are.
  const { 'content-type': type = 'application/json', ...others } = headers
  return { status, headers: { ...others, ...cors, 'Content-Type': type }, body }
}
