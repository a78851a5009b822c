import { expect, test } from 'vitest'
import { isOneOf } from './is-one-of.ts'

test('A value is one of the words, or it is not', () => {
  expect(isOneOf(['must', 'may'], 'may')).toBe(true)
  expect(isOneOf(['must', 'may'], 'ma')).toBe(false)
  expect(isOneOf(['1'], 1)).toBe(false)
  expect(isOneOf([], undefined)).toBe(false)
})
