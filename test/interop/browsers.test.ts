/** No server of ours does anything for a web page: not the endpoint, not the Runtime API, not the proxy of the tests. */
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRuntimeApi } from '../../reference/invoke/runtime-api.ts'
import { serveSandboxApi } from '../../reference/invoke/sandbox-api.ts'
import { startReference } from '../../reference/server.ts'
import type { Reference } from '../../reference/server.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { startFaultyProxy } from '../../suites/testing/faults/proxy.ts'
import type { FaultyProxy } from '../../suites/testing/faults/proxy.ts'
import { deploy, functionOf, requester } from '../support/reference-client.ts'

const signed = {
  'x-amz-date': '20250101T000000Z',
  authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20250101/eu-west-1/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  'content-type': 'application/json',
}
const presigned =
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2F20250101%2Feu-west-1%2Flambda%2Faws4_request&X-Amz-Signature=00'
const files = { 'index.js': 'exports.handler = async event => event' }

let reference: Reference
let proxy: FaultyProxy
beforeAll(async () => {
  reference = await startReference()
  proxy = await startFaultyProxy({
    spec: loadSpec(),
    target: reference.url,
    behaviour: (_, forward) => forward(),
  })
  await deploy(requester(reference.url), 'victim', files)
})
afterAll(async () => {
  await proxy.close()
  await reference.close()
})

/** What a page can have its visitor's browser send; each reaches a function or a queue where it is not refused. */
const attacks: readonly (readonly [string, string, string, { readonly [name: string]: string }])[] = [
  ['a form of text', 'POST', `/2015-03-31/functions?${presigned}`, { origin: 'null', 'content-type': 'text/plain' }],
  ['a form without Origin', 'POST', `/2015-03-31/functions?${presigned}`, { 'content-type': 'text/plain' }],
  ['an image', 'GET', `/2015-03-31/functions/?${presigned}`, { 'sec-fetch-site': 'cross-site' }],
  [
    'a fetch without CORS',
    'POST',
    `/2015-03-31/functions/victim/invocations?${presigned}`,
    { origin: 'http://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
  ],
  ['a rebound name', 'GET', '/2015-03-31/functions/', { ...signed, host: 'evil.example' }],
  ['a page on this machine', 'GET', '/2015-03-31/functions/', { ...signed, origin: 'http://localhost:8080' }],
  [
    'a call of SQS',
    'POST',
    `/?${presigned}`,
    { origin: 'null', 'content-type': 'text/plain', 'x-amz-target': 'AmazonSQS.ListQueues' },
  ],
]

describe.each(['the endpoint', 'the proxy'])('%s', name => {
  const urlOf = (): string => (name === 'the proxy' ? proxy.url : reference.url)

  test.each(attacks)('%s is refused with a reason, and does nothing', async (_, method, path, headers) => {
    const answer = await request(urlOf() + path, {
      method: method as 'GET',
      headers,
      ...(method === 'POST' && { body: JSON.stringify(functionOf('made-by-a-page', files)) }),
    })
    const body = await answer.body.text()
    expect(answer.statusCode, body).toBe(403)
    expect(body).toContain('This server runs code')
    expect(Object.keys(answer.headers).filter(one => one.startsWith('access-control-'))).toEqual([])
    const { json } = await requester(reference.url)('GET /2015-03-31/functions/')
    expect(json.Functions.map((one: { FunctionName: string }) => one.FunctionName)).toEqual(['victim'])
  })

  test.each([signed, { ...signed, origin: 'http://evil.example', 'access-control-request-method': 'POST' }])(
    'a preflight is refused without a word of CORS',
    async headers => {
      const answer = await request(`${urlOf()}/2015-03-31/functions`, { method: 'OPTIONS', headers })
      expect(answer.statusCode).toBe(403)
      expect(Object.keys(answer.headers).filter(one => one.startsWith('access-control-'))).toEqual([])
      await answer.body.dump()
    },
  )

  test('the parameters of a presigned URL are no signature', async () => {
    const answer = await request(`${urlOf()}/2015-03-31/functions/?${presigned}`)
    expect(answer.statusCode).toBe(403)
    expect(answer.headers['x-amzn-errortype']).toBe('MissingAuthenticationTokenException')
    await answer.body.dump()
  })
})

test('the link of a package may be opened in a browser: only who was given it knows it', async () => {
  const { json } = await requester(reference.url)('GET /2015-03-31/functions/victim')
  const headers = { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }
  const answer = await request(json.Code.Location, { headers })
  expect(answer.statusCode).toBe(200)
  expect((await answer.body.arrayBuffer()).byteLength).toBe(json.Configuration.CodeSize)
  const tampered = await request(json.Code.Location.replace(/signature=.*/, 'signature=00'), { headers })
  expect(tampered.statusCode).toBe(403)
  await tampered.body.dump()
})

describe('the Runtime API', () => {
  test('hands no event to a page, and takes no answer from one; a shell that answers with `curl -d` is heard', async () => {
    const seen: string[] = []
    const runtimeApi = createRuntimeApi(
      {
        onNext: () => seen.push('next'),
        onInitError: ({ length }) => seen.push(`init error of ${length} bytes`),
        onAnswer: () => seen.push('answer'),
      },
      1000,
    )
    const api = await serveSandboxApi(
      asked => runtimeApi.handle(asked, asked.path.replace('/2018-06-01/runtime/', '')),
      1000,
    )
    try {
      const base = `http://${api.address}/2018-06-01/runtime`
      for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'null' }, { host: 'evil.example' }]) {
        const next = await request(`${base}/invocation/next`, { headers })
        expect(next.statusCode).toBe(403)
        await next.body.dump()
        const error = await request(`${base}/init/error`, { method: 'POST', body: 'x', headers })
        expect(error.statusCode).toBe(403)
        await error.body.dump()
      }
      expect(seen).toEqual([])
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const heard = await request(`${base}/init/error`, { method: 'POST', body: 'xyz', headers })
      expect(heard.statusCode).toBe(202)
      await heard.body.dump()
      expect(seen).toEqual(['init error of 3 bytes'])
    } finally {
      api.close()
    }
  })
})
