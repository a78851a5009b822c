import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MAX_NESTING, parseJson } from './parse-json.ts'

it('reads what JSON.parse reads, up to a depth', () => {
  fc.assert(
    fc.property(fc.json(), text => {
      expect(parseJson(text)).toEqual(JSON.parse(text))
    }),
  )
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
  expect(parseJson(nested(MAX_NESTING))).toBeInstanceOf(Array)
  expect(parseJson(nested(MAX_NESTING + 1))).toBeUndefined()
  expect(parseJson(nested(1_000_000))).toBeUndefined()
  for (const text of ['', '{', '{"a":}', 'undefined']) expect(parseJson(text)).toBeUndefined()
})
