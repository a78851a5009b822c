import fc from 'fast-check'
import { parseFragment } from 'parse5'
import { expect, test } from 'vitest'
import { markup, trusted } from './markup.ts'

/** What a browser reads of a text; a parser of HTML turns these into others by itself. */
const text = fc.string({ unit: 'grapheme-ascii' })

test('whatever is put in, a browser reads as one text and one attribute', () => {
  fc.assert(
    fc.property(text, text, (value, content) => {
      const [element, ...others] = parseFragment(markup`<p title="${value}">${content}</p>`.markup).childNodes
      if (!element || !('attrs' in element)) throw new Error('no element')
      expect(others).toEqual([])
      expect(element.attrs).toEqual([{ name: 'title', value }])
      expect(element.childNodes.map(node => ('value' in node ? node.value : undefined)).join('')).toBe(content)
    }),
  )
})

test('markup and lists of it stand as they are, numbers as digits, nothing for what is absent', () => {
  const items = ['<', 2].map(item => markup`<li>${item}</li>`)
  expect(markup`<ul>${items}${undefined}${false}</ul>${trusted('<br>')}`.markup).toBe(
    '<ul><li>&lt;</li><li>2</li></ul><br>',
  )
})
