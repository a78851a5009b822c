import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareEvidence } from './changes.ts'
import type { CaseResult, Verdict } from './evidence.ts'
import { anyEvidence, evidenceOf, resultOf } from './fixtures/evidence.ts'
import { sampleEvidence } from './fixtures/sample.ts'

const cases = (verdicts: { readonly [id: string]: Verdict }): CaseResult[] =>
  Object.entries(verdicts).map(([id, verdict]) => resultOf({ id, verdict }))
const ids = (results: readonly CaseResult[]): string[] => results.map(result => result.id)

describe('compareEvidence', () => {
  it('sorts what changed', () => {
    const before = evidenceOf(
      cases({ broke: 'pass', lost: 'pass', fixed: 'fail', same: 'fail', gone: 'pass', worse: 'skipped' }),
    )
    const after = evidenceOf(
      cases({
        broke: 'fail',
        lost: 'inconclusive',
        fixed: 'pass',
        same: 'fail',
        fresh: 'pass',
        bad: 'fail',
        worse: 'fail',
      }),
    )
    const changes = compareEvidence(before, after)
    expect({
      ...changes,
      newlyFailing: ids(changes.newlyFailing),
      lost: ids(changes.lost),
      fixed: ids(changes.fixed),
      added: ids(changes.added),
      gone: ids(changes.gone),
    }).toEqual({
      newlyFailing: ['broke', 'worse'],
      lost: ['lost'],
      fixed: ['fixed'],
      added: ['fresh', 'bad'],
      gone: ['gone'],
      stillFailing: 1,
      newFindings: [],
      fixedFindings: [],
      worse: true,
      sentence:
        'Worse than before: 2 cases newly fail, 1 new case fails, 1 case that passed could not be tested, 1 case is fixed.',
    })
  })

  it('of a run with itself is no change', () => {
    fc.assert(
      fc.property(anyEvidence(), evidence => {
        const unique = {
          ...evidence,
          partial: false,
          results: [...new Map(evidence.results.map(result => [result.id, result])).values()],
        }
        expect(compareEvidence(unique, unique)).toMatchObject({
          worse: false,
          sentence: 'No worse than before: nothing changed.',
          newlyFailing: [],
          fixed: [],
          added: [],
          gone: [],
        })
      }),
      { numRuns: 50 },
    )
  })

  it('forwards and backwards tells the same changes the other way round', () => {
    const verdict = fc.constantFrom<Verdict>('pass', 'fail', 'skipped')
    const some = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), verdict).map(one => evidenceOf(cases(one)))
    fc.assert(
      fc.property(some, some, (a, b) => {
        const [there, back] = [compareEvidence(a, b), compareEvidence(b, a)]
        expect(ids(there.added).sort()).toEqual(ids(back.gone).sort())
        expect(there.stillFailing).toBe(back.stillFailing)
        expect(ids(back.newlyFailing)).toEqual(expect.arrayContaining(ids(there.fixed)))
      }),
    )
  })

  it('calls a run that did not end worse, and does not call gone what was not asked for', () => {
    const whole = evidenceOf(cases({ a: 'pass', b: 'pass' }))
    expect(compareEvidence(whole, evidenceOf(cases({ a: 'pass' }), { partial: true }))).toMatchObject({
      worse: true,
      gone: [],
      sentence: 'Worse than before: the run did not come to its end.',
    })
    expect(compareEvidence(whole, evidenceOf(cases({ a: 'pass' }), { narrowed: ['--action A'] }))).toMatchObject({
      worse: false,
      gone: [],
    })
  })

  it('compares findings by fingerprint, leaving out the suppressed', () => {
    const all = sampleEvidence({ clean: true })
    const fewer = { ...all, findings: all.findings.slice(1) }
    expect(compareEvidence(fewer, all)).toMatchObject({ worse: true, newFindings: [{ fingerprint: 'f1' }] })
    expect(compareEvidence(all, fewer)).toMatchObject({
      worse: false,
      fixedFindings: [{ fingerprint: 'f1' }],
      sentence: 'No worse than before: 1 lint finding is gone.',
    })
    expect(
      compareEvidence({ ...all, findings: all.findings.filter(finding => finding.suppressed === undefined) }, all)
        .worse,
    ).toBe(false)
  })
})
