import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ownValue } from './own-value.ts'

test('knows the names that a table has, and no inherited ones', () => {
  const table = { a: 1 }
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__', 'toString')), name => {
      expect(ownValue(table, name)).toBe(name === 'a' ? 1 : undefined)
    }),
  )
})
