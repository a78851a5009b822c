import { describe, expect, test } from 'vitest'
import type { Evidence } from '../evidence.ts'
import { evidenceOf, resultOf } from '../fixtures/evidence.ts'
import { sampleEvidence } from '../fixtures/sample.ts'
import { renderReport } from '../render/render.ts'
import { summarize } from '../summary.ts'
import { combineEvidence } from './combine.ts'

const RUN = evidenceOf([resultOf({ id: 'a' }), resultOf({ id: 'b', verdict: 'fail' })], {
  startedAt: '2026-01-02T03:00:00Z',
  finishedAt: '2026-01-02T03:10:00Z',
})
const {
  endpoint: _,
  caseList: __,
  ...rest
} = evidenceOf([], {
  startedAt: '2026-01-05T00:00:00Z',
  finishedAt: '2026-01-05T00:00:02Z',
  requests: 0,
})
const LINT: Evidence = {
  ...rest,
  findings: sampleEvidence().findings,
  lint: { resources: [], rules: [], files: [], digest: 'f'.repeat(64), unread: [] },
  notes: ['a note of lint'],
}
const named = (name: string, evidence: Evidence) => ({ name, evidence })

describe('lint and certification together', () => {
  const both = combineEvidence([named('lint.json', LINT), named('run', RUN)])

  test('have the results of one and the findings of the other', () => {
    expect(both.results).toEqual(RUN.results)
    expect(both.findings).toEqual(LINT.findings)
    expect(both.lint).toEqual(LINT.lint)
    expect(both.notes).toEqual(['a note of lint'])
    expect(combineEvidence([named('run', RUN), named('lint.json', LINT)])).toEqual(both)
  })

  test('last as long as the run did: days between the two are no time of either', () => {
    expect([both.startedAt, both.finishedAt]).toEqual([RUN.startedAt, RUN.finishedAt])
    expect(renderReport(both, 'terminal', { width: 100, color: false })).toContain('10 min 0 s')
  })

  test('are one report that says of each what it came to, and never that nothing was tested', () => {
    expect(summarize(both).headline.text).toBe('Not certified')
    for (const format of ['html', 'terminal', 'markdown'] as const) {
      const text = renderReport(both, format, { width: 100, color: false })
      expect(text).not.toMatch(/nothing tested/i)
      expect(text).toContain(LINT.findings[0]!.rule)
    }
  })
})

test('alone, each is what it was', () => {
  expect(combineEvidence([named('run', RUN)])).toBe(RUN)
  expect(combineEvidence([named('lint.json', LINT)])).toBe(LINT)
})

test('two projects are no one report, and neither is what holds nothing', () => {
  expect(() => combineEvidence([named('a.json', LINT), named('b.json', LINT)])).toThrow(/a\.json and b\.json/)
  const { lint: ___, ...nothing } = LINT
  expect(() => combineEvidence([named('x.json', nothing)])).toThrow(/lint --format json/)
})
