/** Answers that are streamed, as the AWS SDK and boto3 read them. */
import { execFile, spawnSync } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import {
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  type InvokeWithResponseStreamCommandOutput,
  type InvokeWithResponseStreamCompleteEvent,
} from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startReference } from '../../reference/server.ts'
import type { Reference } from '../../reference/server.ts'
import { deploy, requester } from '../support/reference-client.ts'

const python = path.resolve(import.meta.dirname, '../../.venv/bin/python')
const CODE = `
  const pause = ms => new Promise(resolve => setTimeout(resolve, ms))
  exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
    if (event.http) stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { a: 'b' } })
    for (const part of event.parts ?? []) {
      stream.write(part)
      await pause(event.pause ?? 20)
    }
    if (event.fail) throw new RangeError(event.fail)
    if (event.exit) process.exit(3)
    stream.end()
  })`

let reference: Reference
let client: LambdaClient
beforeAll(async () => {
  reference = await startReference({ transitionMs: 10 })
  client = new LambdaClient({
    endpoint: reference.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const send = requester(reference.url)
  await deploy(send, 'streams', { 'index.js': CODE }, { Timeout: 2 })
  await deploy(send, 'plain', { 'index.js': 'exports.handler = async event => ({ got: event })' })
})
afterAll(async () => {
  client.destroy()
  await reference.close()
})

interface Told {
  readonly text: string
  readonly chunks: number
  /** Milliseconds from the first chunk to the end. */
  readonly ms: number
  readonly complete: InvokeWithResponseStreamCompleteEvent
}

async function read({ EventStream }: InvokeWithResponseStreamCommandOutput): Promise<Told> {
  const parts: Buffer[] = []
  let first: number | undefined
  let complete: Told['complete'] = {}
  for await (const event of EventStream ?? []) {
    if (event.PayloadChunk) {
      first ??= performance.now()
      parts.push(Buffer.from(event.PayloadChunk.Payload ?? []))
    }
    if (event.InvokeComplete) complete = event.InvokeComplete
  }
  const ms = performance.now() - (first ?? performance.now())
  return { text: Buffer.concat(parts).toString(), chunks: parts.length, ms, complete }
}

const stream = (event: object, more: { readonly FunctionName?: string; readonly LogType?: 'Tail' } = {}) =>
  client.send(
    new InvokeWithResponseStreamCommand({ FunctionName: 'streams', Payload: JSON.stringify(event) as never, ...more }),
  )

test('chunks come while the function still writes', async () => {
  const answer = await stream({ parts: ['one ', 'two ', 'drei ä'], pause: 200 })
  expect(answer.StatusCode).toBe(200)
  expect(answer.ExecutedVersion).toBe('$LATEST')
  const { text, chunks, ms, complete } = await read(answer)
  expect(text).toBe('one two drei ä')
  expect(chunks).toBe(3)
  expect(ms).toBeGreaterThan(350)
  expect(complete.ErrorCode).toBeUndefined()
})

test('a function that does not stream is answered whole', async () => {
  const { text, complete } = await read(await stream({ a: 1 }, { FunctionName: 'plain', LogType: 'Tail' }))
  expect(JSON.parse(text)).toEqual({ got: { a: 1 } })
  expect(Buffer.from(complete.LogResult ?? '', 'base64').toString()).toContain('END RequestId')
})

test('status and headers of a web answer stand before its body', async () => {
  const { text } = await read(await stream({ http: true, parts: ['body'] }))
  const [prelude = '', body] = text.split('\0'.repeat(8))
  expect(JSON.parse(prelude)).toEqual({ statusCode: 201, headers: { a: 'b' } })
  expect(body).toBe('body')
})

test.each([
  ['an error before anything is written', { fail: 'too bad' }, '', /"errorType":"RangeError".*too bad/],
  ['an error in its midst', { parts: ['begun'], fail: 'too late' }, 'begun', /too late/],
  ['a process that ends', { parts: ['begun'], exit: true }, 'begun', /Runtime exited/],
  ['a timeout', { parts: ['begun', 'x'], pause: 5000 }, 'begun', /timed out after 2\.00 seconds/],
])('%s is told at the end of the stream', async (_, event, text, details) => {
  const told = await read(await stream(event))
  expect(told.text).toBe(text)
  expect(told.complete.ErrorCode).toBe('Unhandled')
  expect(told.complete.ErrorDetails).toMatch(details)
  // The next event finds a function that works.
  expect((await read(await stream({ parts: ['again'] }))).text).toBe('again')
})

test('what is refused comes as an error, and no stream', async () => {
  await expect(stream({}, { FunctionName: 'nobody' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

test('Invoke has the whole answer of a function that streams', async () => {
  const answer = await client.send(
    new InvokeCommand({ FunctionName: 'streams', Payload: JSON.stringify({ parts: ['[1,', '2]'] }) as never }),
  )
  expect(answer.FunctionError).toBeUndefined()
  expect(Buffer.from(answer.Payload ?? []).toString()).toBe('[1,2]')
})

const BOTO3 = `
import boto3, json, sys
client = boto3.client('lambda', endpoint_url=sys.argv[1])
answer = client.invoke_with_response_stream(FunctionName='streams', Payload=json.dumps({'parts': ['a', 'b']}))
events = list(answer['EventStream'])
text = b''.join(e['PayloadChunk']['Payload'] for e in events if 'PayloadChunk' in e).decode()
print(json.dumps([answer['StatusCode'], text, list(events[-1])]))
`
const hasBoto3 = spawnSync(python, ['-c', 'import boto3']).status === 0

test.skipIf(!hasBoto3 && process.env['LAMBDACHECK_REQUIRE_EMULATORS'] !== '1')('boto3', async () => {
  const { stdout } = await promisify(execFile)(python, ['-c', BOTO3, reference.url], {
    env: {
      PATH: process.env['PATH'],
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  })
  expect(JSON.parse(stdout)).toEqual([200, 'ab', ['InvokeComplete']])
})
