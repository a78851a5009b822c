import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refuseBrowsers } from '../../base/refuse-browsers.ts'
import { startEnvironment, type LocalEnvironment, type Outcome } from './fixtures/runtime-api.ts'
import { buildProbeZip, FLAVOURS, type Flavour, probeSource } from './flavours.ts'
import { staticBinary } from './static.ts'

const VARIABLES = {
  PATH: process.env['PATH'],
  AWS_LAMBDA_FUNCTION_NAME: 'probe',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/probe',
  AWS_LAMBDA_LOG_STREAM_NAME: '2021/11/20/[$LATEST]0123',
  AWS_SECRET_ACCESS_KEY: 'not to be seen',
  GREETING: 'grüße',
}

const folders: string[] = []

/** Unpacks a package; the two interpreted flavours get the loop that their managed runtimes would bring. */
function unpack(flavour: Flavour): string {
  const folder = mkdtempSync(join(tmpdir(), 'lambdacheck-probe-'))
  folders.push(folder)
  for (const [name, bytes] of Object.entries(unzipSync(buildProbeZip(flavour)))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  for (const loop of FLAVOURS.provided.files.filter(one => one.name.startsWith('loop')))
    writeFileSync(join(folder, loop.name), probeSource(loop))
  if (flavour === 'provided') chmodSync(join(folder, 'bootstrap'), 0o755)
  return folder
}

/** The probe without an interpreter, where this machine can run it. */
function unpackStatic(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lambdacheck-probe-'))
  folders.push(folder)
  writeFileSync(join(folder, 'bootstrap'), staticBinary(process.arch === 'arm64' ? 'arm64' : 'x86_64'), { mode: 0o755 })
  return folder
}

const hasPython = spawnSync('python3', ['--version']).status === 0
const START: { readonly [name: string]: () => Promise<LocalEnvironment> } = {
  nodejs: () => startEnvironment([process.execPath, 'loop.js'], unpack('nodejs'), VARIABLES),
  ...(hasPython ? { python: () => startEnvironment(['python3', 'loop.py'], unpack('python'), VARIABLES) } : {}),
  'provided with node': () => startEnvironment(['./bootstrap'], unpack('provided'), VARIABLES),
  ...(hasPython
    ? {
        'provided with python3': () =>
          startEnvironment(['./bootstrap'], unpack('provided'), { ...VARIABLES, LAMBDACHECK_INTERPRETER: 'python3' }),
      }
    : {}),
  ...(process.platform === 'linux' && { static: () => startEnvironment(['./bootstrap'], unpackStatic(), VARIABLES) }),
}
const running: { [name: string]: LocalEnvironment } = {}

beforeAll(async () => {
  for (const [name, start] of Object.entries(START)) running[name] = await start()
})

afterAll(async () => {
  for (const one of Object.values(running)) await one.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** What all flavours say; the parts that are each one's own are taken out. */
async function everywhere(
  event: unknown,
  headers?: { readonly [name: string]: string },
  own: readonly string[] = [],
): Promise<Outcome> {
  const outcomes = await Promise.all(
    Object.entries(running).map(
      async ([name, one]) => [name, withoutOwn(await one.invoke(event, headers), own)] as const,
    ),
  )
  const [[, first]] = outcomes as [(typeof outcomes)[number]]
  for (const [name, outcome] of outcomes) expect(outcome, name).toEqual(first)
  return first
}

function withoutOwn(outcome: Outcome, own: readonly string[]): Outcome {
  if (outcome.kind !== 'error') return outcome
  const { stackTrace, ...rest } = outcome.value as { stackTrace: unknown }
  expect(Array.isArray(stackTrace)).toBe(true)
  return { kind: 'error', value: Object.fromEntries(Object.entries(rest).filter(([name]) => !own.includes(name))) }
}

const anyJson = fc
  .jsonValue({ maxDepth: 3, stringUnit: 'grapheme' })
  .map(value => JSON.parse(JSON.stringify(value)) as unknown)
const word = fc.string({ unit: fc.constantFrom(...'abcXYZ019 äß日😀"\\/'), minLength: 1, maxLength: 20 })
let counter = 0

const step = fc.oneof(
  fc.record({ count: fc.constantFrom('a', 'b') }),
  fc.record({ sleep: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ log: word }),
  fc.record({ logError: word }),
  fc.record({
    env: fc.uniqueArray(
      fc.constantFrom('GREETING', 'AWS_LAMBDA_FUNCTION_NAME', 'AWS_SECRET_ACCESS_KEY', 'NOBODY', '_X_AMZN_TRACE_ID'),
      { maxLength: 3 },
    ),
  }),
  fc.record({ alloc: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ read: fc.constantFrom('/nowhere/at/all', '/') }),
  fc.record({ write: fc.constantFrom('/nowhere/at/all') }),
  word.map(text => ({ write: { path: 'NOTE', text } })),
  fc.record({ read: fc.constant('NOTE') }),
)
const last = fc.oneof(
  anyJson.map(value => ({ return: value })),
  fc.record({ reply: fc.record({ bytes: fc.integer({ min: 2, max: 3000 }) }) }),
  fc.record({ throw: fc.record({ name: fc.constantFrom('ProbeError', 'TypeError', 'My.Error'), message: word }) }),
  fc.constantFrom({ nonsense: 1 }, { two: 1, keys: 2 }, {}),
)

/** A file of the package, where it is not that of Node.js. */
const ENTRY_FILES: { readonly [name: string]: string } = { python: 'lambda_function.py', static: 'bootstrap' }

describe('the probe', () => {
  test('every flavour gives the same result for the same event', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 5 }), fc.option(last), async (steps, end) => {
        await everywhere({ do: [...steps, ...(end === null ? [] : [end])] })
      }),
      { numRuns: 150 },
    )
  })

  test('an event that is no program is echoed', async () => {
    await fc.assert(
      fc.asyncProperty(anyJson, async event => {
        fc.pre(!(typeof event === 'object' && event !== null && Array.isArray((event as { do?: unknown }).do)))
        expect(await everywhere(event)).toEqual({ kind: 'response', value: event })
      }),
      { numRuns: 60 },
    )
  })

  test('records of queues and streams carry programs, which may look at their record', async () => {
    const program = (...operations: object[]): string => JSON.stringify({ do: operations })
    const message = {
      messageId: 'm',
      body: '',
      attributes: { SentTimestamp: '1545082649183', count: 1 },
      messageAttributes: {},
    }
    const inQueue = (...bodies: string[]): object => ({ Records: bodies.map(body => ({ ...message, body })) })
    const asDescribed = {
      record: {
        messageId: 'm',
        'attributes.SentTimestamp': '[0-9]{13}',
        'attributes.count': '1',
        messageAttributes: '[{][}]',
        'nobody.home': 'null',
        body: '.*größe.*',
      },
    }
    expect(
      await everywhere(inQueue(program(asDescribed, { log: 'größe' }), 'no program', program({ return: 5 }))),
    ).toEqual({ kind: 'response', value: 5 })
    expect(await everywhere(inQueue(program(asDescribed, { log: 'größe' })))).toEqual({
      kind: 'response',
      value: { results: [true, null] },
    })
    expect(await everywhere(inQueue(program({ record: { messageId: 'mm?m' } })))).toEqual({
      kind: 'error',
      value: { errorType: 'UnexpectedRecord', errorMessage: 'messageId is m' },
    })
    const wrong = { record: { messageId: 'n', 'attributes.count': '2', 'attributes.SentTimestamp': '[0-9]+' } }
    expect(await everywhere(inQueue(program(wrong)))).toMatchObject({
      value: { errorMessage: 'messageId is m; attributes.count is 1' },
    })
    expect(await everywhere({ do: [{ findings: true }] })).toMatchObject({
      value: { results: [expect.arrayContaining(['messageId is m', 'messageId is m; attributes.count is 1'])] },
    })
    expect(await everywhere({ do: [{ record: { messageId: 'm' } }] })).toMatchObject({
      kind: 'error',
      value: { errorType: 'UnexpectedRecord' },
    })
    const data = Buffer.from(program({ record: { 'kinesis.partitionKey': 'key' } })).toString('base64')
    expect(await everywhere({ Records: [{ kinesis: { partitionKey: 'key', data } }] })).toEqual({
      kind: 'response',
      value: { results: [true] },
    })
    for (const echoed of [
      inQueue('text', '{', '[]', '5'),
      { Records: 'x' },
      { Records: [] },
      { Records: [null, { kinesis: { data: 5 } }, { kinesis: null }] },
    ]) {
      expect(await everywhere(echoed)).toEqual({ kind: 'response', value: echoed })
    }
  })

  test('batches: what failed is named, windows count and end, and what is to be done first is done first', async () => {
    const program = (...operations: object[]): string => JSON.stringify({ do: operations })
    const message = (messageId: string, received: number, ...operations: object[]): object => ({
      messageId,
      body: program(...operations),
      attributes: { ApproximateReceiveCount: String(received) },
    })
    const first = { first: { times: 1, do: [{ failItem: true }] } }
    expect(
      await everywhere({
        Records: [message('a', 1, first), message('b', 2, first), message('c', 1, { failItem: true })],
      }),
    ).toEqual({
      kind: 'response',
      value: { batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'c' }] },
    })
    const record = (sequenceNumber: string, age: number, ...operations: object[]): object => ({
      kinesis: {
        sequenceNumber,
        approximateArrivalTimestamp: Date.now() / 1000 - age,
        data: Buffer.from(program(...operations)).toString('base64'),
      },
    })
    const young = { first: { seconds: 60, do: [{ return: 'young' }] } }
    expect(await everywhere({ Records: [record('1', 120, young), record('2', 0, young)] })).toEqual({
      kind: 'response',
      value: 'young',
    })
    const window = { start: '2026-11-30T00:00:00Z', end: '2026-11-30T00:01:00Z' }
    const kept = { state: { finally: [{ state: { ended: true } }], other: [1] } }
    expect(await everywhere({ Records: [record('1', 0, kept)], window, state: { count: 2 } })).toEqual({
      kind: 'response',
      value: { state: { finally: [{ state: { ended: true } }], other: [1], count: 3 }, batchItemFailures: [] },
    })
    expect(
      await everywhere({
        Records: [],
        window,
        state: { count: 3, finally: [{ state: { ended: true } }, { failItem: true }] },
        isFinalInvokeForWindow: true,
      }),
    ).toMatchObject({
      value: { state: { count: 3, ended: true }, batchItemFailures: [{ itemIdentifier: window.start }] },
    })
    const changed = (image: object): object => ({ Records: [{ dynamodb: { SequenceNumber: '7', ...image } }] })
    const item = { program: { S: program({ failItem: true }) } }
    for (const image of [{ NewImage: item }, { OldImage: item }, { Keys: item }])
      expect(await everywhere(changed(image))).toEqual({
        kind: 'response',
        value: { batchItemFailures: [{ itemIdentifier: '7' }] },
      })
  })

  test('a queue is told in the same words, at the first place that answers', async () => {
    const told: {
      readonly target: unknown
      readonly body: { readonly QueueUrl: string; readonly MessageBody: string }
    }[] = []
    const server = createServer((request, response) => {
      if (refuseBrowsers(request, { forms: 'accepted' })) return response.writeHead(403).end()
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        expect(request.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 .*SignedHeaders=.*Signature=[0-9a-f]{64}$/)
        told.push({ target: request.headers['x-amz-target'], body: JSON.parse(Buffer.concat(chunks).toString()) })
        response.writeHead(200).end('{}')
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      // Nobody listens where the queue says that it is.
      const queueUrl = 'http://127.0.0.1:1/000000000000/größe'
      expect(await everywhere({ do: [{ tell: { queueUrl, endpoint, text: 'größe "1"' } }] })).toEqual({
        kind: 'response',
        value: { results: [200] },
      })
      expect(told).toHaveLength(Object.keys(running).length)
      for (const one of told)
        expect(one).toEqual({ target: 'AmazonSQS.SendMessage', body: { QueueUrl: queueUrl, MessageBody: 'größe "1"' } })
      expect(await everywhere({ do: [{ tell: { queueUrl, text: 'x' } }] }, {}, ['errorMessage'])).toMatchObject({
        kind: 'error',
        value: { errorType: 'JournalUnreachable' },
      })
    } finally {
      await new Promise(resolve => server.close(resolve))
    }
  })

  test('results stand in the order of the operations', async () => {
    const key = `order-${counter++}`
    const outcome = await everywhere({
      do: [{ count: key }, { sleep: 1 }, { count: key }, { env: ['GREETING', 'AWS_SECRET_ACCESS_KEY', 'NOBODY'] }],
    })
    expect(outcome.value).toEqual({
      results: [1, null, 2, { GREETING: 'grüße', AWS_SECRET_ACCESS_KEY: '(set)', NOBODY: null }],
    })
  })

  test('a reply has the size that was asked for', async () => {
    const outcome = await everywhere({ do: [{ reply: { bytes: 5000 } }] })
    expect(JSON.stringify(outcome.value)).toHaveLength(5000)
  })

  test('a thrown error has its name and message', async () => {
    expect(await everywhere({ do: [{ throw: { name: 'Wrong', message: 'as wanted' } }] })).toEqual({
      kind: 'error',
      value: { errorType: 'Wrong', errorMessage: 'as wanted' },
    })
  })

  test('the context is told in the same words', async () => {
    const contexts = await Promise.all(
      Object.values(running).map(async one => {
        const given = JSON.stringify({ custom: { word: 'given' } })
        const outcome = await one.invoke({ do: [{ context: true }] }, { 'Lambda-Runtime-Client-Context': given })
        return (outcome.value as { results: [{ remainingTimeInMillis: number; awsRequestId: string }] }).results[0]
      }),
    )
    for (const { remainingTimeInMillis, awsRequestId, ...context } of contexts) {
      expect(remainingTimeInMillis).toBeGreaterThan(5000)
      expect(remainingTimeInMillis).toBeLessThanOrEqual(10_000)
      expect(awsRequestId).toMatch(/^request-\d+$/)
      expect(context).toEqual({
        functionName: 'probe',
        functionVersion: '$LATEST',
        invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:probe',
        memoryLimitInMB: '128',
        logGroupName: '/aws/lambda/probe',
        logStreamName: '2021/11/20/[$LATEST]0123',
        clientContext: { custom: { word: 'given' }, env: null },
        identity: null,
      })
    }
  })

  test('files are listed by relative path, and the Runtime API can be called', async () => {
    for (const [name, one] of Object.entries(running)) {
      const outcome = await one.invoke({
        do: [
          { files: true },
          { files: '/nowhere' },
          { runtimeApi: { path: '/2018-06-01/runtime/nothing', method: 'POST', body: { a: 1 } } },
        ],
      })
      const [files, none, answer] = (
        outcome.value as {
          results: [string[], string[], { status: number; headers: { [name: string]: string }; body: string }]
        }
      ).results
      expect(files, name).toContain(ENTRY_FILES[name] ?? 'index.js')
      expect(files).toEqual([...files].sort())
      expect(none).toEqual([])
      expect(answer.status).toBe(404)
      expect(answer.headers['content-type']).toBe('application/json')
      expect(JSON.parse(answer.body)).toEqual({ errorType: 'NotFound' })
    }
  })

  test('what it prints comes out on the right stream, before it exits with the code asked for', async () => {
    for (const [name, start] of Object.entries(START)) {
      const one = await start()
      try {
        const outcome = await one.invoke({ do: [{ log: 'to stdout' }, { logError: 'to stderr' }, { exit: 7 }] })
        expect(outcome, name).toEqual({ kind: 'exit', value: 7 })
        expect(one.output.stdout).toBe('to stdout\n')
        expect(one.output.stderr).toBe('to stderr\n')
      } finally {
        await one.close()
      }
    }
  })

  test('without an interpreter the bootstrap echoes and says why it can do no more', async () => {
    const one = await startEnvironment(['./bootstrap'], unpack('provided'), {
      ...VARIABLES,
      LAMBDACHECK_INTERPRETER: 'sh',
    })
    try {
      expect(await one.invoke({ hello: 'wörld' })).toEqual({ kind: 'response', value: { hello: 'wörld' } })
      expect(await one.invoke({ do: [{ return: 1 }] })).toMatchObject({
        kind: 'error',
        value: { errorType: 'ProbeError' },
      })
    } finally {
      await one.close()
    }
  })
})

