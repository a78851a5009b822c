import { expect, test } from 'vitest'
import { evidenceOf, resultOf } from '../../reports/fixtures/evidence.ts'
import type { Verdict } from '../../reports/evidence.ts'
import { differingVerdicts, renderStability } from './differences.ts'

const run = (verdicts: { readonly [id: string]: Verdict }): ReturnType<typeof evidenceOf> =>
  evidenceOf(Object.entries(verdicts).map(([id, verdict]) => resultOf({ id, verdict })))

test('cases whose verdict differs, or that a run has not, are told with what came', () => {
  const runs = [run({ a: 'pass', b: 'fail', c: 'pass' }), run({ a: 'pass', b: 'inconclusive' })]
  const all = { endpoint: 'endpoints/x.yaml', runs }
  expect(differingVerdicts(all)).toEqual(['b: fail, inconclusive', 'c: pass, missing'])
  const text = renderStability([all], '2026-01-01')
  expect(text).toContain('- endpoints/x.yaml: `b: fail, inconclusive`')
  expect(text).toMatch(/\| 2 \|\n/)
})

test('the same runs differ in nothing', () => {
  expect(differingVerdicts({ endpoint: 'x', runs: [run({ a: 'pass' }), run({ a: 'pass' })] })).toEqual([])
})
