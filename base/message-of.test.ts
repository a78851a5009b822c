import { expect, test } from 'vitest'
import { messageOf } from './message-of.ts'

test('an error says its message, anything else its text', () => {
  expect(messageOf(new RangeError('too long'))).toBe('too long')
  expect([messageOf('gone'), messageOf(3), messageOf(undefined)]).toEqual(['gone', '3', 'undefined'])
})
