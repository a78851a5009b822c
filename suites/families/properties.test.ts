import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startReference, type Reference } from '../../reference/server.ts'
import { compilePages } from '../../spec/compiler/compile-pages.ts'
import { readPageTexts } from '../../spec/compiler/compile.ts'
import type { Case, CaseOutcome, Endpoint } from '../case.ts'
import { answer, refusal, withJson, type Behaviour } from '../testing/faults/fault.ts'
import { startFaultyProxy } from '../testing/faults/proxy.ts'
import { faultyEndpoint } from '../testing/faults/run-cases.ts'
import { openSession, type Session } from '../run/session.ts'
import { propertyCases } from './properties.ts'

/** What the trials speak of, and no more: the pages are compiled for each. */
const SPOKEN_OF = new RegExp(
  '^(types/.*|constraints|services|behaviour/errors|resources/(function|version|alias)' +
    '|api/(CreateFunction|DeleteFunction|GetFunction|GetFunctionConfiguration|UpdateFunctionConfiguration|ListFunctions|PublishVersion|ListVersionsByFunction' +
    '|CreateAlias|GetAlias|UpdateAlias|DeleteAlias|ListAliases|GetFunctionConcurrency|PutFunctionConcurrency|TagResource|Invoke))\\.md$',
)
const pages = readPageTexts('spec').filter(({ file }) => SPOKEN_OF.test(file))
let reference: Reference
beforeAll(async () => {
  reference = await startReference({ spec: compilePages(pages).spec, transitionMs: 5 })
})
afterAll(() => reference.close())

const honest: Behaviour = (_, forward) => forward()

interface Conditions {
  readonly behaviour?: Behaviour
  readonly endpoint?: Partial<Endpoint>
  readonly path?: string
}

/** A session on a server that behaves so. */
async function withSession<T>(
  { behaviour = honest, endpoint = {} }: Conditions,
  use: (session: Session) => Promise<T>,
  spec = compilePages(pages).spec,
): Promise<T> {
  const proxy = await startFaultyProxy({ spec, target: reference.url, behaviour })
  const session = openSession({
    spec,
    endpoint: faultyEndpoint(proxy.url, 5000, { run: 'lc-trial', capabilities: {}, ...endpoint }),
    seed: 3,
    runs: 12,
    caseTimeoutMs: 8000,
    prefix: `lc-trial-${(++trials).toString(36)}`,
    signal: new AbortController().signal,
  })
  try {
    return await use(session)
  } finally {
    await session.close()
    await proxy.close()
  }
}

/** Compiles a page with one property beside the real pages, and runs it. */
async function run(body: string, conditions: Conditions = {}): Promise<CaseOutcome> {
  const page = `---\ntopic: trial\nprofile: functions\n---\n# Trial\n\n### Trial\nTried.\n\n\`\`\`property id=trial.one level=must\n${body}\n\`\`\`\n`
  const { spec, errors } = compilePages([...pages, { file: 'behaviour/trial.md', text: page }])
  expect(errors.filter(error => error.file === 'behaviour/trial.md')).toEqual([])
  const one = propertyCases(spec).find(found => found.id === 'trial.one#property') as Case
  return withSession(
    conditions,
    async session => {
      const open = session.openCase(conditions.path === undefined ? {} : { path: conditions.path })
      const outcome = await one.run(open.context)
      await open.close()
      return outcome
    },
    spec,
  )
}
let trials = 0

const GIVEN = 'given:\n  fn: {function: {}}\n'
const READ = '  - GetFunctionConfiguration: {FunctionName: $fn.FunctionName}\n'

