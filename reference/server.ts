import { messageOf } from '../base/message-of.ts'
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { refuseBrowsers } from '../base/refuse-browsers.ts'
import type { Action, Spec } from '../spec/model.ts'
import { loadSpec } from '../spec/compiler/compile.ts'
import { actions } from './actions.ts'
import { readSigner } from './protocol/authorization.ts'
import type { Call, Reply } from './actions/call.ts'
import { createDownloads } from './store/downloads.ts'
import { errorAnswer, refuse, ServiceError } from './protocol/errors.ts'
import { createInvoker } from './invoke/create-invoker.ts'
import type { RecordIntercept } from './invoke/logs-api.ts'
import type { SandboxIntercept } from './invoke/sandbox-api.ts'
import { readFiguresOfServices } from './services/figures.ts'
import { readLimits } from './protocol/limits.ts'
import { readPages } from './protocol/pages.ts'
import { createReaders } from './mappings/readers.ts'
import { answerService, readTarget } from './answer-service.ts'
import { compileRoutes } from './protocol/routes.ts'
import { readRuntimeNames } from './store/runtimes.ts'
import type { World } from './store/world.ts'
import { answerUrl, calledUrl } from './urls/answer-url.ts'
import { compileValidator } from './protocol/validate.ts'
import type { Validator } from './protocol/validate.ts'
import { readInput } from './protocol/wire.ts'
import { readFunctionDefaults } from './store/function-defaults.ts'
import type { SourceSettings } from './store/source-settings.ts'
import { defaultsFor } from '../spec/default-of.ts'
import { joinBytes } from '../base/join-bytes.ts'

/** Where the endpoint listens, how fast its clock goes, and how much may run at a time. */
export interface ReferenceOptions {
  /** 0, the default: any free port. */
  readonly port?: number
  readonly host?: string
  /** The specification that the endpoint follows; absent: the pages of this package. */
  readonly spec?: Spec
  readonly accountId?: string
  /**
   * The only access key that is answered beside those of functions that run here, which makes it a password; absent:
   * any.
   */
  readonly accessKeyId?: string
  /**
   * How long functions stay Pending, updates InProgress, mappings Creating … The real service takes a second or more.
   */
  readonly transitionMs?: number
  /**
   * Wait before the second attempt of a failed asynchronous event, doubled before the third. The real service waits a
   * minute.
   */
  readonly retryDelayMs?: number
  /**
   * How many times faster than on the real service time goes where the endpoint waits by itself: between attempts,
   * until an event or a record is too old, until a batching window is over. What is given beside it counts for itself.
   */
  readonly clockRate?: number
  /** What a second of the batching window of a mapping takes, and of the age that its records may have. */
  readonly windowSecondMs?: number
  /** Runtime processes at one time; further events wait. */
  readonly maxEnvironments?: number
  /** Idle runtime processes that are kept warm for good; others are for some seconds. */
  readonly maxIdle?: number
  /**
   * Stands between execution environments and their Runtime, Extensions and Logs API: for tests that make them wrong.
   */
  readonly intercept?: SandboxIntercept
  /** Changes what subscribers of the Logs API are given: for the same tests. */
  readonly interceptRecord?: RecordIntercept
}

/** A running endpoint. */
export interface Reference {
  /** Without a slash at the end. */
  readonly url: string
  /** Stops listening, ends every function that runs, and removes all files. */
  readonly close: () => Promise<void>
}

/** No request may be longer, whatever the action. Bytes. */
const longestBody = 70_167_211

/** What answers requests: the pages, the worlds of the Regions, and what runs functions. */
interface Backend {
  readonly spec: Spec
  readonly options: ReferenceOptions
  readonly route: ReturnType<typeof compileRoutes>
  readonly validatorOf: (action: Action) => Validator
  readonly worldOf: (region: string) => World
  /** Access keys of roles that functions run with. */
  readonly roleKeys: Set<string>
  readonly downloads: ReturnType<typeof createDownloads>
  readonly invoker: ReturnType<typeof createInvoker>
  readonly readers: ReturnType<typeof createReaders>
  /** Host and port; empty until it listens. */
  address: string
}

