import { expect, it } from 'vitest'
import { ensureBuilt } from '../../test/cli/built.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { deriveCases } from '../../suites/run/derive.ts'
import { judgeCombined } from './combined.ts'
import { hastened } from './hasten.ts'
import { compileReference, placesOf } from './program.ts'

it('no endpoint of thirty faults keeps its certificates', { timeout: 300_000 }, async () => {
  await ensureBuilt()
  const spec = hastened(loadSpec())
  const files = await compileReference()
  const combined = await judgeCombined({
    spec,
    files,
    places: placesOf(files),
    seeds: [1, 2, 3],
    size: 30,
    handMade: 1,
    cases: deriveCases(spec).filter(one => one.clause.level === 'must'),
    timeMs: 60_000,
  })
  for (const { seed, faults, handMade, lostBy } of combined) {
    expect([...faults, ...handMade], `seed ${seed}`).toHaveLength(30)
    expect(lostBy, `seed ${seed}`).toMatch(/: (?:fail|inconclusive|unsupported)$/)
  }
})