describe('a property', () => {
  test('that holds passes', async () => {
    expect(await run(`${GIVEN}then:\n${READ}    returns: {MemorySize: 128}`)).toMatchObject({
      verdict: 'pass',
      runs: 1,
      exchanges: [],
    })
  })

  test('that does not hold says where, what was expected and what came', async () => {
    const outcome = await run(`${GIVEN}then:\n${READ}    returns: {MemorySize: 129}`)
    expect(outcome).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('behaviour/trial.md:14') as string,
      expected: 'GetFunctionConfiguration to answer MemorySize: 129',
      actual: 'MemorySize: 128',
    })
    expect(outcome.exchanges.at(-1)?.request.method).toBe('GET')
  })

  test.each([
    ['a fault of the server', refusal(500, 'ServiceException'), 'fail'],
    ['a fault without a name', { status: 500, headers: {}, body: Buffer.from('crashed') }, 'fail'],
    ['what the function is made of', refusal(502, 'InvalidRuntimeException'), 'inconclusive'],
    ['that it is busy', { status: 503, headers: {}, body: Buffer.from('busy') }, 'inconclusive'],
    ['a refusal', refusal(409, 'ResourceConflictException'), 'inconclusive'],
  ] as const)('whose preparing call is answered with %s', async (_, reply, verdict) => {
    const behaviour: Behaviour = async ({ action }, forward) => (action === 'Invoke' ? reply : forward())
    const call = 'when:\n  - Invoke: {FunctionName: $fn.FunctionName}\n'
    expect(await run(`${GIVEN}${call}then:\n${READ}`, { behaviour })).toMatchObject({ verdict })
  })

  test('is shrunk to the simplest variables, which seed and path bring back', { timeout: 40_000 }, async () => {
    const capped: Behaviour = async (request, forward) => {
      const given = await forward()
      return request.action === 'GetFunctionConfiguration'
        ? withJson(given, value => ({ ...value, MemorySize: Math.min(Number(value['MemorySize']), 300) }))
        : given
    }
    const body = `forAll:\n  size: !integer 128..2000\n${GIVEN}when:\n  - UpdateFunctionConfiguration: {FunctionName: $fn.FunctionName, MemorySize: $size}\nthen:\n${READ}    returns: {MemorySize: $size}`
    const found = await run(body, { behaviour: capped })
    expect(found).toMatchObject({
      verdict: 'fail',
      counterexample: { size: 301 },
      expected: 'GetFunctionConfiguration to answer MemorySize: 301',
      actual: 'MemorySize: 300',
    })
    expect(await run(body, { behaviour: capped, path: found.path as string })).toMatchObject({
      verdict: 'fail',
      counterexample: { size: 301 },
      runs: 1,
    })
  })

  test('whose preparation is refused tells nothing; whose assertion is refused fails', async () => {
    const refusing: Behaviour = async (request, forward) =>
      request.action === 'PublishVersion' ? refusal(400, 'InvalidParameterValueException') : forward()
    const publish = '  - PublishVersion: {FunctionName: $fn.FunctionName}\n'
    expect(
      await run(`${GIVEN}when:\n${publish}then:\n${READ}    returns: {MemorySize: 128}`, { behaviour: refusing }),
    ).toMatchObject({ verdict: 'inconclusive' })
    expect(await run(`${GIVEN}then:\n${publish}`, { behaviour: refusing })).toMatchObject({
      verdict: 'fail',
      expected: 'PublishVersion to succeed',
    })
  })

  test('with an action that is not implemented is unsupported, wherever the action stands', async () => {
    const lacking: Behaviour = async (request, forward) =>
      request.action === 'PublishVersion' ? refusal(501, 'NotImplemented') : forward()
    const publish = '  - PublishVersion: {FunctionName: $fn.FunctionName}\n'
    for (const part of ['when', 'then']) {
      expect(
        await run(`${GIVEN}${part}:\n${publish}${part === 'when' ? `then:\n${READ}` : ''}`, { behaviour: lacking }),
      ).toMatchObject({ verdict: 'unsupported' })
    }
    expect(
      await run(`given:\n  v: {version: {}}\nthen:\n  - GetFunctionConfiguration: {FunctionName: $v.FunctionName}`, {
        behaviour: lacking,
      }),
    ).toMatchObject({ verdict: 'unsupported' })
    expect(
      await run(
        `${GIVEN}then:\n  - PublishVersion: {FunctionName: $fn.FunctionName, CodeSha256: no}\n    fails: InvalidParameterValueException`,
        { behaviour: lacking },
      ),
    ).toMatchObject({ verdict: 'unsupported' })
  })

  test('that meets a broken connection tells nothing', async () => {
    const breaking: Behaviour = async (request, forward) => (request.action === 'GetFunction' ? 'reset' : forward())
    expect(
      await run(`${GIVEN}then:\n  - GetFunction: {FunctionName: $fn.FunctionName}`, { behaviour: breaking }),
    ).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('no answer') as string })
  })

  test('that is all refusals counts only when what is given can be read back', async () => {
    const body = `${GIVEN}then:\n  - GetAlias: {FunctionName: $fn.FunctionName, Name: nobody}\n    fails: ResourceNotFoundException`
    expect(await run(body)).toMatchObject({ verdict: 'pass' })
    const blank: Behaviour = async (request, forward) =>
      request.action === 'GetFunctionConfiguration' ? answer(200, {}) : forward()
    expect(await run(body, { behaviour: blank })).toMatchObject({ verdict: 'inconclusive' })
    expect(
      await run('then:\n  - GetFunction: {FunctionName: nobody}\n    fails: ResourceNotFoundException'),
    ).toMatchObject({ verdict: 'inconclusive' })
  })

  test('wants the right error with the right status', async () => {
    const body = (error: string): string =>
      `${GIVEN}then:\n${READ}  - GetAlias: {FunctionName: $fn.FunctionName, Name: nobody}\n    fails: ${error}`
    expect(await run(body('ResourceNotFoundException 404'))).toMatchObject({ verdict: 'pass' })
    expect(await run(body('[InvalidParameterValueException, ResourceNotFoundException]'))).toMatchObject({
      verdict: 'pass',
    })
    expect(await run(body('{error: ResourceNotFoundException, message: !matches ".*[aA]lias.*"}'))).toMatchObject({
      verdict: 'pass',
    })
    expect(
      await run(body('{error: ResourceNotFoundException, message: !matches "nothing of the kind"}')),
    ).toMatchObject({ verdict: 'fail' })
    expect(await run(body('InvalidParameterValueException'))).toMatchObject({
      verdict: 'fail',
      actual: expect.stringContaining('404 ResourceNotFoundException') as string,
    })
    const misstated: Behaviour = async (request, forward) =>
      request.action === 'GetAlias' ? refusal(400, 'ResourceNotFoundException') : forward()
    expect(await run(body('ResourceNotFoundException'), { behaviour: misstated })).toMatchObject({ verdict: 'fail' })
  })
})

