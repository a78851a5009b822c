import fc from 'fast-check'
import { expect, it } from 'vitest'
import { textOf } from './text-of.ts'

it('is the text of a scalar, JSON of the rest, and never throws', () => {
  expect(['a', 1, true, null, undefined, [1], { a: 'b' }].map(textOf)).toEqual([
    'a',
    '1',
    'true',
    'null',
    'undefined',
    '[1]',
    '{"a":"b"}',
  ])
  expect(textOf(JSON.parse('{"toString":null}'))).toBe('{"toString":null}')
  expect(textOf(JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)))).toBe('(a value that JSON cannot show)')
  fc.assert(
    fc.property(
      fc.anything({ withObjectString: true, withNullPrototype: true }),
      value => typeof textOf(value) === 'string',
    ),
  )
})