function createBackend(options: ReferenceOptions): Backend {
  const spec = options.spec ?? loadSpec()
  const { clockRate } = options
  const retryDelayMs = options.retryDelayMs ?? (clockRate === undefined ? 500 : 60_000 / clockRate)
  const windowSecondMs = options.windowSecondMs ?? (clockRate === undefined ? 100 : 1000 / clockRate)
  const invoker = createInvoker({
    retryDelayMs,
    secondMs: 1000 / (clockRate ?? 240),
    maxEnvironments: options.maxEnvironments ?? 64,
    maxIdle: options.maxIdle ?? 4,
    intercept: options.intercept,
    interceptRecord: options.interceptRecord,
  })
  const validators = new Map<string, Validator>()
  const roleKeys = new Set<string>()
  return {
    spec,
    options,
    route: compileRoutes(spec, action => actions.has(action)),
    validatorOf(action) {
      const found = validators.get(action.name) ?? compileValidator(spec, action)
      validators.set(action.name, found)
      return found
    },
    worldOf: createWorlds(spec, options, roleKeys),
    roleKeys,
    downloads: createDownloads(),
    invoker,
    readers: createReaders(invoker, {
      retryDelayMs: options.retryDelayMs ?? (clockRate === undefined ? 250 : retryDelayMs),
      windowSecondMs,
    }),
    address: '',
  }
}

/** Each Region has a world of its own, made when it is first named. */
function createWorlds(spec: Spec, options: ReferenceOptions, roleKeys: Set<string>): (region: string) => World {
  const limits = readLimits(spec)
  const pages = readPages(spec)
  const figures = readFiguresOfServices(spec.figures)
  const runtimeNames = readRuntimeNames(spec)
  const functionDefaults = readFunctionDefaults(spec)
  const mappingDefaults = (settings: SourceSettings): SourceSettings =>
    defaultsFor(spec, 'CreateEventSourceMapping', settings)
  const worlds = new Map<string, World>()
  return region => {
    const found = worlds.get(region) ?? {
      region,
      accountId: options.accountId ?? '000000000000',
      limits,
      pages,
      figures,
      runtimeNames,
      functionDefaults,
      mappingDefaults,
      transitionMs: options.transitionMs ?? 40,
      functions: new Map(),
      layers: new Map(),
      mappings: new Map(),
      codeSigningConfigs: new Map(),
      queues: new Map(),
      streams: new Map(),
      tables: new Map(),
      logGroups: new Map(),
      roleKeys,
    }
    worlds.set(region, found)
    return found
  }
}

/**
 * Starts the embedded Lambda endpoint. Everything it keeps is in memory and gone when it closes; each Region that a
 * caller's signature names has functions of its own.
 * @throws when the port cannot be listened on
 */
export async function startReference(options: ReferenceOptions = {}): Promise<Reference> {
  const backend = createBackend(options)
  const server = createServer((request, response) => {
    const requestId = randomUUID()
    answer(backend, request, requestId).then(
      reply => send(response, requestId, reply),
      (error: unknown) => {
        const known =
          error instanceof ServiceError
            ? error
            : new ServiceError('ServiceException', `The endpoint has a fault: ${messageOf(error)}`)
        send(response, requestId, errorAnswer(known))
      },
    )
  })
  // Clients keep connections for longer than a runtime thinks about an event; none is closed under a request.
  server.keepAliveTimeout = 65_000
  server.requestTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve)
  })
  backend.address = addressOf(server)
  return {
    url: `http://${backend.address}`,
    async close() {
      server.close()
      backend.readers.close()
      await backend.invoker.close()
      server.closeAllConnections()
    },
  }
}

function addressOf(server: Server): string {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('The server does not listen.')
  return `${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`
}

