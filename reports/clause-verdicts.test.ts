import { expect, it } from 'vitest'
import { clauseVerdicts } from './clause-verdicts.ts'
import type { Evidence } from './evidence.ts'

const result = (id: string, verdict: string): object => ({ id: `${id}#${verdict}`, clause: { id }, verdict })

it('counts what ran, and names the first case that failed', () => {
  const results = [
    result('held', 'pass'),
    result('held', 'skipped'),
    result('broken', 'pass'),
    result('broken', 'fail'),
    result('unsure', 'inconclusive'),
    result('absent', 'unsupported'),
  ] as unknown as Evidence['results']
  const lint = { rules: [{ rule: 'no-eval' }] } as unknown as NonNullable<Evidence['lint']>
  const { ran, broken } = clauseVerdicts({ results, lint })
  expect([...ran]).toEqual(['held', 'broken', 'rule.no-eval'])
  expect([...broken]).toEqual([['broken', 'broken#fail']])
})
