import { expect, test } from 'vitest'
import { compareText } from './compare-text.ts'

test('Texts stand in the order of their code units', () => {
  expect(['é', 'b', 'B', 'a', '', 'ab'].sort(compareText)).toEqual(['', 'B', 'a', 'ab', 'b', 'é'])
  expect(compareText('a', 'a')).toBe(0)
})
