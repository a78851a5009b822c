import { describe, expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { examineMembers, isSurelyLegal } from '../oracle/legal.ts'
import { constraint } from '../testing/spec.ts'
import { alternativeTexts } from './alternatives.ts'
import { whyCoupled } from './free.ts'
import { overlayRepresentatives, representativesOf } from './representatives.ts'

const spec = loadSpec()
const actions = Object.values(spec.actions)

describe('alternatives of a pattern', () => {
  test.each<[string, readonly string[]]>([
    ['ALL|[a-c]{2}(-gov)?-\\d', ['ALL', 'aa-gov-1', 'ca-gov-1', 'aa-1', 'aa-gov-0']],
    ['(\\$LATEST|[0-9]+)', ['$LATEST', '000', '9']],
    ['x{2,}y*', ['xxxxyyy', 'xxxx']],
    ['[^a]', ['0', '-']],
  ])('%s', (pattern, texts) => {
    expect(alternativeTexts(pattern)).toEqual(expect.arrayContaining([...texts]))
    expect(alternativeTexts(pattern).filter(text => !new RegExp(`^(?:${pattern})$`).test(text))).toEqual([])
  })

  test('what is no pattern has none, and does not hang', () => {
    for (const text of ['(', '[a', 'a)', '(((']) expect(alternativeTexts(text)).toEqual([])
  })

  test('every pattern of the pages has a text that it matches', () => {
    const patterns = new Set(
      actions
        .flatMap(action => action.request)
        .flatMap(one => one.constraints.flatMap(each => (each.kind === 'pattern' ? [each.pattern] : []))),
    )
    expect(patterns.size).toBeGreaterThan(30)
    for (const pattern of patterns)
      expect(
        alternativeTexts(pattern).some(text => new RegExp(`^(?:${pattern})$`).test(text)),
        pattern,
      ).toBe(true)
  })
})

describe('representatives', () => {
  test('of every member are surely legal, and always the same ones', () => {
    for (const one of [
      ...actions.map(action => action.request),
      ...Object.values(spec.types).map(type => type.members),
    ].flat()) {
      const values = representativesOf(spec, one)
      expect(values.length, one.name).toBeGreaterThan(0)
      for (const value of values)
        expect(isSurelyLegal(spec, one, value), `${one.name} ${JSON.stringify(value)}`).toBe(true)
      expect(representativesOf(spec, one)).toEqual(values)
    }
  })

  test('have the ends of a range, each value of a list and the shortest and longest text', () => {
    const range = { type: { kind: 'integer' as const }, constraints: [constraint({ kind: 'range', min: 3, max: 900 })] }
    expect(representativesOf(spec, range).slice(0, 2)).toEqual([3, 900])
    const list = {
      type: { kind: 'string' as const },
      constraints: [constraint({ kind: 'enum', values: ['a', 'b', 'c'] })],
    }
    expect(representativesOf(spec, list)).toEqual(['a', 'b', 'c'])
    const text = { type: { kind: 'string' as const }, constraints: [constraint({ kind: 'length', min: 2, max: 9 })] }
    const lengths = representativesOf(spec, text).map(value => String(value).length)
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([2, 9])
  })

  test('laid over a request, bring each two free members together and apart, and raise no breach', () => {
    for (const action of actions) {
      const rows = overlayRepresentatives(spec, action)
      expect(rows[0], action.name).toEqual({})
      const free = action.request.filter(one => whyCoupled(spec, action, one, [one.name]) === null)
      for (const row of rows) {
        const members = free.filter(one => one.name in row)
        expect(examineMembers(spec, members, row, 'request'), `${action.name} ${JSON.stringify(row)}`).toEqual([])
      }
      for (const [at, one] of free.entries())
        for (const other of free.slice(at + 1))
          for (const wanted of ['true true', 'true false', 'false true', 'false false'])
            expect(
              rows.some(row => `${one.name in row} ${other.name in row}` === wanted),
              `${action.name} ${one.name} ${other.name} ${wanted}`,
            ).toBe(true)
    }
  })
})