describe('steps', () => {
  test('`eventually` waits for what comes late, and no longer than it says', async () => {
    let reads = 0
    const late: Behaviour = async (request, forward) => {
      const given = await forward()
      return request.action === 'GetFunctionConcurrency' && ++reads < 4 ? withJson(given, () => ({})) : given
    }
    const body = (seconds: number): string =>
      `${GIVEN}when:\n  - PutFunctionConcurrency: {FunctionName: $fn.FunctionName, ReservedConcurrentExecutions: 1}\nthen:\n  - GetFunctionConcurrency: {FunctionName: $fn.FunctionName}\n    returns: {ReservedConcurrentExecutions: 1}\n    eventually: ${seconds}`
    expect(await run(body(5), { behaviour: late })).toMatchObject({ verdict: 'pass' })
    const never: Behaviour = async (request, forward) =>
      request.action === 'GetFunctionConcurrency' ? answer(200, {}) : forward()
    expect(await run(body(1), { behaviour: never })).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('stayed so for 1 seconds') as string,
    })
    expect(await run(body(600), { behaviour: never })).toMatchObject({ verdict: 'inconclusive' })
  }, 60_000)

  test('`otherwise` leaves the property open where the answer is another, and fails it where a step refuses', async () => {
    const body = (reserve: number): string =>
      `${GIVEN}when:\n  - GetFunctionConcurrency: {FunctionName: $fn.FunctionName}\n    returns: {ReservedConcurrentExecutions: ${reserve}}\n    otherwise: inconclusive\nthen:\n  - GetFunction: {FunctionName: $fn.FunctionName}`
    const reserved =
      (status: number): Behaviour =>
      async (request, forward) =>
        request.action === 'GetFunctionConcurrency' ? answer(status, { ReservedConcurrentExecutions: 7 }) : forward()
    expect(await run(body(7), { behaviour: reserved(200) })).toMatchObject({ verdict: 'pass' })
    expect(await run(body(8), { behaviour: reserved(200) })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('leaves it open') as string,
    })
    expect(await run(body(7), { behaviour: reserved(500) })).toMatchObject({ verdict: 'fail' })
  })

  test('`parallel` with `exactly` counts those that succeed, and the others must be refused as said', async () => {
    const create =
      '      - CreateAlias: {FunctionName: $v.FunctionName, Name: one, FunctionVersion: $v.Version}\n        returns: {$status: 201}\n        fails: ResourceConflictException\n'
    const body = (times: number): string =>
      `given:\n  v: {version: {}}\nthen:\n  - parallel:\n${create.repeat(3)}    exactly: ${times}`
    expect(await run(body(1))).toMatchObject({ verdict: 'pass' })
    expect(await run(body(2))).toMatchObject({
      verdict: 'fail',
      actual: expect.stringMatching(/^1 succeeded/) as string,
    })
    const other: Behaviour = async (request, forward) => {
      const given = await forward()
      return request.action === 'CreateAlias' && given.status === 409
        ? refusal(400, 'InvalidParameterValueException')
        : given
    }
    expect(await run(body(1), { behaviour: other })).toMatchObject({ verdict: 'fail' })
  })

  test('calls of other services are asked for success, and a queue has the attributes that it is given', async () => {
    const body = (seconds: string): string =>
      `given:\n  queue: {queue: {VisibilityTimeout: '7', RedrivePolicy: {deadLetterTargetArn: '\${dead.QueueArn}', maxReceiveCount: 2}}}\nthen:\n  - http: {service: sqs, action: GetQueueAttributes, body: {QueueUrl: $queue.QueueUrl, AttributeNames: [All]}}\n    returns: {Attributes: {VisibilityTimeout: '${seconds}', RedrivePolicy: !json {maxReceiveCount: 2}}}`.replace(
        'given:\n',
        'given:\n  dead: {queue: {}}\n',
      )
    const conditions = { endpoint: { capabilities: { sqs: true } } }
    expect(await run(body('7'), conditions)).toMatchObject({ verdict: 'pass' })
    expect(await run(body('8'), conditions)).toMatchObject({
      verdict: 'fail',
      expected: expect.stringContaining('GetQueueAttributes') as string,
    })
    const refused = `${GIVEN}then:\n  - http: {service: sqs, action: GetQueueUrl, body: {QueueName: !unique nobody}}`
    expect(await run(refused, conditions)).toMatchObject({
      verdict: 'fail',
      actual: expect.stringContaining('QueueDoesNotExist') as string,
    })
  })

  test('every mismatch of a step is told, the most telling first', async () => {
    const wanted = '{MemorySize: 129, Handler: other.handler, StateReason: !present , FunctionArn: $fn.FunctionName}'
    const outcome = await run(`${GIVEN}then:\n${READ}    returns: ${wanted}`)
    expect(outcome).toMatchObject({ verdict: 'fail', expected: expect.stringContaining('MemorySize: 129') as string })
    expect(outcome.mismatches?.map(one => one.path)).toEqual(['MemorySize', 'Handler', 'StateReason', 'FunctionArn'])
  })

  test('what a function throws at what it is sent is what the report says', async () => {
    const body = `${GIVEN}then:\n  - Invoke: {FunctionName: $fn.FunctionName, Payload: {do: [{record: {messageId: m, body: b}}]}}\n    returns: {FunctionError: !absent , Payload: {results: [true]}}`
    expect(await run(body)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringMatching(
        /^the function says (of its event: messageId is null; body is null|UnexpectedRecord: messageId)/,
      ) as string,
    })
  })

  test('`repeat`, `wait` and raw requests', async () => {
    const body = `${GIVEN}then:\n  - repeat:\n      times: 2\n      steps:\n        - TagResource: {Resource: $fn.FunctionArn, Tags: {a: b}}\n        - wait: 0.01\n  - http: {method: GET, path: '/2015-03-31/functions/\${fn.FunctionName}/configuration'}\n    returns: {$status: 200, FunctionName: $fn.FunctionName, $headers: {content-type: !matches "application/json.*"}}`
    expect(await run(body)).toMatchObject({ verdict: 'pass' })
  })

  test('a list is read to its end', async () => {
    const small: Behaviour = async (request, forward) =>
      request.action === 'ListAliases' && request.params['MaxItems'] === undefined
        ? forward({ target: `${request.target}${request.target.includes('?') ? '&' : '?'}MaxItems=1` })
        : forward()
    const create = (name: string): string =>
      `  - CreateAlias: {FunctionName: $v.FunctionName, Name: ${name}, FunctionVersion: $v.Version}\n`
    const body = `given:\n  v: {version: {}}\nwhen:\n${['a', 'b', 'c'].map(create).join('')}then:\n  - ListAliases: {FunctionName: $v.FunctionName}\n    returns: {Aliases: !length 3}\n  - ListAliases: {FunctionName: $v.FunctionName, MaxItems: 2}\n    returns: {Aliases: !length 2}`
    expect(await run(body)).toMatchObject({ verdict: 'pass' })
    expect(
      await run(body.replace(/\n {2}- ListAliases: \{[^}]*MaxItems: 2\}\n.*$/, ''), { behaviour: small }),
    ).toMatchObject({ verdict: 'pass' })
  })

  test('an update that is still going on is waited for, a true conflict is not', async () => {
    let busy = 2
    const slow: Behaviour = async (request, forward) => {
      if (request.action === 'PublishVersion' && busy > 0)
        return refusal(409, 'ResourceConflictException', 'An update is in progress')
      if (request.action !== 'GetFunctionConfiguration' || busy === 0) return forward()
      busy--
      return withJson(await forward(), value => ({ ...value, LastUpdateStatus: 'InProgress', State: 'Active' }))
    }
    const ready = 'when:\n  - UpdateFunctionConfiguration: {FunctionName: $fn.FunctionName, Timeout: 4}\n'
    busy = 0
    const patient: Behaviour = async (request, forward) => {
      if (request.action === 'UpdateFunctionConfiguration') busy = 2
      return slow(request, forward)
    }
    expect(
      await run(
        `${GIVEN}${ready}then:\n  - PublishVersion: {FunctionName: $fn.FunctionName}\n    returns: {Version: '1'}`,
        { behaviour: patient },
      ),
    ).toMatchObject({ verdict: 'pass' })
    const conflict: Behaviour = async (request, forward) =>
      request.action === 'PublishVersion' ? refusal(409, 'ResourceConflictException', 'taken') : forward()
    const start = Date.now()
    expect(
      await run(`${GIVEN}then:\n  - PublishVersion: {FunctionName: $fn.FunctionName}`, { behaviour: conflict }),
    ).toMatchObject({ verdict: 'fail' })
    expect(Date.now() - start).toBeLessThan(4000)
  })
})

