import fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { describe, expect, it } from 'vitest'
import type { Evidence } from '../evidence.ts'
import { anyEvidence, evidenceOf, hostileText, resultOf } from '../fixtures/evidence.ts'
import { expectHarmless } from '../fixtures/expect-harmless.ts'
import { sampleEvidence } from '../fixtures/sample.ts'
import { code, codeCell, fenced, prose, table } from './markdown-text.ts'
import { renderMarkdown } from './markdown.ts'
import { plain, plainLine } from '../plain.ts'

/** As GitHub reads it: HTML goes through, addresses become links. */
const github = new MarkdownIt({ html: true, linkify: true })
github.linkify.set({ fuzzyLink: false })

type Node = DefaultTreeAdapterTypes.ChildNode

function nodes(
  markdown: string,
): { readonly name: string; readonly text: string; readonly attributes: readonly string[] }[] {
  const all: { name: string; text: string; attributes: string[] }[] = []
  const textOf = (node: Node): string =>
    'childNodes' in node ? node.childNodes.map(textOf).join('') : 'value' in node ? node.value : ''
  const visit = (node: Node): void => {
    if (node.nodeName === '#comment') all.push({ name: '#comment', text: '', attributes: [] })
    if (!('tagName' in node)) return
    all.push({ name: node.tagName, text: textOf(node), attributes: node.attrs.map(attr => attr.name) })
    node.childNodes.forEach(visit)
  }
  parseFragment(github.render(markdown)).childNodes.forEach(visit)
  return all
}

const ALLOWED = new Set([
  'h2',
  'h3',
  'h4',
  'p',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'details',
  'summary',
  'code',
  'pre',
  'ul',
  'li',
  'strong',
  'br',
])

describe('Markdown text', () => {
  it('prose reads as it was, and as nothing else', () => {
    fc.assert(
      fc.property(hostileText, text => {
        const line = plainLine(text)
        fc.pre(line !== '')
        expect(nodes(prose(text, 300))).toEqual([{ name: 'p', text: line, attributes: [] }])
      }),
      { numRuns: 500 },
    )
  })

  it('code reads as it was, in paragraphs and in table cells', () => {
    fc.assert(
      fc.property(hostileText, text => {
        const line = plainLine(text)
        fc.pre(line !== '')
        expect(nodes(code(text))).toEqual([
          expect.objectContaining({ name: 'p' }),
          { name: 'code', text: line, attributes: [] },
        ])
        const cells = nodes(table(['a', 'b'], [[codeCell(text), prose(text, 300)]])).filter(node => node.name === 'td')
        expect(cells.map(cell => cell.text)).toEqual([line, line])
      }),
      { numRuns: 500 },
    )
  })

  it('fenced text reads as it was', () => {
    fc.assert(
      fc.property(hostileText, text => {
        const [pre, inner, ...rest] = nodes(fenced(text, 'json'))
        expect(pre?.name).toBe('pre')
        // An HTML parser drops one newline at the beginning of pre; the lines are what counts.
        expect(inner?.text.trim()).toBe(plain(text).trim())
        expect(rest).toEqual([])
      }),
      { numRuns: 400 },
    )
  })
})

describe('renderMarkdown', () => {
  it('lets nothing of any evidence become Markdown or HTML', () => {
    fc.assert(
      fc.property(anyEvidence(), evidence => {
        const markdown = renderMarkdown(evidence)
        expectHarmless(markdown)
        for (const { name, text, attributes } of nodes(markdown)) {
          // Of links there are those to AWS's pages, and no others.
          if (name === 'a') {
            expect(text).toMatch(/^AWS's page of \w+$/)
            expect(attributes).toEqual(['href'])
            continue
          }
          expect(ALLOWED.has(name), name).toBe(true)
          expect(
            attributes.every(attribute => attribute === 'class' || attribute === 'style'),
            attributes.join(),
          ).toBe(true)
        }
        expect(nodes(markdown).filter(node => node.name === 'details')).toHaveLength(
          new Set(
            evidence.results.flatMap(result =>
              result.verdict === 'fail' || result.verdict === 'inconclusive'
                ? [`${result.verdict} ${result.clause.id}`]
                : [],
            ),
          ).size,
        )
      }),
      { numRuns: 200 },
    )
  })

  it('says the verdict, what broke by profile, and how to see it again', () => {
    const markdown = renderMarkdown(sampleEvidence())
    const all = nodes(markdown)
    const texts = (name: string): string[] => all.filter(one => one.name === name).map(one => one.text)
    expect(texts('h2')).toEqual(['❌ Not certified: sample', '❌ Lint: 3 errors, 1 warning, 0 info, 1 suppressed'])
    expect(texts('h4')).toEqual(['functions', 'invoke', 'permissions', 'tags', 'async'])
    expect(texts('summary')[0]).toBe(
      'CreateFunction.request.FunctionName.range MUST: FunctionName of CreateFunction is from 128 to 10240.',
    )
    expect(texts('pre')[1]).toContain('lambdacheck certify --endpoint sample')
    expect(texts('tr').find(text => text.startsWith('\nfunctions'))).toContain('325 of 349')
  })

  it('fits in a step summary, and counts what it leaves out', () => {
    const result = resultOf({
      verdict: 'fail',
      expected: 'é'.repeat(400),
      actual: '漢'.repeat(400),
      counterexample: '漢'.repeat(4000),
    })
    const markdown = renderMarkdown(
      evidenceOf(
        Array.from({ length: 3000 }, (_, at) => ({
          ...result,
          id: `c${at}`,
          clause: { ...result.clause, id: `c${at}` },
        })),
      ),
    )
    expect(Buffer.byteLength(markdown)).toBeLessThan(60_000)
    expect(Buffer.byteLength(markdown)).toBeGreaterThan(45_000)
    const left = Number(/The rest \(([\d,]+) sections\) does not fit/.exec(markdown)?.[1]?.replaceAll(',', ''))
    expect(nodes(markdown).filter(node => node.name === 'details').length + left).toBe(3000)
    expect(markdown).toMatch(/Among others: `c\d+`, `c\d+`/)
  })

  it('is less than 60 KB whatever there is to say, and notes are never pushed out', () => {
    const long = '漢'.repeat(2000)
    const result = resultOf({ verdict: 'fail', reason: long, expected: long, actual: long, counterexample: long })
    const evidence: Evidence = {
      ...evidenceOf(
        Array.from({ length: 400 }, (_, at) => ({
          ...result,
          id: `c${at}`,
          title: long,
          clause: { ...result.clause, id: `c${at}${long}`, text: long, profile: `p${at % 40}` },
        })),
      ),
      notes: Array.from({ length: 200 }, (_, at) => `Could not be deleted: function ${at} ${long}`),
      findings: sampleEvidence().findings.flatMap(finding =>
        Array.from({ length: 200 }, () => ({ ...finding, message: long })),
      ),
    }
    const markdown = renderMarkdown(evidence)
    expect(Buffer.byteLength(markdown)).toBeLessThan(60_000)
    expect(markdown).toContain('Could not be deleted: function 0 ')
    expect(markdown).toMatch(/and \d+ more notes in the HTML report/)
    const linted = renderMarkdown({ ...evidence, results: [] })
    expect(Buffer.byteLength(linted)).toBeLessThan(60_000)
    expect(linted).toMatch(/and [\d,]+ more findings/)
  })
})
