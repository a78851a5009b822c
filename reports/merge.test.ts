import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caseListOf } from './case-list.ts'
import type { CaseResult, Evidence, Verdict } from './evidence.ts'
import { anyEvidence, evidenceOf, resultOf } from './fixtures/evidence.ts'
import { sampleEvidence } from './fixtures/sample.ts'
import { mergeEvidence } from './merge.ts'
import { WORST_FIRST } from './worst-first.ts'

const caseList = caseListOf([resultOf(), resultOf({ id: 'b' })])
const merge = (...all: readonly Evidence[]): Evidence =>
  mergeEvidence(all.map((evidence, at) => ({ name: `${at}.json`, evidence })))
const narrowedTo = (evidence: Evidence, narrowed: readonly string[], results: readonly CaseResult[]): Evidence => ({
  ...evidence,
  narrowed,
  results,
})

describe('joining shards', () => {
  it('gives the verdicts that one run would have given', () => {
    const whole = sampleEvidence()
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), count => {
        const shards = Array.from({ length: count }, (_, at) =>
          narrowedTo(
            whole,
            [`--shard ${at + 1}/${count}`],
            whole.results.filter((_, index) => index % count === at),
          ),
        )
        const joined = merge(...shards)
        expect(joined.profiles).toEqual(whole.profiles)
        expect(joined.narrowed).toBeUndefined()
        expect(joined.results).toHaveLength(whole.results.length)
        expect(joined.requests).toBe(whole.requests * count)
        expect(joined.notes).toContain(`Joined from ${count} runs.`)
      }),
      { numRuns: 4 },
    )
  })

  it('certifies nothing while a shard is missing, and says which', () => {
    const joined = merge(
      evidenceOf([resultOf()], { caseList, narrowed: ['--shard 1/3'] }),
      evidenceOf([resultOf({ id: 'b' })], { caseList, narrowed: ['--shard 3/3'] }),
    )
    expect(joined.profiles).toMatchObject([{ certified: false }])
    expect(joined.narrowed).toEqual(['--shard 1/3', '--shard 3/3'])
    expect(joined.notes).toContain('Of 3 shards this one is missing: 2.')
  })

  it('is not fooled by the same shard twice, or by other narrowing', () => {
    expect(
      merge(
        evidenceOf([resultOf()], { narrowed: ['--shard 1/2'] }),
        evidenceOf([resultOf()], { narrowed: ['--shard 1/2'] }),
      ).profiles[0]?.certified,
    ).toBe(false)
    const actions = ['--action GetFunction']
    expect(
      merge(
        evidenceOf([resultOf()], { narrowed: ['--shard 1/2', ...actions] }),
        evidenceOf([resultOf()], { narrowed: ['--shard 2/2', ...actions] }),
      ).narrowed,
    ).toEqual(actions)
  })

  it('misses what no shard brought, and certifies what all brought together', () => {
    const shard = (id: string, at: number): Evidence =>
      evidenceOf([resultOf({ id })], { caseList, narrowed: [`--shard ${at}/2`] })
    const whole = merge(shard('GetFunction.answer', 1), shard('b', 2))
    expect(whole).toMatchObject({ caseList, profiles: [{ certified: true }] })
    const cut = merge(shard('GetFunction.answer', 1), { ...shard('b', 2), results: [] })
    expect(cut.narrowed).toBeUndefined()
    expect(cut.profiles).toMatchObject([
      { certified: false, reason: '1 of 2 MUST cases is missing from the evidence.' },
    ])
  })

  it('certifies nothing when a part does not say which cases there are', () => {
    const { caseList: _, ...old } = evidenceOf([resultOf()], { narrowed: ['--shard 1/2'] })
    const joined = merge(old, evidenceOf([resultOf({ id: 'b' })], { caseList, narrowed: ['--shard 2/2'] }))
    expect(joined.caseList).toBeUndefined()
    expect(joined.profiles).toMatchObject([{ certified: false }])
  })

  it('adds up the profiles that the parts touched, and refuses lists of another version', () => {
    const all = [resultOf(), resultOf({ id: 'c', clause: { profile: 'invoke' } })]
    const of = (profile: string): Evidence => {
      const list = caseListOf(all, new Set([profile]))
      return evidenceOf(
        all.filter(one => one.clause.profile === profile),
        { caseList: list },
      )
    }
    expect(merge(of('functions'), of('invoke'))).toMatchObject({
      caseList: caseListOf(all),
      profiles: [{ certified: true }, { certified: true }],
    })
    expect(() => merge(of('functions'), evidenceOf([resultOf()], { caseList }))).toThrow(
      /^0\.json and 1\.json have different lists of cases/,
    )
  })

  it('does not end before all of its parts have', () => {
    expect(
      merge(evidenceOf([resultOf()], { caseList }), evidenceOf([resultOf({ id: 'b' })], { caseList, partial: true })),
    ).toMatchObject({
      partial: true,
      profiles: [{ certified: false }],
    })
  })
})

