import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SPELLINGS } from './fixtures/spellings.ts'
import { createRedactor, redact, secretsOf } from './redact.ts'
import { decodings } from './fixtures/decodings.ts'

const awsSecret = fc.string({
  unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'),
  minLength: 40,
  maxLength: 40,
})
/** Session tokens, passwords of emulators, and what nobody would choose. */
const secret = fc
  .oneof(
    awsSecret,
    fc.string({ minLength: 8, maxLength: 30 }),
    fc.string({ unit: 'binary', minLength: 8, maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom('\\', '/', '"', '%', '+', ' ', 'é', '😀', '\n', 'u', '0'),
      minLength: 8,
      maxLength: 20,
    }),
  )
  .filter(one => !'REDACTED'.includes(one.slice(0, 8)))

const wellFormed = (text: string): string => Buffer.from(text).toString()

test('the spellings of the tests are such that a secret is found in them', () => {
  fc.assert(
    fc.property(secret.map(wellFormed), fc.constantFrom(...Object.keys(SPELLINGS)), (one, name) => {
      expect(
        decodings(SPELLINGS[name]!(one)).some(text => text.includes(one)),
        name,
      ).toBe(true)
    }),
  )
})

test('a secret is never found in what was redacted, however it is spelt and wherever it stands', () => {
  const place = fc.record({
    name: fc.constantFrom(...Object.keys(SPELLINGS)),
    before: fc.string(),
    after: fc.string(),
  })
  fc.assert(
    fc.property(secret.map(wellFormed), fc.array(place, { minLength: 1, maxLength: 4 }), (one, places) => {
      const redactor = createRedactor([one])
      for (const { name, before, after } of places) {
        // Within base64 the neighbours are encoded as well, which is what shifts it.
        const spelt = name.startsWith('base64')
          ? SPELLINGS[name]!(`${wellFormed(before)}${one}${wellFormed(after)}`)
          : `${before}${SPELLINGS[name]!(one)}${after}`
        for (const text of decodings(redactor.text(spelt)))
          expect(text.includes(one), `${name}: ${JSON.stringify(spelt)}`).toBe(false)
      }
    }),
    { numRuns: 1000 },
  )
})

test('in bytes, in headers, in names and in values', () => {
  fc.assert(
    fc.property(awsSecret, fc.uint8Array(), fc.uint8Array(), (one, before, after) => {
      const redactor = createRedactor([one])
      const given = Buffer.concat([before, Buffer.from(one), after])
      expect(Buffer.from(redactor.secretsInBytes(given)).toString('latin1')).toBe(
        `${Buffer.from(before).toString('latin1')}REDACTED${Buffer.from(after).toString('latin1')}`,
      )
      expect(redactor.secretsInBytes(before)).toBe(before)
      const headers = redactor.headers({ [`x-${one}`]: `a ${one}`, Authorization: 'AWS4 x', 'x-plain': 'y' })
      expect(headers).toEqual({ 'x-REDACTED': 'a REDACTED', Authorization: 'REDACTED', 'x-plain': 'y' })
      const value = { list: [{ [one]: [one, 1, null, true] }], deep: { er: `<${one}>` } }
      expect(redactor.value(value)).toEqual({
        list: [{ REDACTED: ['REDACTED', 1, null, true] }],
        deep: { er: '<REDACTED>' },
      })
    }),
  )
})

describe('what is no secret', () => {
  test('text without secrets stays as it is', () => {
    fc.assert(
      fc.property(awsSecret, fc.string({ maxLength: 200 }), (one, text) => {
        fc.pre(redact(text) === text)
        expect(createRedactor([one]).text(text)).toBe(text)
      }),
    )
  })

  test('short ones are not searched for', () => {
    expect(createRedactor(['test', '']).text('a test is a test')).toBe('a test is a test')
  })
})

test('hostile text takes time in proportion to its length', () => {
  const secrets = ['wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', '\\'.repeat(40), `a${'\\'.repeat(20)}b${'%'.repeat(20)}`]
  const redactor = createRedactor(secrets)
  const before = process.cpuUsage()
  for (const part of ['\\', '%25', '%', 'w', 'wJalrXUtnFEMI/', '\\u0077', 'd0', '+', ' '])
    redactor.text(part.repeat(200_000 / part.length))
  // Time of the processor: a busy machine takes longer.
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1000).toBeLessThan(2000)
})

test('the secrets of the environment count as well', () => {
  expect(
    secretsOf({ secretAccessKey: 'a', sessionToken: 'b' }, { AWS_SECRET_ACCESS_KEY: 'c', AWS_SESSION_TOKEN: '' }),
  ).toEqual(['a', 'b', 'c'])
})
