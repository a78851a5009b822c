import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deploy, logOf, publishChanged, requester, run, settle, zipOf } from '../../test/support/reference-client.ts'
import type { Send } from '../../test/support/reference-client.ts'
import { endpointFolders } from '../../test/support/endpoint-folders.ts'
import { sharedFolder } from '../../test/support/shared-folder.ts'
import { startReference } from '../server.ts'
import type { Reference } from '../server.ts'

let reference: Reference
let send: Send
const tail = { 'x-amz-log-type': 'Tail' }

beforeAll(async () => {
  reference = await startReference({ transitionMs: 10, retryDelayMs: 20 })
  send = requester(reference.url)
})
afterAll(() => reference.close())

/** Calls until the condition holds. */
async function eventually<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let i = 0; i < 400; i++) {
    const value = await read()
    if (holds(value)) return value
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  throw new Error('it has not come to that in time')
}

const shared = sharedFolder()
afterAll(() => rmSync(shared, { recursive: true }))

/** A function that keeps what it was given, in whichever of its environments, and tells it when asked. */
const recorder = {
  'index.js': `
    const { appendFileSync, existsSync, readFileSync } = require('node:fs')
    const file = ${JSON.stringify(shared)} + '/seen-' + process.env.AWS_LAMBDA_FUNCTION_NAME
    exports.handler = async event => {
      if (event.tell) return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\\n').map(JSON.parse) : []
      appendFileSync(file, JSON.stringify(event) + '\\n')
    }`,
}

describe('nodejs handlers', () => {
  const styles = {
    'async function': { 'index.js': 'exports.handler = async event => ({ got: event.n })' },
    promise: { 'index.js': 'exports.handler = event => Promise.resolve({ got: event.n })' },
    callback: {
      'index.js':
        'exports.handler = (event, context, callback) => setTimeout(() => callback(null, { got: event.n }), 5)',
    },
    'callback that does not wait': {
      'index.js':
        'exports.handler = (event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 1000); callback(null, { got: event.n }) }',
    },
    'context method': { 'index.js': 'exports.handler = (event, context) => { context.succeed({ got: event.n }) }' },
    'ES module': { 'index.mjs': 'export const handler = async event => ({ got: event.n })' },
    'ES module by package.json': {
      'package.json': '{"type":"module"}',
      'index.js': 'export const handler = async event => ({ got: event.n })',
    },
    'CommonJS file': { 'index.cjs': 'exports.handler = async event => ({ got: event.n })' },
  }

  test.each(Object.entries(styles))('%s', async (style, files) => {
    const name = `style-${style.replaceAll(/\W/g, '-')}`
    await deploy(send, name, files)
    for (const n of [1, 2]) expect((await run(send, name, { n })).json).toEqual({ got: n })
  })

  test('a handler in a folder, exported deep inside', async () => {
    await deploy(
      send,
      'deep',
      { 'src/app.js': 'exports.api = { get: async () => "deep" }' },
      { Handler: 'src/app.api.get' },
    )
    expect((await run(send, 'deep')).text).toBe('"deep"')
  })

  test('a handler that gives no result gives null', async () => {
    await deploy(send, 'silent', { 'index.js': 'exports.handler = () => {}' })
    expect(await run(send, 'silent')).toMatchObject({ status: 200, text: 'null' })
    await deploy(send, 'undefined', { 'index.js': 'exports.handler = async () => {}' })
    expect((await run(send, 'undefined')).text).toBe('null')
  })

  test('the context has all documented members', async () => {
    await deploy(
      send,
      'context',
      {
        'index.js':
          'exports.handler = async (event, context) => ({ ...context, remaining: context.getRemainingTimeInMillis() })',
      },
      { Timeout: 7, MemorySize: 192 },
    )
    const clientContext = { client: { app_title: 'grüße' }, custom: { a: 1 } }
    const answer = await run(
      send,
      'context',
      {},
      { 'x-amz-client-context': Buffer.from(JSON.stringify(clientContext)).toString('base64') },
    )
    expect(answer.json).toMatchObject({
      functionName: 'context',
      functionVersion: '$LATEST',
      memoryLimitInMB: '192',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:context',
      awsRequestId: answer.headers.get('x-amzn-requestid'),
      logGroupName: '/aws/lambda/context',
      clientContext,
    })
    expect(answer.json.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/)
    expect(answer.json.remaining).toBeGreaterThan(5000)
    expect(answer.json.remaining).toBeLessThanOrEqual(7000)
  })

  test("the environment has the documented variables, and the function's own", async () => {
    await deploy(
      send,
      'env',
      { 'index.js': 'exports.handler = async () => process.env' },
      { Environment: { Variables: { OWN: 'x y', LANG: 'C' } } },
    )
    const { json } = await run(send, 'env')
    expect(json).toMatchObject({
      OWN: 'x y',
      LANG: 'C',
      TZ: ':UTC',
      AWS_REGION: 'eu-west-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x',
      _HANDLER: 'index.handler',
      AWS_LAMBDA_FUNCTION_NAME: 'env',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/env',
    })
    for (const name of [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'LAMBDA_TASK_ROOT',
      'LAMBDA_RUNTIME_DIR',
      'AWS_LAMBDA_RUNTIME_API',
      'PATH',
      'LD_LIBRARY_PATH',
      'NODE_PATH',
      '_X_AMZN_TRACE_ID',
      'AWS_LAMBDA_LOG_STREAM_NAME',
    ])
      expect(json[name]).toMatch(/./)
    // Nothing of the endpoint's own environment gets in.
    expect(json).not.toHaveProperty('VITEST')
  })
})

