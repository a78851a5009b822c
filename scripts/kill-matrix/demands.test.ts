import { expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { oneFaultCases } from '../../suites/families/one-fault.ts'
import { differsAt, halfOf, narrowed, withoutDemands } from './demands.ts'

const spec = loadSpec()
const constraints = oneFaultCases(spec).filter(
  one => one.clause.path !== undefined && one.clause.kind !== 'type' && one.clause.kind !== 'format',
)

test('of the two halves each constraint that a case breaks is lacking in exactly one', () => {
  const halves = ([0, 1] as const).map(half => withoutDemands(spec, demand => halfOf(demand, 1) === half))
  const lacking = constraints.map(one => halves.filter(pages => differsAt(spec, pages, one.clause)).length)
  expect(lacking.length).toBeGreaterThan(300)
  expect(lacking.filter(count => count !== 1)).toEqual([])
})

test('bounds that have alternatives become narrower than the narrowest', () => {
  const pages = narrowed(spec, ({ member, kind }) => member === 'MemorySize' && kind === 'range')
  const bounds = pages.actions['CreateFunction']?.request
    .find(one => one.name === 'MemorySize')
    ?.constraints.filter(one => one.kind === 'range')
  expect(bounds?.length).toBeGreaterThan(0)
  for (const one of bounds ?? []) expect(one).toMatchObject({ min: 129, max: 10239 })
})
