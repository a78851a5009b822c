import { expect, test } from 'vitest'
import { jsonFault } from './json-fault.ts'

test.each(['{}', 'null', ' [1] ', '"é"', '1'])('%s is JSON', text => {
  expect(jsonFault(Buffer.from(text))).toBeUndefined()
})

test.each([
  [
    'hello',
    `Unrecognized token 'hello': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (byte[])"hello"; line: 1, column: 6]`,
  ],
  [
    `'a'`,
    `Unexpected character (''' (code 39)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (byte[])"'a'"; line: 1, column: 2]`,
  ],
  [
    '{',
    `Unexpected end-of-input: expected close marker for Object (start marker at [Source: (byte[])"{"; line: 1, column: 1])\n at [Source: (byte[])"{"; line: 1, column: 2]`,
  ],
])('%s is told as the parser of the service does', (text, fault) => {
  expect(jsonFault(Buffer.from(text))).toBe(fault)
})

test('bytes that are no text are told by the first stray one', () => {
  expect(jsonFault(Buffer.from([0x6e, 0x87, 0x72]))).toMatch(/^Invalid UTF-8 start byte 0x87\n at /)
  expect(jsonFault(Buffer.from([0x22, 0xc3, 0x22]))).toMatch(/^Invalid UTF-8 middle byte 0x22\n at /)
})

test('a long payload is shown by its beginning', () => {
  const long = jsonFault(Buffer.from(`{"a": ${'x'.repeat(2000)}`)) ?? ''
  expect(long.length).toBeLessThan(700)
  expect(long).toContain('[truncated 1506 bytes]')
})

test('an empty payload is none', () => {
  expect(jsonFault(Buffer.alloc(0))).toBeDefined()
})
