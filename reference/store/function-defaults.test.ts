import { expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { readFunctionDefaults } from './function-defaults.ts'

test('What a function has when nobody says otherwise is what its page states', () => {
  expect(readFunctionDefaults(loadSpec())).toEqual({
    memorySize: 128,
    timeout: 3,
    ephemeralStorage: 512,
    tracingMode: 'PassThrough',
  })
})
