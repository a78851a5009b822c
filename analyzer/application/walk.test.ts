import { expect, test } from 'vitest'
import { ts } from './typescript.ts'
import { collect, find, some } from './walk.ts'

const tree = ts.createSourceFile('a.ts', 'f(1, () => g(2)); class A { m() { h(3) } }', ts.ScriptTarget.Latest, true)
const numbers = (within?: 'all' | 'own'): string[] => collect(tree, ts.isNumericLiteral, within).map(one => one.text)

test('everything is seen in the order of the text', () => expect(numbers()).toEqual(['1', '2', '3']))
test('functions and classes below the root are not entered when only its own counts', () =>
  expect(numbers('own')).toEqual(['1']))
test('functions are seen, though not entered', () => expect(some(tree, ts.isArrowFunction, 'own')).toBe(true))
test('the root counts, and is entered', () => {
  const fn = find(tree, ts.isArrowFunction)!
  expect(find(fn, ts.isArrowFunction)).toBe(fn)
  expect(find(fn, ts.isNumericLiteral, 'own')?.text).toBe('2')
})
test('nothing is found in nothing', () => expect(find(undefined, () => true)).toBeUndefined())
