import { expect, test } from 'vitest'
import { idleText, recordsOf } from './idle.ts'
import type { Judged } from './report.ts'

const mutant = (over: Partial<Judged>): Judged => ({
  id: 'reference/x.ts#1',
  file: 'reference/x.ts',
  line: 1,
  operator: 'off by one',
  was: '1',
  now: '2',
  end: 'survived',
  cases: 3,
  ran: 3,
  ms: 1,
  ...over,
})

test('counts what each case noticed first, and where it looked in vain, over all runs', () => {
  const records = recordsOf(
    ['kills#law', 'idle#law', 'unasked#law'],
    [
      mutant({ end: 'killed', by: 'kills#law: fail', blind: ['idle#law'] }),
      mutant({ end: 'survived', blind: ['idle#law', 'kills#law'] }),
      mutant({ end: 'uncovered' }),
    ],
  )
  expect(records).toEqual([
    { id: 'kills#law', kills: 1, blind: 1 },
    { id: 'idle#law', kills: 0, blind: 2 },
    { id: 'unasked#law', kills: 0, blind: 0 },
  ])
  const heading =
    '1 of 3 cases were the first to notice a mutant, 1 looked at mutants and noticed none, 1 were never asked'
  expect(idleText(records, 2)).toBe(`${heading}\n    2 in vain  idle#law`)
  expect(idleText(records, 3)).toBe(heading)
})
