import { expect, test } from 'vitest'
import { lookupHost, readLink } from './link.ts'

test.each([
  ['http://127.0.0.1:4566/a?b=c', 'http://127.0.0.1:4566'],
  ['http://abc.lambda-url.us-east-1.localhost:4566/', 'http://localhost:4566'],
  ['http://lambda.internal:9000/x', 'http://lambda.internal:4566'],
  ['https://bucket.s3.amazonaws.com/key', 'https://lambda.us-east-1.amazonaws.com'],
])('%s is a link of %s', (link, endpoint) => {
  expect(readLink(link, endpoint)).toMatchObject({ origin: new URL(link).origin, path: new URL(link).pathname })
})

test.each([
  ['http://169.254.169.254/latest', 'http://127.0.0.1:4566', 'not the endpoint'],
  ['https://bucket.s3.amazonaws.com/key', 'http://127.0.0.1:4566', 'not the endpoint'],
  ['http://127.0.0.1/', 'https://lambda.us-east-1.amazonaws.com', 'not the endpoint'],
  ['file:///etc/passwd', 'http://127.0.0.1:4566', 'file:'],
  ['nonsense', 'http://127.0.0.1:4566', 'no link'],
])('%s is not followed from %s', (link, endpoint, reason) => {
  expect(readLink(link, endpoint)).toContain(reason)
})

test('names below localhost are this machine', async () => {
  const found = await new Promise((resolve, reject) =>
    lookupHost('some.name.localhost', { all: true }, (error, addresses) =>
      error ? reject(error) : resolve(addresses),
    ),
  )
  expect(found).toEqual([{ address: '127.0.0.1', family: 4 }])
})
