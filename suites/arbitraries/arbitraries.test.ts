import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BreachKind } from '../oracle/legal.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { examine, examineMembers, isSurelyLegal } from '../oracle/legal.ts'
import { constraint, member } from '../testing/spec.ts'
import { exampleOf } from './example.ts'
import { freeMembers, narrowed, whyCoupled } from './free.ts'
import { faultsOf } from './illegal.ts'
import { legalMembers, legalValues, memberValues } from './legal.ts'
import { matchingAll, stretched } from './pattern.ts'
import { ABSENT, place, siteAt, valueAt } from './site.ts'

const spec = loadSpec()
const actions = Object.values(spec.actions)

describe('legal values', () => {
  test('of every member of every action and type are surely legal', () => {
    for (const one of [
      ...actions.map(action => action.request),
      ...Object.values(spec.types).map(type => type.members),
    ].flat()) {
      for (const value of fc.sample(legalValues(spec, one), { numRuns: 5, seed: 11 })) {
        expect(isSurelyLegal(spec, one, value), `${one.name} ${JSON.stringify(value)}`).toBe(true)
      }
    }
  })

  test('requests of free members have no breach that the example has not', () => {
    for (const action of actions) {
      for (const one of action.request.filter(each => whyCoupled(spec, action, each, [each.name]) === null)) {
        const values = memberValues(spec, narrowed(spec, action, one), freeMembers(spec, action), [one.name])
        for (const value of fc.sample(values, { numRuns: 5, seed: 5 })) {
          expect(examineMembers(spec, [one], { [one.name]: value }, 'request'), `${action.name}.${one.name}`).toEqual(
            [],
          )
        }
      }
    }
  })

  test('alternatives: what all allow, and what a quota allows besides', () => {
    const timeout = spec.actions['CreateFunction']?.request.find(one => one.name === 'Timeout')
    const action = spec.actions['CreateFunction']
    if (timeout === undefined || action === undefined) throw new Error('no CreateFunction.Timeout')
    const values = fc.sample(
      memberValues(spec, narrowed(spec, action, timeout), () => true, ['Timeout']),
      200,
    ) as number[]
    expect(Math.min(...values)).toBeGreaterThanOrEqual(1)
    expect(Math.max(...values)).toBeLessThanOrEqual(900)

    const both = {
      type: { kind: 'integer' as const },
      constraints: [
        constraint({ kind: 'range', min: 1, max: 10 }),
        constraint({ kind: 'range', min: 5, max: 50 }, { origin: 'recorded' }),
      ],
    }
    for (const value of fc.sample(legalValues(spec, both), 50) as number[]) expect(value >= 5 && value <= 10).toBe(true)
  })

  test('nothing that names what must exist is free', () => {
    for (const action of actions) {
      const free = action.request.filter(one => whyCoupled(spec, action, one, [one.name]) === null)
      expect(
        free
          .filter(one => one.in === 'uri' || /Arn|FunctionName|Role|Code$|Layers|VpcConfig|Qualifier/.test(one.name))
          .map(one => `${action.name}.${one.name}`),
      ).toEqual([])
    }
  })

  test('optional members are left out and filled in, required ones always there', () => {
    const members = [member('A', 'string', { required: true }), member('B', 'integer')]
    const samples = fc.sample(
      legalMembers(spec, members, () => true),
      { numRuns: 40, seed: 2 },
    )
    expect(samples.every(one => 'A' in one)).toBe(true)
    expect(new Set(samples.map(one => 'B' in one))).toEqual(new Set([true, false]))
  })

  test('what cannot be legal is an error, not a search without end', () => {
    const impossible = {
      type: { kind: 'string' as const },
      constraints: [
        constraint({ kind: 'pattern', pattern: 'a+' }),
        constraint({ kind: 'pattern', pattern: 'b+' }, { origin: 'model' }),
      ],
    }
    expect(() => fc.sample(legalValues(spec, impossible), 1)).toThrow(/no text was found/)
    const short = {
      type: { kind: 'string' as const },
      constraints: [constraint({ kind: 'enum', values: ['abc'] }), constraint({ kind: 'length', max: 2 })],
    }
    expect(() => fc.sample(legalValues(spec, short), 1)).toThrow(/none of \d+ generated values is legal/)
  })
})

