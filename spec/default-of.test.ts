import { expect, test } from 'vitest'
import { loadSpec } from './compiler/compile.ts'
import { defaultNumber, defaultOf } from './default-of.ts'

test('the page of an action says what it takes when nothing is said', () => {
  const spec = loadSpec()
  expect(defaultNumber(spec, 'CreateFunction', 'Timeout')).toBe(3)
  expect(defaultOf(spec, 'CreateFunction', 'TracingConfig')).toEqual({ Mode: 'PassThrough' })
  expect(() => defaultOf(spec, 'CreateFunction', 'Role')).toThrow(
    'spec/api/CreateFunction.md states no default of Role',
  )
  expect(() => defaultNumber(spec, 'CreateFunction', 'PackageType')).toThrow('is no number')
})
