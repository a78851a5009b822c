/** Programs that people use go on working where browsers are refused. The AWS SDK for JavaScript has a file of its own. */
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startReference } from '../../reference/server.ts'
import type { Reference } from '../../reference/server.ts'
import { functionOf, role, zipOf } from '../support/reference-client.ts'

const run = promisify(execFile)
const ROOT = path.resolve(import.meta.dirname, '../..')
const python = path.join(ROOT, '.venv/bin/python')
const awsCli = path.join(ROOT, '.venv/bin/aws')
/** Where CI has installed them, a missing client is a failure. */
const REQUIRED = process.env['LAMBDACHECK_REQUIRE_EMULATORS'] === '1'
const files = { 'index.js': 'exports.handler = async event => ({ got: event })' }

let reference: Reference
let folder: string
beforeAll(async () => {
  reference = await startReference()
  folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-clients-'))
})
afterAll(async () => {
  await reference.close()
  rmSync(folder, { recursive: true, force: true })
})

const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
})

const BOTO3 = `
import base64, boto3, json, sys
url, role, zipped = sys.argv[1:]
client = boto3.client('lambda', endpoint_url=url)
client.create_function(FunctionName='boto', Runtime='nodejs20.x', Role=role, Handler='index.handler', Code={'ZipFile': base64.b64decode(zipped)})
client.get_waiter('function_active_v2').wait(FunctionName='boto', WaiterConfig={'Delay': 0.05})
client.update_function_configuration(FunctionName='boto', MemorySize=256)
client.get_waiter('function_updated_v2').wait(FunctionName='boto', WaiterConfig={'Delay': 0.05})
answer = json.loads(client.invoke(FunctionName='boto', Payload=json.dumps({'a': 1}))['Payload'].read())
names = [f['FunctionName'] for page in client.get_paginator('list_functions').paginate() for f in page['Functions']]
queue = boto3.client('sqs', endpoint_url=url).create_queue(QueueName='boto-queue')['QueueUrl']
client.delete_function(FunctionName='boto')
print(json.dumps([answer, 'boto' in names, queue.rsplit('/', 1)[1]]))
`

test.runIf(REQUIRED || hasBoto3())('boto3', { timeout: 60_000 }, async () => {
  const { stdout } = await run(python, ['-c', BOTO3, reference.url, role, zipOf(files)], { env: environment() })
  expect(JSON.parse(stdout)).toEqual([{ got: { a: 1 } }, true, 'boto-queue'])
})

test.runIf(REQUIRED || existsSync(awsCli))('the AWS command line', { timeout: 90_000 }, async () => {
  const zip = path.join(folder, 'code.zip')
  writeFileSync(zip, Buffer.from(zipOf(files), 'base64'))
  const aws = async (...args: readonly string[]): Promise<any> => {
    const all = ['lambda', ...args, '--endpoint-url', reference.url, '--output', 'json']
    const { stdout } = await run(awsCli, all, { env: environment() })
    return stdout === '' ? undefined : JSON.parse(stdout)
  }
  const name = ['--function-name', 'cli']
  const code = ['--zip-file', `fileb://${zip}`]
  await aws(
    'create-function',
    ...name,
    '--runtime',
    'nodejs20.x',
    '--role',
    role,
    '--handler',
    'index.handler',
    ...code,
  )
  await aws('wait', 'function-active-v2', ...name)
  const out = path.join(folder, 'out.json')
  writeFileSync(path.join(folder, 'event.json'), '{"a":1}')
  const event = `fileb://${path.join(folder, 'event.json')}`
  expect(await aws('invoke', ...name, '--payload', event, out)).toMatchObject({ StatusCode: 200 })
  expect(readFileSync(out, 'utf8')).toBe('{"got":{"a":1}}')
  expect((await aws('list-functions')).Functions).toMatchObject([{ FunctionName: 'cli' }])
  await aws('delete-function', ...name)
  expect((await aws('list-functions')).Functions).toEqual([])
})

test('a request of the AWS SDK for Go, as the AWS provider of Terraform sends it', async () => {
  const answer = await request(`${reference.url}/2015-03-31/functions`, {
    method: 'POST',
    headers: {
      'user-agent':
        'APN/1.0 HashiCorp/1.0 Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-aws/6.2.0 aws-sdk-go-v2/1.36.5 ua/2.1 os/linux lang/go#1.24.4 md/GOOS#linux md/GOARCH#amd64 api/lambda#1.72.0 m/n,E',
      'amz-sdk-invocation-id': '6b1f4c77-4c8e-4a0a-9b52-3b5ad8b1d9c3',
      'amz-sdk-request': 'attempt=1; max=25',
      'content-type': 'application/json',
      'x-amz-date': '20250101T000000Z',
      'accept-encoding': 'gzip',
      authorization: `AWS4-HMAC-SHA256 Credential=test/20250101/eu-west-1/lambda/aws4_request, SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;x-amz-date, Signature=${'0'.repeat(64)}`,
    },
    body: JSON.stringify(functionOf('terraform', files)),
  })
  expect(answer.statusCode).toBe(201)
  await answer.body.dump()
})

const GO = path.join(import.meta.dirname, 'go-client')
const CACHES = ['HOME', 'GOCACHE', 'GOPATH', 'GOMODCACHE', 'GOPROXY', 'GOFLAGS'] as const

test.runIf(REQUIRED || hasGo())(
  'the AWS SDK for Go, on which the AWS provider of Terraform rests',
  {
    timeout: 300_000,
  },
  async () => {
    const go = Object.fromEntries(CACHES.map(name => [name, process.env[name]]))
    const { stdout } = await run('go', ['run', '.', reference.url, role, zipOf(files)], {
      cwd: GO,
      env: { ...environment(), ...go },
    })
    expect(JSON.parse(stdout)).toEqual({ memory: 256, tags: { made: 'by go' }, answer: { got: { a: 1 } } })
  },
)

function hasGo(): boolean {
  return spawnSync('go', ['list', '-deps', '.'], { cwd: GO, timeout: 30_000 }).status === 0
}

function hasBoto3(): boolean {
  return existsSync(path.join(ROOT, '.venv/bin/moto_server'))
}

test.skipIf(REQUIRED || (hasBoto3() && existsSync(awsCli)))(
  'SKIPPED: boto3 or the AWS command line is not installed: see endpoints/README.md',
  ctx => ctx.skip(),
)

test.skipIf(REQUIRED || hasGo())('SKIPPED: Go, or its SDK of AWS, is not to be had here', ctx => ctx.skip())