describe('a case in several parts', () => {
  it('keeps its worst verdict, whatever the order', () => {
    const verdict = fc.constantFrom<Verdict>('pass', 'fail', 'unsupported', 'skipped', 'inconclusive')
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 1, maxLength: 4 }), verdicts => {
        const joined = merge(...verdicts.map(verdict => evidenceOf([resultOf({ verdict })])))
        expect(joined.results.map(result => result.verdict)).toEqual([WORST_FIRST.find(one => verdicts.includes(one))])
      }),
    )
  })
})

describe('joining anything', () => {
  it('with itself changes no result and no verdict', () => {
    fc.assert(
      fc.property(anyEvidence(), evidence => {
        const once = merge(evidence)
        const twice = merge(once, once)
        expect(twice.results).toEqual(once.results)
        expect(twice.profiles).toEqual(once.profiles)
        expect(twice.findings).toEqual(once.findings)
      }),
      { numRuns: 50 },
    )
  })

  it('puts lint and certification into one', () => {
    const { endpoint: _, ...lint } = { ...sampleEvidence(), results: [], profiles: [] }
    const joined = merge(evidenceOf([resultOf()], { spec: lint.spec }), lint)
    expect(joined.endpoint?.name).toBe('sample')
    expect(joined.findings).toHaveLength(5)
    expect(joined.profiles[0]?.certified).toBe(true)
  })

  it('takes endpoints on different ports, and notes where runs do not agree about one', () => {
    const [a, b] = ['http://127.0.0.1:1', 'http://127.0.0.1:2'].map((url, at) =>
      evidenceOf([resultOf()], {
        endpoint: {
          name: 'embedded',
          url,
          region: 'us-east-1',
          capabilities: { sqs: at === 0 },
          actions: { Invoke: at === 0 ? 'unknown' : 'supported' },
        },
      }),
    )
    const joined = merge(a!, b!)
    expect(joined.endpoint).toMatchObject({
      url: 'http://127.0.0.1:1',
      capabilities: { sqs: false },
      actions: { Invoke: 'supported' },
    })
    expect(joined.notes).toContain('The runs do not agree on sqs: true and false.')
  })

  it.each<[string, Partial<Evidence>, RegExp]>([
    [
      'pages',
      { spec: { edition: '2021-11', digest: 'e'.repeat(64), clauses: 1 } },
      /^0\.json and 1\.json were made with different pages/,
    ],
    [
      'endpoints',
      { endpoint: { name: 'other', url: 'http://127.0.0.1:4566', region: 'us-east-1', capabilities: {}, actions: {} } },
      /^0\.json and 1\.json are about different endpoints \(name sample and other\)/,
    ],
    [
      'regions',
      {
        endpoint: { name: 'sample', url: 'http://127.0.0.1:4566', region: 'eu-west-1', capabilities: {}, actions: {} },
      },
      /are about different endpoints \(region us-east-1 and eu-west-1\)/,
    ],
  ])('refuses different %s', (_, over, message) => {
    expect(() => merge(evidenceOf([]), evidenceOf([], over))).toThrow(message)
  })

  it('refuses nothing at all', () => {
    expect(() => merge()).toThrow('there is nothing to join')
  })
})
