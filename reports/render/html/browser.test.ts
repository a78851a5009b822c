/** The report in a real browser. Skipped out loud where there is none; CHROMIUM_PATH names one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Evidence } from '../../evidence.ts'
import { browserIsThere, launchBrowser } from '../../fixtures/browser.ts'
import { anyEvidence, evidenceOf } from '../../fixtures/evidence.ts'
import { sampleEvidence } from '../../fixtures/sample.ts'
import { renderHtml } from './page.ts'

// What is given to `evaluate` runs in the page, of which the types of Node.js know nothing.
declare const document: any
declare const navigator: any
declare const getComputedStyle: any

describe.skipIf(!browserIsThere())('report.html in a browser', () => {
  let browser: Browser
  let dir: string
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'lambdacheck-browser-'))
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /**
   * Opens the report, does something with it, and fails for anything that it complained of or asked the network for.
   */
  async function look<T>(
    evidence: Evidence,
    act: (page: Page) => Promise<T>,
    options: BrowserContextOptions = {},
  ): Promise<T> {
    const file = join(dir, `${Math.random().toString(36).slice(2)}.html`)
    writeFileSync(file, renderHtml(evidence))
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options })
    const page = await context.newPage()
    const trouble: string[] = []
    page.on('console', message => trouble.push(message.text()))
    page.on('pageerror', error => trouble.push(error.message))
    page.on('dialog', dialog => void dialog.dismiss().then(() => trouble.push('a dialog opened')))
    page.on('request', request => {
      if (!request.url().startsWith('file:') && !request.url().startsWith('data:'))
        trouble.push(`asked for ${request.url()}`)
    })
    try {
      await page.goto(pathToFileURL(file).href)
      const result = await act(page)
      expect(trouble).toEqual([])
      return result
    } finally {
      await context.close()
    }
  }

  const titles = (page: Page): Promise<string[]> =>
    page.locator('#list > .entry .sentence, #list > .row .sentence').allTextContents()
  const status = (page: Page): Promise<string> => page.locator('#status').innerText()

  it('shows what is wrong first, the worst open', async () => {
    await look(sampleEvidence(), async page => {
      expect(await page.locator('h1').innerText()).toBe('Not certified sample')
      expect(await page.locator('#list > h3').first().innerText()).toBe('Failures')
      expect(await page.locator('#list > details').first().getAttribute('open')).not.toBeNull()
      expect(await status(page)).toMatch(/^40 of 1,6\d\d shown$/)
    })
  })

  it('filters by profile, verdict and text', async () => {
    await look(sampleEvidence(), async page => {
      await page.selectOption('#profile', 'permissions')
      expect(await titles(page)).toHaveLength(3)
      expect(await page.locator('#list > h4').allTextContents()).toEqual(['permissions'])
      await page.selectOption('#profile', '')
      await page.uncheck('input[value=fail]')
      expect(await page.locator('#list > h3').first().innerText()).toBe('Lint errors')
      await page.check('input[value=pass]')
      await page.fill('#text', 'createalias MEMORYSIZE pattern')
      await page.waitForFunction(() => document.getElementById('status').textContent.startsWith('1 of'))
      expect(await titles(page)).toEqual(['MemorySize of CreateAlias matches the documented pattern.'])
      await page.fill('#text', 'nothing has this')
      await page.waitForFunction(() => document.getElementById('status').textContent.startsWith('0 of'))
      expect(await page.locator('#list').innerText()).toBe('Nothing matches this filter.')
      await page.fill('#text', '')
      await page.waitForFunction(() => !document.getElementById('status').textContent.startsWith('0 of'))
      await page.locator('a[data-profile=invoke]').click()
      expect(await page.locator('#profile').inputValue()).toBe('invoke')
      expect(await page.locator('#list > h4').allTextContents()).toEqual(['invoke'])
    })
  })

  it('lays out entries as they are looked for, and keeps what was opened', async () => {
    await look(sampleEvidence({ members: 40 }), async page => {
      await page.check('input[value=pass]')
      const before = (await titles(page)).length
      expect(before).toBeLessThan(400)
      await page.locator('#more').scrollIntoViewIfNeeded()
      await page.waitForFunction(
        least => document.querySelectorAll('#list > .entry, #list > .row').length > least,
        before,
      )
      await page.locator('#list > details').nth(1).locator('summary').first().click()
      await page.fill('#text', 'function')
      await page.waitForTimeout(200)
      await page.fill('#text', '')
      await page.waitForTimeout(200)
      expect(await page.locator('#list > details').nth(1).getAttribute('open')).not.toBeNull()
    })
  })

  it('is quick with twenty thousand results', async () => {
    await look(sampleEvidence({ members: 80 }), async page => {
      await page.check('input[value=pass]')
      const took = await page.evaluate(() => {
        const box = document.getElementById('text')
        const profile = document.getElementById('profile')
        const started = performance.now()
        box.value = 'createfunction'
        profile.dispatchEvent(new Event('change'))
        return performance.now() - started
      })
      expect(took).toBeLessThan(500)
    })
  })

  it('opens the exchanges of a failure, and copies its commands', async () => {
    await look(
      sampleEvidence(),
      async page => {
        const first = page.locator('#list > details').first()
        await first.locator('.exchanges > summary').click()
        expect(await first.locator('.exchange').first().innerText()).toMatch(
          /^POST http:\/\/127\.0\.0\.1:4566[^]*authorization: REDACTED[^]*201 after 12 ms/,
        )
        await first.getByRole('button', { name: 'Copy the command Replay' }).click()
        expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
          /^lambdacheck certify .* --seed 42 --path /,
        )
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    )
  })

  it('can be used with the keyboard alone', async () => {
    await look(sampleEvidence(), async page => {
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the results')
      await page.locator('input[value=skipped]').focus()
      await page.keyboard.press('Space')
      expect(await page.locator('input[value=skipped]').isChecked()).toBe(true)
      const second = page.locator('#list > details').nth(1)
      await second.locator('summary').first().focus()
      await page.keyboard.press('Enter')
      expect(await second.getAttribute('open')).not.toBeNull()
    })
  })

  it.each<[string, BrowserContextOptions]>([
    ['a phone', { viewport: { width: 360, height: 740 } }],
    ['a small phone in the dark', { viewport: { width: 320, height: 568 }, colorScheme: 'dark' }],
    ['a wide screen', { viewport: { width: 1600, height: 900 } }],
  ])('needs no scrolling sideways on %s', async (_, options) => {
    const sideways = (page: Page): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    await look(
      sampleEvidence(),
      async page => {
        await page.evaluate(() => document.querySelectorAll('details').forEach((one: any) => (one.open = true)))
        expect(await sideways(page)).toBe(0)
      },
      options,
    )
  })

  it('has enough contrast, in the light and in the dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const poor = await look(
        sampleEvidence(),
        async page => {
          for (const box of await page.locator('#filter input[type=checkbox]').all()) await box.check()
          await page.evaluate(() => document.querySelectorAll('details').forEach((one: any) => (one.open = true)))
          return page.evaluate(poorContrast)
        },
        { colorScheme },
      )
      expect(poor, colorScheme).toEqual([])
    }
  })

  it('has room for sentences on A4', async () => {
    // The width of the sheet, at 96 dots an inch.
    const options = { viewport: { width: Math.round((210 / 25.4) * 96), height: 1000 } }
    const narrow = await look(
      sampleEvidence(),
      async page => {
        await page.emulateMedia({ media: 'print' })
        return page.locator('.profiles td').evaluateAll(cells =>
          cells
            .map((cell: any) => ({
              text: cell.innerText as string,
              width: cell.getBoundingClientRect().width as number,
            }))
            .filter(({ text, width }) => text.length > 25 && width < 400),
        )
      },
      options,
    )
    expect(narrow).toEqual([])
  })

  it('reads without script', async () => {
    await look(
      sampleEvidence(),
      async page => {
        expect(await page.locator('#filter').isVisible()).toBe(false)
        const first = page.locator('#list > details').first()
        await first.locator('summary').first().click()
        expect(await first.locator('.command').first().isVisible()).toBe(true)
        expect(await page.locator('noscript').innerText()).toContain('can be seen with JavaScript, or in evidence.json')
      },
      { javaScriptEnabled: false },
    )
  })

  it('takes any evidence without complaint', async () => {
    for (const evidence of [evidenceOf([]), ...fc.sample(anyEvidence(), { numRuns: 6, seed: 11 })]) {
      await look(evidence, async page => {
        for (const box of await page.locator('#filter input[type=checkbox]').all()) await box.check()
        expect(await page.locator('script').count()).toBe(2)
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
        ).toBe(0)
      })
    }
  })
})

