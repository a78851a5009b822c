import { expect, test } from 'vitest'
import { ruleNames } from './rule-names.ts'

const names = ruleNames({
  'keepalive-missing': { id: 'keepalive-missing', aliases: ['no-keepalive', 'keepalive'] },
  'throw-non-error': { id: 'throw-non-error', aliases: [] },
})

test('a rule answers to every id that it ever had', () => {
  expect(names.present('no-keepalive')).toBe('keepalive-missing')
  expect(names.present('keepalive')).toBe('keepalive-missing')
  expect(names.present('throw-non-error')).toBe('throw-non-error')
  expect([...names.known]).toEqual(['keepalive-missing', 'no-keepalive', 'keepalive', 'throw-non-error'])
})

test('what no rule is called stays as it is written', () => {
  expect(names.present('toString')).toBe('toString')
  expect(names.first('toString')).toBe('toString')
})

test('the first id of a rule is the oldest of its aliases', () => {
  expect(names.first('keepalive-missing')).toBe('no-keepalive')
  expect(names.first('throw-non-error')).toBe('throw-non-error')
})
