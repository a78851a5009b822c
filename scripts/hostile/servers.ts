/** Servers that behave as badly as one can over TCP, and a run of the built program against each. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { loadEvidence } from '../../reports/load-evidence.ts'
import type { HostileRow } from './signals.ts'

/** Called with each request line and headers that came in, the body left out. */
type Answer = (socket: Socket, head: string) => void

const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'
const send =
  (text: string | Buffer): Answer =>
  socket =>
    void socket.write(text)
const whole = (body: string | Buffer, headers = ''): Answer =>
  send(Buffer.concat([Buffer.from(`${OK}${headers}content-length: ${body.length}\r\n\r\n`), Buffer.from(body)]))

const MEGABYTE = 2 ** 20
const FILLER = Buffer.alloc(MEGABYTE, 'x')

/** Goes on for as long as the other side listens. */
const endless =
  (head: string, piece: string | Buffer, pauseMs = 0): Answer =>
  socket => {
    socket.write(head)
    const next = (): void => {
      if (socket.destroyed) return
      if (pauseMs > 0) {
        socket.write(piece)
        setTimeout(next, pauseMs)
      } else if (socket.write(piece)) setImmediate(next)
      else socket.once('drain', next)
    }
    next()
  }

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`

export const SERVERS: { readonly [name: string]: Answer } = {
  'takes connections and says nothing': () => {},
  'resets every connection': socket => void socket.resetAndDestroy(),
  'closes without a word': socket => void socket.end(),
  'closes after half a status line': socket => void socket.end('HTTP/1.1 20'),
  'closes in the middle of the headers': socket => void socket.end(`${OK}x-a: `),
  'closes in the middle of the body': socket => void socket.end(`${OK}content-length: 100\r\n\r\n{"Tags": {`),
  'speaks another protocol': socket => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  'sends bytes that are nothing': socket =>
    void socket.end(Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 167) % 256))),
  'answers every request with 200 {}': whole('{}'),
  'answers every request with an empty 200': whole(''),
  'answers every request with HTML and a script': send(
    'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 25\r\n\r\n<script>alert(1)</script>',
  ),
  'answers before it is asked, twice': whole(`{}HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}`),
  'two answers to each request': send(`${OK}content-length: 2\r\n\r\n{}${OK}content-length: 2\r\n\r\n{}`),
  'announces fewer bytes than it sends': send(`${OK}content-length: 2\r\n\r\n{"Tags": {"a": "b"}}`),
  'announces more bytes than it sends, and waits': send(`${OK}content-length: 1000\r\n\r\n{}`),
  'announces a negative length': send(`${OK}content-length: -5\r\n\r\n{}`),
  'announces two lengths': send(`${OK}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`),
  'announces a length of 10^30 bytes': send(`${OK}content-length: 1${'0'.repeat(30)}\r\n\r\n{}`),
  'length and chunks at once': send(`${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`),
  'chunks with a broken size': send(`${OK}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`),
  'chunks of one byte without an end': endless(`${OK}transfer-encoding: chunked\r\n\r\n`, '1\r\n \r\n', 5),
  'an endless body': endless(
    `${OK}transfer-encoding: chunked\r\n\r\n`,
    Buffer.concat([Buffer.from('100000\r\n'), FILLER, Buffer.from('\r\n')]),
  ),
  'an endless body without chunks': endless(`${OK}connection: close\r\n\r\n`, FILLER),
  'endless headers': endless(OK, `x-a: ${'a'.repeat(1000)}\r\n`),
  'ten thousand headers': send(
    `${OK}${Array.from({ length: 10_000 }, (_, at) => `x-${at}: y\r\n`).join('')}content-length: 2\r\n\r\n{}`,
  ),
  'a header of a megabyte': send(`${OK}x-a: ${'a'.repeat(MEGABYTE)}\r\ncontent-length: 2\r\n\r\n{}`),
  'headers with the names of JavaScript': whole('{}', '__proto__: x\r\nconstructor: y\r\ntostring: z\r\n'),
  'a new byte every quarter of a second': endless(`${OK}content-length: 100000\r\n\r\n`, ' ', 250),
  'a new header byte every quarter of a second': endless('HTTP/1.1 200 OK\r\nx-a: ', 'a', 250),
  'a storm of 100 Continue': endless('', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)),
  'a storm of 103 Early Hints': endless('', 'HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n'.repeat(100)),
  '101 Switching Protocols': send('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
  'redirects to itself': send('HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n'),
  'redirects to the metadata of a cloud machine': send(
    'HTTP/1.1 307 Temporary Redirect\r\nlocation: http://169.254.169.254/latest/meta-data/\r\ncontent-length: 0\r\n\r\n',
  ),
  'says gzip and sends text': whole('{}', 'content-encoding: gzip\r\n'),
  'a gzip bomb of 200 MB': whole(gzipSync(Buffer.alloc(200 * MEGABYTE)), 'content-encoding: gzip\r\n'),
  'answers of 15 MB': whole(
    Buffer.concat([Buffer.from('{"Tags": {"a": "'), Buffer.alloc(15 * MEGABYTE, 'x'), Buffer.from('"}}')]),
  ),
  'lists of a million items': whole(`{"Functions": [${'{"FunctionName":"x"},'.repeat(500_000)}{}]}`),
  'JSON of 100,000 levels': whole(`{"Functions": ${deep(100_000)}, "Tags": ${deep(100_000)}}`),
  'JSON with the names of JavaScript': whole(
    '{"__proto__": {"Tags": 1}, "constructor": {"prototype": 1}, "toString": null, "FunctionName": {"toString": null}, "State": "Active"}',
  ),
  'JSON that is not UTF-8': whole(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
  'numbers without end': whole(`{"Timeout": 1${'0'.repeat(100_000)}}`),
  'errors whose text has a megabyte': send(
    `HTTP/1.1 400 Bad Request\r\nx-amzn-errortype: InvalidParameterValueException\r\ncontent-length: ${MEGABYTE + 14}\r\n\r\n{"message": "${'role '.repeat(MEGABYTE / 5)}x"}`,
  ),
  'errors with the escape sequences of terminals': send(
    'HTTP/1.1 400 Bad Request\r\nx-amzn-errortype: \u001b[2J\r\ncontent-length: 40\r\n\r\n{"message": "\\u001b]0;x\\u0007\\u001b[31m"}',
  ),
  '429 for everything': send(
    'HTTP/1.1 429 Too Many Requests\r\nx-amzn-errortype: TooManyRequestsException\r\nretry-after: 86400\r\ncontent-length: 2\r\n\r\n{}',
  ),
  '500 for everything': send(
    'HTTP/1.1 500 Internal Server Error\r\nx-amzn-errortype: ServiceException\r\ncontent-length: 2\r\n\r\n{}',
  ),
  'another of these at every request': (socket, head) => {
    const all = [
      whole('{}'),
      whole(''),
      send('HTTP/1.1 500 x\r\ncontent-length: 0\r\n\r\n'),
      (one: Socket): void => void one.resetAndDestroy(),
      send('garbage'),
    ]
    all[head.length % all.length]!(socket, head)
  },
}

export interface BadServer {
  readonly url: string
  close(): void
}

export function startServer(answer: Answer): Promise<BadServer> {
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    let text = ''
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', chunk => {
      text = (text + chunk.toString('latin1')).slice(-100_000)
      for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end)
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
        text = text.slice(end + 4 + Math.min(length, text.length))
        answer(socket, head)
      }
    })
  })
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close() {
          for (const socket of sockets) socket.destroy()
          server.close()
        },
      })
    })
  })
}

const PROGRAM = path.resolve(import.meta.dirname, '../../bin/lambdacheck.js')
const BUDGET_S = 15
/** Beyond the budget: to start, to ask, to look for what is left. */
const PATIENCE_MS = 90_000
const MOST_MEMORY_MB = 1200

/** Against these every case is run: what they cost in memory grows with the cases. */
const ALL_PROFILES: ReadonlySet<string> = new Set(['answers of 15 MB'])

export async function tryServer(name: string): Promise<HostileRow> {
  const server = await startServer(SERVERS[name]!)
  const folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-hostile-'))
  try {
    const args = [
      'certify',
      '--endpoint',
      server.url,
      ...(ALL_PROFILES.has(name) ? [] : ['--profile', 'tags']),
      '--seed',
      '1',
      '--runs',
      '2',
      '--budget',
      `${BUDGET_S}s`,
    ]
    const end = await runProgram(args, folder, BUDGET_S * 1000 + PATIENCE_MS)
    const report = path.join(folder, 'lambdacheck-report')
    const certified = existsSync(path.join(report, 'evidence.json'))
      ? loadEvidence(report).profiles.filter(one => one.certified).length
      : 0
    const ended = end.code === 1 || end.code === 3
    const survived = ended && certified === 0 && !end.broke && end.memoryMb < MOST_MEMORY_MB
    return {
      tried: name,
      survived,
      note: `exit ${end.code ?? 'none'}, ${(end.ms / 1000).toFixed(1)} s, ${end.memoryMb} MB${end.broke ? `; ${end.said}` : ''}`,
    }
  } finally {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

export interface ProgramEnd {
  readonly code: number | null
  readonly ms: number
  /** The most that its processes held at once, as Linux tells; 0 elsewhere. */
  readonly memoryMb: number
  /** It showed a stack trace, or called something a defect of its own. */
  readonly broke: boolean
  /** The end of what it said. */
  readonly said: string
}

/** Runs the built program, and kills it after `patienceMs`. */
export async function runProgram(args: readonly string[], cwd: string, patienceMs: number): Promise<ProgramEnd> {
  const started = performance.now()
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(AWS_|LAMBDACHECK_|NODE_OPTIONS|CI$)/.test(key)),
  )
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    env: { ...env, NO_COLOR: '1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const hear = (chunk: Buffer): void => void (said = (said + chunk.toString()).slice(-20_000))
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  let memoryMb = 0
  const looking = setInterval(() => (memoryMb = Math.max(memoryMb, memoryOf(child.pid!))), 100)
  const patience = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  clearInterval(looking)
  clearTimeout(patience)
  const broke = /\n {4}at |a defect of lambdacheck|Unhandled|uncaught/i.test(said)
  return { code, ms: performance.now() - started, memoryMb, broke, said: said.trim().slice(-300).replace(/\s+/g, ' ') }
}

function memoryOf(pid: number): number {
  try {
    const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
    return Math.round(own) + children.reduce((sum, one) => sum + memoryOf(Number(one)), 0)
  } catch {
    return 0
  }
}
