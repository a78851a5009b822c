import { expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { timeOfCase } from './bounds.ts'
import { deriveCases } from './derive.ts'

test('every case has the time to wait for all that its page allows', () => {
  const late = deriveCases(loadSpec()).filter(one => timeOfCase(one, 60_000) * 0.9 < (one.waits ?? 0) * 1000 + 2000)
  expect(late.map(one => one.id)).toEqual([])
  expect(timeOfCase({}, 60_000)).toBe(60_000)
  expect(timeOfCase({ waits: 80 }, 60_000)).toBe(120_000)
  expect(timeOfCase({ waits: 80, timeMs: 200_000 }, 60_000)).toBe(200_000)
})
