import { expect, test } from 'vitest'
import { createSigner } from './sign.ts'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const at = new Date('2015-08-30T12:36:00Z')

test('signs as the published test suite of Signature Version 4 does', async () => {
  const signer = createSigner({ region: 'us-east-1', service: 'service', credentials })
  const headers = await signer.sign(
    {
      method: 'GET',
      path: '/',
      query: [
        ['Param2', 'value2'],
        ['Param1', 'value1'],
      ],
      headers: { 'x-amz-content-sha256': 'UNSIGNED' },
      body: null,
    },
    'example.amazonaws.com',
    '/',
    at,
  )
  expect(headers['x-amz-date']).toBe('20150830T123600Z')
  expect(headers['authorization']).toContain('Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request')
})

test('a label that is encoded in the path is encoded once more for the signature, and a repeated query name keeps all values', async () => {
  const signer = createSigner({ region: 'us-east-1', service: 'lambda', credentials })
  const sign = (path: string, query: readonly (readonly [string, string])[]): Promise<{ [name: string]: string }> =>
    signer.sign({ method: 'GET', path, query, headers: {}, body: null }, 'localhost:4566', path, at)
  const once = await sign('/2017-03-31/tags/arn%3Aaws%3Alambda', [
    ['tagKeys', 'b'],
    ['tagKeys', 'a'],
  ])
  const again = await sign('/2017-03-31/tags/arn%3Aaws%3Alambda', [
    ['tagKeys', 'a'],
    ['tagKeys', 'b'],
  ])
  const other = await sign('/2017-03-31/tags/arn:aws:lambda', [
    ['tagKeys', 'a'],
    ['tagKeys', 'b'],
  ])
  expect(once['authorization']).toBe(again['authorization'])
  expect(once['authorization']).not.toBe(other['authorization'])
})
