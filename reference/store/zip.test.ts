import { strToU8, zipSync } from 'fflate'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listZip, NotAZip } from './zip.ts'

describe('an archive', () => {
  test('gives back the files that went into it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8})?$/), fc.uint8Array({ maxLength: 300 })),
        fc.constantFrom(0, 6),
        (files, level) => {
          // A name cannot be a file and a folder at once.
          const names = Object.keys(files)
          fc.pre(!names.some(name => names.some(other => other.startsWith(`${name}/`))))
          const entries = listZip(Buffer.from(zipSync(files, { level: level as 0 | 6 })))
          expect(Object.fromEntries(entries.map(entry => [entry.path, new Uint8Array(entry.read())]))).toEqual(files)
        },
      ),
    )
  })

  test('keeps permissions that were recorded on Unix', () => {
    const zip = zipSync({
      bootstrap: [strToU8('#!/bin/sh'), { os: 3, attrs: 0o755 << 16 }],
      data: [strToU8('x'), { os: 3, attrs: 0o644 << 16 }],
      elsewhere: strToU8('y'),
    })
    expect(listZip(Buffer.from(zip)).map(entry => [entry.path, entry.executable])).toEqual([
      ['bootstrap', true],
      ['data', false],
      ['elsewhere', true],
    ])
  })
})

describe('what cannot be unpacked', () => {
  const zip = Buffer.from(zipSync({ 'index.js': strToU8('exports.handler = 1'.repeat(50)) }))
  const readAll = (bytes: Buffer): Buffer[] => listZip(bytes).map(entry => entry.read())

  test.each([
    ['text', Buffer.from('this is no zip')],
    ['nothing', Buffer.alloc(0)],
    ['a cut-off archive', zip.subarray(0, zip.length - 30)],
    [
      'a damaged directory',
      Buffer.from(zip.map((byte, i) => (i >= zip.length - 76 && i < zip.length - 72 ? 0 : byte))),
    ],
    ['a path that leads out', Buffer.from(zipSync({ '../outside': strToU8('x') }))],
    ['an absolute path', Buffer.from(zipSync({ '/etc/passwd': strToU8('x') }))],
  ])('%s', (_, bytes) => {
    expect(() => readAll(bytes)).toThrow(NotAZip)
  })

  test('never anything but NotAZip, wherever the damage is', () => {
    fc.assert(
      fc.property(fc.nat(zip.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(zip)
        damaged.writeUInt8(damaged.readUInt8(at) ^ change, at)
        try {
          readAll(damaged)
        } catch (error) {
          expect(error).toBeInstanceOf(NotAZip)
        }
      }),
    )
  })
})
