/** A stand-in until every reader takes the compiled specification: pages of rules, and quotas, straight from Markdown. */
import { readdirSync, readFileSync } from 'node:fs'
import MarkdownIt from 'markdown-it'
import { parse } from 'yaml'
import type { RuleExample, RulePage } from '../spec/model.ts'

const spec = new URL('../spec/', import.meta.url)

export function readRulePages(): ReadonlyMap<string, RulePage> {
  const pages = new Map<string, RulePage>()
  for (const name of readdirSync(new URL('rules/', spec)).sort()) {
    if (!name.endsWith('.md') || name === 'README.md') continue
    const text = readFileSync(new URL(`rules/${name}`, spec), 'utf8')
    const page = readPage(`rules/${name}`, text)
    if (page) pages.set(page.id, page)
  }
  return pages
}

function readPage(file: string, text: string): RulePage | undefined {
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text)
  if (!match) return undefined
  const front = parse(match[1]!) as { [key: string]: string | undefined }
  const bodyLine = match[1]!.split('\n').length + 3
  const examples: RuleExample[] = []
  const tokens = new MarkdownIt().parse(match[2]!, {})
  let title = ''
  tokens.forEach((token, index) => {
    if (token.type === 'heading_open' && token.tag === 'h1') title = tokens[index + 1]?.content ?? ''
    if (token.type !== 'fence') return
    const [language = '', verdict, ...rest] = token.info.trim().split(/\s+/)
    if (verdict !== 'bad' && verdict !== 'good') return
    const attributes = Object.fromEntries(rest.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]))
    const { case: name = `${verdict}-${examples.length + 1}`, file: path = `example.${language}`, ...others } = attributes
    examples.push({ case: name, verdict, language, file: path, body: token.content, attributes: others, source: { file, line: bodyLine + (token.map?.[0] ?? 0), column: 1 } })
  })
  const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter(Boolean)
  return {
    id: front['rule'] ?? '',
    title,
    category: front['category'] ?? '',
    severity: (front['severity'] ?? 'warning') as RulePage['severity'],
    presets: words(front['presets']),
    guide: words(front['guide']),
    fixable: (front['fixable'] ?? 'no') as RulePage['fixable'],
    covers: words(front['covers']),
    summary: '',
    examples,
    markdown: match[2]!,
    source: { file, line: 1, column: 1 },
  }
}

export function readQuotas(): ReadonlyMap<string, number> {
  const text = readFileSync(new URL('quotas.md', spec), 'utf8')
  return new Map([...text.matchAll(/^\| ([a-z0-9-]+) \| [^|]* \| (\d+) \|/gm)].map((match) => [match[1]!, Number(match[2])]))
}
