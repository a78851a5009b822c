import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ClauseKind, Level } from '../spec/model.ts'
import type { CaseResult, Verdict } from './evidence.ts'
import { resultOf } from './fixtures/evidence.ts'
import { causesOf } from './causes.ts'

const ACTIONS = ['CreateAlias', 'UpdateAlias', 'CreateFunction', 'ListAliases']

const anyResult = fc.record({
  action: fc.constantFrom(...ACTIONS),
  family: fc.constantFrom('valid', 'one-fault', 'error', 'law', 'property', 'quota', 'model', 'boundary', 'later'),
  kind: fc.constantFrom<ClauseKind>('answer', 'range', 'type', 'error', 'law', 'property'),
  profile: fc.constantFrom('functions', 'aliases', 'versions'),
  level: fc.constantFrom<Level>('must', 'must', 'should'),
  verdict: fc.constantFrom<Verdict>('pass', 'fail', 'fail', 'unsupported', 'skipped', 'inconclusive'),
  expectedFailure: fc.constantFrom(undefined, undefined, undefined, true as const),
  actual: fc.constantFrom(
    undefined,
    '200',
    '404 ResourceNotFoundException: gone',
    '500 InternalError',
    '""',
    'status 200',
  ),
  expected: fc.constantFrom(
    undefined,
    'CreateAlias to fail with ResourceConflictException (409)',
    'GetAlias to answer Name: "a"',
  ),
  reason: fc.oneof(fc.constantFrom(undefined, 'CreateAlias answered 500', 'Name always comes'), fc.string()),
})
const anyResults: fc.Arbitrary<CaseResult[]> = fc.array(anyResult, { maxLength: 30 }).map(all =>
  all.map(({ action, family, kind, profile, level, verdict, ...texts }, at) =>
    resultOf({
      ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)),
      id: `case.${at}`,
      action,
      family,
      verdict,
      clause: { id: `${action}.request.Name.${kind}`, kind, profile, level },
    }),
  ),
)

describe('the laws of causes', () => {
  test('every result that speaks against the endpoint has exactly one cause, and no other has any', () => {
    fc.assert(
      fc.property(anyResults, results => {
        const against = results.filter(
          result => result.verdict !== 'pass' && result.verdict !== 'skipped' && result.expectedFailure !== true,
        )
        const told = causesOf({ results }).flatMap(cause => cause.results.map(({ id }) => id))
        expect(told.sort()).toEqual(against.map(one => one.id).sort())
      }),
    )
  })

  test('their order and number do not depend on the order of the results', () => {
    fc.assert(
      fc.property(anyResults, fc.infiniteStream(fc.nat()), (results, order) => {
        const shuffled = [...results]
        for (let at = shuffled.length - 1; at > 0; at--) {
          const other = (order.next().value as number) % (at + 1)
          const [one, two] = [shuffled[at] as CaseResult, shuffled[other] as CaseResult]
          shuffled[at] = two
          shuffled[other] = one
        }
        expect(causesOf({ results: shuffled }).map(cause => cause.id)).toEqual(
          causesOf({ results }).map(cause => cause.id),
        )
      }),
    )
  })

  test('what they hold back adds up to the profiles that are held back, the most first', () => {
    fc.assert(
      fc.property(anyResults, results => {
        const causes = causesOf({ results })
        const held = new Set(causes.flatMap(cause => cause.holds.map(({ profile }) => profile)))
        expect(causes.reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(held.size, 6)
        const shares = causes.map(cause => cause.share)
        expect(shares).toEqual([...shares].sort((one, other) => other - one))
      }),
    )
  })
})

describe('what a cause is', () => {
  const fault = (action: string, member: string, kind: ClauseKind, over: Partial<CaseResult> = {}): CaseResult =>
    resultOf({
      id: `${action}.request.${member}.${kind}#one-fault`,
      family: 'one-fault',
      action,
      verdict: 'fail',
      actual: '201',
      ...over,
      clause: { id: `${action}.request.${member}.${kind}`, kind },
    })
  const titles = (results: readonly CaseResult[]): string[] => causesOf({ results }).map(cause => cause.title)

  test('an endpoint that refuses no faulty request has one', () => {
    const results = ACTIONS.flatMap(action => [fault(action, 'Name', 'length'), fault(action, 'Size', 'range')])
    expect(titles(results)).toEqual(['No request member is validated'])
  })

  test('an action that refuses nothing is told from a kind that is refused nowhere', () => {
    const pass = (action: string, member: string, kind: ClauseKind): CaseResult =>
      fault(action, member, kind, { verdict: 'pass', actual: '400' })
    const results = [
      ...ACTIONS.map(action => fault(action, 'Name', 'pattern')),
      ...ACTIONS.flatMap(action => [pass(action, 'A', 'length'), pass(action, 'B', 'type')]),
      ...(['range', 'length', 'type'] as const).map(kind => fault('PutThing', kind, kind)),
    ]
    expect(titles(results).sort()).toEqual(
      ['Patterns of texts are not checked', 'PutThing does not validate its request'].sort(),
    )
  })

  test('the same error that does not come is one, whatever asked for it', () => {
    const results = [
      resultOf({
        id: 'a',
        family: 'error',
        action: 'UpdateAlias',
        verdict: 'fail',
        actual: '200',
        clause: { id: 'UpdateAlias.error.PreconditionFailedException.stale', kind: 'error' },
      }),
      resultOf({
        id: 'b',
        family: 'law',
        verdict: 'fail',
        expected: 'AddPermission with a revision that is not current to fail with PreconditionFailedException (412)',
        actual: '201',
        clause: { id: 'function-permission.law.guarded', kind: 'law' },
      }),
    ]
    expect(titles(results)).toEqual(['RevisionId is not compared: writes with a revision that is not current succeed'])
  })

  test('what cannot be judged for want of an action goes with that action', () => {
    const results = [
      resultOf({
        id: 'valid',
        family: 'valid',
        action: 'CreateThing',
        verdict: 'fail',
        reason: 'CreateThing answers with status 201',
        expected: 'status 201',
        actual: 'status 200',
        clause: { id: 'CreateThing.answer', kind: 'answer' },
      }),
      resultOf({
        id: 'other',
        verdict: 'inconclusive',
        reason: 'the thing that this needs could not be made: the answer of CreateThing lacks Arn',
        clause: { id: 'thing.law.read', kind: 'law' },
      }),
    ]
    const [cause, ...more] = causesOf({ results })
    expect(more).toEqual([])
    expect(cause).toMatchObject({
      title: 'CreateThing answers status 200 where status 201 is due',
      counts: { fail: 1, unsupported: 0, inconclusive: 1 },
    })
  })

  test('an action that is not implemented is one, however many cases it has', () => {
    const results = ['a', 'b', 'c'].map(id => resultOf({ id, action: 'TagResource', verdict: 'unsupported' }))
    expect(titles(results)).toEqual(['TagResource is not implemented'])
  })
})
