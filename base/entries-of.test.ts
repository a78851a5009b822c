import { expect, it } from 'vitest'
import { entriesOf } from './entries-of.ts'

it('gives the entries of a mapping, and none of anything else', () => {
  expect(entriesOf({ a: 1, b: [2] })).toEqual([
    ['a', 1],
    ['b', [2]],
  ])
  for (const other of [[1], 'text', 7, null, undefined]) expect(entriesOf(other)).toEqual([])
})