async function answer(backend: Backend, request: IncomingMessage, requestId: string): Promise<Reply> {
  const { options, downloads, worldOf, roleKeys } = backend
  const target = request.url ?? '/'
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1))
  const now = Date.now()
  const called = calledUrl(request, worldOf)
  if (called !== undefined) {
    const sent = await readBody(request)
    if (sent === 'tooLarge') return { status: 413, body: { Message: 'Request Too Long' } }
    return answerUrl(called, request, sent, backend.invoker)
  }
  // Who has a link was given it, and it only reads: a browser may follow it.
  const download = request.method === 'GET' ? downloads.open(path, query, now) : undefined
  const browser = typeof download === 'object' ? undefined : refuseBrowsers(request)
  if (browser) {
    request.resume()
    return refuse('AccessDeniedException', browser.message)
  }
  const body = await readBody(request)
  if (download === 'expired') refuse('AccessDeniedException', 'The link has expired or is not one of this endpoint.')
  if (download) return { status: 200, headers: { 'Content-Type': 'application/zip' }, body: download.zip }

  const signer = readSigner(request.headers)
  if (
    options.accessKeyId !== undefined &&
    signer.accessKeyId !== options.accessKeyId &&
    !roleKeys.has(signer.accessKeyId)
  )
    refuse('UnrecognizedClientException', 'The security token included in the request is invalid.')
  const baseUrl = `http://${request.headers.host ?? backend.address}`
  const serviceTarget = readTarget(request.headers['x-amz-target'])
  if (serviceTarget && body !== 'tooLarge')
    return answerService(
      serviceTarget,
      { place: worldOf(signer.region), baseUrl, accessKeyId: signer.accessKeyId, now },
      body,
    )
  const input = { path, query, headers: request.headers, body }
  return runAction(backend, request.method ?? '', input, {
    world: worldOf(signer.region),
    requestId,
    headers: request.headers,
    now,
    invoker: backend.invoker,
    readers: backend.readers,
    downloads,
    baseUrl,
  })
}

interface ActionRequest {
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer | 'tooLarge'
}

async function runAction(
  { spec, route, validatorOf }: Backend,
  method: string,
  { path, query, headers, body }: ActionRequest,
  call: Call,
): Promise<Reply> {
  const found = route(method, path, query)
  if (found === 'malformed')
    refuse('InvalidParameterValueException', 'The path of the request is not properly encoded.')
  if (!found) return refuse('UnknownOperationException', `No action answers to ${method} ${path.slice(0, 200)}`)
  const { action, labels } = found
  if (body === 'tooLarge')
    return refuse(
      'RequestEntityTooLargeException',
      `Request must be smaller than ${longestBody} bytes for the ${action.name} operation`,
    )
  const input = readInput(spec, action, { labels, query, headers, body })
  validatorOf(action)(input)
  const handler = actions.get(action.name)
  if (!handler) throw new Error(`${action.name} has a route and no handler`)
  const reply = await handler(call, input as never)
  return { ...reply, status: reply.status ?? action.responses[0]?.status ?? 200 }
}

/**
 * The whole body, or that it is too large. What is too large is read to its end and forgotten, so that the answer gets
 * through.
 */
async function readBody(request: IncomingMessage): Promise<Buffer | 'tooLarge'> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= longestBody) chunks.push(chunk)
    else chunks.length = 0
  }
  if (size > longestBody) return 'tooLarge'
  return joinBytes(chunks)
}

/** A body as it is sent: bytes as they are, anything else as JSON. */
function bytesOf(body: NonNullable<Reply['body']>): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
}

function send(response: ServerResponse, requestId: string, reply: Reply): void {
  if (response.destroyed) return
  if (reply.body instanceof Readable) {
    response.writeHead(reply.status ?? 200, { 'x-amzn-RequestId': requestId, ...reply.headers })
    // Of a stream that breaks off the caller is to see that it did.
    pipeline(reply.body, response, () => {})
    return
  }
  const content = reply.body === undefined ? undefined : bytesOf(reply.body)
  response.writeHead(reply.status ?? 200, {
    'x-amzn-RequestId': requestId,
    ...(content && { 'Content-Type': 'application/json', 'Content-Length': content.length }),
    ...reply.headers,
  })
  response.end(content)
}
