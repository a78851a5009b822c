import { expect, test } from 'vitest'
import { present } from './present.ts'

test('gives what is there, also when it is empty', () => {
  for (const value of [0, '', false, [], Number.NaN]) expect(present(value, 'a value')).toBe(value)
})

test('names what is not', () => {
  expect(() => present(undefined, 'the handler')).toThrow('the handler is not there')
  expect(() => present(null, 'the handler')).toThrow('the handler is not there')
})
