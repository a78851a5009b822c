import { describe, expect, test } from 'vitest'
import { excusedBy, withBaseline } from './baseline.ts'
import type { CaseResult, Evidence, Verdict } from './evidence.ts'
import { evidenceOf, resultOf } from './fixtures/evidence.ts'
import { readEvidence } from './read-evidence.ts'
import { renderJson } from './json.ts'
import { renderReport, type ReportFormat } from './render/render.ts'
import { summarize } from './summary.ts'

const run = (verdicts: { readonly [id: string]: Verdict }): Evidence =>
  evidenceOf(Object.entries(verdicts).map(([id, verdict]) => resultOf({ id, verdict })))
const before = run({ old: 'fail', sound: 'pass', unclear: 'inconclusive', mended: 'fail' })
const same = withBaseline(run({ old: 'fail', sound: 'pass', unclear: 'inconclusive', mended: 'pass' }), before)
const worse = withBaseline(run({ old: 'fail', sound: 'fail', unclear: 'inconclusive', mended: 'fail' }), before)
const lost = withBaseline(run({ old: 'fail', sound: 'inconclusive', unclear: 'inconclusive', mended: 'fail' }), before)
const show = (evidence: Evidence, format: ReportFormat): string =>
  renderReport(evidence, format, { width: 100, color: false })

test('the evidence says what is known, new, lost and mended, and is read again with it', () => {
  expect(same.baseline).toMatchObject({ worse: false, known: ['old'], news: [], lost: [], fixed: ['mended'] })
  expect(worse.baseline).toMatchObject({ worse: true, known: ['old', 'mended'], news: ['sound'], lost: [] })
  expect(lost.baseline).toMatchObject({ worse: true, news: [], lost: ['sound'] })
  expect(readEvidence(renderJson(worse)).baseline).toEqual(worse.baseline)
})

test('what is known is excused, what could not be judged then either too, and nothing without a baseline', () => {
  const verdictOf = (evidence: Evidence, id: string): CaseResult => evidence.results.find(result => result.id === id)!
  const excused = excusedBy(worse.baseline)
  expect(['old', 'sound', 'unclear', 'mended'].map(id => excused.has(verdictOf(worse, id)))).toEqual([
    true,
    false,
    true,
    true,
  ])
  expect(excused.isNew(verdictOf(worse, 'sound'))).toBe(true)
  expect(excusedBy(lost.baseline).isNew(verdictOf(lost, 'sound'))).toBe(true)
  expect(excusedBy(undefined).has(verdictOf(worse, 'old'))).toBe(false)
})

describe('every report says it first', () => {
  test.each<[ReportFormat, string, string]>([
    ['terminal', 'NO WORSE THAN THE BASELINE', 'WORSE THAN THE BASELINE'],
    ['markdown', '## ✅ No worse than the baseline', '## ❌ Worse than the baseline'],
    ['html', '<h1>No worse than the baseline', '<h1>Worse than the baseline'],
    ['github', '::notice title=lambdacheck%3A No worse than the baseline', '::error title=lambdacheck%3A Worse than'],
  ])('%s', (format, good, bad) => {
    expect(show(same, format)).toContain(good)
    const told = show(worse, format)
    expect(told).toContain(bad)
    expect(told).not.toContain(good)
  })

  test('junit is green exactly when the run is no worse', () => {
    expect(show(same, 'junit')).toContain('failures="0" errors="0" skipped="2"')
    expect(show(same, 'junit')).toContain('<skipped message="known from the baseline: ')
    expect(show(worse, 'junit')).toContain('failures="1" errors="0" skipped="3"')
    expect(show(lost, 'junit')).toContain('<failure type="lost" message="passed in the baseline, inconclusive now: ')
  })

  test('sarif tells new results from known ones', () => {
    const states = JSON.parse(show(worse, 'sarif')).runs[0].results.map(
      (result: { baselineState: string }) => result.baselineState,
    )
    expect(states.sort()).toEqual(['new', 'unchanged', 'unchanged'])
  })

  test('the causes of what is new come first', () => {
    const [first] = summarize(worse).causes
    expect(first?.results.map(result => result.id)).toContain('sound')
  })
})
