import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Value } from '../../spec/model.ts'
import { agrees as agreesWith, mismatches, sameValue, type Matching } from './match.ts'

const source = { file: 'page.md', line: 7, column: 1 }
const tag = ($tag: string, value: Value = null): Value => ({ $tag, value, source })
const scope: { [name: string]: unknown } = { '$a.one': 1, '$a.name': 'fn.x', '$a.gone': undefined, '${a.name}': 'fn.x' }
const matching: Matching = {
  resolve: value =>
    typeof value !== 'string'
      ? value
      : Object.hasOwn(scope, value)
        ? scope[value]
        : value.startsWith('$$')
          ? value.slice(1)
          : value.replaceAll('${a.name}', 'fn.x'),
}
const agrees = (expected: Value, actual: unknown): boolean => agreesWith(expected, actual, matching)

/** JSON without texts that templates give a meaning to. */
const json = fc
  .jsonValue({ maxDepth: 3 })
  .map(value => JSON.parse(JSON.stringify(value).replaceAll('$', '').replaceAll('__proto__', 'proto')) as Value)

describe('laws of matching', () => {
  test('whatever was answered agrees with itself', () => {
    fc.assert(fc.property(json, value => agrees(value, value)))
  })

  test('a structure agrees with any part of itself, and only lists must be whole', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), json, { minKeys: 1, noNullPrototype: true }),
        fc.nat(),
        (whole, pick) => {
          const keys = Object.keys(whole)
          const { [keys[pick % keys.length] as string]: _, ...part } = whole
          return agrees(part, whole) && agrees(part, { ...whole, another: 1 })
        },
      ),
    )
  })

  test('what was changed does not agree', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        fc.pre(!sameValue(a, b))
        return !agrees({ member: tag('equals', a) }, { member: b })
      }),
    )
  })

  test('`!not` is never satisfied by what is not there', () => {
    fc.assert(
      fc.property(
        json,
        value =>
          !agrees({ member: tag('not', value) }, {}) && !agrees({ member: tag('not', value) }, { member: value }),
      ),
    )
  })

  test('`!oneOf` is met by each of its choices', () => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 4 }), choices =>
        choices.every(one => agrees(tag('oneOf', choices), one)),
      ),
    )
  })
})

describe('all mismatches', () => {
  const names = fc.stringMatching(/^[a-z]{1,8}$/)
  const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.stringMatching(/^[a-z ]{0,9}$/))
  const paths = (expected: Value, actual: unknown): string[] =>
    mismatches(expected, actual, matching).map(one => one.path)

  test('there are none exactly when all agrees', () => {
    fc.assert(fc.property(json, json, (a, b) => (mismatches(a, b, matching).length === 0) === agrees(a, b)))
  })

  test('every member that was changed is told, and no other', () => {
    fc.assert(
      fc.property(
        fc.dictionary(names, leaf, { maxKeys: 20, noNullPrototype: true }),
        fc.func(fc.boolean()),
        (whole, pick) => {
          const changed = Object.keys(whole).filter(key => pick(key))
          const other = Object.fromEntries(
            Object.entries(whole).map(([key, value]) => [key, changed.includes(key) ? { not: value } : value]),
          )
          expect(paths({ deep: [whole] }, { deep: [other] }).sort()).toEqual(changed.map(key => `deep.0.${key}`).sort())
        },
      ),
    )
  })

  test('the most telling comes first, wherever it stands', () => {
    const kinds = ['$status', 'value', 'missing', 'reference', 'gone']
    const expected: { readonly [name: string]: Value } = {
      $status: 200,
      value: 'Active',
      missing: 'there',
      reference: '$a.one',
      gone: '$a.gone',
    }
    const actual = { $status: 404, value: 'Pending', reference: 2, gone: 'x' }
    fc.assert(
      fc.property(fc.shuffledSubarray(kinds), order => {
        const part = Object.fromEntries(order.map(name => [name, expected[name] as Value]))
        expect(paths(part, actual)).toEqual(kinds.filter(name => order.includes(name)))
      }),
    )
  })

  test('a list of any length gives a bounded number', () => {
    expect(mismatches(tag('every', 1), Array(100_000).fill(2), matching).length).toBeLessThanOrEqual(50)
  })
})