describe('patterns', () => {
  const patterns = [
    ...new Set(
      actions
        .flatMap(action => action.request)
        .flatMap(one => one.constraints.flatMap(each => (each.kind === 'pattern' ? [each.pattern] : []))),
    ),
  ]

  test.each(patterns)('%s', pattern => {
    const regex = new RegExp(`^(?:${pattern})$`)
    const samples = fc.sample(matchingAll([pattern]), { numRuns: 20, seed: 4 })
    expect(samples.filter(text => !regex.test(text))).toEqual([])
    // Printable throughout: headers and paths can carry it.
    expect(samples.filter(text => /[^ -~]/.test(text))).toEqual([])
  })

  test('a match is brought to an exact length where the pattern has room', () => {
    expect(stretched('[a-z]+', 'abc', 6)).toMatch(/^[a-z]{6}$/)
    expect(stretched('arn:[a-z]+:\\d{12}', 'arn:aws:123456789012', 30)).toMatch(/^arn:[a-z]+:\d{12}$/)
    expect(stretched('\\d{12}', '123456789012', 13)).toBeNull()
    expect(stretched('[a-z]+', 'abc', 2)).toBeNull()
  })
})

describe('faults', () => {
  test('every fault of every place is surely illegal, for the reason that it is meant for', () => {
    let faults = 0
    for (const clause of spec.clauses) {
      const action = clause.action === undefined ? undefined : spec.actions[clause.action]
      const site = action === undefined || clause.path === undefined ? null : siteAt(spec, action, clause.path)
      if (site === null || site.top.in === 'status') continue
      for (const fault of faultsOf(spec, site.shape, clause.kind as BreachKind, site.top.in)) {
        faults++
        for (const value of [...fault.kinds, ...fc.sample(fault.values, { numRuns: 3, seed: 9 })]) {
          const breaches = examine(spec, site.shape, value, 'request').filter(breach => breach.sure)
          expect(
            breaches.map(breach => breach.kind),
            `${clause.id} ${fault.variant} ${JSON.stringify(value)?.slice(0, 80)}`,
          ).toContain(clause.kind)
        }
      }
    }
    expect(faults).toBeGreaterThan(450)
  })

  test('the first ones are just outside, and only what no alternative allows is one', () => {
    const range = {
      type: { kind: 'integer' as const },
      constraints: [
        constraint({ kind: 'range', min: 1, max: 10 }),
        constraint({ kind: 'range', min: 1, max: 50 }, { origin: 'recorded' }),
      ],
    }
    expect(faultsOf(spec, range, 'range', 'body').map(fault => [fault.variant, fault.kinds[0]])).toEqual([
      ['below-min', 0],
      ['above-max', 51],
    ])
    const recorded = {
      type: { kind: 'integer' as const },
      constraints: [constraint({ kind: 'range', max: 10 }, { origin: 'recorded' })],
    }
    expect(faultsOf(spec, recorded, 'range', 'body')).toEqual([])
  })
})

describe('places', () => {
  test('a value is placed however deep, with what is needed around it', () => {
    const action = spec.actions['CreateFunction']
    if (action === undefined) throw new Error('no CreateFunction')
    const put = (path: readonly string[], value: unknown, base = {}): { [member: string]: unknown } =>
      place(spec, action, base, path, value)
    expect(put(['VpcConfig', 'SubnetIds', '[]'], 7)).toMatchObject({ VpcConfig: { SubnetIds: [7] } })
    const { Environment } = put(['Environment', 'Variables', '{key}'], '1bad') as { Environment: { Variables: object } }
    expect(Object.keys(Environment.Variables)).toEqual(['1bad'])
    expect(put(['FileSystemConfigs', '[]', 'Arn'], 'x')).toMatchObject({
      FileSystemConfigs: [{ Arn: 'x', LocalMountPath: expect.stringMatching(/^\/mnt\//) }],
    })
    expect(put(['MemorySize'], ABSENT, { MemorySize: 1, Timeout: 2 })).toEqual({ Timeout: 2 })
    expect(valueAt({ VpcConfig: { SubnetIds: ['a'] } }, ['VpcConfig', 'SubnetIds', '[]'])).toBe('a')
  })

  test('every place of every clause can be filled with its example, and read again', () => {
    for (const clause of spec.clauses) {
      const action = clause.action === undefined ? undefined : spec.actions[clause.action]
      const site = action === undefined || clause.path === undefined ? null : siteAt(spec, action, clause.path)
      if (action === undefined || site === null) continue
      const example = exampleOf(spec, site.shape)
      expect(isSurelyLegal(spec, site.shape, example), clause.id).toBe(true)
      expect(valueAt(place(spec, action, {}, site.path, example), site.path), clause.id).toEqual(example)
    }
  })
})
