import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Endpoint } from '../case.ts'
import { startReference } from '../../reference/server.ts'
import { faultyEndpoint } from '../testing/faults/run-cases.ts'
import { openSession } from './session.ts'

test('what was being made when the run was aborted is deleted, though only the answer says its name', async () => {
  const arn = 'arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-0123456789abcdef0'
  const deleted: string[] = []
  const abort = new AbortController()
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      // It is made; the run ends before the answer is there.
      abort.abort(new Error('enough'))
      setTimeout(
        () =>
          response.writeHead(201, { 'content-type': 'application/json' }).end(
            JSON.stringify({
              CodeSigningConfig: { CodeSigningConfigArn: arn, CodeSigningConfigId: 'csc-0123456789abcdef0' },
            }),
          ),
        100,
      )
    } else {
      deleted.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`)
      response.writeHead(204).end()
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const spec = loadSpec()
  const endpoint = {
    name: 'slow',
    run: 'lambdacheck-test',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    accountId: '123456789012',
    role: 'arn:aws:iam::123456789012:role/r',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    capabilities: {},
    actions: {},
    probes: {},
    expectedFailures: [],
    probe: { runtime: 'nodejs22.x', handler: 'index.handler', zipFile: '', runs: false },
    limits: { concurrency: 4, rate: 0, requestTimeoutMs: 5000, maxResponseBytes: 1e6 },
  } satisfies Endpoint
  const session = openSession({
    spec,
    endpoint,
    seed: 1,
    runs: 1,
    caseTimeoutMs: 5000,
    prefix: 'lambdacheck-test',
    signal: abort.signal,
  })
  try {
    const one = session.openCase()
    // Nobody waits for it: the case has been cut off.
    void one.context.client
      .call(spec.actions['CreateCodeSigningConfig']!, {
        AllowedPublishers: {
          SigningProfileVersionArns: ['arn:aws:signer:us-east-1:123456789012:/signing-profiles/lambdacheck/0123456789'],
        },
      })
      .catch(() => {})
    await new Promise<void>(resolve => abort.signal.addEventListener('abort', () => resolve(), { once: true }))
    expect(await one.close()).toEqual([])
    expect(deleted).toEqual([`DELETE /2020-04-22/code-signing-configs/${arn}`])
  } finally {
    await session.close()
    server.close()
  }
})

test('what a case was waiting for is given up with it, and the next case waits for its own', async () => {
  const spec = loadSpec()
  const reference = await startReference({ spec, transitionMs: 700 })
  const session = openSession({
    spec,
    endpoint: faultyEndpoint(reference.url, 5000, { run: 'lambdacheck-test', capabilities: {} }),
    seed: 1,
    runs: 1,
    caseTimeoutMs: 5000,
    prefix: 'lambdacheck-test',
    signal: new AbortController().signal,
  })
  try {
    const one = session.openCase()
    const making = one.context.fixtures.fresh(['function'])
    const ended = making.then(
      () => 'made',
      (error: unknown) => String(error),
    )
    await new Promise(resolve => setTimeout(resolve, 250))
    await one.close()
    // It is deleted: to be waited for it would have to be there.
    expect(await ended).toBe('Error: the case is over')

    const next = session.openCase()
    expect(await next.context.fixtures.fresh(['function'])).toMatchObject({ function: { State: 'Active' } })
    await next.close()
  } finally {
    await session.close()
    await reference.close()
  }
})