describe('matchers', () => {
  test.each<[string, Value, unknown, boolean]>([
    ['absent', tag('absent'), undefined, true],
    ['absent, as null', tag('absent'), null, true],
    ['absent, but empty', tag('absent'), '', false],
    ['present', tag('present'), 0, true],
    ['present, as null', tag('present'), null, false],
    ['present, but not there', tag('present'), undefined, false],
    ['matches the whole value', tag('matches', 'a+'), 'aaa', true],
    ['matches a part only', tag('matches', 'a+'), 'baaa', false],
    ['matches text only', tag('matches', '1'), 1, false],
    ['references in a pattern are taken letter for letter', tag('matches', '${a.name}'), 'fn.x', true],
    ['a dot in a reference is no wildcard', tag('matches', '${a.name}'), 'fnyx', false],
    ['every', tag('every', { a: 1 }), [{ a: 1, b: 2 }, { a: 1 }], true],
    ['every, but one', tag('every', { a: 1 }), [{ a: 1 }, { a: 2 }], false],
    ['every, but no list', tag('every', { a: 1 }), undefined, false],
    ['contains an element', tag('contains', { a: 1 }), [{ a: 2 }, { a: 1, b: 1 }], true],
    ['contains none', tag('contains', { a: 1 }), [{ a: 2 }], false],
    ['contains a part of a text', tag('contains', 'ell'), 'hello', true],
    ['contains inside a structure', tag('contains', { word: 'w' }), { custom: { word: 'w' } }, true],
    ['between', tag('between', '1..9'), 9, true],
    ['between, but above', tag('between', '1..9'), 9.5, false],
    ['between, open above', tag('between', '1..'), 1e9, true],
    ['between, negative', tag('between', '-3..-1'), -2, true],
    ['length of a list', tag('length', 2), [1, 2], true],
    ['length of a text', tag('length', '3..4'), 'ab', false],
    ['equals is whole', tag('equals', { a: 1 }), { a: 1, b: 2 }, false],
    ['equals a reference', tag('equals', '$a.one'), 1, true],
    ['json', tag('json', { Statement: tag('length', 1) }), '{"Statement":[{}],"Id":"x"}', true],
    ['json that is none', tag('json', {}), 'nope', false],
    ['base64', tag('base64', { matches: 'hel+o', maxBytes: 5 }), 'aGVsbG8=', true],
    ['base64 that is too long', tag('base64', { maxBytes: 4 }), 'aGVsbG8=', false],
    ['base64 that is none', tag('base64', {}), 'höh', false],
    ['a list has the same length', [1], [1, 2], false],
    ['a literal dollar', '$$LATEST', '$LATEST', true],
    ['keys may be references', { '$a.name': 1 } as Value, { 'fn.x': 1 }, true],
    ['number and text differ', 1, '1', false],
  ])('%s', (_, expected, actual, wanted) => {
    expect(agrees(expected, actual)).toBe(wanted)
  })

  test('a reference to what an earlier answer lacked never agrees, not even with nothing', () => {
    for (const expected of ['$a.gone', tag('equals', '$a.gone'), tag('not', '$a.gone')] as Value[]) {
      for (const actual of [undefined, null, 'x']) expect(agrees(expected, actual)).toBe(false)
    }
  })

  test('a mismatch says where, what was expected and what came, in bounds', () => {
    expect(mismatches({ List: [{ Name: 'a' }] }, { List: [{ Name: 'b'.repeat(5000) }] }, matching)[0]).toEqual({
      path: 'List.0.Name',
      expected: '"a"',
      actual: expect.stringMatching(/^"b{100,300}… \(5000 characters\)$/) as string,
    })
  })

  test('a matcher that is written wrongly is an error that names its place', () => {
    expect(() => mismatches(tag('between', 'often'), 1, matching)).toThrow('page.md:7')
  })
})
