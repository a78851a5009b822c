import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Endpoint } from '../case.ts'
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
