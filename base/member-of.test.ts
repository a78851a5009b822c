import { expect, test } from 'vitest'
import { memberOf } from './member-of.ts'

test('A member is found at the end of its path, and nowhere else', () => {
  expect(memberOf({ a: { b: 1 } }, 'a', 'b')).toBe(1)
  expect(memberOf({ a: 1 }, 'a', 'b')).toBeUndefined()
  expect(memberOf({}, 'constructor')).toBeUndefined()
  for (const none of [undefined, null, 'a', [1]]) expect(memberOf(none, 'length')).toBeUndefined()
})
