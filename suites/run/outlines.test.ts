import { expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import type { Case, CaseOutline } from '../case.ts'
import { deriveCases } from './derive.ts'
import { loadOutlines } from './outlines.ts'

const withoutRun = (one: CaseOutline & Partial<Case>): CaseOutline => {
  const { run: _, ...outline } = one
  return outline
}

test('what is kept of the cases is what they are, in their order', async () => {
  const spec = loadSpec()
  const cases = deriveCases(spec).map(withoutRun)
  // Worked out, as far as nobody has before, and then read.
  for (const outlines of [await loadOutlines(spec), await loadOutlines(spec)])
    expect(outlines.map(withoutRun)).toEqual(cases)
})

test('other pages have other cases', async () => {
  const spec = loadSpec()
  const [first] = deriveCases(spec)
  const fewer = {
    ...spec,
    digest: `${spec.digest} but one clause`,
    clauses: spec.clauses.filter(one => one !== first?.clause),
  }
  const outlines = await loadOutlines(fewer)
  expect(outlines.map(one => one.id)).not.toContain(first?.id)
  expect(outlines.map(one => one.id)).toEqual(deriveCases(fewer).map(one => one.id))
  // The package's own come back whole.
  expect((await loadOutlines(spec)).length).toBe(deriveCases(spec).length)
})
