import { describe, expect, test } from 'vitest'
import { faultyRuns } from '../../test/support/describe-faults.ts'
import { seeded } from '../mutation/sample.ts'
import { acceptsIllegal, errorsRenamed } from './behaviours.ts'
import { halfOf, type Demand } from './demands.ts'

const { spec, cases, run } = faultyRuns()
const SAMPLE = 90

describe('an endpoint that accepts half of the illegal requests', () => {
  const isChosen =
    (half: 0 | 1) =>
    (owner: string, kind: string, path: readonly string[]): boolean =>
      halfOf({ owner, member: path.join('.'), kind: kind as Demand['kind'] }, 1) === half
  const sample = seeded(
    [...cases.values()].filter(one => one.family === 'one-fault' && one.clause.level === 'must'),
    3,
  ).slice(0, SAMPLE)

  test.each([0, 1] as const)(
    'is failed by each case that breaks what it accepts, and passed by the others: %i',
    // Ninety cases against one endpoint: on a busy machine one may come to no verdict in time.
    { timeout: 300_000, retry: 2 },
    async half => {
      const outcomes = await run(
        acceptsIllegal(spec, isChosen(half)),
        sample.map(one => one.id),
      )
      for (const { id, clause } of sample) {
        const isLacking = isChosen(half)(clause.action ?? '', clause.kind, clause.path ?? [])
        const { verdict, reason } = outcomes.get(id) ?? {}
        expect({ id, verdict, reason }).toMatchObject({ id, verdict: isLacking ? 'fail' : 'pass' })
      }
    },
  )
})

test('an endpoint that calls errors by other names is failed by the errors of the half that it does so for', {
  timeout: 300_000,
}, async () => {
  const sample = seeded(
    [...cases.values()].filter(one => one.family === 'error'),
    3,
  ).slice(0, SAMPLE / 2)
  const outcomes = await run(
    errorsRenamed(1, 0),
    sample.map(one => one.id),
  )
  const verdicts = sample.map(({ id, action = '' }) => ({
    id,
    verdict: outcomes.get(id)?.verdict,
    renamed: halfOf({ owner: action, member: 'errors', kind: 'enum' }, 1) === 0,
  }))
  expect(verdicts.filter(one => one.renamed && one.verdict !== 'fail')).toEqual([])
  expect(verdicts.filter(one => one.verdict === 'fail').length).toBeGreaterThan(10)
})
