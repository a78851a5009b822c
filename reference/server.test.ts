import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deploy, functionOf, publishChanged, requester, role, settle, zipOf } from '../test/support/reference-client.ts'
import type { Send } from '../test/support/reference-client.ts'
import { startReference } from './server.ts'
import type { Reference } from './server.ts'

let reference: Reference
let send: Send
const files = { 'index.js': 'exports.handler = async event => event' }

beforeAll(async () => {
  reference = await startReference({ transitionMs: 20 })
  send = requester(reference.url)
})
afterAll(() => reference.close())

describe('every answer', () => {
  test('has a request id of its own', async () => {
    const ids = await Promise.all(
      [send('GET /2015-03-31/functions'), send('GET /nowhere'), send('GET /2015-03-31/functions/none')].map(
        async answer => (await answer).headers.get('x-amzn-requestid'),
      ),
    )
    expect(new Set(ids).size).toBe(3)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('is JSON', async () => {
    expect((await send('GET /2015-03-31/functions')).headers.get('content-type')).toBe('application/json')
    expect((await send('GET /nowhere')).headers.get('content-type')).toBe('application/json')
  })
})

describe('signatures', () => {
  const path = 'GET /2015-03-31/functions'

  test('a request without one is refused', async () => {
    expect(await send(path, { signed: false })).toMatchObject({
      status: 403,
      error: 'MissingAuthenticationTokenException',
    })
  })

  test.each([
    'nonsense',
    'AWS4-HMAC-SHA256',
    'AWS4-HMAC-SHA256 Credential=a/20250101/eu-west-1/lambda/aws4_request, SignedHeaders=host',
    `AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    'AWS4-HMAC-SHA256 Credential=a/20250101/eu-west-1/lambda/aws4_request, SignedHeaders=host, Signature=short',
    'Basic dXNlcjpwYXNz',
  ])('one that lacks its parts is refused: %s', async authorization => {
    expect(await send(path, { headers: { authorization } })).toMatchObject({
      status: 403,
      error: 'IncompleteSignatureException',
    })
  })

  test('where one access key alone is answered, any other is refused', async () => {
    const guarded = await startReference({ accessKeyId: 'AKIDOTHER' })
    const signedBy = (key: string) => ({
      authorization: `AWS4-HMAC-SHA256 Credential=${key}/20250101/eu-west-1/lambda/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    })
    const guardedSend = requester(guarded.url)
    expect(await guardedSend(path, { headers: signedBy('AKIDEXAMPLE') })).toMatchObject({
      status: 403,
      error: 'UnrecognizedClientException',
    })
    expect((await guardedSend(path, { headers: signedBy('AKIDOTHER') })).status).toBe(200)
    await guarded.close()
  })

  test('the signature is looked at before the path and the body', async () => {
    expect((await send('GET /nowhere', { signed: false })).error).toBe('MissingAuthenticationTokenException')
    expect((await send('POST /2015-03-31/functions', { signed: false, body: '{' })).error).toBe(
      'MissingAuthenticationTokenException',
    )
  })
})

describe('requests that cannot be read', () => {
  const path = 'POST /2015-03-31/functions'

  test.each(['{', '[1,', 'nope', '"text"', '[]', '1'])('a body that is no JSON object: %s', async body => {
    expect(await send(path, { body })).toMatchObject({ status: 400, error: 'SerializationException' })
  })

  test.each([
    { FunctionName: 1 },
    { MemorySize: '128' },
    { MemorySize: 128.5 },
    { MemorySize: 2 ** 40 },
    { Publish: 'true' },
    { Code: [] },
    { Layers: 'x' },
    { Environment: { Variables: { AB: 1 } } },
    { Code: { ZipFile: 'not base64!' } },
    { Code: { ZipFile: 'YQ' } },
  ])('a value of the wrong type: %j', async wrong => {
    expect(await send(path, { body: functionOf('wrong', files, wrong) })).toMatchObject({
      status: 400,
      error: 'SerializationException',
    })
  })

  test('null is the same as nothing', async () => {
    const made = await send(path, {
      body: functionOf('nulls', files, { Description: null, Environment: null, MemorySize: null }),
    })
    expect(made).toMatchObject({ status: 201, json: { Description: '', MemorySize: 128 } })
    expect(made.json).not.toHaveProperty('Environment')
  })

  test('a number in the query that is none', async () => {
    expect(await send('GET /2015-03-31/functions?MaxItems=many')).toMatchObject({
      status: 400,
      error: 'SerializationException',
    })
  })

  test('a path that is not encoded properly', async () => {
    expect((await send('GET /2015-03-31/functions/%E0%A4%A')).status).toBe(400)
  })

  test.each(['GET /', 'GET /nowhere', 'PATCH /2015-03-31/functions', 'DELETE /2015-03-31/functions'])(
    'no action: %s',
    async target => {
      expect((await send(target)).status).toBeGreaterThanOrEqual(400)
      expect((await send(target)).status).toBeLessThan(500)
    },
  )

  test('an unknown path has an error of its own', async () => {
    expect(await send('GET /nowhere')).toMatchObject({ status: 404, error: 'UnknownOperationException' })
  })

  test('names that JavaScript has for itself are names like any other', async () => {
    expect((await send('GET /2015-03-31/functions/__proto__')).error).toBe('ResourceNotFoundException')
    expect((await send('GET /2015-03-31/functions/constructor')).error).toBe('ResourceNotFoundException')
    const made = await send(path, {
      body: `{"FunctionName":"proto","Role":"${role}","Runtime":"nodejs20.x","Handler":"i.h","Code":{"ZipFile":"${zipOf(files)}"},"Tags":{"__proto__":"x"}}`,
    })
    expect(made.status).toBe(201)
    expect((await send(`GET /2017-03-31/tags/${made.json.FunctionArn}`)).text).toBe('{"Tags":{"__proto__":"x"}}')
  })
})

