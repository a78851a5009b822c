import { afterEach, describe, expect, test } from 'vitest'
import type { Case, CaseOutcome } from '../case.ts'
import { openSession } from '../run/session.ts'
import { testEndpoint } from '../testing/endpoint.ts'
import { thingSpec } from '../testing/spec.ts'
import { startThingServer, type ThingServer, type ThingServerOptions } from '../testing/thing-server.ts'
import { boundaryCases } from './boundaries.ts'
import { oneFaultCases } from './one-fault.ts'
import { validCases } from './valid.ts'

const spec = thingSpec()
let server: ThingServer | undefined
afterEach(() => server?.close())

interface RunOptions extends ThingServerOptions {
  readonly seed?: number
  readonly path?: string
  readonly runs?: number
}

function openTestSession(url: string, options: RunOptions = {}): ReturnType<typeof openSession> {
  return openSession({
    spec,
    endpoint: testEndpoint(url),
    seed: options.seed ?? 7,
    runs: options.runs ?? 20,
    caseTimeoutMs: 10_000,
    prefix: 'lc-families',
    signal: new AbortController().signal,
  })
}

async function run(chosen: readonly Case[], id: string, options: RunOptions = {}): Promise<CaseOutcome> {
  const one = chosen.find(candidate => candidate.id === id)
  if (one === undefined) throw new Error(`no case ${id} among ${chosen.map(candidate => candidate.id).join(', ')}`)
  server = await startThingServer(options)
  const session = openTestSession(server.url, options)
  const open = session.openCase(options.path === undefined ? {} : { path: options.path })
  try {
    return await one.run(open.context)
  } finally {
    await open.close()
    await session.cleanUp()
    await session.close()
  }
}

describe('valid requests', () => {
  test('pass on an honest server, and leave nothing behind', async () => {
    for (const one of validCases(spec)) {
      expect((await run(validCases(spec), one.id)).verdict, one.id).toBe('pass')
      expect(server?.things.size).toBe(0)
      await server?.close()
    }
  })

  test('find a member that does not come back as it was sent, and shrink it', async () => {
    const outcome = await run(validCases(spec), 'UpdateThing.answer#valid', { forgets: true })
    expect(outcome).toMatchObject({ verdict: 'fail', reason: 'Size comes back as it was sent' })
    // 5 is what the thing has already, so that 1 is the smallest that shows it.
    expect(outcome.counterexample).toEqual({ Size: 1 })
    expect(outcome.exchanges.at(-1)?.request.action).toBe('UpdateThing')
  })

  test('requests that are alike are sent once', async () => {
    expect((await run(validCases(spec), 'GetThing.answer#valid')).verdict).toBe('pass')
    expect(server?.log.filter(line => line.startsWith('GET'))).toHaveLength(1)
  })

  test('find a wrong status', async () => {
    const outcome = await run(validCases(spec), 'CreateThing.answer#valid', { created: 200 })
    expect(outcome).toMatchObject({ verdict: 'fail', expected: 'status 201', actual: 'status 200' })
  })
})

