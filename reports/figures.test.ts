import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Verdict } from './evidence.ts'
import { figuresLine, figuresOf, percent } from './figures.ts'
import { evidenceOf, resultOf } from './fixtures/evidence.ts'

const verdict = fc.constantFrom<Verdict>('pass', 'fail', 'unsupported', 'skipped', 'inconclusive')

describe('divergence and coverage', () => {
  test('are of one another and within bounds, whatever came', () => {
    fc.assert(
      fc.property(fc.array(verdict), verdicts => {
        const results = verdicts.map((one, at) => resultOf({ id: `case.${at}`, verdict: one }))
        const { divergence, coverage } = figuresOf(evidenceOf(results))
        expect(divergence.of).toBe(coverage.cases)
        expect(divergence.cases).toBe(verdicts.filter(verdict => verdict === 'fail').length)
        expect(coverage.cases).toBe(verdicts.filter(verdict => verdict === 'fail' || verdict === 'pass').length)
        expect(coverage.of).toBeGreaterThanOrEqual(coverage.cases)
      }),
    )
  })

  test('a failure that was expected is a failure, and a SHOULD is none of them', () => {
    const results = [
      resultOf({ id: 'a', verdict: 'fail', expectedFailure: true }),
      resultOf({ id: 'b', verdict: 'fail', clause: { level: 'should' } }),
      resultOf({ id: 'c', verdict: 'unsupported' }),
      resultOf({ id: 'd', verdict: 'pass' }),
    ]
    const evidence = evidenceOf(results)
    expect(figuresOf(evidence)).toMatchObject({ divergence: { cases: 1, of: 2 }, coverage: { cases: 2, of: 3 } })
    expect(figuresLine(figuresOf(evidence))).toMatch(
      /^divergence 50 % \(1 of 2 tried\), coverage 66\.7 % \(2 of 3 MUST/,
    )
  })

  test('what is not all or nothing is never said to be', () => {
    expect(percent({ cases: 1, of: 100_000 })).toBe('0.1 %')
    expect(percent({ cases: 99_999, of: 100_000 })).toBe('99.9 %')
    expect(percent({ cases: 0, of: 5 })).toBe('0 %')
    expect(percent({ cases: 5, of: 5 })).toBe('100 %')
    expect(percent({ cases: 0, of: 0 })).toBe('–')
  })
})
