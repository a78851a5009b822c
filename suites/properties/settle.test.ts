import fc from 'fast-check'
import { expect, test } from 'vitest'
import { failure } from '../judgement.ts'
import { judgedAfter, patienceUntil } from './settle.ts'

test('waiting ends with patience or with the case, and is cut short only where it was neither whole nor fair', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1000, max: 90_000 }), fc.integer({ min: 1, max: 90_000 }), (left, patienceMs) => {
      const now = Date.now()
      const patience = patienceUntil(now + left, patienceMs)
      expect(patience.end).toBeLessThanOrEqual(now + left)
      const judgement = judgedAfter(patience, failure('that it is gone', 'it is there', []))
      // The clock may have gone on by a moment.
      if (left > patienceMs + 100 || left > 20_100) expect(judgement.cutShort).toBeUndefined()
      if (left < Math.min(patienceMs, 20_000) - 100) expect(judgement).toMatchObject({ kind: 'fail', cutShort: true })
    }),
  )
})
