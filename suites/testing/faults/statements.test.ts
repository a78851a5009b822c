import { expect, test } from 'vitest'
import { coverageOf } from '../../../spec/compiler/coverage.ts'
import { loadSpec } from '../../../spec/compiler/compile.ts'
import { FAULTS } from './catalogue.ts'
import { SANDBOX_FAULTS } from './sandbox.ts'
import { BROKEN_STATEMENTS } from './statements.ts'

const spec = loadSpec()
const caughtBy = new Map<string, readonly string[]>([
  ...FAULTS.map(({ id, caught }) => [id, Object.values(caught).flat()] as const),
  ...SANDBOX_FAULTS.map(({ id, caught }) => [id, caught] as const),
])
const standings = new Map(
  coverageOf(spec).flatMap(({ entries }) =>
    entries.map(
      ({ entry, standing, clauses }) => [entry.id, { standing, clauses: clauses.map(({ id }) => id) }] as const,
    ),
  ),
)

test.each(Object.entries(BROKEN_STATEMENTS))(
  '%s is noticed by what covers the statements that it breaks',
  (fault, ids) => {
    const caught = (caughtBy.get(fault) ?? []).map(id => id.replace(/#.*/, ''))
    for (const id of ids) {
      const covering = standings.get(id)?.clauses ?? []
      expect(
        covering.filter(clause => caught.includes(clause)),
        `${id} is covered by ${covering.join(', ') || 'nothing'}`,
      ).not.toEqual([])
    }
  },
)

/** Raise it when faults come; it never goes down. */
const LEAST = 280

test(`at least ${LEAST} statements that count as whole have a fault of their own`, () => {
  const broken = new Set(Object.values(BROKEN_STATEMENTS).flat())
  const whole = [...broken].filter(id => standings.get(id)?.standing === 'whole')
  expect(whole.length).toBeGreaterThanOrEqual(LEAST)
})
