/** An HTTP server that stands before another one and makes it look faulty. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, request as send } from 'undici'
import { refuseBrowsers } from '../../../base/refuse-browsers.ts'
import type { Spec } from '../../../spec/model.ts'
import { matchAction, readRequest } from '../../wire/read-request.ts'
import type { Answered, Behaviour, Forward, Passing, Reply } from './fault.ts'

export interface FaultyProxyOptions {
  readonly spec: Pick<Spec, 'actions'>
  /** The url of the true server. */
  readonly target: string
  readonly behaviour: Behaviour
}

export interface FaultyProxy {
  /** Without a slash at the end. */
  readonly url: string
  close(): Promise<void>
}

/** Listens on a free port of the loopback interface. */
export async function startFaultyProxy(options: FaultyProxyOptions): Promise<FaultyProxy> {
  const agent = new Agent({ keepAliveTimeout: 900, pipelining: 1, connections: 32 })
  const server = createServer((incoming, outgoing) => {
    // The URL of a function has a host of its own, and is checked by the true server.
    const isUrl = /\.lambda-url\.[\w-]+\.localhost(:\d+)?$/.test(incoming.headers.host ?? '')
    const browser = isUrl ? undefined : refuseBrowsers(incoming)
    if (browser) return outgoing.writeHead(browser.status).end(browser.message)
    serve(options, agent, incoming, outgoing).catch(() => outgoing.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await agent.destroy()
    },
  }
}

async function serve(
  { spec, target, behaviour }: FaultyProxyOptions,
  agent: Agent,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const passing = passingOf(spec, incoming, Buffer.concat(chunks))
  const forward: Forward = async (change = {}) => {
    const body = change.body ?? passing.body
    const response = await send(`${target}${change.target ?? passing.target}`, {
      method: (change.method ?? passing.method) as 'GET',
      headers: forwardedHeaders(passing.headers),
      body: body.length === 0 ? null : body,
      dispatcher: agent,
    })
    return {
      status: response.statusCode,
      headers: flat(response.headers),
      body: Buffer.from(await response.body.arrayBuffer()),
    }
  }
  write(await behaviour(passing, forward), outgoing)
}

function passingOf(spec: Pick<Spec, 'actions'>, incoming: IncomingMessage, body: Buffer): Passing {
  const target = incoming.url ?? '/'
  const method = incoming.method ?? 'GET'
  const [path = '/', search = ''] = target.split('?', 2)
  const query = [...new URLSearchParams(search)]
  const headers = flat(incoming.headers)
  const action = matchAction(spec, method, path, query)
  const params = action === null ? null : readRequest(action, { path, query, headers, body })
  return { method, target, headers, body, action: action?.name, params: params ?? {} }
}

/** The host stays as it was signed; the length is that of the body that is sent. */
function forwardedHeaders(headers: { readonly [name: string]: string }): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !['connection', 'content-length', 'transfer-encoding', 'keep-alive'].includes(name),
    ),
  )
}

function flat(headers: { readonly [name: string]: string | string[] | undefined }): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}

function write(reply: Reply, outgoing: ServerResponse): void {
  if (reply === 'hang') return
  if (reply === 'reset') {
    outgoing.socket?.resetAndDestroy()
    return
  }
  const { status, headers, body }: Answered = reply
  const { 'content-length': _, 'transfer-encoding': __, connection: ___, ...rest } = headers
  const bodiless = status === 204 || status === 304
  outgoing.writeHead(status, bodiless ? rest : { ...rest, 'content-length': String(body.length) })
  outgoing.end(bodiless ? undefined : body)
}
