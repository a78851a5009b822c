import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ClauseKind, Level } from '../spec/model.ts'
import { caseListOf } from './case-list.ts'
import * as judge from './certify.ts'
import type { CaseResult, Verdict } from './evidence.ts'
import { resultOf } from './fixtures/evidence.ts'

const WHOLE = { partial: false }
/** The endpoint file says that there are no logs. */
const DECLARED = {
  partial: false,
  endpoint: { name: 'e', url: 'http://e', region: 'r', capabilities: {}, actions: {}, declared: ['logs'] },
}
/** Nothing is missing, unless the scope brings a list of its own. */
const complete = (results: readonly CaseResult[], scope: judge.RunScope): judge.RunScope => ({
  caseList: caseListOf(results),
  ...scope,
})
const certifyProfiles = (
  results: readonly CaseResult[],
  scope: judge.RunScope,
): ReturnType<typeof judge.certifyProfiles> => judge.certifyProfiles(results, complete(results, scope))
const overallVerdict = (results: readonly CaseResult[], scope: judge.RunScope): judge.Overall =>
  judge.overallVerdict(results, complete(results, scope))
const VERDICTS: readonly Verdict[] = ['pass', 'fail', 'unsupported', 'skipped', 'inconclusive']
const REFUSING: readonly ClauseKind[] = ['required', 'range', 'error', 'syntax', 'pattern']

const anyResults = (verdicts: readonly Verdict[] = VERDICTS): fc.Arbitrary<CaseResult[]> =>
  fc
    .array(
      fc.record({
        profile: fc.constantFrom('functions', 'invoke', 'aliases'),
        level: fc.constantFrom<Level>('must', 'must', 'should', 'may'),
        kind: fc.constantFrom<ClauseKind>('answer', 'range', 'error', 'law', 'property'),
        verdict: fc.constantFrom(...verdicts),
        expectedFailure: fc.boolean(),
      }),
      { minLength: 1, maxLength: 20 },
    )
    .map(all =>
      all.map(({ profile, level, kind, verdict, expectedFailure }, at) =>
        resultOf({ id: `case.${at}`, verdict, expectedFailure, clause: { id: `clause.${at}`, profile, level, kind } }),
      ),
    )

/** Mostly passes, so that certified profiles are common. */
const mostlyPassing = anyResults(['pass', 'pass', 'pass', 'pass', 'pass', 'pass', 'skipped', 'fail'])

const certified = (results: readonly CaseResult[]): string[] =>
  certifyProfiles(results, WHOLE).flatMap(profile => (profile.certified ? [profile.profile] : []))