describe('function errors', () => {
  const failing = {
    'index.js': `
      exports.handler = async event => {
        if (event.how === 'error') throw new TypeError('with\\nlines')
        if (event.how === 'text') throw 'just text'
        if (event.how === 'exit') process.exit(event.code)
        if (event.how === 'uncaught') { setTimeout(() => { throw new RangeError('later') }, 1); await new Promise(() => setTimeout(() => {}, 5000)) }
        if (event.how === 'rejection') { Promise.reject(new Error('nobody looks')); await new Promise(resolve => setTimeout(resolve, 5000)) }
        if (event.how === 'kill') { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}) }
        if (event.how === 'circular') { const a = {}; a.a = a; return a }
        return 'fine'
      }`,
  }
  beforeAll(() => deploy(send, 'failing', failing, { Timeout: 4 }))

  test.each([
    ['an Error', { how: 'error' }, { errorType: 'TypeError', errorMessage: 'with\nlines' }],
    ['anything else that is thrown', { how: 'text' }, { errorType: 'string', errorMessage: 'just text' }],
    [
      'an exit',
      { how: 'exit', code: 0 },
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(
          /^RequestId: [0-9a-f-]{36} Error: Runtime exited without providing a reason$/,
        ),
      },
    ],
    [
      'an exit with a code',
      { how: 'exit', code: 7 },
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringContaining('Runtime exited with error: exit status 7'),
      },
    ],
    ['an error outside of the handler', { how: 'uncaught' }, { errorType: 'RangeError', errorMessage: 'later' }],
    [
      'a rejection that nobody handles',
      { how: 'rejection' },
      { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: nobody looks' },
    ],
    [
      'a signal',
      { how: 'kill' },
      { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('signal: killed') },
    ],
    ['a result that is no JSON', { how: 'circular' }, { errorMessage: expect.stringContaining('circular') }],
  ])('%s: the status stays 200, and the next event runs', async (_, event, error) => {
    const answer = await run(send, 'failing', event)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-amz-function-error')).toBe('Unhandled')
    expect(answer.json).toMatchObject(error)
    const next = await run(send, 'failing', {})
    expect(next.text).toBe('"fine"')
    expect(next.headers.get('x-amz-function-error')).toBeNull()
  })

  test.each([
    ['no such file', 'nothing.handler', 'Runtime.ImportModuleError'],
    ['no such export', 'index.nothing', 'Runtime.HandlerNotFound'],
    ['no function', 'index.text', 'Runtime.HandlerNotFound'],
    ['no dot', 'index', 'Runtime.MalformedHandlerName'],
    ['a syntax error', 'broken.handler', 'Runtime.UserCodeSyntaxError'],
    ['an error while loading', 'throws.handler', 'RangeError'],
  ])('%s fails the initialisation', async (what, Handler, errorType) => {
    const name = `init-${what.replaceAll(' ', '-')}`
    await deploy(
      send,
      name,
      {
        'index.js': 'exports.text = "x"',
        'broken.js': 'exports.handler = (',
        'throws.js': 'throw new RangeError("loading")',
      },
      { Handler },
    )
    const answer = await run(send, name)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-amz-function-error')).toBe('Unhandled')
    expect(answer.json.errorType).toBe(errorType)
  })

  test('an exit while loading', async () => {
    await deploy(send, 'exits', { 'index.js': 'process.exit(3)' })
    expect((await run(send, 'exits')).json).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('exit status 3'),
    })
  })

  test('a timeout ends the process with all that it started', async () => {
    await deploy(
      send,
      'sleepy',
      {
        'index.js': `
        const { spawn } = require('node:child_process')
        exports.handler = async event => {
          if (event.child) return spawn('sleep', ['30'], { stdio: 'ignore' }).pid
          await new Promise(resolve => setTimeout(resolve, 30000))
        }`,
      },
      { Timeout: 1 },
    )
    const child: number = (await run(send, 'sleepy', { child: true })).json
    expect(existsSync(`/proc/${child}`) || process.platform !== 'linux').toBe(true)
    const begun = Date.now()
    const answer = await run(send, 'sleepy', {}, tail)
    expect(Date.now() - begun).toBeGreaterThan(950)
    expect(Date.now() - begun).toBeLessThan(2500)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/),
    })
    expect(logOf(answer)).toMatch(/ Task timed out after 1\.00 seconds\n/)
    await eventually(
      async () => spawnSync('ps', ['-p', String(child), '-o', 'stat=']).stdout.toString(),
      state => state === '' || state.startsWith('Z'),
    )
  })

  test('a handler that never lets go of the event loop is ended too', async () => {
    await deploy(send, 'busy', { 'index.js': 'exports.handler = async () => { for (;;); }' }, { Timeout: 1 })
    expect((await run(send, 'busy')).json.errorType).toBe('Sandbox.Timedout')
  })

  test('a result that is too large', async () => {
    await deploy(
      send,
      'large',
      { 'index.js': 'exports.handler = async event => "x".repeat(event.size)' },
      { Timeout: 20 },
    )
    const whole = await run(send, 'large', { size: 6 * 1024 * 1024 - 2 })
    expect(whole.text.length).toBe(6 * 1024 * 1024)
    expect(whole.headers.get('x-amz-function-error')).toBeNull()
    expect((await run(send, 'large', { size: 6 * 1024 * 1024 })).json.errorType).toBe('Function.ResponseSizeTooLarge')
    expect((await run(send, 'large', { size: 1 })).text).toBe('"x"')
  })
})

