import fc from 'fast-check'
import { expect, test } from 'vitest'
import { millisecondsOf } from './milliseconds-of.ts'

test('seconds, and texts in any form that answers have, are the same time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), seconds => {
      const text = new Date(seconds * 1000).toISOString()
      expect(millisecondsOf(seconds)).toBe(seconds * 1000)
      expect(millisecondsOf(text)).toBe(seconds * 1000)
      expect(millisecondsOf(text.replace('Z', '+0000'))).toBe(seconds * 1000)
    }),
  )
})

test.each([undefined, null, {}, 'soon', ''])('%j is no time', value => {
  expect(millisecondsOf(value)).toBeNaN()
})