describe('where functions cannot be created', () => {
  test('what reads and runs is tried on a deployed probe of the right configuration, and nothing else is', async () => {
    const deployed = 'lambdacheck-default'
    const behaviour: Behaviour = async (request, forward) =>
      request.action === 'CreateFunction' ? refusal(501, 'NotImplemented') : forward()
    const endpoint = { capabilities: { create: false }, probes: { default: deployed } }
    // Somebody else made it: a run may not.
    await withSession({}, async session => {
      const one = session.openCase().context
      const params = one.fill(one.spec.resources['function']!.create, {})
      const create = one.spec.actions['CreateFunction']!
      expect((await session.client.call(create, { ...params, FunctionName: deployed })).status).toBe(201)
      await expect(one.client.call(create, { ...params, FunctionName: deployed })).rejects.toThrow('did not make')
    })
    const invoke = (given: string): string =>
      `given:\n  fn: {function: ${given}}\nthen:\n  - Invoke: {FunctionName: $fn.FunctionName, Payload: {do: [{return: 7}]}}\n    returns: {Payload: 7}`
    expect(await run(invoke('{}'), { behaviour, endpoint })).toMatchObject({ verdict: 'pass' })
    expect(await run(invoke('{Timeout: 1}'), { behaviour, endpoint })).toMatchObject({
      verdict: 'skipped',
      lacks: ['create'],
    })
    expect(
      await run(`${GIVEN}then:\n  - DeleteFunction: {FunctionName: $fn.FunctionName}`, { behaviour, endpoint }),
    ).toMatchObject({ verdict: 'skipped', lacks: ['create'] })
    expect(await run(invoke('{}'), { behaviour, endpoint })).toMatchObject({ verdict: 'pass' })
  })
})
