import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRange, printRange } from './range.ts'

test('what is printed reads as what it was', () => {
  const end = fc.option(
    fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(one => one + 0),
    ),
    { nil: undefined },
  )
  fc.assert(
    fc.property(end, end, (a, b) => {
      fc.pre(a !== undefined || b !== undefined)
      const [min, max] = a !== undefined && b !== undefined && a > b ? [b, a] : [a, b]
      const range = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
      expect(parseRange(printRange(range))).toEqual(range)
    }),
  )
})

test('a number alone is that number exactly', () => {
  expect(parseRange('5')).toEqual({ min: 5, max: 5 })
})

test.each([
  ['', /is no range/],
  ['..', /is no range/],
  ['1...3', /is no range/],
  ['one..two', /is no range/],
  ['1 .. 3', /is no range/],
  ['9..1', /is empty: 9 is greater than 1/],
])('%j is refused', (text, message) => {
  expect(parseRange(text)).toMatch(message)
})
