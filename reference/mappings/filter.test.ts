import { expect, test } from 'vitest'
import { opened, passesFilters } from './filter.ts'

const passes = (record: object, ...patterns: readonly object[]): boolean =>
  passesFilters({ FilterCriteria: { Filters: patterns.map(one => ({ Pattern: JSON.stringify(one) })) } }, record)

test('without filters everything passes', () => {
  expect(passesFilters({}, { a: 1 })).toBe(true)
})

test('one of several filters is enough', () => {
  expect(passes({ a: 1 }, { a: [2] }, { a: [1] })).toBe(true)
  expect(passes({ a: 1 }, { a: [2] }, { b: [1] })).toBe(false)
})

test.each<[object, object, boolean]>([
  [{ a: ['x', 'y'] }, { a: 'y' }, true],
  [{ a: ['x'] }, { a: 'y' }, false],
  [{ a: ['x'], b: ['z'] }, { a: 'x' }, false],
  [{ a: [null] }, { a: null }, true],
  [{ a: ['x'] }, { a: ['w', 'x'] }, true],
  [{ a: { b: [1] } }, { a: { b: 1 } }, true],
  [{ a: { b: [1] } }, { a: 'text' }, false],
  [{ a: [{ prefix: 'us-' }] }, { a: 'us-east-1' }, true],
  [{ a: [{ suffix: '.png' }] }, { a: 'a.jpg' }, false],
  [{ a: [{ 'equals-ignore-case': 'AbC' }] }, { a: 'aBc' }, true],
  [{ a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'y' }, false],
  [{ a: [{ 'anything-but': 'x' }] }, { a: 'z' }, true],
  [{ a: [{ exists: true }] }, {}, false],
  [{ a: [{ exists: false }] }, {}, true],
  [{ a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, true],
  [{ a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 6 }, false],
  [{ a: [{ numeric: ['=', 5] }] }, { a: '5' }, false],
  [{ $or: [{ a: [1] }, { b: [2] }] }, { b: 2 }, true],
])('%j lets %j pass: %s', (pattern, record, wanted) => {
  expect(passes(record, pattern)).toBe(wanted)
})

test('a body that is JSON is looked into, and any other is a text', () => {
  expect(passes(opened({ body: '{"a":1}' }, 'body', '{"a":1}'), { body: { a: [1] } })).toBe(true)
  expect(passes(opened({ body: 'a' }, 'body', 'a'), { body: ['a'] })).toBe(true)
})
