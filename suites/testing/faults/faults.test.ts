import { describe, expect, test } from 'vitest'
import type { Family } from '../../case.ts'
import { FAULTS } from './catalogue.ts'
import { caughtBy, faultyRuns } from '../../../test/support/describe-faults.ts'
import type { Behaviour } from './fault.ts'
import { HARMLESS } from './harmless.ts'

const { cases, run } = faultyRuns()

describe('the catalogue of faults', () => {
  test('each has an id of its own and is to be noticed by some case of the family it names', () => {
    expect(new Set(FAULTS.map(fault => fault.id)).size).toBe(FAULTS.length)
    for (const fault of FAULTS) {
      expect(caughtBy(fault), fault.id).not.toEqual([])
      for (const [family, ids] of Object.entries(fault.caught))
        for (const id of ids) expect(cases.get(id)?.family, `${fault.id}: ${id}`).toBe(family)
    }
  })

  test('a pass of every family is refuted by at least one fault', () => {
    const families = new Set([...cases.values()].map(one => one.family))
    const refuted = new Set(FAULTS.flatMap(fault => Object.keys(fault.caught) as Family[]))
    expect([...families].filter(family => !refuted.has(family))).toEqual([])
  })
})

describe('servers that differ in what nothing forbids', () => {
  // Each is asked other cases, so that all laws are tried on one of them.
  const names = Object.keys(HARMLESS)
  const every = (nth: number, at: number, server: number): boolean => (at + server) % nth === 0
  test.concurrent.each(names)('%s: nothing fails', { timeout: 600_000 }, async name => {
    const behaviour = (HARMLESS[name] as () => Behaviour)()
    const server = names.indexOf(name)
    const chosen = [...cases.values()].filter(
      ({ family }, at) =>
        (family === 'law' && every(names.length, at, server)) ||
        (family === 'property' && every(14, at, server)) ||
        every(50, at, server),
    )
    const ids = chosen.map(one => one.id)
    const outcomes = await run(behaviour, ids)
    expect(
      [...outcomes]
        .filter(([, outcome]) => outcome.verdict === 'fail')
        .map(([id, { reason, expected, actual }]) => ({ id, reason, expected, actual })),
    ).toEqual([])
  })
})
