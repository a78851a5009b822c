import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { EndpointConfig } from '../../config/config.ts'
import { type Reference, startReference } from '../../reference/server.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { CaseOutcome } from '../case.ts'
import { createSuspects } from '../run/suspects.ts'
import { createBreaker } from '../run/breaker.ts'
import { deriveCases } from '../run/derive.ts'
import { runCase } from '../run/run-case.ts'
import { openSession } from '../run/session.ts'
import { type Behaviour, refusal, withJson } from '../testing/faults/fault.ts'
import { type FaultyProxy, startFaultyProxy } from '../testing/faults/proxy.ts'
import { type Asked, askEndpoint } from './ask.ts'

const spec = loadSpec()
const cases = new Map(deriveCases(spec).map(one => [one.id, one]))
const LIMITS = { concurrency: 8, rate: 0, requestTimeoutMs: 3000, maxResponseBytes: 8_000_000 }
let reference: Reference
let proxy: FaultyProxy | undefined
let runs = 0

beforeAll(async () => {
  reference = await startReference({ spec, transitionMs: 15 })
})
afterAll(() => reference.close())
afterEach(() => proxy?.close())

async function ask(behaviour: Behaviour, config: Partial<EndpointConfig> = {}): Promise<Asked> {
  proxy = await startFaultyProxy({ spec, target: reference.url, behaviour })
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const target = {
    name: 'faulty',
    config: { url: proxy.url, ...config },
    region: 'us-east-1',
    credentials,
    limits: LIMITS,
    folder: '.',
    origin: 'test',
  }
  const run = `lambdacheck-ask${(++runs).toString(36)}`
  return askEndpoint({ target, url: proxy.url, spec, run, signal: new AbortController().signal, timeMs: 20_000 })
}

/** The outcomes of cases on the endpoint as it was asked about. */
async function outcomes({ endpoint }: Asked, ...ids: readonly string[]): Promise<readonly CaseOutcome[]> {
  const session = openSession({
    spec,
    endpoint,
    seed: 1,
    runs: 4,
    caseTimeoutMs: 12_000,
    prefix: endpoint.run,
    signal: new AbortController().signal,
  })
  try {
    return await Promise.all(
      ids.map(async id => {
        const one = cases.get(id)
        if (one === undefined) throw new Error(`no case ${id}`)
        const options = {
          endpoint,
          session,
          breaker: createBreaker(),
          suspects: createSuspects(),
          caseTimeoutMs: 12_000,
          cleanBy: Infinity,
        }
        return (await runCase(one, { ...options, signal: new AbortController().signal })).outcome
      }),
    )
  } finally {
    await session.cleanUp()
    await session.close()
  }
}

const verdicts = async (asked: Asked, ...ids: readonly string[]): Promise<readonly string[]> =>
  (await outcomes(asked, ...ids)).map(one => one.verdict)

test('a function gets a URL that leads to somebody else: such URLs are not asked for', {
  timeout: 60_000,
}, async () => {
  const given = await ask(async (request, forward) => {
    const made = await forward()
    return request.action === 'CreateFunctionUrlConfig'
      ? withJson(made, url => ({ ...url, FunctionUrl: 'https://abc.lambda-url.us-east-1.on.aws/' }))
      : made
  })
  expect(given.endpoint.capabilities['function-urls']).toBe(false)
  expect(given.endpoint.reasons?.['function-urls']).toMatch(/does not lead to the endpoint/)
  const own = await ask(async (_, forward) => forward())
  expect(own.endpoint.capabilities['function-urls']).toBe(true)
})

