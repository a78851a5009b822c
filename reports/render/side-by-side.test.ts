import fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import { parse, type ParserError } from 'parse5'
import { describe, expect, it } from 'vitest'
import { renderComparison } from './side-by-side.ts'
import type { Evidence } from '../evidence.ts'
import { anyEvidence, evidenceOf, resultOf } from '../fixtures/evidence.ts'
import { expectHarmless } from '../fixtures/expect-harmless.ts'
import { sampleEvidence } from '../fixtures/sample.ts'

const named = (evidence: Evidence, name: string): { name: string; evidence: Evidence } => ({ name, evidence })
const endpoint = (evidence: Evidence, name: string, software?: string): Evidence => ({
  ...evidence,
  endpoint: { ...evidence.endpoint!, name, ...(software === undefined ? {} : { software }) },
})

const MIXED = [
  named(endpoint(sampleEvidence(), 'alpha', 'alpha 1.2'), 'a.json'),
  named(endpoint(sampleEvidence({ clean: true }), 'beta', 'beta'), 'b.json'),
]

describe('runs of several endpoints', () => {
  it('stand side by side', () => {
    expect(
      renderComparison(MIXED, 'markdown')
        .split('\n')
        .filter(line => !/aliases|concurrency|layers|versions/.test(line)),
    ).toEqual([
      '| Profile | alpha (alpha 1.2) | beta |',
      '| --- | --- | --- |',
      '| async | ❌ 172 of 175 | ✅ 175 |',
      '| code-signing | not implemented | ✅ 174 |',
      '| event-sources | ❌ 72 of 174 | ✅ 174 |',
      '| functions | ❌ 325 of 349 | ✅ 349 |',
      '| invoke | ❌ 115 of 116 | ✅ 116 |',
      '| permissions | ❌ 151 of 175 | ✅ 175 |',
      '| tags | ❌ 169 of 174 | ✅ 174 |',
      '| **The whole** | **not certified** | **certified** |',
      expect.stringMatching(/^\| Divergence \| \d+(\.\d)? % \(\d+ of [\d,]+\) \| 0 % \(0 of [\d,]+\) \|$/),
      expect.stringMatching(/^\| Coverage \| \d+(\.\d)? % \([\d,]+ of [\d,]+\) \| 100 % /),
      '',
      expect.stringMatching(/^MUST cases that passed\. Divergence/),
      '',
    ])
    expect(renderComparison(MIXED, 'terminal')).toMatch(/\ncode-signing +not implemented +✔ 174\n/)
    expect(JSON.parse(renderComparison(MIXED, 'json'))).toMatchObject({
      columns: ['alpha (alpha 1.2)', 'beta'],
      totals: ['not certified', 'certified'],
    })
  })
})

describe('two runs of one endpoint', () => {
  const before = evidenceOf([resultOf({ id: 'a' }), resultOf({ id: 'b', verdict: 'fail' })])
  const after = evidenceOf([resultOf({ id: 'a', verdict: 'fail' }), resultOf({ id: 'b' })])
  const both = [named(before, 'before.json'), named(after, 'after.json')]

  it('say what changed, in every format', () => {
    const sentence = 'Worse than before: 1 case newly fails, 1 case is fixed.'
    expect(renderComparison(both, 'markdown')).toContain(
      `### ❌ ${sentence}\n\n**Newly failing** (1)\n\n- \`a\`\n\n**Fixed** (1)\n\n- \`b\``,
    )
    expect(renderComparison(both, 'terminal')).toContain(`${sentence}\n\nNewly failing (1)\n  a\n\nFixed (1)\n  b\n`)
    expect(renderComparison(both, 'html')).toContain(sentence)
    expect(JSON.parse(renderComparison(both, 'json'))).toMatchObject({
      changes: { worse: true, newlyFailing: ['a'], fixed: ['b'] },
    })
  })

  it('are told apart by their files', () => {
    expect(renderComparison(both, 'terminal').split('\n')[0]).toMatch(
      /^Profile +sample, before\.json +sample, after\.json$/,
    )
  })
})

it('any evidence makes a table of one shape, and nothing of it becomes markup', () => {
  fc.assert(
    fc.property(fc.array(anyEvidence(), { minLength: 1, maxLength: 3 }), all => {
      const runs = all.map((evidence, at) => named(evidence, `${at}.json`))
      const markdown = renderComparison(runs, 'markdown')
      expectHarmless(markdown)
      const tokens = new MarkdownIt({ html: true }).parse(markdown, {})
      expect(tokens.filter(token => token.type === 'html_block')).toEqual([])
      expect(tokens.filter(token => token.type === 'th_open')).toHaveLength(runs.length + 1)
      const rows = tokens.filter(token => token.type === 'tr_open').length - 1
      expect(tokens.filter(token => token.type === 'td_open')).toHaveLength(rows * (runs.length + 1))
      const errors: ParserError[] = []
      const html = renderComparison(runs, 'html')
      expectHarmless(html)
      parse(html, { onParseError: error => errors.push(error) })
      expect(errors).toEqual([])
      expect(html.match(/<script|<img/g)).toBeNull()
      expectHarmless(renderComparison(runs, 'terminal'))
      JSON.parse(renderComparison(runs, 'json'))
    }),
    { numRuns: 60 },
  )
})
