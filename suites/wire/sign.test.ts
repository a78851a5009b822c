import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupBy } from '../../base/group-by.ts'
import { createSigner } from './sign.ts'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const at = new Date('2015-08-30T12:36:00Z')

test('signs the vanilla query of the published test suite of Signature Version 4', () => {
  const signer = createSigner({ region: 'us-east-1', service: 'service', credentials })
  const headers = signer.sign(
    {
      method: 'GET',
      path: '/',
      query: [
        ['Param2', 'value2'],
        ['Param1', 'value1'],
      ],
      headers: {},
      body: null,
    },
    'example.amazonaws.com',
    '/',
    at,
  )
  expect(headers['x-amz-date']).toBe('20150830T123600Z')
  expect(headers['authorization']).toContain(
    'Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=',
  )
})

/** What SignatureV4 asks of a hash: with a secret it is an HMAC. */
class Sha256 {
  readonly #hash: Hash | Hmac
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    if (secret === undefined) this.#hash = createHash('sha256')
    else this.#hash = createHmac('sha256', typeof secret === 'string' ? secret : new Uint8Array(secret as Uint8Array))
  }
  update(data: Uint8Array): void {
    this.#hash.update(data)
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()))
  }
  reset(): void {}
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 })
const header = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/)
const names = fc.oneof(
  header,
  fc.constantFrom('User-Agent', 'authorization', 'Date', 'X-Amz-Date', 'proxy-x', 'sec-fetch', 'X-Amz-Content-Sha256'),
)
const requests = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  path: fc
    .array(fc.oneof(text.map(encodeURIComponent), fc.constantFrom('', '.', '..', 'arn%3Aaws', "it's(*)!")), {
      maxLength: 5,
    })
    .map(segments => `/${segments.join('/')}`),
  query: fc.array(fc.tuple(text, text), { maxLength: 5 }),
  headers: fc.dictionary(names, fc.string({ maxLength: 20 }), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
  body: fc.oneof(fc.constant(null), text, fc.uint8Array({ maxLength: 30 })),
})

test("signs whatever we send as AWS's own signer does", async () => {
  await fc.assert(
    fc.asyncProperty(requests, fc.option(text, { nil: undefined }), async (request, sessionToken) => {
      // Names that differ in their case alone are one header on the wire; which of them is signed is nobody's business.
      const lower = Object.keys(request.headers).map(one => one.toLowerCase())
      fc.pre(new Set([...lower, 'host', 'x-amz-date']).size === lower.length + 2 - Number(lower.includes('x-amz-date')))
      fc.pre(!lower.includes('host'))
      const whole = { ...credentials, ...(sessionToken && { sessionToken }) }
      const ours = createSigner({ region: 'eu-west-1', service: 'lambda', credentials: whole })
      const theirs = new SignatureV4({
        region: 'eu-west-1',
        service: 'lambda',
        credentials: whole,
        sha256: Sha256,
        uriEscapePath: true,
      })
      const query = Object.fromEntries(
        [...groupBy(request.query, ([name]) => name)].map(([name, pairs]) => [name, pairs.map(([, value]) => value)]),
      )
      const signed = await theirs.sign(
        {
          ...request,
          query,
          protocol: 'http:',
          hostname: 'localhost:4566',
          headers: { ...request.headers, host: 'localhost:4566' },
          body: request.body ?? '',
        },
        { signingDate: at },
      )
      const { authorization } = ours.sign(request, 'localhost:4566', request.path, at)
      expect(authorization).toBe(signed.headers['authorization'])
    }),
    { numRuns: 500, seed: 1 },
  )
})
