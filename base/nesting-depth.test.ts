import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nestingDepth } from './nesting-depth.ts'

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

describe('nestingDepth', () => {
  it('is the depth of what is parsed, however it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (value, indent) => {
        expect(nestingDepth(JSON.stringify(value, null, indent))).toBe(depthOf(value))
      }),
    )
  })

  it('passes over brackets in strings, and follows a million of them without a stack', () => {
    expect(nestingDepth('"[[[" ')).toBe(0)
    expect(nestingDepth('["\\"[[", {}]')).toBe(2)
    expect(nestingDepth('['.repeat(1_000_000))).toBe(1_000_000)
  })
})