describe('the package of a flavour', () => {
  test.each(Object.keys(FLAVOURS) as Flavour[])(
    '%s has the files of the flavour, and the same bytes in every time zone',
    flavour => {
      const zip = buildProbeZip(flavour)
      expect(Object.keys(unzipSync(zip))).toEqual(FLAVOURS[flavour].files.map(one => one.name))
      // MS-DOS time 1980-01-01 00:00 in every local header.
      const view = Buffer.from(zip)
      expect(view.readUInt32LE(10)).toBe(0x00210000)
    },
  )

  test('the bootstrap may be executed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lambdacheck-probe-'))
    folders.push(folder)
    writeFileSync(join(folder, 'probe.zip'), buildProbeZip('provided'))
    const modes = execFileSync('python3', [
      '-c',
      'import sys,zipfile\nfor i in zipfile.ZipFile(sys.argv[1]).infolist(): print(i.filename, oct(i.external_attr >> 16))',
      join(folder, 'probe.zip'),
    ]).toString()
    expect(modes).toContain('bootstrap 0o100755')
    expect(modes).toContain('index.js 0o100644')
  })

  test('the sources use nothing that Node.js 14 does not know', () => {
    for (const one of [...FLAVOURS.nodejs.files, ...FLAVOURS.provided.files].filter(source =>
      source.name.endsWith('.js'),
    )) {
      const text = probeSource(one)
      expect(text).not.toMatch(/\?\?=|\|\|=|&&=|\.at\(|Object\.hasOwn|structuredClone|replaceAll|node:/)
    }
  })
})
