import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Verdict } from './evidence.ts'
import { joinStatements } from './statement-verdicts.ts'

const anySaid = fc.array(
  fc.tuple(
    fc.constantFrom('one', 'two'),
    fc.constantFrom<Verdict>('pass', 'fail', 'unsupported', 'skipped', 'inconclusive'),
  ),
)

test('a failure weighs most, and a pass more than silence', () => {
  expect(
    joinStatements([
      ['broken', 'pass'],
      ['broken', 'fail'],
      ['held', 'skipped'],
      ['held', 'pass'],
      ['silent', 'skipped'],
      ['silent', 'inconclusive'],
    ]),
  ).toEqual({ broken: 'fail', held: 'pass', silent: 'inconclusive' })
})

test('the parts of a run say together what the whole says, in any order', () => {
  fc.assert(
    fc.property(anySaid, anySaid, (left, right) => {
      const whole = joinStatements([...left, ...right])
      const parts = [left, right].map(joinStatements)
      expect(joinStatements(parts.flatMap(Object.entries<Verdict>))).toEqual(whole)
      expect(joinStatements([...right, ...left])).toEqual(whole)
    }),
  )
})
