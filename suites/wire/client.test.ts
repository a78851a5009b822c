import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Limits } from '../../config/config.ts'
import type { Answer } from '../case.ts'
import { action, member } from '../testing/spec.ts'
import { createClient, type WireClient } from './client.ts'

const get = action('GetThing', 'GET', '/2020-01-01/things/{Name}', {
  request: [member('Name', 'string', { in: 'uri' }), member('Kind', 'string', { in: 'query' })],
  responses: [
    {
      status: 200,
      members: [
        member('Name', 'string'),
        member('Size', 'integer', { in: 'header', wireName: 'X-Size' }),
        member('Code', 'integer', { in: 'status' }),
      ],
      source: { file: 'x', line: 1, column: 1 },
    },
  ],
})
const put = action('PutThing', 'PUT', '/2020-01-01/things', { request: [member('Text', 'string')] })

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function serve(listener: RequestListener): Promise<string> {
  return listen(createServer(listener))
}

async function listen(server: Server | TcpServer): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  closers.push(
    () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function clientFor(url: string, limits: Partial<Limits> = {}, signal?: AbortSignal): WireClient {
  const client = createClient({
    endpoint: {
      url,
      region: 'us-east-1',
      credentials: {
        accessKeyId: 'AKIDEXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
        sessionToken: 'session-token-of-some-length',
      },
      limits: { concurrency: 4, rate: 0, requestTimeoutMs: 2000, maxResponseBytes: 100_000, ...limits },
    },
    ...(signal === undefined ? {} : { signal }),
  })
  closers.push(() => client.close())
  return client
}

describe('what is sent', () => {
  test('is signed for lambda, under the base path of the endpoint, and evidence has no credentials', async () => {
    let seen: { url?: string; headers?: NodeJS.Dict<string | string[]> } = {}
    const url = await serve((request, response) => {
      seen = { url: request.url ?? '', headers: request.headers }
      response.setHeader('content-type', 'application/json').end('{"Name":"x"}')
    })
    const answer = await clientFor(`${url}/base/`).call(get, { Name: 'a:b', Kind: 'c d' })
    expect(seen.url).toBe('/base/2020-01-01/things/a%3Ab?Kind=c%20d')
    expect(seen.headers?.['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/lambda\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/,
    )
    expect(seen.headers?.['x-amz-security-token']).toBe('session-token-of-some-length')
    expect(answer.exchange.request.headers['authorization']).toBe('REDACTED')
    expect(JSON.stringify(answer.exchange)).not.toMatch(/session-token|wJalr/)
    expect(answer.exchange.request.url).toBe(`${url}/base/2020-01-01/things/a%3Ab?Kind=c%20d`)
  })

  test('is not signed when told so, and is changed before it is signed when told so', async () => {
    const seen: { auth?: string | undefined; body: string }[] = []
    const url = await serve((request, response) => {
      let body = ''
      request.on('data', chunk => (body += String(chunk)))
      request.on('end', () => {
        seen.push({ auth: request.headers.authorization, body })
        response.end('{}')
      })
    })
    const client = clientFor(url)
    await client.call(put, { Text: 'a' }, { sign: false })
    await client.call(put, { Text: 'a' }, { mutate: request => ({ ...request, body: '{"Te' }) })
    expect(seen).toEqual([
      { auth: undefined, body: '{"Text":"a"}' },
      { auth: expect.stringContaining('AWS4'), body: '{"Te' },
    ])
    expect(client.sent).toBe(2)
  })

  test('never goes beyond the limits of concurrency and rate', async () => {
    let now = 0
    let most = 0
    const url = await serve((_, response) => {
      most = Math.max(most, ++now)
      setTimeout(() => {
        now--
        response.end('{}')
      }, 20)
    })
    const many = clientFor(url, { concurrency: 3 })
    await Promise.all(Array.from({ length: 12 }, () => many.call(get, { Name: 'x' })))
    expect(most).toBe(3)
    const slow = clientFor(url, { rate: 50 })
    const start = performance.now()
    await Promise.all(Array.from({ length: 6 }, () => slow.call(get, { Name: 'x' })))
    expect(performance.now() - start).toBeGreaterThan(95)
  })
})

describe('what comes back', () => {
  test('members come from body, headers and status', async () => {
    const url = await serve((_, response) => response.setHeader('x-size', '7').end('{"Name":"x","Extra":true}'))
    expect((await clientFor(url).call(get, { Name: 'x' })).members).toEqual({
      Name: 'x',
      Extra: true,
      Size: 7,
      Code: 200,
    })
  })

  test.each([
    [
      { 'x-amzn-ErrorType': 'SomeException:http://internal.amazon.com/' },
      '{"message":"why"}',
      { name: 'SomeException', message: 'why' },
    ],
    [{}, '{"__type":"com.amazon#SomeException","Message":"why"}', { name: 'SomeException', message: 'why' }],
    [{}, '{"code":"SomeException"}', { name: 'SomeException' }],
    [{}, '<html>', {}],
    [{}, '', {}],
  ])('the error of %j %s', async (headers, body, error) => {
    const url = await serve((_, response) => response.writeHead(400, headers).end(body))
    expect(await clientFor(url).call(get, { Name: 'x' })).toMatchObject({ status: 400, error })
  })

  test('a redirect is an answer like any other', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: '/elsewhere' }).end())
    const client = clientFor(url)
    expect((await client.call(get, { Name: 'x' })).status).toBe(302)
    expect(client.sent).toBe(1)
  })

  test('evidence keeps 16 KiB of a body, says how long it was, and hides presigned signatures', async () => {
    const body = JSON.stringify({
      Location: 'https://s3/x?X-Amz-Signature=abcdef&X-Amz-Security-Token=secret&versionId=1',
      Pad: 'é'.repeat(20_000),
    })
    const url = await serve((_, response) => response.end(body))
    const { exchange } = await clientFor(url).call(get, { Name: 'x' })
    expect(exchange.response?.bodyBytes).toBe(Buffer.byteLength(body))
    expect(Buffer.byteLength(exchange.response?.body ?? '')).toBeLessThanOrEqual(16 * 1024)
    expect(exchange.response?.body).toContain('X-Amz-Signature=REDACTED&X-Amz-Security-Token=REDACTED&versionId=1')
    expect(exchange.response?.body).not.toContain('\ufffd')
  })

  test('bytes that are no text are kept in base64', async () => {
    const url = await serve((_, response) => response.end(Buffer.from([0xff, 0xfe, 0x00])))
    expect((await clientFor(url).call(get, { Name: 'x' })).exchange.response).toMatchObject({
      body: '//4A',
      bodyEncoding: 'base64',
      bodyBytes: 3,
    })
  })
})