describe('execution environments', () => {
  const counter = {
    'index.js':
      'let n = 0; exports.handler = async event => { if (event.sleep) await new Promise(r => setTimeout(r, event.sleep)); return [process.pid, ++n, process.env.COLOUR] }',
  }

  test('are reused one event after the other, and new after a change', async () => {
    await deploy(send, 'warm', counter, { Environment: { Variables: { COLOUR: 'red' } } })
    const [first, second] = [await run(send, 'warm'), await run(send, 'warm')]
    expect([first?.json, second?.json]).toEqual([
      [first?.json[0], 1, 'red'],
      [first?.json[0], 2, 'red'],
    ])
    await send('PUT /2015-03-31/functions/warm/configuration', {
      body: { Environment: { Variables: { COLOUR: 'blue' } } },
    })
    await settle(send, 'warm')
    const third = (await run(send, 'warm')).json
    expect(third).toEqual([expect.any(Number), 1, 'blue'])
    expect(third[0]).not.toBe(first?.json[0])
  })

  test('take one event at a time', async () => {
    await deploy(send, 'parallel', counter)
    const pids = (await Promise.all([1, 2, 3].map(() => run(send, 'parallel', { sleep: 300 })))).map(
      answer => answer.json[0],
    )
    expect(new Set(pids).size).toBe(3)
  })

  test('of versions are apart', async () => {
    await deploy(send, 'apart', counter)
    await send('POST /2015-03-31/functions/apart/versions', { body: {} })
    expect((await run(send, 'apart')).json[1]).toBe(1)
    const published = await run(send, 'apart:1')
    expect(published.json[1]).toBe(1)
    expect(published.headers.get('x-amz-executed-version')).toBe('1')
  })

  test('an alias with a weight runs both versions', async () => {
    await deploy(send, 'shared', {
      'index.js': 'exports.handler = async () => process.env.AWS_LAMBDA_FUNCTION_VERSION',
    })
    await publishChanged(send, 'shared', 1)
    await publishChanged(send, 'shared', 2)
    await send('POST /2015-03-31/functions/shared/aliases', {
      body: { Name: 'live', FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } } },
    })
    const executed: (string | null)[] = []
    for (let i = 0; i < 40; i++) {
      const answer = await run(send, 'shared:live')
      expect(answer.json).toBe(answer.headers.get('x-amz-executed-version'))
      executed.push(answer.json)
    }
    // The chance of a run of forty equal ones is 2 in 10^12.
    expect(new Set(executed)).toEqual(new Set(['1', '2']))
  })

  test('are limited in number: further events wait', async () => {
    const small = await startReference({ transitionMs: 1, maxEnvironments: 1 })
    try {
      const sendSmall = requester(small.url)
      await deploy(sendSmall, 'one', counter)
      await deploy(sendSmall, 'two', counter)
      const answers = await Promise.all(['one', 'two', 'one'].map(name => run(sendSmall, name, { sleep: 50 })))
      expect(answers.map(answer => answer.status)).toEqual([200, 200, 200])
    } finally {
      await small.close()
    }
  })

  test('one that cannot be started gives its place to the next', async () => {
    const small = await startReference({ transitionMs: 1, maxEnvironments: 1 })
    try {
      const sendSmall = requester(small.url)
      await deploy(sendSmall, 'java', { x: '' }, { Runtime: 'java21', Handler: 'a.B::c' })
      await deploy(sendSmall, 'node', counter)
      const answers = await Promise.all(['java', 'node', 'java', 'node'].map(name => run(sendSmall, name)))
      expect(answers.map(answer => answer.status)).toEqual([502, 200, 502, 200])
    } finally {
      await small.close()
    }
  })

  test('layers are laid over each other, and reach require', async () => {
    const publish = async (LayerName: string, files: { [path: string]: string }): Promise<string> =>
      (await send(`POST /2018-10-31/layers/${LayerName}/versions`, { body: { Content: { ZipFile: zipOf(files) } } }))
        .json.LayerVersionArn
    const layers = [
      await publish('below', {
        'nodejs/node_modules/lib/index.js': 'exports.name = "below"',
        'nodejs/node_modules/other/index.js': 'exports.name = "other"',
      }),
      await publish('above', { 'nodejs/node_modules/lib/index.js': 'exports.name = "above"' }),
    ]
    await deploy(
      send,
      'layered',
      { 'index.js': 'exports.handler = async () => [require("lib").name, require("other").name]' },
      { Layers: layers },
    )
    expect((await run(send, 'layered')).json).toEqual(['above', 'other'])
  })
})

