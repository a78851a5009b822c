import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, parse, type ParserError } from 'parse5'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Evidence } from '../evidence.ts'
import { browserIsThere, launchBrowser } from '../fixtures/browser.ts'
import { anyEvidence, evidenceOf, resultOf } from '../fixtures/evidence.ts'
import { expectHarmless } from '../fixtures/expect-harmless.ts'
import { sampleEvidence } from '../fixtures/sample.ts'
import type { Named } from '../merge.ts'
import { type SiteFile, siteFiles } from './site.ts'

declare const document: any

const of = (evidence: Evidence, name: string, startedAt: string, software?: string): Named => ({
  name: `${name}-${startedAt}.json`,
  evidence: {
    ...evidence,
    startedAt,
    endpoint: { ...evidence.endpoint!, name, ...(software !== undefined && { software }) },
  },
})
const WORSE = evidenceOf([resultOf({ id: 'a' }), resultOf({ id: 'b', verdict: 'fail' })])
const BETTER = evidenceOf([resultOf({ id: 'a' }), resultOf({ id: 'b' })])
const RUNS = [
  of(WORSE, 'beta', '2026-01-02T00:00:00Z', 'beta 1'),
  of(BETTER, 'beta', '2026-03-02T00:00:00Z', 'beta 2'),
  of(sampleEvidence(), 'alpha', '2026-02-02T00:00:00Z', 'alpha 1.2'),
  of(sampleEvidence({ clean: true }), 'gamma', '2026-02-03T00:00:00Z'),
]

type Element = DefaultTreeAdapterTypes.Element
function elements(root: DefaultTreeAdapterTypes.Node): Element[] {
  const own = 'tagName' in root ? [root] : []
  return [...own, ...('childNodes' in root ? root.childNodes.flatMap(elements) : [])]
}

/** Links of a page that lead to other files of the site. */
function linksOf({ path: from, text }: SiteFile): string[] {
  return elements(parse(text)).flatMap(element =>
    element.attrs
      .filter(attr => attr.name === 'href' && !/^(#|data:|https:\/\/docs\.aws\.amazon\.com\/)/.test(attr.value))
      .map(attr => path.posix.normalize(path.posix.join(path.posix.dirname(from), attr.value))),
  )
}

describe('a site', () => {
  const files = siteFiles(RUNS)
  const page = (name: string): string => files.find(one => one.path === name)!.text

  it('has a first page, and for each endpoint a page, its report and its badges', () => {
    const paths = files.map(one => one.path)
    for (const folder of ['alpha', 'beta', 'gamma'])
      expect(paths).toEqual(
        expect.arrayContaining(['index.html', 'report.html', 'badge.svg', 'badge.json'].map(one => `${folder}/${one}`)),
      )
    expect(paths).toContain('index.html')
    expect(paths).toContain('alpha/profile-code-signing.json')
    expect(new Set(paths).size).toBe(paths.length)
  })

  it('has no link that leads nowhere', () => {
    const there = new Set(files.map(one => one.path))
    const links = files.filter(one => one.path.endsWith('.html')).flatMap(linksOf)
    expect(links.length).toBeGreaterThan(20)
    expect(links.filter(link => !there.has(link))).toEqual([])
  })

  it('takes the newest run of an endpoint, and tells what came before and what changed', () => {
    const beta = page('beta/index.html')
    expect(beta).toContain('<h1>Certified <span class="subject">beta</span></h1>')
    expect(beta.indexOf('2026-03-02')).toBeLessThan(beta.indexOf('beta 1'))
    expect(beta).toContain('What changed since 2026-01-02 00:00')
    expect(beta).toContain('<h3>Fixed (1)</h3>')
    expect(beta).toContain('Divergence of 2 runs: 50 %, 0 %')
    expect(page('index.html')).toContain('Since 2026-01-02 00:00: No worse than before: 1 case is fixed.')
    expect(page('gamma/index.html')).not.toContain('What changed')
  })

  it('has badges that say what the pages say', () => {
    const badge = (file: string): object => JSON.parse(page(file))
    expect(badge('beta/profile-functions.json')).toMatchObject({
      schemaVersion: 1,
      label: 'Lambda functions',
      message: 'certified',
    })
    expect(badge('alpha/profile-permissions.json')).toMatchObject({ message: '151 of 175' })
  })

  it('lets nothing of any evidence become markup, a path or an address', () => {
    fc.assert(
      fc.property(fc.array(anyEvidence(), { maxLength: 3 }), all => {
        const made = siteFiles(
          all.map(evidence => ({ name: 'x', evidence })),
          { title: '<script>alert(1)</script>' },
        )
        const paths = made.map(one => one.path)
        expect(new Set(paths).size).toBe(paths.length)
        for (const { path: file, text } of made) {
          expect(file).toMatch(/^([a-z0-9-]+\/)?[a-z0-9-]+\.(html|svg|json)$/)
          expectHarmless(text)
          if (!file.endsWith('index.html')) continue
          const errors: ParserError[] = []
          const all = elements(parse(text, { onParseError: error => errors.push(error) }))
          expect(errors).toEqual([])
          expect(
            all.filter(one => ['script', 'img', 'iframe', 'object', 'base', 'form'].includes(one.tagName)),
          ).toEqual([])
          expect(linksOf({ path: file, text }).filter(link => !paths.includes(link))).toEqual([])
        }
      }),
      { numRuns: 15, seed: 3 },
    )
  })
})

describe.skipIf(!browserIsThere())('a site in a browser', () => {
  let browser: Browser
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-site-'))
    for (const { path: file, text } of siteFiles(RUNS)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
      writeFileSync(path.join(folder, file), text)
    }
    browser = await launchBrowser()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function look<T>(act: (page: Page) => Promise<T>, options: BrowserContextOptions = {}): Promise<T> {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options })
    const page = await context.newPage()
    const trouble: string[] = []
    page.on('console', message => trouble.push(message.text()))
    page.on('request', request => {
      if (!/^(file|data):/.test(request.url())) trouble.push(request.url())
    })
    try {
      await page.goto(pathToFileURL(path.join(folder, 'index.html')).href)
      const result = await act(page)
      expect(trouble).toEqual([])
      return result
    } finally {
      await context.close()
    }
  }

  it('leads from the table to an endpoint, to its report and back', async () => {
    await look(async page => {
      await page.getByRole('columnheader', { name: 'beta' }).getByRole('link').click()
      expect(await page.locator('h1').innerText()).toBe('Certified beta')
      await page.getByRole('link', { name: 'The whole report of' }).click()
      expect(await page.locator('h1').innerText()).toBe('Certified beta')
      await page.goBack()
      await page.getByRole('link', { name: 'Lambda endpoints' }).click()
      expect(await page.locator('h1').innerText()).toBe('Lambda endpoints')
    })
  })

  it.each<[string, BrowserContextOptions]>([
    ['a small phone', { viewport: { width: 320, height: 568 } }],
    ['a phone in the dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
    ['a wide screen', { viewport: { width: 1600, height: 900 } }],
  ])('needs no scrolling sideways on %s', async (_, options) => {
    const sideways = (page: Page): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    await look(async page => {
      expect(await sideways(page)).toBe(0)
      await page.locator('.site-cards a').first().click()
      expect(await page.locator('h1').innerText()).toContain('alpha')
      expect(await sideways(page)).toBe(0)
    }, options)
  })
})
