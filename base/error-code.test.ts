import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorCode } from './error-code.ts'

test('errors of the system bear a code, others and other things do not', () => {
  let missing: unknown
  try {
    readFileSync('/no/such/file')
  } catch (error) {
    missing = error
  }
  expect(errorCode(missing)).toBe('ENOENT')
  expect([new Error('none'), undefined, null, 'text', { code: 3 }].map(errorCode)).toEqual(Array(5).fill(undefined))
})
