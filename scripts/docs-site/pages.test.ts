import path from 'node:path'
import { parse } from 'parse5'
import { beforeAll, describe, expect, test } from 'vitest'
import { docsDocument } from './document.ts'
import { anchorOf, docsPages, type DocsPage, sectionsOf, sitePath } from './pages.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
let pages: readonly DocsPage[]
beforeAll(() => {
  pages = docsPages(ROOT)
})

describe('the site of the documentation', () => {
  test('has the README first, each rule, and every page in one section', () => {
    const paths = pages.map(one => one.path)
    expect(paths).toEqual(
      expect.arrayContaining([
        'index.html',
        'docs/ci.html',
        'spec/rules/memory-out-of-range.html',
        'spec/api/Invoke.html',
      ]),
    )
    expect(new Set(paths).size).toBe(paths.length)
    const listed = sectionsOf(pages).flatMap(one => one.pages)
    expect(listed.map(one => one.file).sort()).toEqual(pages.map(one => one.file))
  })

  test('has no link that leads nowhere, with its anchors', () => {
    const anchors = new Map(
      pages.map(one => [one.path, new Set([...one.html.matchAll(/ id="([^"]+)"/g)].map(match => match[1]))]),
    )
    const dead = pages.flatMap(({ path: from, html }) =>
      [...html.matchAll(/ href="([^"]+)"/g)]
        .map(match => match[1] ?? '')
        .filter(href => !/^[a-z]+:/.test(href))
        .filter(href => {
          const [place = '', anchor] = href.split('#')
          const to = place === '' ? from : path.posix.join(path.posix.dirname(from), place)
          const there = anchors.get(to)
          return there === undefined || (anchor !== undefined && !there.has(decodeURIComponent(anchor)))
        })
        .map(href => `${from}: ${href}`),
    )
    expect(dead).toEqual([])
  })

  test('is HTML of one title each, without a script', () => {
    const sections = sectionsOf(pages)
    for (const page of pages) {
      const html = docsDocument(page, sections)
      expect(page.title).not.toBe('')
      expect(html).not.toMatch(/<script/i)
      expect(() => parse(html)).not.toThrow()
    }
  }, 60_000)
})

test('paths and anchors are those that GitHub would have', () => {
  expect(sitePath('spec/README.md')).toBe('spec/index.html')
  expect(sitePath('docs/how-to/rule.md')).toBe('docs/how-to/rule.html')
  expect(anchorOf('When it is not a finding: `a.b`!')).toBe('when-it-is-not-a-finding-ab')
})