describe('errors', () => {
  test('spell their text as the service does', async () => {
    expect((await send('GET /2015-03-31/functions/none')).json).toEqual({
      Type: 'User',
      Message: 'Function not found: arn:aws:lambda:eu-west-1:000000000000:function:none',
    })
    expect((await send('DELETE /2015-03-31/functions/none?Qualifier=$LATEST')).json).toEqual({
      Type: 'User',
      message: '$LATEST version cannot be deleted without deleting the function.',
    })
    expect((await send('GET /2015-03-31/functions/no!')).json).toEqual({
      message: expect.stringContaining("1 validation error detected: Value 'no!' at 'functionName'"),
    })
  })

  test('an empty name is refused and not taken for the list', async () => {
    expect(await send('DELETE /2015-03-31/functions/')).toMatchObject({ status: 400, error: 'ValidationException' })
  })
})

describe('regions', () => {
  test('are worlds of their own', async () => {
    await deploy(send, 'regional', files)
    expect((await send('GET /2015-03-31/functions/regional', { region: 'us-east-1' })).error).toBe(
      'ResourceNotFoundException',
    )
    const there = await send('POST /2015-03-31/functions', { region: 'us-east-1', body: functionOf('regional', files) })
    expect(there).toMatchObject({
      status: 201,
      json: { FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:regional' },
    })
  })
})

describe('packages', () => {
  test('can be fetched by the link, without a signature, and only by the link', async () => {
    await deploy(send, 'fetched', files)
    const { json } = await send('GET /2015-03-31/functions/fetched')
    const fetched = Buffer.from(await (await fetch(json.Code.Location)).arrayBuffer())
    expect(createHash('sha256').update(fetched).digest('base64')).toBe(json.Configuration.CodeSha256)
    expect(fetched.length).toBe(json.Configuration.CodeSize)
    const link = new URL(json.Code.Location)
    link.searchParams.set('expires', String(Date.now() + 1_000_000))
    expect((await fetch(link)).status).toBe(403)
    expect((await fetch(json.Code.Location.replace(/signature=.*/, ''))).status).toBe(403)
  })

  test.each([
    [
      'no zip',
      Buffer.from('this is no zip').toString('base64'),
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    ],
    ['nothing', '', 'Uploaded file must be a non-empty zip'],
  ])('%s is refused', async (_, ZipFile, message) => {
    expect(
      await send('POST /2015-03-31/functions', { body: functionOf('bad', files, { Code: { ZipFile } }) }),
    ).toMatchObject({ status: 400, error: 'InvalidParameterValueException', message })
  })
})

describe('states', () => {
  test('a function is pending, and then active for good; neither updates nor events are taken before', async () => {
    const slow = await startReference({ transitionMs: 150 })
    try {
      const sendSlow = requester(slow.url)
      const made = await sendSlow('POST /2015-03-31/functions', { body: functionOf('slow', files) })
      expect(made.json).toMatchObject({ State: 'Pending', StateReasonCode: 'Creating' })
      expect(made.json).not.toHaveProperty('LastUpdateStatus')
      const update = { body: { Description: 'd' } }
      expect(await sendSlow('PUT /2015-03-31/functions/slow/configuration', update)).toMatchObject({
        status: 409,
        error: 'ResourceConflictException',
      })
      expect(await sendSlow('POST /2015-03-31/functions/slow/invocations', { body: '{}' })).toMatchObject({
        status: 409,
        error: 'ResourceConflictException',
      })
      await settle(sendSlow, 'slow')
      const settled = (await sendSlow('GET /2015-03-31/functions/slow/configuration')).json
      expect(settled).not.toHaveProperty('StateReason')
      const first = await sendSlow('PUT /2015-03-31/functions/slow/configuration', update)
      expect(first.json).toMatchObject({ State: 'Active', LastUpdateStatus: 'InProgress', Description: 'd' })
      expect(await sendSlow('PUT /2015-03-31/functions/slow/configuration', update)).toMatchObject({
        status: 409,
        message:
          'The operation cannot be performed at this time. An update is in progress for resource: arn:aws:lambda:eu-west-1:000000000000:function:slow',
      })
      expect((await sendSlow('POST /2015-03-31/functions/slow/invocations', { body: '{}' })).status).toBe(200)
      await settle(sendSlow, 'slow')
      const after = (await sendSlow('GET /2015-03-31/functions/slow/configuration')).json
      expect(new Set([settled.RevisionId, first.json.RevisionId, after.RevisionId]).size).toBe(3)
      expect((await sendSlow('GET /2015-03-31/functions/slow/configuration')).json.RevisionId).toBe(after.RevisionId)
    } finally {
      await slow.close()
    }
  })

  test('of parallel updates that name the same revision exactly one wins', async () => {
    await deploy(send, 'race', files)
    const { RevisionId } = (await send('GET /2015-03-31/functions/race/configuration')).json
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        send('PUT /2015-03-31/functions/race/configuration', { body: { RevisionId, MemorySize: 200 + i } }),
      ),
    )
    expect(all.filter(answer => answer.status === 200)).toHaveLength(1)
    expect(all.filter(answer => answer.status === 412 || answer.status === 409)).toHaveLength(7)
  })
})

