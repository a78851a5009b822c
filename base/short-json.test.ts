import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shortJson } from './short-json.ts'

describe('shortJson', () => {
  it('is the beginning of what JSON.stringify writes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.anything({ withDate: true }), fc.string({ unit: 'grapheme' })),
        fc.nat(300),
        (value, limit) => {
          expect(shortJson(value, limit)).toBe(JSON.stringify(value)?.slice(0, limit))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('costs what it shows, however large and deep the value', () => {
    const wide = Array.from({ length: 3_000_000 }, (_, at) => at)
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
    const started = performance.now()
    for (let time = 0; time < 1000; time++) {
      expect(shortJson(wide, 50)).toHaveLength(50)
      expect(shortJson(deep, 50)).toBe('['.repeat(50))
      expect(shortJson({ text: 'x'.repeat(10), bytes: Buffer.alloc(1_000_000) }, 20)).toHaveLength(20)
    }
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})
