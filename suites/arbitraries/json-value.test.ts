import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonValues } from './json-value.ts'

test('what goes into JSON comes back the same', () => {
  fc.assert(
    fc.property(jsonValues({ maxDepth: 2 }), value => {
      expect(JSON.parse(JSON.stringify(value))).toEqual(value)
    }),
    { numRuns: 2000 },
  )
})
