import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { inStyleOf } from './file-style.ts'

/** Texts of the kinds that fixes write. */
const TEXTS = [
  'throw error\n',
  "\n  name = 'Late'\n",
  'context.callbackWaitsForEmptyEventLoop = false\n',
  ", 'base64'",
  "Buffer.from(data, 'base64').toString('utf8')",
  'await ',
  'async ',
  "'/tmp/report.csv'",
]

const style = fc.record({
  semicolons: fc.boolean(),
  quote: fc.constantFrom("'", '"'),
  end: fc.constantFrom('\n', '\r\n'),
})

/** A file of a style. */
const written = ({ semicolons, quote, end }: { semicolons: boolean; quote: string; end: string }): string =>
  ['const fs = require(Qfs/promisesQ)', 'const a = QaQ', 'let b = QbQ', 'module.exports = { a }']
    .map(line => line.replaceAll('Q', quote) + (semicolons ? ';' : '') + end)
    .join('')

it('what a fix writes has the line ends, quotes and semicolons of the file', () => {
  fc.assert(
    fc.property(style, fc.constantFrom(...TEXTS), (how, text) => {
      const styled = inStyleOf(text, { path: 'a.ts', text: written(how) })
      expect(styled.replaceAll('\r\n', '\n').includes('\r')).toBe(false)
      if (text.includes('\n')) expect(styled.includes('\r\n')).toBe(how.end === '\r\n')
      expect(styled.includes(how.quote === '"' ? "'" : '"')).toBe(false)
      if (/^\s*(throw|name =|context)/.test(text)) expect(/;\s*$/.test(styled)).toBe(how.semicolons)
      else expect(styled.includes(';')).toBe(false)
      // Nothing but the style changes.
      expect(styled.replaceAll('\r\n', '\n').replaceAll('"', "'").replaceAll(';', '')).toBe(text)
    }),
  )
})

it('templates keep their quotes, and have their line ends', () => {
  expect(inStyleOf("\n  Key: 'a'", { path: 'template.yaml', text: 'A: "b"\r\n' })).toBe("\r\n  Key: 'a'")
})
