/** A server of things, honest by default, with ways to lie. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ThingServerOptions {
  /** Sizes above 100 are taken from this size on: a fault for shrinking to find. */
  readonly takesSizesFrom?: number
  /** Refuses with this error instead of the documented ones. */
  readonly refusal?: { readonly status: number; readonly name?: string }
  /** Refuses every request that names a colour, whatever it is, with this text. */
  readonly hatesColors?: string
  /** Does not keep what updates say. */
  readonly forgets?: boolean
  /** Status of a creation. */
  readonly created?: number
}

export interface ThingServer {
  readonly url: string
  readonly things: Map<string, { readonly Name: string; readonly Size: number }>
  /** Method and path of every request. */
  readonly log: string[]
  close(): Promise<void>
}

export async function startThingServer(options: ThingServerOptions = {}): Promise<ThingServer> {
  const things: ThingServer['things'] = new Map()
  const log: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      log.push(`${request.method} ${request.url}`)
      const send = (status: number, body?: object, headers = {}): void => {
        response
          .writeHead(status, { 'content-type': 'application/json', ...headers })
          .end(body === undefined ? '' : JSON.stringify(body))
      }
      const refuse = (status: number, name: string | undefined, message: string): void =>
        send(status, { Type: 'User', message }, name === undefined ? {} : { 'x-amzn-errortype': name })
      const invalid = (message: string): void =>
        refuse(
          options.refusal?.status ?? 400,
          options.refusal === undefined ? 'ValidationException' : options.refusal.name,
          message,
        )
      const name = decodeURIComponent(/^\/2020-01-01\/things\/([^/?]+)$/.exec(request.url ?? '')?.[1] ?? '')
      let body: { [key: string]: unknown } = {}
      try {
        body = chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as { [key: string]: unknown })
      } catch {
        return invalid('not JSON')
      }
      if (options.hatesColors !== undefined && body['Color'] !== undefined)
        return refuse(400, 'InvalidParameterValueException', options.hatesColors)
      const { Size, Color } = body
      const creates = request.method === 'POST'
      if (creates && (Size === undefined || Size === null)) return invalid('Size must not be null')
      if (Size !== undefined && Size !== null) {
        if (typeof Size !== 'number') return invalid('Size is no number')
        if (Size < 1 || (Size > 100 && Size < (options.takesSizesFrom ?? Infinity)))
          return invalid(`Size ${Size} is out of range`)
      }
      if (Color !== undefined && Color !== 'red' && Color !== 'green') return invalid('Color is none')
      const key = creates ? String(body['Name']) : name
      const known = things.get(key)
      if (!creates && known === undefined) return refuse(404, 'ResourceNotFoundException', 'no such thing')
      if (request.method === 'DELETE') {
        things.delete(key)
        return send(204)
      }
      const thing = {
        Name: key,
        Size: typeof Size === 'number' && !(options.forgets === true && !creates) ? Size : (known?.Size ?? 5),
      }
      things.set(key, thing)
      send(creates ? (options.created ?? 201) : 200, thing)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    things,
    log,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
