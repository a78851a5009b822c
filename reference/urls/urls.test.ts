import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { request } from 'node:http'
import { corsHeaders, preflightHeaders } from './cross-origin.ts'
import { urlEvent } from './url-event.ts'
import { urlAnswer } from './url-response.ts'
import { startReference, type Reference } from '../server.ts'

const event = (headers: readonly (readonly [string, string])[], body = '', rawQuery = ''): object =>
  urlEvent(
    {
      method: 'POST',
      rawPath: '/p',
      rawQuery,
      headers,
      body: Buffer.from(body, 'latin1'),
      sourceIp: '127.0.0.1',
      protocol: 'HTTP/1.1',
    },
    { urlId: 'abc', domainName: 'abc.example', requestId: 'r', now: Date.UTC(2020, 2, 12, 19, 3, 58, 390) },
  )

const answer = (value: unknown): ReturnType<typeof urlAnswer> => urlAnswer(Buffer.from(JSON.stringify(value)))

describe('the event of a URL', () => {
  test('joins what came twice, and has cookies in a list of their own', () => {
    expect(
      event(
        [
          ['x', '1'],
          ['x', '2'],
          ['cookie', 'a=1; b=2'],
        ],
        '',
        'q=1&q=2',
      ),
    ).toMatchObject({
      headers: { x: '1,2' },
      cookies: ['a=1', 'b=2'],
      queryStringParameters: { q: '1,2' },
      requestContext: { time: '12/Mar/2020:19:03:58 +0000', timeEpoch: 1584039838390 },
    })
  })

  test.each([
    ['text/html; charset=utf-8', false],
    ['application/json', false],
    ['application/problem+json', false],
    ['application/octet-stream', true],
    ['image/png', true],
  ])('%s: base64 is %s', (type, isBase64Encoded) => {
    expect(event([['content-type', type]], 'abc')).toMatchObject({
      isBase64Encoded,
      body: isBase64Encoded ? 'YWJj' : 'abc',
    })
  })

  test('without a body has none', () => {
    expect(event([])).not.toHaveProperty('body')
  })
})

describe('the answer of a URL', () => {
  test('is what the function returned when that says no status', () => {
    expect(answer({ a: 1 })).toMatchObject({ status: 200, body: Buffer.from('{"a":1}') })
    expect(answer('text')).toMatchObject({ status: 200, body: Buffer.from('"text"') })
  })

  test('has status, headers, cookies and bytes as the function says', () => {
    const given = {
      statusCode: 201,
      headers: { 'X-A': 'b' },
      cookies: ['a=1', 'b=2'],
      body: 'AQI=',
      isBase64Encoded: true,
    }
    expect(answer(given)).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json', 'x-a': 'b', 'set-cookie': ['a=1', 'b=2'] },
      body: Buffer.from([1, 2]),
    })
  })

  test.each([
    { statusCode: 'no' },
    { statusCode: 99 },
    { statusCode: 200, headers: { 'a b': '' } },
    { statusCode: 200, headers: { a: 'b\r\nc: d' } },
  ])('is a fault of the server when it is none: %j', given => {
    expect(answer(given).status).toBe(502)
  })
})

describe('pages of other origins', () => {
  const cors = { AllowOrigins: ['https://a.example'], AllowMethods: ['GET'], MaxAge: 5 }

  test('are told that they may when they are named', () => {
    expect(corsHeaders(cors, 'https://a.example')).toMatchObject({ 'access-control-allow-origin': 'https://a.example' })
    expect(preflightHeaders(cors, 'https://a.example')).toMatchObject({ 'access-control-max-age': '5' })
    expect(corsHeaders({ AllowOrigins: ['*'] }, 'https://b.example')).toEqual({ 'access-control-allow-origin': '*' })
  })

  test('are told nothing otherwise', () => {
    expect(corsHeaders(cors, 'https://b.example')).toEqual({})
    expect(preflightHeaders(undefined, 'https://a.example')).toEqual({})
    expect(corsHeaders(cors, undefined)).toEqual({})
  })
})

describe('a URL that there is not', () => {
  let reference: Reference
  beforeAll(async () => {
    reference = await startReference()
  })
  afterAll(() => reference.close())

  const statusFor = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request(reference.url, { headers: { host } }, response => {
        response.resume()
        resolve(response.statusCode)
      })
        .once('error', reject)
        .end()
    })

  test('answers 403, and so does any other name', async () => {
    expect(await statusFor(`${'a'.repeat(32)}.lambda-url.us-east-1.localhost`)).toBe(403)
    expect(await statusFor('evil.example')).toBe(403)
  })
})