describe('a profile', () => {
  const pass = (kind: ClauseKind, over: Partial<CaseResult> = {}): CaseResult =>
    resultOf({ ...over, clause: { kind, id: `some.${kind}` } })
  const skipped = (kind: ClauseKind, reason = 'no logs'): CaseResult =>
    pass(kind, { verdict: 'skipped', reason, lacks: ['logs'] })

  it('is certified when its MUST cases pass', () => {
    expect(certifyProfiles([pass('answer'), pass('range')], WHOLE)).toEqual([
      {
        profile: 'functions',
        certified: true,
        counts: { pass: 2, fail: 0, unsupported: 0, skipped: 0, inconclusive: 0 },
        mustCounts: { pass: 2, fail: 0, unsupported: 0, skipped: 0, inconclusive: 0 },
      },
    ])
  })

  it.each<[string, CaseResult[], string]>([
    ['one failure', [pass('answer'), pass('law', { verdict: 'fail' })], '1 of 2 MUST cases fails.'],
    [
      'an expected failure',
      [pass('answer'), pass('law', { verdict: 'fail', expectedFailure: true })],
      '1 of 2 MUST cases fails as expected.',
    ],
    [
      'an inconclusive case',
      [pass('answer'), pass('law', { verdict: 'inconclusive' })],
      '1 of 2 MUST cases is inconclusive.',
    ],
    [
      'an unsupported action',
      [pass('answer'), pass('law', { verdict: 'unsupported' })],
      '1 of 2 MUST cases is about actions that the endpoint does not implement.',
    ],
    ['nothing but skipped cases', [skipped('answer')], 'None of its MUST cases passed.'],
    [
      'too few passes',
      [pass('answer'), skipped('law'), skipped('law')],
      'Only 1 of 3 MUST cases passed, and at least half must.',
    ],
    [
      'no answer seen',
      [pass('range'), pass('range'), skipped('answer')],
      'Not one request was seen to be answered as documented.',
    ],
    [
      'no refusal seen',
      [pass('answer'), pass('answer'), skipped('range')],
      'Not one wrong request was seen to be refused as documented.',
    ],
    ['no MUST case', [resultOf({ clause: { level: 'should' } })], 'Has no MUST case.'],
  ])('is not certified with %s', (_, results, reason) => {
    expect(certifyProfiles(results, DECLARED)).toMatchObject([{ certified: false, reason }])
  })

  it('has no holes: what was skipped is one, unless the endpoint file says that it is not there, and then the name says so', () => {
    const results = [pass('answer'), pass('range'), skipped('law')]
    expect(certifyProfiles(results, WHOLE)).toMatchObject([
      {
        certified: false,
        reason:
          '1 of 3 MUST cases is skipped for want of logs, of which the endpoint file does not say that it is not there.',
      },
    ])
    expect(certifyProfiles(results, DECLARED)).toMatchObject([{ certified: true, without: ['logs'] }])
    expect(overallVerdict(results, DECLARED).sentence).toBe(
      'The one profile is certified, in part: functions without logs.',
    )
    const both = [...results, pass('law', { verdict: 'skipped', lacks: ['logs', 'sqs'] })]
    expect(certifyProfiles(both, DECLARED)).toMatchObject([{ certified: false }])
  })

  it('stands or falls with its core, whatever is said not to be there', () => {
    const core = resultOf({ verdict: 'skipped', lacks: ['logs'], clause: { id: 'GetFunction.answer' } })
    expect(certifyProfiles([pass('answer'), pass('range'), core], DECLARED)).toMatchObject([
      { certified: false, reason: 'Its core was not seen: GetFunction.answer.' },
    ])
  })

  it('is certified in spite of failing SHOULD cases, which are counted', () => {
    const [profile] = certifyProfiles(
      [pass('answer'), resultOf({ verdict: 'fail', clause: { level: 'should' } })],
      WHOLE,
    )
    expect(profile).toMatchObject({ certified: true, counts: { fail: 1 }, mustCounts: { fail: 0 } })
  })

  it('names what was skipped, the commonest reason first', () => {
    const [profile] = certifyProfiles(
      [
        pass('answer'),
        pass('answer'),
        pass('answer'),
        skipped('law', 'needs sqs'),
        skipped('law', 'needs node'),
        skipped('law', 'needs node'),
      ],
      DECLARED,
    )
    expect(profile).toMatchObject({
      certified: true,
      skipped: [
        { reason: 'needs node', cases: 2 },
        { reason: 'needs sqs', cases: 1 },
      ],
    })
  })

  it('is not certified by a run that did not end, or that ran a part of it', () => {
    expect(certifyProfiles([pass('answer')], { partial: true })).toMatchObject([
      { certified: false, reason: 'The run did not come to its end.' },
    ])
    expect(certifyProfiles([pass('answer')], { partial: false, narrowed: ['--shard 1/2'] })).toMatchObject([
      { certified: false, reason: 'Only a part of it ran (--shard 1/2).' },
    ])
  })
})

