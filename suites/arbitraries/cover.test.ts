import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coveringRows } from './cover.ts'

test('every two factors meet in every pair of their levels, in few rows, and always the same ones', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 8 }), levels => {
      const rows = coveringRows(levels)
      for (let a = 0; a < levels.length; a++)
        for (let b = a + 1; b < levels.length; b++)
          for (let one = 0; one < (levels[a] ?? 0); one++)
            for (let other = 0; other < (levels[b] ?? 0); other++)
              expect(rows.some(row => row[a] === one && row[b] === other)).toBe(true)
      expect(rows.every(row => row.length === levels.length && row.every((at, i) => at < (levels[i] ?? 0)))).toBe(true)
      expect(coveringRows(levels)).toEqual(rows)
    }),
    { numRuns: 60 },
  )
})

test('twenty members that are there or not need a dozen rows, and not a million', () => {
  const rows = coveringRows(Array.from({ length: 20 }, () => 2))
  expect(rows.length).toBeGreaterThanOrEqual(6)
  expect(rows.length).toBeLessThanOrEqual(14)
})

test('one factor has a row for each level, none has one, and a factor without levels has none', () => {
  expect(coveringRows([3])).toEqual([[0], [1], [2]])
  expect(coveringRows([])).toEqual([[]])
  expect(coveringRows([2, 0])).toEqual([])
})