describe('versions', () => {
  test('are only made when something has changed', async () => {
    await deploy(send, 'versioned', files)
    const published = async (body: object): Promise<{ Version: string; Description: string }> =>
      (await send('POST /2015-03-31/functions/versioned/versions', { body })).json
    const publish = async (): Promise<string> => (await published({})).Version
    expect(await published({ Description: 'one' })).toMatchObject({ Version: '1', Description: 'one' })
    expect(await publish()).toBe('1')
    expect(await published({ Description: 'other' })).toMatchObject({ Version: '1', Description: 'one' })
    await send('PUT /2015-03-31/functions/versioned/configuration', { body: { Description: 'changed' } })
    await settle(send, 'versioned')
    expect(await published({ Description: 'other' })).toMatchObject({ Version: '2', Description: 'other' })
    await send('PUT /2015-03-31/functions/versioned/configuration', { body: { MemorySize: 128 } })
    await settle(send, 'versioned')
    expect(await publish()).toBe('2')
    await send('DELETE /2015-03-31/functions/versioned?Qualifier=2')
    await send('PUT /2015-03-31/functions/versioned/configuration', { body: { MemorySize: 256 } })
    await settle(send, 'versioned')
    expect(await publish()).toBe('3')
    const { json } = await send('GET /2015-03-31/functions/versioned/versions')
    expect(json.Versions.map((version: { Version: string }) => version.Version)).toEqual(['$LATEST', '1', '3'])
    expect((await send('GET /2015-03-31/functions/versioned/configuration?Qualifier=1')).json.MemorySize).toBe(128)
  })

  test('one that an alias uses cannot be deleted', async () => {
    await deploy(send, 'aliased', files)
    await publishChanged(send, 'aliased', 1)
    await publishChanged(send, 'aliased', 2)
    await send('POST /2015-03-31/functions/aliased/aliases', {
      body: { Name: 'live', FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } } },
    })
    for (const version of [1, 2])
      expect(await send(`DELETE /2015-03-31/functions/aliased?Qualifier=${version}`)).toMatchObject({ status: 409 })
    expect((await send('DELETE /2015-03-31/functions/aliased/aliases/live')).text).toBe('')
    expect((await send('DELETE /2015-03-31/functions/aliased?Qualifier=1')).status).toBe(204)
  })
})

describe('account settings', () => {
  test('count what is there', async () => {
    const before = (await send('GET /2016-08-19/account-settings', { region: 'eu-west-3' })).json
    expect(before.AccountUsage).toEqual({ FunctionCount: 0, TotalCodeSize: 0 })
    const made = await send('POST /2015-03-31/functions', {
      region: 'eu-west-3',
      body: functionOf('counted', files, { Publish: true }),
    })
    await send('PUT /2017-10-31/functions/counted/concurrency', {
      region: 'eu-west-3',
      body: { ReservedConcurrentExecutions: 7 },
    })
    const after = (await send('GET /2016-08-19/account-settings', { region: 'eu-west-3' })).json
    expect(after.AccountUsage).toEqual({ FunctionCount: 1, TotalCodeSize: 2 * made.json.CodeSize })
    expect(after.AccountLimit.UnreservedConcurrentExecutions).toBe(before.AccountLimit.ConcurrentExecutions - 7)
    expect(
      await send('PUT /2017-10-31/functions/counted/concurrency', {
        region: 'eu-west-3',
        body: { ReservedConcurrentExecutions: 901 },
      }),
    ).toMatchObject({ status: 400, error: 'InvalidParameterValueException' })
    expect(
      (
        await send('PUT /2017-10-31/functions/counted/concurrency', {
          region: 'eu-west-3',
          body: { ReservedConcurrentExecutions: 900 },
        })
      ).status,
    ).toBe(200)
  })
})

test('a port that is taken is told', async () => {
  const port = Number(new URL(reference.url).port)
  await expect(startReference({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