describe('results that are not all there', () => {
  const all = [
    resultOf({ id: 'a', clause: { kind: 'answer' } }),
    resultOf({ id: 'b', clause: { kind: 'range' } }),
    resultOf({ id: 'c', clause: { kind: 'answer', profile: 'invoke' } }),
  ]
  const caseList = caseListOf(all)

  it('certify nothing of their profile, and say how many are missing', () => {
    const [functions, invoke] = certifyProfiles([all[0]!, all[2]!], { partial: false, caseList })
    expect(functions).toMatchObject({
      profile: 'functions',
      certified: false,
      reason: '1 of 2 MUST cases is missing from the evidence.',
    })
    expect(invoke).toMatchObject({ profile: 'invoke', certified: true })
    expect(overallVerdict([all[0]!, all[2]!], { partial: false, caseList })).toMatchObject({
      verdict: 'not-certified',
      acceptable: false,
    })
  })

  it('are missed when a whole profile is gone', () => {
    expect(certifyProfiles(all.slice(0, 2), { partial: false, caseList })).toMatchObject([
      { profile: 'functions', certified: true },
      { profile: 'invoke', certified: false, reason: '1 of 1 MUST cases is missing from the evidence.' },
    ])
    expect(overallVerdict(all.slice(0, 2), { partial: false, caseList }).verdict).toBe('not-certified')
  })

  it('are missed when others stand in for them, or nobody says which there should be', () => {
    expect(certifyProfiles([all[0]!, { ...all[1]!, id: 'z' }], { partial: false, caseList })[0]?.reason).toBe(
      'Its MUST cases are not those of the case list.',
    )
    expect(judge.certifyProfiles(all, WHOLE)[0]?.reason).toBe(
      'The evidence has no list of its cases (an earlier version wrote it).',
    )
    expect(judge.overallVerdict(all, WHOLE).verdict).toBe('not-certified')
  })

  it('never certify more than all of them', () => {
    fc.assert(
      fc.property(
        mostlyPassing.chain(results => fc.tuple(fc.constant(results), fc.subarray(results))),
        ([results, some]) => {
          const list = caseListOf(results)
          const names = (of: readonly CaseResult[]): string[] =>
            judge
              .certifyProfiles(of, { partial: false, caseList: list })
              .flatMap(profile => (profile.certified ? [profile.profile] : []))
          expect(names(results)).toEqual(expect.arrayContaining(names(some)))
          const must = (of: readonly CaseResult[]): number => of.filter(one => one.clause.level === 'must').length
          if (must(some) < must(results))
            expect(judge.overallVerdict(some, { partial: false, caseList: list }).verdict).not.toBe('certified')
        },
      ),
    )
  })
})

