/** Servers that answer every request in one way. Nothing that they say is true, so nothing of it may pass. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface ConstantAnswer {
  readonly status: number
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string
}

export interface ConstantServer {
  readonly url: string
  close(): Promise<void>
}

/** `hang`: no answer ever. `reset`: the connection is torn down. */
export async function startConstantServer(answer: ConstantAnswer | 'hang' | 'reset'): Promise<ConstantServer> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((request, response) => {
    request.resume()
    if (answer === 'hang') return
    if (answer === 'reset') {
      request.socket.resetAndDestroy()
      return
    }
    request.on('end', () => response.writeHead(answer.status, { ...answer.headers }).end(answer.body ?? ''))
  })
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
