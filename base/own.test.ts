import { expect, it } from 'vitest'
import { own } from './own.ts'

it('finds what the table has, and nothing of what every object has', () => {
  const table = { a: 1, ['__proto__']: 2 }
  expect([own(table, 'a'), own(table, '__proto__'), own({}, '__proto__')]).toEqual([1, 2, undefined])
  for (const key of ['constructor', 'toString', 'hasOwnProperty', 'valueOf', undefined])
    expect(own(table, key)).toBeUndefined()
})