describe('laws of certification', () => {
  it('turning a pass into anything else never certifies more', () => {
    fc.assert(
      fc.property(
        mostlyPassing,
        fc.nat(),
        fc.constantFrom<Verdict>('fail', 'unsupported', 'skipped', 'inconclusive'),
        (results, at, verdict) => {
          const passing = results.flatMap((one, index) => (one.verdict === 'pass' ? [index] : []))
          fc.pre(passing.length > 0)
          const changed = passing[at % passing.length]!
          const worse = results.map((one, index) => (index === changed ? { ...one, verdict } : one))
          expect(certified(results)).toEqual(expect.arrayContaining(certified(worse)))
          if (overallVerdict(worse, WHOLE).verdict === 'certified')
            expect(overallVerdict(results, WHOLE).verdict).toBe('certified')
          if (
            overallVerdict(
              worse.map(one => ({ ...one, expectedFailure: false })),
              WHOLE,
            ).acceptable
          ) {
            expect(
              overallVerdict(
                results.map(result => ({ ...result, expectedFailure: false })),
                WHOLE,
              ).acceptable,
            ).toBe(true)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('certified means: MUST cases, none of them anything but passed or skipped, half of them passed', () => {
    let seen = 0
    fc.assert(
      fc.property(mostlyPassing, results => {
        for (const profile of certified(results)) {
          seen++
          const must = results.filter(result => result.clause.profile === profile && result.clause.level === 'must')
          const passed = must.filter(one => one.verdict === 'pass').length
          expect(must.every(one => one.verdict === 'pass' || one.verdict === 'skipped')).toBe(true)
          expect(passed).toBeGreaterThan(0)
          expect(passed * 2).toBeGreaterThanOrEqual(must.length)
        }
      }),
      { numRuns: 2000 },
    )
    expect(seen).toBeGreaterThan(200)
  })

  it('the order of results does not matter', () => {
    fc.assert(
      fc.property(
        anyResults().chain(results =>
          fc.tuple(fc.constant(results), fc.shuffledSubarray(results, { minLength: results.length })),
        ),
        ([results, shuffled]) => {
          const counted = (all: readonly CaseResult[]): unknown => certifyProfiles(all, WHOLE)
          expect(counted(shuffled)).toEqual(counted(results))
        },
      ),
    )
  })

  it.each<[string, (kind: ClauseKind) => boolean]>([
    ['answers nothing but refusals', kind => REFUSING.includes(kind)],
    ['answers nothing but success', kind => kind === 'answer'],
    ['answers nothing that fits', () => false],
  ])('an endpoint that %s is certified for nothing, whatever becomes of the rest', (_, passes) => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom<ClauseKind>('answer', ...REFUSING, 'law'),
            fc.constantFrom<Verdict>('fail', 'inconclusive', 'skipped', 'unsupported'),
          ),
        ),
        cases => {
          const both: [ClauseKind, Verdict][] = [['answer', 'skipped'], ['range', 'skipped'], ...cases]
          const results = both.map(([kind, verdict], at) =>
            resultOf({ id: `c${at}`, verdict: passes(kind) ? 'pass' : verdict, clause: { kind } }),
          )
          expect(certified(results)).toEqual([])
          expect(overallVerdict(results, WHOLE)).toMatchObject({ acceptable: false })
          expect(overallVerdict(results, WHOLE).verdict).not.toBe('certified')
        },
      ),
    )
  })
})

describe('the run', () => {
  const pass = resultOf()
  const other = (over: Partial<CaseResult>): CaseResult =>
    resultOf({ id: 'other', ...over, clause: { kind: 'law', profile: 'invoke' } })

  it('is certified when every profile with MUST cases is', () => {
    expect(overallVerdict([pass], WHOLE)).toEqual({
      verdict: 'certified',
      sentence: 'The one profile is certified.',
      acceptable: true,
    })
    expect(
      overallVerdict([pass, resultOf({ verdict: 'fail', clause: { level: 'may', profile: 'logs' } })], WHOLE).verdict,
    ).toBe('certified')
    expect(overallVerdict([pass, other({ verdict: 'fail' })], WHOLE)).toEqual({
      verdict: 'not-certified',
      sentence: '1 of 2 profiles certified.',
      acceptable: false,
    })
  })

  it('has tested nothing when nothing passed and nothing failed', () => {
    expect(overallVerdict([], WHOLE).verdict).toBe('nothing-tested')
    expect(overallVerdict([other({ verdict: 'skipped' }), other({ verdict: 'inconclusive' })], WHOLE).verdict).toBe(
      'nothing-tested',
    )
  })

  it('is acceptable, though not certified, with expected failures alone or when narrowed', () => {
    const expected = [pass, other({ verdict: 'pass' }), other({ verdict: 'fail', expectedFailure: true })]
    expect(overallVerdict(expected, WHOLE)).toEqual({
      verdict: 'not-certified',
      sentence: '1 of 2 profiles certified; all failures are expected ones.',
      acceptable: true,
    })
    expect(overallVerdict([pass], { partial: false, narrowed: ['--action GetFunction'] })).toMatchObject({
      verdict: 'not-certified',
      acceptable: true,
    })
    expect(
      overallVerdict([other({ verdict: 'fail' })], { partial: false, narrowed: ['--action GetFunction'] }),
    ).toMatchObject({ verdict: 'not-certified', acceptable: false })
    expect(
      overallVerdict([pass, other({ verdict: 'skipped' })], { partial: false, narrowed: ['--smoke'] }),
    ).toMatchObject({ verdict: 'not-certified', acceptable: true })
    expect(overallVerdict([other({ verdict: 'skipped' })], { partial: false, narrowed: ['--smoke'] })).toMatchObject({
      acceptable: false,
    })
    expect(overallVerdict([pass], { partial: true })).toMatchObject({ verdict: 'not-certified', acceptable: false })
  })

  it('that was narrowed is acceptable only when nothing in it failed, was inconclusive or is not implemented', () => {
    fc.assert(
      fc.property(anyResults(), results => {
        const narrow = { partial: false, narrowed: ['--smoke'] }
        const must = results.filter(result => result.clause.level === 'must')
        const against = must.some(one => one.verdict !== 'pass' && one.verdict !== 'skipped' && !one.expectedFailure)
        expect(overallVerdict(results, narrow).acceptable).toBe(!against && must.some(one => one.verdict === 'pass'))
        expect(certifyProfiles(results, narrow).some(profile => profile.certified)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})
