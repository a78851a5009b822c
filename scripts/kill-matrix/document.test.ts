import { expect, test } from 'vitest'
import { documentOf, idleOf } from './document.ts'
import type { AskedEndpoint } from './record.ts'

const asked = (over: Partial<AskedEndpoint>): AskedEndpoint => ({
  kind: 'lacks',
  name: 'lacks 0',
  faults: [],
  failed: [],
  crashed: [],
  passed: [],
  open: [],
  ...over,
})
const named = (id: string, level: 'must' | 'may' = 'must') => ({ id, family: 'law' as const, clause: { level } })
const standing = {
  record: {
    date: '2026-11-30',
    sound: ['a', 'b', 'c'],
    endpoints: [
      asked({ failed: ['a'], passed: ['b', 'c', 'd'] }),
      asked({ kind: 'mutants', failed: ['a'], crashed: ['c'], open: ['d'] }),
    ],
  },
  cases: [named('a'), named('b'), named('c', 'may'), named('d')],
  seeded: new Set(['b']),
}

test('a crash, no verdict and a pass are no failure; a seeded fault of the tests is one', () => {
  expect(idleOf(standing).map(one => one.id)).toEqual(['c', 'd'])
})

test('the page counts by kind and family, and names the rest', () => {
  const text = documentOf(standing)
  expect(text).toContain('| lacks | 1 | 4 | 1 | 0 |')
  expect(text).toContain('| law | 4 | 2 |')
  expect(text).toContain(
    '2 failed nowhere:\n\n- `c` (may)\n- `d`: comes to no verdict on the sound program, and was not asked\n',
  )
  expect(documentOf({ ...standing, cases: [named('a')] })).toContain('None is left.')
})
