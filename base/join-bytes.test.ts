import { expect, test } from 'vitest'
import { joinBytes } from './join-bytes.ts'

test('Pieces are joined in their order, and one piece is not copied', () => {
  expect(joinBytes([Buffer.from('a'), new Uint8Array([98]), Buffer.from('')]).toString()).toBe('ab')
  expect(joinBytes([]).length).toBe(0)
  const one = new Uint8Array([1, 2, 3, 4]).subarray(1, 3)
  expect([...joinBytes([one])]).toEqual([2, 3])
  expect(joinBytes([one]).buffer).toBe(one.buffer)
})