describe('logs', () => {
  test('the tail has the frame of the event and what it wrote', async () => {
    await deploy(send, 'logs', {
      'index.js':
        'exports.handler = async event => { console.log("marker %d", event.n); console.error("trouble"); process.stdout.write("raw\\n") }',
    })
    const answer = await run(send, 'logs', { n: 5 }, tail)
    const id = answer.headers.get('x-amzn-requestid')
    expect(logOf(answer)).toMatch(
      new RegExp(
        `^START RequestId: ${id} Version: \\$LATEST\\n[^\\n]+\\t${id}\\tINFO\\tmarker 5\\n[^\\n]+\\tERROR\\ttrouble\\nraw\\nEND RequestId: ${id}\\nREPORT RequestId: ${id}\\tDuration: [\\d.]+ ms\\tBilled Duration: \\d+ ms\\tMemory Size: 128 MB\\tMax Memory Used: \\d+ MB\\tInit Duration: [\\d.]+ ms\\t\\n$`,
      ),
    )
    const again = logOf(await run(send, 'logs', { n: 6 }, tail))
    expect(again).toContain('marker 6')
    expect(again).not.toContain('marker 5')
    expect(again).not.toContain('Init Duration')
  })

  test('only the end is kept, and only when asked for', async () => {
    await deploy(send, 'chatty', {
      'index.js': 'exports.handler = async () => { for (let i = 0; i < 2000; i++) console.log("line", i) }',
    })
    expect((await run(send, 'chatty')).headers.get('x-amz-log-result')).toBeNull()
    const log = logOf(await run(send, 'chatty', {}, tail))
    expect(Buffer.byteLength(log)).toBe(4096)
    expect(log).toContain('line 1999')
    expect(log).not.toContain('line 1000\n')
  })
})

describe('logs of what ends badly', () => {
  test('what was written before an exit is there', async () => {
    await deploy(send, 'last-words', {
      'index.js':
        'exports.handler = async () => { for (let i = 0; i < 2000; i++) console.log("line", i); process.exit(1) }',
    })
    expect(logOf(await run(send, 'last-words', {}, tail))).toMatch(/line 1999\nEND RequestId: /)
  })
})

