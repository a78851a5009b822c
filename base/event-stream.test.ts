import { describe, expect, test } from 'vitest'
import { readStreamMessages, writeStreamMessage } from './event-stream.ts'

const event = (type: string, text: string): Buffer =>
  writeStreamMessage({ headers: { ':message-type': 'event', ':event-type': type }, payload: Buffer.from(text) })

test('what was written is read again, one message after the other', () => {
  const read = readStreamMessages(Buffer.concat([event('PayloadChunk', 'ä b'), event('InvokeComplete', '{}')]))
  expect(read?.map(one => [one.headers[':event-type'], Buffer.from(one.payload).toString()])).toEqual([
    ['PayloadChunk', 'ä b'],
    ['InvokeComplete', '{}'],
  ])
  expect(readStreamMessages(new Uint8Array())).toEqual([])
})

// The empty message of the description of the format.
test('a message that others wrote is read', () => {
  expect(readStreamMessages(Buffer.from('000000100000000005c248eb7d98c8ff', 'hex'))).toEqual([
    { headers: {}, payload: Buffer.alloc(0) },
  ])
})

describe('is no stream:', () => {
  const whole = event('PayloadChunk', 'text')
  const changed = (at: number): Buffer => {
    const copy = Buffer.from(whole)
    copy[at] = (copy[at] as number) ^ 1
    return copy
  }
  test.each([
    ['one that is cut off', whole.subarray(0, -1)],
    ['one with another payload than its checksum', changed(whole.length - 6)],
    ['one with another length', changed(3)],
    ['one whose headers reach beyond it', changed(6)],
    ['JSON', Buffer.from('{"hello":"this is no event stream at all"}')],
  ])('%s', (_, bytes) => {
    expect(readStreamMessages(bytes)).toBeUndefined()
  })
})