test('where configurations of code signing cannot be made, the action is what is missing', {
  timeout: 60_000,
}, async () => {
  const asked = await ask(async (request, forward) =>
    request.target.startsWith('/2020-04-22/') ? refusal(404, 'UnknownOperationException') : forward(),
  )
  const [outcome] = await outcomes(asked, 'PutFunctionCodeSigningConfig.answer#valid')
  expect(outcome?.verdict).toBe('unsupported')
  expect(outcome?.reason).toMatch(/does not implement CreateCodeSigningConfig \(it was answered 404/)
})

test('of a service that was not found the reason is its answer', { timeout: 60_000 }, async () => {
  const asked = await ask(async (request, forward) =>
    String(request.headers['x-amz-target']).startsWith('Kinesis_') ? refusal(501, 'InternalFailure') : forward(),
  )
  expect(asked.endpoint.capabilities).toMatchObject({ kinesis: false, sqs: true })
  expect(asked.endpoint.reasons?.['kinesis']).toMatch(/^ListStreams was answered 501 /)
})

describe('what a control or a status had left open', () => {
  test('a layer of somebody else is refused before anything else', { timeout: 60_000 }, async () => {
    const asked = await ask(async (request, forward) => {
      const [layer] = Array.isArray(request.params['Layers']) ? request.params['Layers'] : []
      const isForeign =
        typeof layer === 'string' &&
        /^arn:[\w-]+:lambda:[\w-]+:\d{12}:layer:[\w-]+:\d+$/.test(layer) &&
        !layer.includes('lambdacheck')
      return isForeign ? refusal(403, 'AccessDeniedException') : forward()
    })
    expect(await verdicts(asked, 'CreateFunction.request.Layers.[].pattern#one-fault.bad-pattern')).toEqual(['pass'])
  })

  test('options that a queue has not are tried where there are some', { timeout: 60_000 }, async () => {
    const asked = await ask(async (request, forward) =>
      request.params['DestinationConfig'] !== undefined && String(request.params['EventSourceArn']).includes(':sqs:')
        ? refusal(400, 'InvalidParameterValueException', 'Unsupported DestinationConfig parameter')
        : forward(),
    )
    const id = 'CreateEventSourceMapping.request.DestinationConfig.OnFailure.Destination.pattern#one-fault.bad-pattern'
    expect(await verdicts(asked, id)).toEqual(['pass'])
  })

  // Any server may answer 200: that the status is wrong, the valid request shows.
  test('a bound that is taken with another status of success stays open', { timeout: 60_000 }, async () => {
    const asked = await ask(async (request, forward) => {
      const given = await forward()
      return request.action === 'UpdateEventSourceMapping' && given.status === 202 ? { ...given, status: 200 } : given
    })
    const ids = [
      'UpdateEventSourceMapping.request.BatchSize.range#boundary.min',
      'UpdateEventSourceMapping.answer#valid',
    ]
    expect(await verdicts(asked, ...ids)).toEqual(['inconclusive', 'fail'])
  })
})

describe('what is broken is not called missing', () => {
  test('a log tail that never comes', { timeout: 60_000 }, async () => {
    const asked = await ask(async (_, forward) => {
      const { headers, ...rest } = await forward()
      const { 'x-amz-log-result': __, ...others } = headers
      return { ...rest, headers: others }
    })
    expect(asked.endpoint.capabilities['logs']).toBe(true)
    expect(await verdicts(asked, 'invoke.sync.log-tail#property')).toEqual(['fail'])
  })

  test('a runtime that dies at its start', { timeout: 60_000 }, async () => {
    const python = new Set<string>()
    const asked = await ask(async (request, forward) => {
      const name = String(request.params['FunctionName'])
      if (request.action === 'CreateFunction' && String(request.params['Runtime']).startsWith('python'))
        python.add(name)
      if (request.action === 'Invoke' && python.has(name))
        return refusal(502, 'InvalidRuntimeException', 'no python here')
      return forward()
    })
    expect(asked.endpoint.capabilities['python']).toBe(true)
    expect(await verdicts(asked, 'runtimes.python#property', 'runtimes.nodejs#property')).toEqual(['fail', 'pass'])
  })

  test('an Invoke that ignores its type', { timeout: 60_000 }, async () => {
    const asked = await ask((request, forward) => {
      if (request.action !== 'Invoke') return forward()
      const { 'x-amz-invocation-type': _, ...headers } = request.headers
      return startAnew(request.target, headers, request.body)
    })
    expect(asked.endpoint.capabilities['async']).toBe(true)
    expect(await verdicts(asked, 'async.accepted#property', 'invoke.dry-run.validates#property')).toEqual([
      'fail',
      'fail',
    ])
  })

  test('functions that never become active, of which the control plane is judged all the same', {
    timeout: 90_000,
  }, async () => {
    const asked = await ask(async (request, forward) => {
      const given = await forward()
      return /^(Create|Get|Update)Function(Configuration)?$/.test(request.action ?? '')
        ? { ...given, body: Buffer.from(given.body.toString('utf8').replaceAll('"Active"', '"Failed"')) }
        : given
    })
    expect(asked.notes.join(' ')).toContain('state Failed')
    expect(await verdicts(asked, 'states.pending-to-active#property', 'CreateAlias.answer#valid')).toEqual([
      'fail',
      'pass',
    ])
  })

  test('a crash, whatever its words', { timeout: 60_000 }, async () => {
    const asked = await ask((request, forward) =>
      request.action === 'PublishVersion'
        ? Promise.resolve({
            status: 500,
            headers: {},
            body: Buffer.from('NotImplementedError: this is not supported, not implemented'),
          })
        : forward(),
    )
    expect(asked.endpoint.actions['PublishVersion']).not.toBe('unsupported')
    expect(await verdicts(asked, 'PublishVersion.answer#valid', 'version.numbers#property')).toEqual(['fail', 'fail'])
  })

  test('a page of a web server for a function that is not there, where other paths are answered otherwise', {
    timeout: 60_000,
  }, async () => {
    const asked = await ask(async (request, forward) => {
      const given = await forward()
      return request.action === 'GetFunction' && given.status === 404
        ? { status: 404, headers: {}, body: Buffer.from('<html>no such page</html>') }
        : given
    })
    expect(await verdicts(asked, 'GetFunction.error.ResourceNotFoundException.unknown-function#error')).toEqual([
      'fail',
    ])
  })
})

describe('what the endpoint file says is binding', () => {
  test('no function is made where none may be', { timeout: 60_000 }, async () => {
    const made: string[] = []
    const asked = await ask(
      (request, forward) => {
        if (request.action === 'CreateFunction') made.push(request.target)
        return forward()
      },
      { capabilities: { create: false } },
    )
    const found = await outcomes(asked, 'CreateFunction.answer#valid', 'PublishVersion.answer#valid')
    expect(found).toMatchObject([
      { verdict: 'skipped', lacks: ['create'] },
      { verdict: 'skipped', lacks: ['create'] },
    ])
    expect(asked.endpoint.declared).toEqual(['create'])
    expect(asked.endpoint.actions['CreateFunction']).toBe('unsupported')
    expect(made).toEqual([])
  })
})

test('an emulator of one function invokes it, whatever it says of others', { timeout: 60_000 }, async () => {
  const nothing = { status: 404, headers: {}, body: Buffer.from('404 page not found\n') }
  const told = { next: { status: 200 }, reports: {} }
  const { endpoint } = await ask(
    async ({ action, params }) =>
      action === 'Invoke' && params['FunctionName'] === 'function'
        ? { status: 200, headers: {}, body: Buffer.from(JSON.stringify(told)) }
        : nothing,
    { capabilities: { create: false }, probes: { runtime: 'function' } },
  )
  expect(endpoint.actions).toMatchObject({ Invoke: 'supported', GetFunction: 'unsupported' })
  expect(endpoint.capabilities['static-runtime']).toBe(true)
})

test('an endpoint that never answers ListFunctions is reached all the same', { timeout: 60_000 }, async () => {
  const asked = await ask((request, forward) =>
    request.action === 'ListFunctions' ? Promise.resolve('hang') : forward(),
  )
  expect(asked.endpoint.actions['GetFunction']).toBe('supported')
})

/** The same request without what was taken from its headers; the signature does not matter to the embedded endpoint. */
async function startAnew(
  target: string,
  headers: { readonly [name: string]: string },
  body: Buffer,
): Promise<{ status: number; headers: { [name: string]: string }; body: Buffer }> {
  const { 'content-length': _, connection: __, host: ___, ...kept } = headers
  const response = await fetch(`${reference.url}${target}`, {
    method: 'POST',
    headers: kept,
    body: new Uint8Array(body),
  })
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  }
}

describe('the flavour of the probe that the endpoint file asks for', () => {
  const runtimes = ({ endpoint }: Asked): readonly (string | undefined)[] =>
    [endpoint.probe, endpoint.uninvoked].map(probe => probe?.runtime)

  test('is the one of functions that are started, and the others are small', { timeout: 60_000 }, async () => {
    const plain = async (...[, forward]: Parameters<Behaviour>): ReturnType<Behaviour> => forward()
    expect(runtimes(await ask(plain))).toEqual(['nodejs22.x', 'nodejs22.x'])
    expect(runtimes(await ask(plain, { flavour: 'python' }))).toEqual(['python3.13', 'nodejs22.x'])
    expect(runtimes(await ask(plain, { flavour: 'static' }))).toEqual(['provided.al2023', 'nodejs22.x'])
  })

  test('gives way where it does not run', { timeout: 60_000 }, async () => {
    const asked = await ask(
      async (request, forward) =>
        String(request.params['Runtime']).startsWith('provided')
          ? refusal(400, 'InvalidParameterValueException', 'no such runtime')
          : forward(),
      { flavour: 'static' },
    )
    expect(runtimes(asked)).toEqual(['nodejs22.x', 'nodejs22.x'])
  })
})
