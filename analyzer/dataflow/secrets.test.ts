import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPointer, isSecretName, secretForm } from './secrets.ts'

const letters = (characters: string, length: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: length, maxLength: length })

test('access keys are found in any text, but for those of examples', () => {
  fc.assert(
    fc.property(letters('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16), fc.constantFrom('', ' key: ', '"'), (body, around) => {
      fc.pre(!body.endsWith('EXAMPLE'))
      expect(secretForm(`${around}AKIA${body}${around}`)).toBe('an access key of AWS')
      expect(secretForm(`AKIA${body}x`)).toBeUndefined()
    }),
  )
  expect(secretForm('AKIAIOSFODNN7EXAMPLE')).toBeUndefined()
})

test('a private key is one with something between its marks', () => {
  const body = 'MIIEowIBAAKCAQEAx3'
  for (const text of [
    `\n${body}`,
    `\\n${body}`,
    `\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: AES-128-CBC,0F\r\n\r\n${body}`,
  ])
    expect(secretForm(`-----BEGIN RSA PRIVATE KEY-----${text}`)).toBe('a private key')
  for (const text of ['', '\n...\n-----END RSA PRIVATE KEY-----', '\\n${key}', '\n<key>\n'])
    expect(secretForm(`-----BEGIN RSA PRIVATE KEY-----${text}`)).toBeUndefined()
})

test.each([
  'DB_PASSWORD',
  'dbPassword',
  'API_KEY',
  'apiKey',
  'GITHUB_TOKEN',
  'ClientSecret',
  'PASS',
  'AWS_SECRET_ACCESS_KEY',
])('%s is the name of a secret', name => expect(isSecretName(name)).toBe(true))
test.each([
  'SECRET_ARN',
  'SECRET_NAME',
  'TOKEN_TTL',
  'PASSWORD_PARAMETER',
  'COMPASS',
  'TOKENS_TABLE',
  'BYPASS_CACHE',
  'API_KEY_ID',
  'KEY',
])('%s is not', name => expect(isSecretName(name)).toBe(false))
test.each([
  '',
  'true',
  '30',
  'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db',
  '/prod/db/password',
  '{{resolve:secretsmanager:db}}',
  'https://example.com',
  'changeme',
  '<token>',
])('%s only points to one, or is none', value => expect(isPointer(value)).toBe(true))
test.each(['hunter2', 'correct horse battery staple', 'a1b2c3d4e5'])('%s may be one', value =>
  expect(isPointer(value)).toBe(false),
)
