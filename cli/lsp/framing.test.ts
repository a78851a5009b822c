import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReader, framed, type Message } from './framing.ts'

test('messages come out as they went in, wherever the bytes are cut', () => {
  const message = fc.record({ method: fc.string({ unit: 'grapheme' }), params: fc.string({ unit: 'grapheme' }) })
  fc.assert(
    fc.property(fc.array(message, { maxLength: 4 }), fc.array(fc.nat({ max: 40 }), { maxLength: 30 }), (all, cuts) => {
      const bytes = Buffer.from(all.map(framed).join(''))
      const read = createReader()
      const got: Message[] = []
      let from = 0
      for (const cut of [...cuts, bytes.length]) {
        got.push(...read(bytes.subarray(from, from + cut)))
        from = Math.min(from + cut, bytes.length)
      }
      expect(got).toEqual(all.map(one => ({ jsonrpc: '2.0', ...one })))
    }),
  )
})

test('what is no JSON is passed over, and a header without a length ends it', () => {
  const read = createReader()
  const good = framed({ method: 'a' })
  expect(read(Buffer.from(`Content-Length: 3\r\n\r\n{]}${good}`))).toEqual([{ jsonrpc: '2.0', method: 'a' }])
  expect(read(Buffer.from(`Content-Type: x\r\ncontent-length: ${good.split('\r\n\r\n')[1]!.length}\r\n\r\n`))).toEqual(
    [],
  )
  expect(read(Buffer.from(good.split('\r\n\r\n')[1]!))).toHaveLength(1)
  expect(() => createReader()(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toThrow('Content-Length')
  expect(() => createReader()(Buffer.from('Content-Length: 99999999999\r\n\r\n'))).toThrow('Content-Length')
})
