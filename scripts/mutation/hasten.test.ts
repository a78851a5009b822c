import { expect, it } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Step } from '../../spec/model.ts'
import { hastened } from './hasten.ts'

const waits = (steps: readonly Step[]): readonly number[] =>
  steps.flatMap(step => [
    step.eventually ?? 0,
    ...waits(step.parallel ?? []),
    ...waits(step.repeat === undefined ? [] : step.repeat.steps),
  ])

it('waits shortly, at every depth, and leaves the rest of the pages', () => {
  const spec = loadSpec()
  const all = (one: typeof spec): readonly number[] =>
    one.properties.flatMap(({ when, then }) => waits([...when, ...then]))
  expect(Math.max(...all(spec))).toBeGreaterThan(60)
  expect(Math.max(...all(hastened(spec)))).toBe(15)
  expect(hastened(spec).clauses).toBe(spec.clauses)
  expect(hastened(spec).properties.map(one => one.id)).toEqual(spec.properties.map(one => one.id))
})
