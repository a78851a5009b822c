import { expect, test } from 'vitest'
import { credentialWarning } from './credentials.ts'

const real = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' }
const role = { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', secretAccessKey: 'x', sessionToken: 'y' }

test.each(['http://127.0.0.1:4566', 'https://lambda.example.com', 'http://amazonaws.com.example:80'])(
  'what looks like keys of AWS is said once to go to %s, without the key',
  url => {
    expect(credentialWarning(url, real)).toContain(`(AKIA…), and ${new URL(url).host} is not AWS`)
    expect(credentialWarning(url, real)).not.toContain('IOSFODNN')
    expect(credentialWarning(url, role)).toContain('hold the session token')
  },
)

test.each([
  ['https://lambda.eu-west-1.amazonaws.com', real],
  ['https://lambda.cn-north-1.amazonaws.com.cn', role],
  ['http://127.0.0.1:4566', { accessKeyId: 'test', secretAccessKey: 'test' }],
  ['http://127.0.0.1:4566', { accessKeyId: 'AKIA', secretAccessKey: 'test' }],
] as const)('nothing is said of %s with %j', (url, credentials) => {
  expect(credentialWarning(url, credentials)).toBeUndefined()
})