/** Runs in the page: texts whose colour is too near to what they stand on (WCAG AA for ordinary text). */
function poorContrast(): string[] {
  const channels = (color: string): number[] =>
    (/rgba?\(([^)]+)\)/.exec(color)?.[1] ?? '0,0,0,0').split(',').map(Number)
  const luminance = ([r = 0, g = 0, b = 0]: number[]): number => {
    const [x = 0, y = 0, z = 0] = [r, g, b].map(one =>
      one / 255 <= 0.03928 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4,
    )
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const ground = (element: any): number[] => {
    for (let one = element; one !== null; one = one.parentElement) {
      const color = channels(getComputedStyle(one).backgroundColor)
      if ((color[3] ?? 1) > 0) return color
    }
    return [255, 255, 255]
  }
  const poor = new Set<string>()
  for (const element of document.querySelectorAll('body *')) {
    if (![...element.childNodes].some((node: any) => node.nodeType === 3 && node.textContent.trim().length > 1))
      continue
    if (
      element.closest('script, style, noscript, .visually-hidden, .skip, option, thead') !== null ||
      element.offsetParent === null
    )
      continue
    const style = getComputedStyle(element)
    const [a, b] = [luminance(channels(style.color)), luminance(ground(element))].sort((x, y) => y - x) as [
      number,
      number,
    ]
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.add(`${element.tagName.toLowerCase()}.${element.className} ${style.color}`)
  }
  return [...poor]
}
