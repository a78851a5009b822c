import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostileText, SECRETS } from './fixtures/evidence.ts'
import { expectHarmless } from './fixtures/expect-harmless.ts'
import { plain, plainLine, plainValue } from './plain.ts'

describe('plain', () => {
  it('leaves ordinary text alone', () => {
    for (const text of ['', 'MemorySize is from 128 to 10240.', 'a\n\tb', '日本語 🎉 é', '{"a": [1, "<b>"]}'])
      expect(plain(text)).toBe(text)
  })

  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]8;;http://x.test\u0007link\u001b]8;;\u0007', 'link'],
    ['a\u0000b\u0007c', 'abc'],
    ['\u202eevil\u202c', 'evil'],
    ['a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
    ['\ud800', '\ufffd'],
  ])('cleans %j', (text, clean) => expect(plain(text)).toBe(clean))

  it('says how much it has cut', () => {
    expect(plain('x'.repeat(1_000_000), 10)).toBe('xxxxxxxxxx … (999990 more characters)')
  })

  it('is harmless, bounded and settled, for any text', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 200 }), (text, limit) => {
        const clean = plain(text, limit)
        expectHarmless(clean)
        expect(clean.length).toBeLessThanOrEqual(limit + 40)
        if (clean.length <= limit) expect(plain(clean, limit)).toBe(clean)
        const line = plainLine(text, limit)
        expectHarmless(line)
        expect(line).not.toContain('\n')
        expect(line.length).toBeLessThanOrEqual(limit)
      }),
      { numRuns: 1000 },
    )
  })

  it('takes no longer for a megabyte of what is hard to match', () => {
    const started = performance.now()
    for (const part of [
      '\u001b[',
      '\u001b]8;;',
      'a://a:',
      'Signature=',
      'X-Amz-Security-Token: ',
      'AKIA',
      'aws_secret_access_key=',
      ' ',
    ])
      plain(part.repeat(1_000_000 / part.length))
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})

describe('redaction', () => {
  it.each([
    ['http://x/?X-Amz-Signature=abcdef&a=1', 'http://x/?X-Amz-Signature=REDACTED&a=1'],
    ['https://me:secret@host/path', 'https://REDACTED@host/path'],
    [
      `-H 'Authorization: AWS4-HMAC-SHA256 Credential=${SECRETS[2]}/x, Signature=abc' -d x`,
      "-H 'Authorization: AWS4-HMAC-SHA256 Credential=REDACTED' -d x",
    ],
    ["-H 'authorization: Bearer abc.def'", "-H 'authorization: Bearer REDACTED'"],
    ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'aws_secret_access_key = REDACTED'],
  ])('%s', (text, redacted) => expect(plain(text)).toBe(redacted))
})

describe('plainValue', () => {
  it('writes short values on one line and long ones on several', () => {
    expect(plainValue({ MemorySize: 127 })).toBe('{ "MemorySize": 127 }')
    expect(plainValue({ MemorySize: 127 }, { width: 10 })).toBe('{\n  "MemorySize": 127\n}')
    expect(plainValue('text')).toBe('text')
    expect(plainValue(undefined)).toBe('undefined')
  })

  it('survives what JSON cannot say', () => {
    const loop: { self?: unknown } = {}
    loop.self = loop
    expect(plainValue(loop)).toBe('(a value that JSON cannot show)')
    expect(plainValue(10n)).toBe('(a value that JSON cannot show)')
  })

  it('leaves the spaces inside strings alone', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 10 }), { maxKeys: 3 }), value => {
        fc.pre(JSON.stringify(value) === plain(JSON.stringify(value)))
        expect(JSON.parse(plainValue(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})
