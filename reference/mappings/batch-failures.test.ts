import { expect, test } from 'vitest'
import { readBatchFailures } from './batch-failures.ts'

const read = (answer: unknown) =>
  readBatchFailures(Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer)), ['a', 'b', 'c'])
const failing = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map(itemIdentifier => ({ itemIdentifier })),
})

test.each([null, {}, { batchItemFailures: null }, { batchItemFailures: [] }, { other: 1 }, '"text"', '5'])(
  '%j is a whole success',
  answer => {
    expect(read(answer)).toEqual(new Set())
  },
)

test.each([
  failing(''),
  failing(null),
  failing('a', 'x'),
  failing(5),
  { batchItemFailures: [{ id: 'a' }] },
  { batchItemFailures: [null] },
  { batchItemFailures: 'a' },
  'no JSON',
])('%j is a whole failure', answer => {
  expect(read(answer)).toBe('all')
})

test('items that are named have failed', () => {
  expect(read(failing('c', 'a', 'a'))).toEqual(new Set(['a', 'c']))
})