describe('what a caller may send', () => {
  beforeAll(() => deploy(send, 'echo', { 'index.js': 'exports.handler = async event => ({ event })' }))

  test.each([{}, [], 'text', 0, null, true, { a: { b: ['ü', '🙂', 1.5, null] } }])(
    '%j arrives as it is',
    async event => {
      expect((await run(send, 'echo', event)).json).toEqual({ event })
    },
  )

  test('nothing is an empty object', async () => {
    expect((await send('POST /2015-03-31/functions/echo/invocations')).json).toEqual({ event: {} })
  })

  test.each([['{'], ["{'a':1}"], ['1 2'], [Buffer.from([0x22, 0xff, 0x22])]])(
    'what is not JSON is refused: %s',
    async body => {
      expect(await send('POST /2015-03-31/functions/echo/invocations', { body })).toMatchObject({
        status: 400,
        error: 'InvalidRequestContentException',
      })
    },
  )

  test('limits of size', async () => {
    const text = (bytes: number): string => `"${'x'.repeat(bytes - 2)}"`
    const post = (bytes: number, type: string): Promise<Pick<Awaited<ReturnType<typeof send>>, 'status' | 'error'>> =>
      send('POST /2015-03-31/functions/echo/invocations', {
        body: text(bytes),
        headers: { 'x-amz-invocation-type': type },
      })
    expect((await post(262_144, 'Event')).status).toBe(202)
    expect(await post(6 * 1024 * 1024 + 1, 'RequestResponse')).toMatchObject({
      status: 413,
      error: 'RequestTooLargeException',
    })
    expect(await post(2 * 1024 * 1024, 'Event')).toMatchObject({ status: 413, error: 'RequestTooLargeException' })
  })

  test.each(['not base64!', Buffer.from('no json').toString('base64')])(
    'a client context that is none: %s',
    async context => {
      expect(await run(send, 'echo', {}, { 'x-amz-client-context': context })).toMatchObject({
        status: 400,
        error: 'InvalidRequestContentException',
      })
    },
  )

  test('a dry run runs nothing', async () => {
    await deploy(send, 'dry', recorder)
    expect(await run(send, 'dry', { n: 1 }, { 'x-amz-invocation-type': 'DryRun' })).toMatchObject({
      status: 204,
      text: '',
    })
    expect((await run(send, 'dry', { tell: true })).json).toEqual([])
    expect((await run(send, 'none', {}, { 'x-amz-invocation-type': 'DryRun' })).status).toBe(404)
  })
})

describe('concurrency', () => {
  const slow = {
    'index.js': 'exports.handler = event => new Promise(resolve => setTimeout(() => resolve(1), event.ms ?? 0))',
  }

  test('a reserve is a ceiling', async () => {
    await deploy(send, 'reserved', slow)
    await send('PUT /2017-10-31/functions/reserved/concurrency', { body: { ReservedConcurrentExecutions: 1 } })
    await run(send, 'reserved')
    const [first, second] = await Promise.all([
      run(send, 'reserved', { ms: 400 }),
      new Promise(resolve => setTimeout(resolve, 150)).then(() => run(send, 'reserved')),
    ])
    expect(first.status).toBe(200)
    expect(second).toMatchObject({
      status: 429,
      error: 'TooManyRequestsException',
      json: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded', message: 'Rate Exceeded.', Type: 'User' },
    })
    expect(second.headers.get('retry-after')).toMatch(/^\d+$/)
    expect((await run(send, 'reserved')).status).toBe(200)
  })

  test('a reserve of nothing stops the function', async () => {
    await deploy(send, 'stopped', slow)
    await send('PUT /2017-10-31/functions/stopped/concurrency', { body: { ReservedConcurrentExecutions: 0 } })
    expect((await run(send, 'stopped')).status).toBe(429)
    await send('DELETE /2017-10-31/functions/stopped/concurrency')
    expect((await run(send, 'stopped')).status).toBe(200)
  })

  test('provisioned environments are ready before the first event, and take their share of the reserve', async () => {
    await deploy(send, 'provisioned', {
      'index.js': 'exports.handler = async () => process.env.AWS_LAMBDA_INITIALIZATION_TYPE',
    })
    await send('PUT /2017-10-31/functions/provisioned/concurrency', { body: { ReservedConcurrentExecutions: 1 } })
    await send('POST /2015-03-31/functions/provisioned/versions', { body: {} })
    const path = '/2019-09-30/functions/provisioned/provisioned-concurrency?Qualifier=1'
    expect((await send(`PUT ${path}`, { body: { ProvisionedConcurrentExecutions: 1 } })).json).toMatchObject({
      Status: 'IN_PROGRESS',
      AllocatedProvisionedConcurrentExecutions: 0,
    })
    const ready = await eventually(
      () => send(`GET ${path}`),
      answer => answer.json.Status !== 'IN_PROGRESS',
    )
    expect(ready.json).toMatchObject({
      Status: 'READY',
      AllocatedProvisionedConcurrentExecutions: 1,
      AvailableProvisionedConcurrentExecutions: 1,
    })
    expect((await run(send, 'provisioned:1')).json).toBe('provisioned-concurrency')
    expect(await run(send, 'provisioned')).toMatchObject({ status: 429 })
  })

  test('provisioning a version that does not come up fails', async () => {
    await deploy(send, 'unprovisioned', { 'index.js': 'throw new Error("no")' })
    await send('POST /2015-03-31/functions/unprovisioned/versions', { body: {} })
    const path = '/2019-09-30/functions/unprovisioned/provisioned-concurrency?Qualifier=1'
    await send(`PUT ${path}`, { body: { ProvisionedConcurrentExecutions: 1 } })
    const settled = await eventually(
      () => send(`GET ${path}`),
      answer => answer.json.Status !== 'IN_PROGRESS',
    )
    expect(settled.json).toMatchObject({ Status: 'FAILED', StatusReason: 'FUNCTION_ERROR_INIT_FAILURE' })
  })
})

