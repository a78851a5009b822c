import { InvalidArgumentError } from 'commander'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect, readDuration, readShard, readWhole } from './option-values.ts'

test('durations are seconds unless they say otherwise', () => {
  expect(['90', '90s', '1.5m', '500ms', '1h'].map(readDuration)).toEqual([90_000, 90_000, 90_000, 500, 3_600_000])
  for (const wrong of ['', '0', '-1s', '1d', 's', '1 s', '1e3', 'NaN'])
    expect(() => readDuration(wrong), wrong).toThrow(InvalidArgumentError)
})

test('whole numbers within their bounds, and no others', () => {
  const read = readWhole(-5, 300)
  fc.assert(
    fc.property(fc.integer({ min: -1000, max: 1000 }), value => {
      if (value >= -5 && value <= 300) expect(read(String(value))).toBe(value)
      else expect(() => read(String(value))).toThrow(InvalidArgumentError)
    }),
  )
  for (const wrong of ['', '1.0', '0x1', '1e2', ' 1']) expect(() => read(wrong), wrong).toThrow(InvalidArgumentError)
})

test('a shard is one of its parts', () => {
  expect(readShard('2/3')).toEqual({ index: 2, count: 3 })
  for (const wrong of ['0/2', '3/2', '1', '1/', '1/0', 'a/b', '1/1001'])
    expect(() => readShard(wrong), wrong).toThrow(InvalidArgumentError)
})

test('names gather, with commas and without', () => {
  expect(collect('c', collect('a, b', undefined))).toEqual(['a', 'b', 'c'])
  expect(() => collect('a,,b', undefined)).toThrow(InvalidArgumentError)
})