describe('what breaks', () => {
  const failureOf = async (url: string, limits?: Partial<Limits>): Promise<Answer['failure']> => {
    const answer = await clientFor(url, limits).call(get, { Name: 'x' })
    expect(answer.status).toBeUndefined()
    expect(answer.exchange.failure).toEqual(answer.failure)
    return answer.failure
  }

  test('nobody listens: refused', async () => {
    expect(await failureOf('http://127.0.0.1:9')).toMatchObject({ kind: 'refused' })
  })
  test('no such host: refused', async () => {
    expect(await failureOf('http://no-such-host.invalid')).toMatchObject({ kind: 'refused' })
  })
  test('the connection is torn down: reset', async () => {
    expect(await failureOf(await serve(request => request.socket.resetAndDestroy()))).toMatchObject({ kind: 'reset' })
  })
  test('the answer ends halfway: reset', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"a":')
      setTimeout(() => request.socket.destroy(), 10)
    })
    expect(await failureOf(url)).toMatchObject({ kind: 'reset' })
  })
  test('no answer, or one that drips: timeout', async () => {
    expect(await failureOf(await serve(() => {}), { requestTimeoutMs: 60 })).toMatchObject({ kind: 'timeout' })
    const dripping = await serve((_, response) => {
      const timer = setInterval(() => response.write(' '), 10)
      response.on('close', () => clearInterval(timer))
    })
    expect(await failureOf(dripping, { requestTimeoutMs: 100 })).toMatchObject({ kind: 'timeout' })
  })
  test('more than is read: too-large', async () => {
    const url = await serve((_, response) => {
      for (let at = 0; at < 100; at++) response.write('a'.repeat(10_000))
      response.end()
    })
    expect(await failureOf(url)).toMatchObject({ kind: 'too-large' })
  })
  test('no HTTP: protocol', async () => {
    const server = createTcpServer(socket => socket.end('SSH-2.0-OpenSSH\r\n'))
    expect(await failureOf(await listen(server))).toMatchObject({ kind: 'protocol' })
  })
  test('no TLS where TLS is expected: tls', async () => {
    const url = await serve((_, response) => response.end('{}'))
    expect(await failureOf(url.replace('http:', 'https:'))).toMatchObject({ kind: 'tls' })
  })
  test('an abort ends what is under way and what waits', async () => {
    const abort = new AbortController()
    const client = clientFor(await serve(() => {}), { concurrency: 1 }, abort.signal)
    const calls = Promise.allSettled([client.call(get, { Name: 'x' }), client.call(get, { Name: 'y' })])
    setTimeout(() => abort.abort(new Error('enough')), 30)
    expect((await calls).map(one => (one.status === 'rejected' ? (one.reason as Error).message : one.status))).toEqual([
      'enough',
      'enough',
    ])
    await expect(client.call(get, { Name: 'z' })).rejects.toThrow('enough')
  })
})
