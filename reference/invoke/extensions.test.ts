import { afterAll, beforeAll, expect, test } from 'vitest'
import { deploy, logOf, requester, run, zipOf } from '../../test/support/reference-client.ts'
import type { Send } from '../../test/support/reference-client.ts'
import { startReference } from '../server.ts'
import type { Reference } from '../server.ts'

let reference: Reference
let send: Send

beforeAll(async () => {
  reference = await startReference({ transitionMs: 10, retryDelayMs: 20 })
  send = requester(reference.url)
})
afterAll(() => reference.close())

/**
 * Registers, subscribes to the logs when there is a port to listen on, and keeps what it is told in files of the
 * environment.
 */
const extension = `#!/usr/bin/env node
const { appendFileSync } = require('node:fs')
const { createServer } = require('node:http')
const { basename } = require('node:path')
const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API
const name = basename(process.argv[1])
const keep = (file, value) => appendFileSync(process.env.TMPDIR + '/' + file, JSON.stringify(value) + '\\n')
const wait = ms => new Promise(resolve => setTimeout(resolve, ms))
;(async () => {
  const registered = await fetch(api + '/2020-01-01/extension/register', {
    method: 'POST', headers: { 'lambda-extension-name': name }, body: JSON.stringify({ events: ['INVOKE', 'SHUTDOWN'] }),
  })
  keep('registered', [registered.status, await registered.json()])
  const headers = { 'lambda-extension-identifier': registered.headers.get('lambda-extension-identifier') }
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', chunk => (text += chunk)).on('end', () => {
      for (const record of JSON.parse(text)) keep('records', record)
      response.end()
    })
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const subscription = {
    schemaVersion: '2021-03-18', types: ['platform', 'function', 'extension'], buffering: { timeoutMs: 25 },
    destination: { protocol: 'HTTP', URI: 'http://sandbox.localdomain:' + server.address().port + '/logs' },
  }
  const subscribed = await fetch(api + '/2020-08-15/logs', { method: 'PUT', headers, body: JSON.stringify(subscription) })
  keep('subscribed', [subscribed.status, await subscribed.json()])
  for (;;) {
    const event = await (await fetch(api + '/2020-01-01/extension/event/next', { headers })).json()
    keep('events', event)
    if (event.eventType === 'SHUTDOWN') process.exit(0)
    console.log('busy with ' + event.requestId)
    await wait(Number(process.env.BUSY ?? 0))
  }
})()
`

const handler = {
  'index.js': `
    const { existsSync, readFileSync } = require('node:fs')
    const read = file => existsSync(file) ? readFileSync(file, 'utf8').trim().split('\\n').map(JSON.parse) : []
    exports.handler = async (event, context) => {
      if (event.sleep) await new Promise(resolve => setTimeout(resolve, event.sleep))
      if (event.exit) process.exit(1)
      console.log('seen by the function')
      const files = Object.fromEntries(['registered', 'subscribed', 'events', 'records'].map(one => [one, read(process.env.TMPDIR + '/' + one)]))
      return { id: context.awsRequestId, ...files }
    }`,
}

async function deployWithExtension(name: string, variables: { readonly [name: string]: string } = {}): Promise<void> {
  const Content = { ZipFile: zipOf({ 'extensions/watcher': extension }) }
  const layer = await send(`POST /2018-10-31/layers/${name}/versions`, { body: { Content } })
  const settings = { Layers: [layer.json.LayerVersionArn], Timeout: 4, Environment: { Variables: variables } }
  await deploy(send, name, handler, settings)
}

/** What the function has seen once the report of an invocation has come to the extension. */
async function whenReported(requestId: string): Promise<any> {
  for (let tries = 0; ; tries++) {
    await new Promise(resolve => setTimeout(resolve, 100))
    const { json } = await run(send, 'watched')
    const isReport = (one: any): boolean => one.type === 'platform.report' && one.record.requestId === requestId
    if (json.records.some(isReport) || tries === 50) return json
  }
}

test('an extension of a layer is started, told of invocations, and given the logs', async () => {
  await deployWithExtension('watched')
  const first = await run(send, 'watched', {}, { 'x-amz-log-type': 'Tail' })
  expect(logOf(first)).toContain('EXTENSION\tName: watcher\tState: Ready\tEvents: [INVOKE,SHUTDOWN]')
  expect(first.json).toMatchObject({
    registered: [[200, { functionName: 'watched', functionVersion: '$LATEST', handler: 'index.handler' }]],
    subscribed: [[200, 'OK']],
  })
  const { events, records, id } = await whenReported(first.json.id)
  expect(events[0]).toEqual({
    eventType: 'INVOKE',
    deadlineMs: expect.any(Number),
    requestId: first.json.id,
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:watched',
    tracing: { type: 'X-Amzn-Trace-Id', value: expect.stringMatching(/^Root=/) },
  })
  const kinds = records.filter((one: any) => one.record.requestId === first.json.id).map((one: any) => one.type)
  expect(kinds).toEqual(['platform.start', 'platform.runtimeDone', 'platform.end', 'platform.report'])
  expect(records).toContainEqual(
    expect.objectContaining({ type: 'function', record: expect.stringContaining('seen by the function') }),
  )
  expect(records).toContainEqual(expect.objectContaining({ type: 'extension', record: `busy with ${first.json.id}\n` }))
  expect(id).not.toBe(first.json.id)
})

test('the caller does not wait for extensions, the next event does', async () => {
  await deployWithExtension('busy', { BUSY: '1800' })
  await run(send, 'busy', {}, { 'x-amz-log-type': 'Tail' })
  const begun = Date.now()
  await run(send, 'busy')
  expect(Date.now() - begun).toBeLessThan(1500)
})

test.each([
  ['TIMEOUT', { sleep: 5000 }],
  ['FAILURE', { exit: true }],
])('a reset tells extensions %s and keeps the temporary files', async (shutdownReason, event) => {
  const name = `reset-${shutdownReason.toLowerCase()}`
  await deployWithExtension(name)
  const body = { ReservedConcurrentExecutions: 1 }
  expect((await send(`PUT /2017-10-31/functions/${name}/concurrency`, { body })).status).toBe(200)
  const failed = await run(send, name, event)
  expect(failed.headers.get('x-amz-function-error')).toBe('Unhandled')
  // Until the environment has been reset, its place is taken.
  let answer = await run(send, name)
  while (answer.status === 429) {
    await new Promise(resolve => setTimeout(resolve, 50))
    answer = await run(send, name)
  }
  const told = answer.json
  expect(told.events).toContainEqual({ eventType: 'SHUTDOWN', shutdownReason, deadlineMs: expect.any(Number) })
  expect(told.registered).toHaveLength(2)
})