describe('asynchronous events', () => {
  const event = { 'x-amz-invocation-type': 'Event' }
  const attempts = `
    const { appendFileSync } = require('node:fs')
    exports.handler = async (event, context) => { appendFileSync(process.env.FILE, context.awsRequestId + '\\n'); if (event.fail) throw new Error(event.fail); return 'done' }`

  test('are accepted at once and run afterwards', async () => {
    const file = `${shared}/lambdacheck-queued-${process.pid}`
    await deploy(send, 'queued', { 'index.js': attempts }, { Environment: { Variables: { FILE: file } } })
    const accepted = await run(send, 'queued', { n: 1 }, event)
    expect(accepted).toMatchObject({ status: 202, text: '' })
    const legacy = await send('POST /2014-11-13/functions/queued/invoke-async', { body: '{"n":2}' })
    expect(legacy).toMatchObject({ status: 202 })
    const ids = [accepted, legacy].map(answer => answer.headers.get('x-amzn-requestid'))
    await eventually(
      async () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []),
      seen => ids.every(id => seen.includes(id as string)),
    )
    rmSync(file)
  })

  test.each([
    [undefined, 3],
    [0, 1],
    [1, 2],
  ])(
    'with %j retries, a failing one is tried %d times under one request id, and then given up',
    async (retries, tries) => {
      const name = `tried-${tries}`
      const file = `${shared}/lambdacheck-attempts-${process.pid}-${tries}`
      await deploy(send, name, { 'index.js': attempts }, { Environment: { Variables: { FILE: file } } })
      await deploy(send, `${name}-failed`, recorder)
      const failed = `arn:aws:lambda:eu-west-1:000000000000:function:${name}-failed`
      await send(`PUT /2019-09-25/functions/${name}/event-invoke-config`, {
        body: {
          ...(retries !== undefined && { MaximumRetryAttempts: retries }),
          DestinationConfig: { OnFailure: { Destination: failed } },
        },
      })
      const { headers } = await run(send, name, { fail: 'on purpose' }, event)
      const [record] = (
        await eventually(
          () => run(send, `${name}-failed`, { tell: true }),
          answer => answer.json.length > 0,
        )
      ).json
      expect(record).toMatchObject({
        version: '1.0',
        requestContext: {
          requestId: headers.get('x-amzn-requestid'),
          functionArn: `arn:aws:lambda:eu-west-1:000000000000:function:${name}:$LATEST`,
          condition: 'RetriesExhausted',
          approximateInvokeCount: tries,
        },
        requestPayload: { fail: 'on purpose' },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: { errorType: 'Error', errorMessage: 'on purpose' },
      })
      await new Promise(resolve => setTimeout(resolve, 150))
      expect(readFileSync(file, 'utf8')).toBe(`${headers.get('x-amzn-requestid')}\n`.repeat(tries))
      rmSync(file)
    },
  )

  test('a success goes to its own destination', async () => {
    await deploy(send, 'succeeds', { 'index.js': 'exports.handler = async () => ({ ok: true })' })
    await deploy(send, 'succeeded', recorder)
    await send('PUT /2019-09-25/functions/succeeds/event-invoke-config', {
      body: {
        DestinationConfig: { OnSuccess: { Destination: 'arn:aws:lambda:eu-west-1:000000000000:function:succeeded' } },
      },
    })
    await run(send, 'succeeds', { n: 1 }, event)
    const [record] = (
      await eventually(
        () => run(send, 'succeeded', { tell: true }),
        answer => answer.json.length > 0,
      )
    ).json
    expect(record).toMatchObject({
      requestContext: { condition: 'Success', approximateInvokeCount: 1 },
      responsePayload: { ok: true },
    })
  })

  test('a function without any concurrency gives its events up at once', async () => {
    await deploy(send, 'nothing', recorder)
    await deploy(send, 'nothing-failed', recorder)
    await send('PUT /2019-09-25/functions/nothing/event-invoke-config', {
      body: {
        DestinationConfig: {
          OnFailure: { Destination: 'arn:aws:lambda:eu-west-1:000000000000:function:nothing-failed' },
        },
      },
    })
    await send('PUT /2017-10-31/functions/nothing/concurrency', { body: { ReservedConcurrentExecutions: 0 } })
    expect((await run(send, 'nothing', { n: 1 }, event)).status).toBe(202)
    const [record] = (
      await eventually(
        () => run(send, 'nothing-failed', { tell: true }),
        answer => answer.json.length > 0,
      )
    ).json
    expect(record.requestContext).toMatchObject({ condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 })
  })

  test('a retry runs what the function is by then, and a deleted function is left alone', async () => {
    const slow = await startReference({ transitionMs: 1, retryDelayMs: 400 })
    try {
      const sendSlow = requester(slow.url)
      const file = `${shared}/lambdacheck-retried-${process.pid}`
      const writes = (text: string): string => `require('node:fs').appendFileSync('${file}', '${text} '); `
      for (const name of ['mended', 'deleted'])
        await deploy(sendSlow, name, {
          'index.js': `exports.handler = async () => { ${writes(name)} throw new Error('broken') }`,
        })
      for (const name of ['mended', 'deleted']) await run(sendSlow, name, {}, event)
      await eventually(
        async () => (existsSync(file) ? readFileSync(file, 'utf8') : ''),
        text => text.includes('mended') && text.includes('deleted'),
      )
      await sendSlow('PUT /2015-03-31/functions/mended/code', {
        body: { ZipFile: zipOf({ 'index.js': `exports.handler = async () => { ${writes('now fine')} }` }) },
      })
      await sendSlow('DELETE /2015-03-31/functions/deleted')
      await eventually(
        async () => readFileSync(file, 'utf8'),
        text => text.includes('now fine'),
      )
      expect(readFileSync(file, 'utf8').match(/deleted/g)).toHaveLength(1)
      rmSync(file)
    } finally {
      await slow.close()
    }
  })

  test('a throttled one waits for its turn', async () => {
    await deploy(send, 'turns', {
      'index.js': recorder['index.js'].replace(
        'appendFileSync(file',
        'await new Promise(r => setTimeout(r, 60)); appendFileSync(file',
      ),
    })
    await send('PUT /2017-10-31/functions/turns/concurrency', { body: { ReservedConcurrentExecutions: 1 } })
    await Promise.all([1, 2, 3].map(n => run(send, 'turns', { n }, event)))
    const seen = await eventually(
      () => run(send, 'turns', { tell: true }),
      answer => answer.status === 200 && answer.json.length === 3,
    )
    expect(seen.json.map((item: { n: number }) => item.n).sort()).toEqual([1, 2, 3])
  })
})