describe('requests with one fault', () => {
  const cases = oneFaultCases(spec)

  test('have stable ids', () => {
    expect(cases.map(one => one.id)).toEqual([
      'CreateThing.request.Size.required#one-fault.missing',
      'CreateThing.request.Size.required#one-fault.null',
      'CreateThing.request.Size.type#one-fault.wrong-type',
      'CreateThing.request.Size.range#one-fault.below-min',
      'CreateThing.request.Size.range#one-fault.above-max',
      'CreateThing.request.Color.enum#one-fault.unknown-value',
      'CreateThing.request.syntax#one-fault.malformed-json',
      'UpdateThing.request.Size.range#one-fault.below-min',
      'UpdateThing.request.Size.range#one-fault.above-max',
      'UpdateThing.request.Color.enum#one-fault.unknown-value',
    ])
  })

  test('pass on an honest server', async () => {
    for (const one of cases) {
      expect((await run(cases, one.id)).verdict, one.id).toBe('pass')
      await server?.close()
    }
  })

  test('an accepted fault is found and shrunk to the smallest, and its path replays it', async () => {
    const id = 'CreateThing.request.Size.range#one-fault.above-max'
    const outcome = await run(cases, id, { takesSizesFrom: 150, runs: 60 })
    expect(outcome).toMatchObject({
      verdict: 'fail',
      counterexample: 150,
      reason: 'CreateThing accepted a number above 100',
    })
    expect(outcome.exchanges.map(one => one.response?.status)).toEqual([201, 201])
    await server?.close()
    const replayed = await run(cases, id, { takesSizesFrom: 150, path: outcome.path ?? '', runs: 60 })
    expect(replayed).toMatchObject({ verdict: 'fail', counterexample: 150, path: outcome.path })
  })

  test('what is enumerated finds it whatever the seed', async () => {
    const id = 'CreateThing.request.Size.range#one-fault.above-max'
    const found: unknown[] = []
    for (const seed of [1, 2, 3]) {
      const { verdict, counterexample, path } = await run(cases, id, { takesSizesFrom: 150, seed, runs: 20 })
      found.push({ verdict, counterexample, path })
      await server?.close()
    }
    expect(found[0]).toMatchObject({ verdict: 'fail', counterexample: 150 })
    expect(found).toEqual([found[0], found[0], found[0]])
  })

  test.each([
    [{ status: 500, name: 'ServiceException' }, 'fail', /server error/],
    [{ status: 400, name: 'SomethingElse' }, 'fail', /expected a refusal/],
    [{ status: 404, name: 'ResourceNotFoundException' }, 'fail', /expected a refusal/],
    [{ status: 409, name: 'ValidationException' }, 'fail', /expected a refusal/],
    [{ status: 400 }, 'fail', /names no error/],
    [{ status: 429, name: 'TooManyRequestsException' }, 'inconclusive', /429/],
  ] as const)('a refusal as %j is no pass', { timeout: 30_000 }, async (refusal, verdict, reason) => {
    const outcome = await run(cases, 'CreateThing.request.Size.range#one-fault.below-min', { refusal, runs: 1 })
    expect(outcome.verdict).toBe(verdict)
    expect(outcome.reason).toMatch(reason)
  })

  test('where the control is refused as well, the same refusal proves nothing', async () => {
    const outcome = await run(cases, 'UpdateThing.request.Color.enum#one-fault.unknown-value', {
      hatesColors: 'colors are not allowed',
    })
    expect(outcome.verdict).toBe('inconclusive')
    expect(outcome.reason).toMatch(/the same request without the fault was answered 400/)
  })
})

describe('what a made-up value has changed', () => {
  test.each([
    [oneFaultCases(spec), 'UpdateThing.request.Color.enum#one-fault.unknown-value'],
    [boundaryCases(spec), 'UpdateThing.request.Size.range#boundary.max'],
  ])('is not lent again', async (cases, id) => {
    server = await startThingServer({})
    const session = openTestSession(server.url)
    const first = session.openCase({})
    const outcome = await cases.find(one => one.id === id)!.run(first.context)
    await first.close()
    const changed = server.log
      .find(line => line.startsWith('PUT'))
      ?.split('/')
      .at(-1)
    const next = session.openCase({})
    const { scope } = await next.context.fixtures.lease('UpdateThing', ['thing'])
    expect([outcome.verdict, changed]).toEqual(['pass', expect.any(String)])
    expect(scope['thing']).toMatchObject({ Name: expect.not.stringMatching(new RegExp(`^${changed}$`)) })
    await next.close()
    await session.cleanUp()
    await session.close()
  })
})

describe('boundaries', () => {
  const cases = boundaryCases(spec)

  test('pass on an honest server', async () => {
    expect(cases.map(one => one.id)).toEqual([
      'CreateThing.request.Size.range#boundary.min',
      'CreateThing.request.Size.range#boundary.max',
      'UpdateThing.request.Size.range#boundary.min',
      'UpdateThing.request.Size.range#boundary.max',
    ])
    for (const one of cases) {
      expect((await run(cases, one.id)).verdict, one.id).toBe('pass')
      await server?.close()
    }
  })

  test('fail where the value at the edge is not kept', async () => {
    expect(await run(cases, 'UpdateThing.request.Size.range#boundary.max', { forgets: true })).toMatchObject({
      verdict: 'fail',
      expected: '100',
      actual: '5',
    })
  })
})
