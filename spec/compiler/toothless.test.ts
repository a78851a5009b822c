import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Value } from '../model.ts'
import { toothless } from './toothless.ts'

const tagged = ($tag: string, value: Value): Value => ({ $tag, value, source: { file: 'a.md', line: 1, column: 1 } })

test.each([
  ['matches', '.*|[\\s\\S]*'],
  ['matches', '[^]*'],
  ['length', '0..'],
  ['oneOf', [tagged('absent', null), tagged('present', null)]],
  ['oneOf', ['Active', tagged('not', 'Active')]],
] as const)('nothing can break !%s %j', (tag, value) => {
  expect(toothless(tag, value as Value)).toBeDefined()
})

test.each([
  ['matches', '.+'],
  ['matches', '[\\s\\S]*timed out[\\s\\S]*'],
  ['matches', '${fn.FunctionName}.*'],
  ['matches', '(?![\\s\\S]*Tags)[\\s\\S]*'],
  ['between', '0..'],
  ['length', '1..'],
  ['oneOf', [tagged('absent', null), 'Active']],
  ['oneOf', ['Active', tagged('not', 'Failed')]],
  ['present', null],
] as const)('something can break !%s %j', (tag, value) => {
  expect(toothless(tag, value as Value)).toBeUndefined()
})

test('an expression of a literal is never called toothless', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z]{1,8}$/),
      text => toothless('matches', `[\\s\\S]*${text}[\\s\\S]*`) === undefined,
    ),
  )
})