describe('other runtimes', () => {
  test.runIf(spawnSync('python3', ['--version']).status === 0)('python3', async () => {
    await deploy(
      send,
      'python',
      {
        'app/main.py': `
import os
from lib import answer
def handler(event, context):
    print("marker", event.get("n"))
    if event.get("fail"):
        raise ValueError(event["fail"])
    return {"n": event["n"], "answer": answer, "name": context.function_name, "custom": context.client_context.custom if context.client_context else None,
            "left": context.get_remaining_time_in_millis(), "memory": context.memory_limit_in_mb, "arn": context.invoked_function_arn, "id": context.aws_request_id}
`,
        'lib.py': 'answer = 42',
      },
      { Runtime: 'python3.12', Handler: 'app/main.handler' },
    )
    const answer = await run(
      send,
      'python',
      { n: 'ü' },
      { ...tail, 'x-amz-client-context': Buffer.from('{"custom":{"k":"ü"}}').toString('base64') },
    )
    expect(answer.json).toMatchObject({
      n: 'ü',
      answer: 42,
      name: 'python',
      custom: { k: 'ü' },
      memory: '128',
      id: answer.headers.get('x-amzn-requestid'),
    })
    expect(logOf(answer)).toContain('marker ü')
    const failed = await run(send, 'python', { fail: 'no' })
    expect(failed.headers.get('x-amz-function-error')).toBe('Unhandled')
    expect(failed.json).toMatchObject({
      errorType: 'ValueError',
      errorMessage: 'no',
      requestId: failed.headers.get('x-amzn-requestid'),
      stackTrace: [expect.stringContaining('in handler')],
    })
    await deploy(send, 'python-none', { 'main.py': 'x = 1' }, { Runtime: 'python3.12', Handler: 'main.handler' })
    expect((await run(send, 'python-none')).json.errorType).toBe('Runtime.HandlerNotFound')
  })

  // A custom runtime in a few lines of Node.js: what it reports is what the Runtime API said.
  const custom = `#!/usr/bin/env node
    const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/'
    const post = (path, body) => fetch(api + path, { method: 'POST', body })
    ;(async () => {
      if (process.env.FAIL) { await post('init/error', '{"errorType":"Mine","errorMessage":"not today"}'); process.exit(1) }
      for (;;) {
        const next = await fetch(api + 'invocation/next')
        const id = next.headers.get('lambda-runtime-aws-request-id')
        const event = await next.json()
        if (event.error) { await post('invocation/' + id + '/error', '{"errorType":"Mine","errorMessage":"as asked"}'); continue }
        const wrong = (await post('invocation/00000000-0000-0000-0000-000000000000/response', '1')).status
        const nowhere = (await fetch(api + 'nowhere')).status
        const right = await post('invocation/' + id + '/response', JSON.stringify({ event, headers: Object.fromEntries(next.headers), wrong, nowhere }))
        const twice = (await post('invocation/' + id + '/response', '2')).status
        console.log('statuses', right.status, twice)
      }
    })()`

  test("provided: the package's own bootstrap speaks the Runtime API", async () => {
    await deploy(send, 'custom', { bootstrap: custom }, { Runtime: 'provided.al2023', Handler: 'any' })
    const answer = await run(send, 'custom', { n: 1 }, tail)
    expect(answer.json).toMatchObject({
      event: { n: 1 },
      wrong: 400,
      nowhere: 404,
      headers: {
        'lambda-runtime-aws-request-id': answer.headers.get('x-amzn-requestid'),
        'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:000000000000:function:custom',
        'lambda-runtime-trace-id': expect.stringMatching(
          /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=[01]$/,
        ),
      },
    })
    expect(Number(answer.json.headers['lambda-runtime-deadline-ms'])).toBeGreaterThan(Date.now() - 10_000)
    expect(logOf(answer)).toContain('statuses 202 403')
    const failed = await run(send, 'custom', { error: true })
    expect(failed.headers.get('x-amz-function-error')).toBe('Unhandled')
    expect(failed.json).toEqual({ errorType: 'Mine', errorMessage: 'as asked' })
  })

  test('provided: an initialisation that fails, and a package without bootstrap', async () => {
    await deploy(
      send,
      'custom-fails',
      { bootstrap: custom },
      { Runtime: 'provided.al2', Handler: 'any', Environment: { Variables: { FAIL: 'yes' } } },
    )
    expect((await run(send, 'custom-fails')).json).toEqual({ errorType: 'Mine', errorMessage: 'not today' })
    await deploy(send, 'custom-none', { 'index.js': '' }, { Runtime: 'provided.al2', Handler: 'any' })
    expect((await run(send, 'custom-none')).json).toMatchObject({ errorType: 'Runtime.InvalidEntrypoint' })
  })

  test('what the machine cannot run is told', async () => {
    await deploy(send, 'java', { x: '' }, { Runtime: 'java21', Handler: 'a.B::c' })
    expect(await run(send, 'java')).toMatchObject({ status: 502, error: 'InvalidRuntimeException' })
  })
})

