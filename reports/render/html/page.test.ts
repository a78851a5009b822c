import { inflateRawSync } from 'node:zlib'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, parse, parseFragment, type ParserError } from 'parse5'
import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../evidence.ts'
import { anyEvidence, evidenceOf, resultOf } from '../../fixtures/evidence.ts'
import { expectHarmless } from '../../fixtures/expect-harmless.ts'
import { sampleEvidence } from '../../fixtures/sample.ts'
import { renderHtml } from './page.ts'

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

function elements(root: Node): Element[] {
  const own = 'tagName' in root ? [root] : []
  return [...own, ...('childNodes' in root ? root.childNodes.flatMap(elements) : [])]
}

const attribute = (element: Element, name: string): string | undefined =>
  element.attrs.find(attr => attr.name === name)?.value
const textOf = (node: Node): string =>
  'childNodes' in node ? node.childNodes.map(textOf).join('') : 'value' in node ? node.value : ''

const TAGS = new Set(
  'html head meta title link style body a header div p b h1 span svg rect dl dt dd main section h2 h3 h4 h5 table thead tbody tr th td ul li form label input select option fieldset legend output details summary code pre figure figcaption i mark noscript button footer script'.split(
    ' ',
  ),
)
const ATTRIBUTES = new Set(
  'lang charset http-equiv content name rel href class viewbox viewBox preserveAspectRatio role aria-label aria-labelledby aria-live aria-hidden x width height scope id data-profile data-text data-kind data-headings for type placeholder autocomplete spellcheck value checked hidden tabindex'.split(
    ' ',
  ),
)

interface Row {
  readonly verdict: string
  readonly group: string
  readonly text: string
  readonly html?: string
}

/** Parses strictly and checks what no string of any evidence may change. */
function check(evidence: Evidence): { readonly all: Element[]; readonly entries: Row[]; readonly html: string } {
  const html = renderHtml(evidence)
  expectHarmless(html)
  const errors: ParserError[] = []
  const document = parse(html, { onParseError: error => errors.push(error) })
  expect(errors).toEqual([])
  const all = elements(document)
  const scripts = all.filter(one => one.tagName === 'script')
  expect(scripts).toHaveLength(2)
  const entries = JSON.parse(inflateRawSync(Buffer.from(textOf(scripts[0]!), 'base64')).toString()) as Row[]
  const later = entries.flatMap(entry => {
    if (entry.html === undefined) return []
    const fragment = parseFragment(entry.html, { onParseError: error => errors.push(error) })
    expect(fragment.childNodes).toHaveLength(1)
    return elements(fragment)
  })
  expect(errors).toEqual([])
  for (const element of [...all, ...later]) {
    expect(TAGS.has(element.tagName), element.tagName).toBe(true)
    for (const { name, value } of element.attrs) {
      expect(ATTRIBUTES.has(name), `${element.tagName} ${name}`).toBe(true)
      if (name === 'href')
        expect(value).toMatch(
          /^#results$|^data:image\/svg\+xml,|^https:\/\/docs\.aws\.amazon\.com\/lambda\/latest\/api\/API_\w+\.html$/,
        )
    }
  }
  return { all: [...all, ...later], entries, html }
}

describe('report.html', () => {
  it('lets nothing of any evidence become markup, script or address', () => {
    fc.assert(
      fc.property(anyEvidence(), evidence => void check(evidence)),
      { numRuns: 100 },
    )
  })

  it('allows its own style and script and nothing else', () => {
    const { all } = check(sampleEvidence())
    const policy = attribute(all.find(one => attribute(one, 'http-equiv') === 'Content-Security-Policy')!, 'content')!
    const hash = (element: Element): string =>
      `'sha256-${createHash('sha256').update(textOf(element)).digest('base64')}'`
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hash(all.find(one => one.tagName === 'style')!)}`,
      `script-src ${hash(all.filter(one => one.tagName === 'script')[1]!)}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ])
  })

  it('has an entry for every failing clause, every finding, and everything else that a reader may look for', () => {
    const evidence = sampleEvidence()
    const { entries } = check(evidence)
    const count = (verdict: string): number => entries.filter(entry => entry.verdict === verdict).length
    const clauses = (verdict: string): number =>
      new Set(evidence.results.filter(result => result.verdict === verdict).map(result => result.clause.id)).size
    expect(count('fail')).toBe(clauses('fail'))
    expect(count('inconclusive')).toBe(clauses('inconclusive'))
    expect(count('pass')).toBe(clauses('pass'))
    expect(count('unsupported')).toBe(3)
    expect(count('skipped')).toBe(1)
    expect([count('error'), count('warning'), count('suppressed')]).toEqual([3, 1, 1])
  })

  it('shows without script what is wrong, with its exchanges', () => {
    const { html } = check(sampleEvidence())
    const read = textOf(parse(html.replace(/<script[^]*?<\/script>/g, '')))
    for (const text of [
      'Not certified',
      'CreateFunction.request.Role.range',
      'Role of CreateFunction is from 128 to 10240.',
      'lambdacheck certify --endpoint sample',
      'aws lambda create-function',
      'The 2 exchanges on the wire',
      'MUST cases are about actions that the endpoint does not implement',
      'foreach-async',
      'the function may run for 60 s',
    ]) {
      expect(read).toContain(text)
    }
  })

  it('has one title of the first rank, and no rank is left out on the way down', () => {
    const { html } = check(sampleEvidence())
    const ranks = elements(parse(html)).flatMap(element =>
      /^h[1-6]$/.test(element.tagName) ? [Number(element.tagName[1])] : [],
    )
    expect(ranks.filter(rank => rank === 1)).toHaveLength(1)
    ranks.forEach((rank, at) => expect(rank - (ranks[at - 1] ?? 0)).toBeLessThanOrEqual(1))
  })

  it('stays within bounds for strings of a megabyte', () => {
    const [evidence] = fc.sample(anyEvidence(fc.constant('<b>&'.repeat(250_000))), { numRuns: 1, seed: 5 })
    expect(check(evidence!).html.length).toBeLessThan(3_000_000)
  })

  it('stays within bounds when everything fails with long exchanges', () => {
    const body = '<'.repeat(16_000)
    const exchange = {
      request: { method: 'POST', url: 'http://x/', headers: {}, body, bodyBytes: 16_000 },
      response: { status: 500, headers: {}, body, bodyBytes: 16_000 },
      startedAt: '2026-01-02T03:04:05.000Z',
      durationMs: 1,
    }
    const results = Array.from({ length: 3000 }, (_, at) =>
      resultOf({ id: `c${at}`, verdict: 'fail', exchanges: [exchange, exchange], clause: { id: `c${at}` } }),
    )
    const html = renderHtml(evidenceOf(results))
    expect(html.length).toBeLessThan(60_000_000)
    expect(check(evidenceOf(results.slice(0, 1))).html).not.toContain('there is no more room')
    const packed = /id="entries">([^<]*)</.exec(html)?.[1] ?? ''
    expect(inflateRawSync(Buffer.from(packed, 'base64')).toString()).toContain(
      'The exchanges are in evidence.json: there is no more room for them here.',
    )
  })

  it('is there at once for twenty thousand results', () => {
    const evidence = sampleEvidence({ members: 80 })
    expect(evidence.results.length).toBeGreaterThan(20_000)
    const started = performance.now()
    renderHtml(evidence)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
