import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isLoopbackAddress, refuseBrowsers } from './refuse-browsers.ts'

const socket = { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1' }
const program = { method: 'POST', headers: { host: '127.0.0.1:3000', 'content-type': 'application/json' }, socket }

function refusal(headers: { readonly [name: string]: string | undefined }, method = 'POST') {
  return refuseBrowsers({ ...program, method, headers: { ...program.headers, ...headers } })
}

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['127.0.0.1:65535', '127.0.0.1'],
  ['localhost:3000', '127.0.0.1'],
  ['LOCALHOST', '127.0.0.1'],
  ['[::1]:3000', '::1'],
  ['127.0.0.1:3000', '::ffff:127.0.0.1'],
  ['127.8.9.10:3000', '127.8.9.10'],
])('a program that says Host: %s to %s is answered', (host, localAddress) => {
  expect(
    refuseBrowsers({ ...program, headers: { host }, socket: { remoteAddress: localAddress, localAddress } }),
  ).toBeUndefined()
})

test.each([
  'evil.example',
  'evil.example:3000',
  'localhost.evil.example:3000',
  '127.0.0.1.evil.example',
  'evil.localhost@evil.example',
  '0.0.0.0:3000',
  '127.8.9.10',
  '192.168.0.1:3000',
  '[::2]:3000',
  'localhost:x',
  '',
])('the Host %j is refused: a name can be rebound', host => {
  expect(refusal({ host })).toMatchObject({ status: 403, message: expect.stringContaining('Host') })
})

test('no Host at all is a bad request', () => {
  expect(refusal({ host: undefined })).toMatchObject({ status: 400 })
})

test.each([
  { origin: 'http://evil.example' },
  { origin: 'null' },
  { origin: 'http://127.0.0.1:3000' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'none' },
  { 'sec-fetch-mode': 'no-cors' },
  { 'sec-fetch-mode': 'navigate' },
  { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
  { 'sec-fetch-user': '?1' },
])('a mark of a browser is refused: %j', headers => {
  expect(refusal(headers)).toMatchObject({ status: 403, message: expect.stringContaining('browsers') })
  expect(refusal(headers, 'GET')).toMatchObject({ status: 403 })
})

test('the one header of the fetch of Node.js is no mark of a browser', () => {
  expect(refusal({ 'sec-fetch-mode': 'cors' })).toBeUndefined()
})

test.each([
  'text/plain',
  'text/plain;charset=UTF-8',
  'Text/Plain ; charset=utf-8',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain, application/json',
])('the content type %j of a form is refused, where forms are', type => {
  expect(refusal({ 'content-type': type })).toMatchObject({ status: 403 })
  expect(
    refuseBrowsers({ ...program, headers: { ...program.headers, 'content-type': type } }, { forms: 'accepted' }),
  ).toBeUndefined()
})

test.each(['application/json', 'application/x-amz-json-1.0', 'application/octet-stream', undefined])(
  'the content type %j of a program is taken',
  type => {
    expect(refusal({ 'content-type': type })).toBeUndefined()
  },
)

test('a preflight is never answered', () => {
  expect(refusal({}, 'OPTIONS')).toMatchObject({ status: 403 })
})

test('other machines are refused, whatever they say', () => {
  for (const remoteAddress of ['10.0.0.7', '::ffff:10.0.0.7', 'fe80::1', '1270.0.0.1', undefined]) {
    expect(isLoopbackAddress(remoteAddress)).toBe(false)
    expect(refuseBrowsers({ ...program, socket: { remoteAddress } })).toMatchObject({ status: 403 })
  }
})

test('what a browser adds is refused beside any other headers, and the sentence stays short', () => {
  const marks = fc.oneof(
    fc.record({ origin: fc.string() }),
    fc.record({ 'sec-fetch-site': fc.string() }),
    fc.record({ host: fc.domain() }),
  )
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.string()),
      marks,
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
      (more, mark, method) => {
        const found = refuseBrowsers({ method, socket, headers: { host: 'localhost', ...more, ...mark } })
        expect(found).toBeDefined()
        expect(found!.message.length).toBeLessThan(400)
      },
    ),
  )
})