test('closing ends every function and removes its files', async () => {
  const before = endpointFolders(process.pid)
  const own = await startReference({ transitionMs: 1 })
  const sendOwn = requester(own.url)
  await deploy(
    sendOwn,
    'closing',
    {
      'index.js':
        'exports.handler = async event => { if (event.forever) await new Promise(r => setTimeout(r, 60000)); return process.pid }',
    },
    { Timeout: 60 },
  )
  const pid = (await run(sendOwn, 'closing')).json
  const hanging = run(sendOwn, 'closing', { forever: true }).catch(() => 'broken off')
  await new Promise(resolve => setTimeout(resolve, 150))
  await own.close()
  expect(endpointFolders(process.pid)).toEqual(before)
  expect(() => process.kill(pid, 0)).toThrow()
  await hanging
})

/** Children and timers of this process, which keep it from ending. */
function keepingAlive(): { readonly children: number; readonly timers: number } {
  const kinds = process.getActiveResourcesInfo()
  const count = (kind: string): number => kinds.filter(one => one === kind).length
  return { children: count('ProcessWrap'), timers: count('Timeout') }
}

test.each([0, 5, 20, 60, 150, 400])(
  'nothing that is being started or run when it closes outlives it: %d ms after the calls',
  async ms => {
    const before = keepingAlive()
    const own = await startReference({ transitionMs: 1, retryDelayMs: 5, maxEnvironments: 3 })
    const sendOwn = requester(own.url)
    const bodies = {
      hangs: 'exports.handler = () => new Promise(() => setInterval(() => {}, 1000))',
      fails: `exports.handler = async () => { throw new Error('again') }`,
      crashes: 'process.exit(3)',
    }
    const names = Object.keys(bodies)
    await Promise.all(
      Object.entries(bodies).map(([name, body]) => deploy(sendOwn, name, { 'index.js': body }, { Timeout: 60 })),
    )
    // More than may run at one time, so that some wait for a place while the endpoint closes.
    const calls = [...names, ...names, ...names].flatMap(name => [
      run(sendOwn, name).catch(() => 'broken off'),
      run(sendOwn, name, {}, { 'x-amz-invocation-type': 'Event' }).catch(() => 'broken off'),
    ])
    await new Promise(resolve => setTimeout(resolve, ms))
    await own.close()
    await Promise.all(calls)
    await eventually(
      async () => keepingAlive(),
      ({ children, timers }) => children <= before.children && timers <= before.timers,
    )
  },
)
