/** The commands that a report prints do what the run did, when they are pasted into a shell. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startReference } from '../../reference/server.ts'
import type { Reference } from '../../reference/server.ts'
import type { Exchange } from '../../reports/evidence.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Case } from '../../suites/case.ts'
import { reproduce } from '../../suites/run/reproduce.ts'
import { createClient, type WireClient } from '../../suites/wire/client.ts'
import { deploy, functionOf, requester, zipOf } from '../support/reference-client.ts'

const run = promisify(execFile)
const bin = path.resolve(import.meta.dirname, '../../.venv/bin')
/** Where CI has installed it, a missing client is a failure. */
const withCli = process.env['LAMBDACHECK_REQUIRE_EMULATORS'] === '1' || existsSync(path.join(bin, 'aws'))
const region = 'eu-west-1'
const spec = loadSpec()
const files = { 'index.js': 'exports.handler = async event => ({ got: event })' }

let reference: Reference
let client: WireClient
beforeAll(async () => {
  reference = await startReference({ accountId: '123456789012' })
  const limits = { concurrency: 2, rate: 0, requestTimeoutMs: 15_000, maxResponseBytes: 1_000_000 }
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  client = createClient({ endpoint: { url: reference.url, region, credentials, limits } })
  await deploy(requester(reference.url), 'pasted', files)
})
afterAll(async () => {
  await client.close()
  await reference.close()
})

const FunctionName = 'pasted'
const Resource = 'arn:aws:lambda:eu-west-1:123456789012:function:pasted'
/** Each may be sent twice with the same outcome. */
const calls: readonly (readonly [string, { readonly [member: string]: unknown }])[] = [
  ['ListFunctions', { MaxItems: 1 }],
  ['GetFunction', { FunctionName }],
  ['GetFunction', { FunctionName: 'unknown', Qualifier: '$LATEST' }],
  ['CreateFunction', functionOf('pasted', files)],
  ['CreateFunction', { ...functionOf('other', files), Code: { ZipFile: 'AAAA' } }],
  ['UpdateFunctionCode', { FunctionName, ZipFile: zipOf(files) }],
  ['UpdateFunctionConfiguration', { FunctionName, Description: `it's "quoted" \\ $HOME \`x\` é\n` }],
  ['Invoke', { FunctionName, Payload: '{"a":"b c\'"}' }],
  ['Invoke', { FunctionName, Payload: '{"a":1}', InvocationType: 'Event' }],
  ['TagResource', { Resource, Tags: { 'a/b +': 'c&d=e%' } }],
  ['ListTags', { Resource }],
  ['UntagResource', { Resource, TagKeys: ['a/b +', 'x y'] }],
  ['PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: 2 }],
]

async function exchangeOf(action: string, params: { readonly [member: string]: unknown }): Promise<Exchange> {
  // An update that is under way would make the second of two requests another one.
  await new Promise(resolve => setTimeout(resolve, 100))
  const { exchange } = await client.call(spec.actions[action]!, params)
  await new Promise(resolve => setTimeout(resolve, 100))
  return exchange
}

function commandsOf(exchange: Exchange) {
  const one = { id: 'x#property', clause: { kind: 'property' } } as Case
  const probe = { runtime: 'nodejs20.x', handler: 'index.handler', zipFile: 'none', runs: true }
  return reproduce(one, [exchange], {
    endpoint: { url: reference.url, region, probe },
    command: 'lambdacheck certify',
    spec,
    seed: 1,
  })
}

async function pasted(command: string): Promise<{ readonly out: string; readonly errors: string }> {
  const env = {
    // Where a shell believes that it was started over the network, it reads the settings of the user.
    HOME: '/nonexistent',
    PATH: `${bin}:${process.env['PATH']}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_PAGER: '',
  }
  const end = await run('bash', ['--norc', '-c', command], { env }).catch(
    (error: { stdout: string; stderr: string }) => error,
  )
  return { out: end.stdout, errors: end.stderr }
}

describe('curl', () => {
  test.each(calls)('%s %j', { timeout: 60_000 }, async (action, params) => {
    const exchange = await exchangeOf(action, params)
    const { curl } = commandsOf(exchange)
    const { out } = await pasted(curl!)
    const [, status] = /HTTP\/1\.1 (\d+)/.exec(out) ?? []
    expect(status, `${curl}\n${out}`).toBe(String(exchange.response!.status))
    const error = exchange.response!.headers['x-amzn-errortype']
    if (error !== undefined) expect(out).toContain(error)
  })
})

describe.runIf(withCli)('the AWS command line', () => {
  test.each(calls)('%s %j', { timeout: 60_000 }, async (action, params) => {
    const exchange = await exchangeOf(action, params)
    const { aws } = commandsOf(exchange)
    // It refuses to send a package that is no zip file, so that no line is printed.
    if (JSON.stringify(params).includes('AAAA"')) return expect(aws).toBeUndefined()
    // Here standard output is a socket, which cannot be opened by the name /dev/stdout as a terminal can.
    const { out, errors } = await pasted(`${aws!} | cat`)
    const error = exchange.response!.headers['x-amzn-errortype']
    if (error === undefined) expect(errors, aws).toBe('')
    else expect(errors, aws).toContain(`(${error})`)
    if (action === 'Invoke' && params['InvocationType'] === undefined) expect(out).toContain('{"got":{"a":"b c\'"}}')
  })
})

test.skipIf(withCli)('SKIPPED: the AWS command line is not installed: see endpoints/README.md', ctx => ctx.skip())
