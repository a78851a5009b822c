import { expect, test } from 'vitest'
import { readFunctionReference } from './arn.ts'

const place = { region: 'eu-west-1', accountId: '111111111111' }

test.each([
  ['f', { name: 'f' }],
  ['f:1', { name: 'f', qualifier: '1' }],
  ['f:$LATEST', { name: 'f', qualifier: '$LATEST' }],
  ['function:f', { name: 'f' }],
  ['111111111111:function:f:live', { name: 'f', qualifier: 'live' }],
  ['arn:aws:lambda:eu-west-1:111111111111:function:f', { name: 'f' }],
  ['arn:aws:lambda:eu-west-1:111111111111:function:f:$LATEST', { name: 'f', qualifier: '$LATEST' }],
  // Without a name, the word before it is taken for one.
  ['arn:aws:lambda:eu-west-1:111111111111:function', { name: 'function' }],
  ['111111111111', { name: '111111111111' }],
])('%s', (name, expected) => {
  expect(readFunctionReference(place, name)).toEqual(expected)
})

test('the qualifier may stand apart, and may be said twice', () => {
  expect(readFunctionReference(place, 'f', '2')).toEqual({ name: 'f', qualifier: '2' })
  expect(readFunctionReference(place, 'f:2', '2')).toEqual({ name: 'f', qualifier: '2' })
  expect(readFunctionReference(place, 'f', '')).toEqual({ name: 'f' })
})

test.each([
  ['f:1', '2', 'The derived qualifier from the function name does not match the specified qualifier.'],
  [
    'arn:aws:lambda:us-east-1:111111111111:function:f',
    undefined,
    "Functions from 'us-east-1' are not reachable in this region ('eu-west-1')",
  ],
])('%s with qualifier %s is refused', (name, qualifier, message) => {
  expect(() => readFunctionReference(place, name, qualifier)).toThrow(message)
})

test('a function of another account is refused without a reason', () => {
  expect(() => readFunctionReference(place, 'arn:aws:lambda:eu-west-1:222222222222:function:f')).toThrow(
    expect.objectContaining({ errorName: 'AccessDeniedException', message: '' }),
  )
})
