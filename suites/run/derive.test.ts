import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { deriveCases, deriveChosen } from './derive.ts'

const spec = loadSpec()
const all = deriveCases(spec)

test('the chosen cases are the same as among all, in the same order', () => {
  const shownOf = (one: (typeof all)[number]): unknown => ({ ...one, run: one.run.length })
  fc.assert(
    fc.property(fc.subarray([...all], { maxLength: 40 }), chosen => {
      const ids = new Set(chosen.map(one => one.id))
      expect(deriveChosen(spec, [...ids]).map(shownOf)).toEqual(all.filter(one => ids.has(one.id)).map(shownOf))
    }),
    { numRuns: 30 },
  )
  expect(deriveChosen(spec, []).length).toBe(0)
  expect(
    deriveChosen(
      spec,
      all.map(one => one.id),
    ).map(one => one.id),
  ).toEqual(all.map(one => one.id))
})
