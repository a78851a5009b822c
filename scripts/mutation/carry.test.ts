import { expect, test } from 'vitest'
import { carryOver, pairsOf, paint } from './carry.ts'

const BEFORE = 'one\ntwo\nthree\nfour\n'
const shown = (text: string, pairs: readonly number[]): readonly string[] =>
  pairs.flatMap((from, at) => (at % 2 === 0 ? [text.slice(from, pairs[at + 1])] : []))
const range = (text: string): readonly number[] => [BEFORE.indexOf(text), BEFORE.indexOf(text) + text.length]

test('lines keep what they had where others come and go', () => {
  const executed = [...range('two\n'), ...range('four\n')]
  const after = 'zero\none\ntwo\nfour\nfive\n'
  expect(shown(after, carryOver(BEFORE, after)(executed))).toEqual(['two\nfour\nfive\n'])
  expect(shown('three\nfour\n', carryOver(BEFORE, 'three\nfour\n')(range('two\n')))).toEqual([])
})

test('part of a line stays part of it', () => {
  const after = `none\n${BEFORE}`
  expect(shown(after, carryOver(BEFORE, after)(range('hre')))).toEqual(['hre'])
})

test('a new line is as the one before it', () => {
  expect(shown('one\nnew\ntwo\n', carryOver(BEFORE, 'one\nnew\ntwo\n')(range('one\n')))).toEqual(['one\nnew\n'])
  expect(carryOver(BEFORE, 'new\nother\n')(range('two'))).toEqual([])
})

test('painting and gathering undo each other', () => {
  expect(pairsOf(paint([2, 5, 7, 9], 10))).toEqual([2, 5, 7, 9])
  expect(pairsOf(paint([0, 10], 10))).toEqual([0, 10])
  expect(carryOver(BEFORE, BEFORE)([1, 3])).toEqual([1, 3])
})
