/** Servers that are no Lambda: each gives one answer to everything, or none. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'

export interface BadServer {
  readonly url: string
  readonly requests: () => number
  close(): Promise<void>
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const json =
  (status: number, body: unknown, headers: { readonly [name: string]: string } = {}): Answer =>
  (_, response) => {
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(body === undefined ? '' : JSON.stringify(body))
  }

/** By name: what answers everything in one way. */
export const CONSTANT_ANSWERS: { readonly [name: string]: Answer } = {
  '400 with an error': json(
    400,
    { Type: 'User', message: 'no' },
    { 'x-amzn-errortype': 'InvalidParameterValueException' },
  ),
  '400 with a validation error': json(
    400,
    { message: '1 validation error detected' },
    { 'x-amzn-errortype': 'ValidationException' },
  ),
  '404 with an error': json(
    404,
    { Type: 'User', Message: 'Function not found' },
    { 'x-amzn-errortype': 'ResourceNotFoundException' },
  ),
  '409 with an error': json(
    409,
    { Type: 'User', message: 'exists' },
    { 'x-amzn-errortype': 'ResourceConflictException' },
  ),
  '404 of a web server': (_, response) =>
    response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>'),
  '200 {}': json(200, {}),
  '200 with everything': json(200, {
    FunctionName: 'x',
    FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:x',
    Functions: [],
    State: 'Active',
    Version: '1',
    RevisionId: 'r',
    StatementId: 's',
  }),
  '201 {}': json(201, {}),
  '202 {}': json(202, {}),
  '204': json(204, undefined),
  '500 with an error': json(500, { Type: 'Server', message: 'oops' }, { 'x-amzn-errortype': 'ServiceException' }),
  'empty 200': json(200, undefined),
  HTML: (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><script>alert(1)</script></html>'),
  'an echo': (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    request.pipe(response)
  },
}

export async function constantServer(answer: Answer): Promise<BadServer> {
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    request.on('error', () => {})
    answer(request, response)
    request.resume()
  })
  return serving(server, () => requests)
}

/** Takes connections and says nothing. */
export function hangingServer(): Promise<BadServer> {
  return tcp(() => {})
}

/** Takes connections and drops them. */
export function resettingServer(): Promise<BadServer> {
  return tcp(socket => socket.resetAndDestroy())
}

/** Speaks something that is not HTTP. */
export function babblingServer(): Promise<BadServer> {
  return tcp(socket => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'))
}

async function tcp(onConnection: (socket: Socket) => void): Promise<BadServer> {
  let requests = 0
  const server = createTcpServer(socket => {
    requests++
    socket.on('error', () => {})
    onConnection(socket)
  })
  return serving(server as Server, () => requests)
}

export async function serving(server: Server, requests: () => number): Promise<BadServer> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
