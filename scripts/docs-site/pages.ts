/** Pages of the repository as pages of a site: which there are, where each lies, and where its links lead. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import MarkdownIt from 'markdown-it'
import { parse } from 'yaml'
import { globSync } from 'tinyglobby'
import { isObject } from '../../base/is-object.ts'

/** A Markdown file of the repository. */
export interface DocsPage {
  /** Relative to the root. */
  readonly file: string
  /** Of the site, relative to its root: `docs/ci.html`; a README is the `index.html` of its folder. */
  readonly path: string
  readonly title: string
  /** In the list at the side: rules go by their ids. */
  readonly label: string
  readonly html: string
}

/** A part of the list at the side. */
export interface Section {
  readonly title: string
  readonly pages: readonly DocsPage[]
}

/** What stands in the list at the side, in this order; the first pattern that fits a file takes it. */
const SECTIONS: readonly (readonly [title: string, pattern: RegExp])[] = [
  ['Begin', /^(README|docs\/(first-minutes|ci|editors|controls|cold-start)|CHANGELOG|CONTRIBUTING|SECURITY)\.md$/],
  ['How to', /^docs\/(how-to|examples)\//],
  ['Rules of the linter', /^spec\/rules\//],
  ['Behaviour', /^spec\/(behaviour|runtime)\//],
  ['Resources', /^spec\/resources\//],
  ['Actions', /^spec\/api\//],
  ['Types', /^spec\/types\//],
  ['Events', /^spec\/events\//],
  ['The grammar of the pages', /^spec\//],
  ['How findings are checked', /^docs\/[^/]+\.md$/],
  ['Decisions', /^docs\/decisions\//],
  ['Parts', /README\.md$/],
]

const FILES = [
  '{README,CHANGELOG,CONTRIBUTING,SECURITY}.md',
  'docs/**/*.md',
  'spec/**/*.md',
  '*/README.md',
  'suites/probes/README.md',
]
/** Where files lie that are no pages. */
const SOURCES = 'https://github.com/lambdacheck/lambdacheck/blob/main/'

/** All pages, in the order of their files. */
export function docsPages(root: string): readonly DocsPage[] {
  const files = globSync([...FILES, '!**/fixtures/**', '!**/node_modules/**'], { cwd: root }).sort()
  const known = new Set(files)
  return files.map(file => pageOf(file, readFileSync(path.join(root, file), 'utf8'), known))
}

export function sectionsOf(pages: readonly DocsPage[]): readonly Section[] {
  const sectionOf = ({ file }: DocsPage): string | undefined => SECTIONS.find(([, pattern]) => pattern.test(file))?.[0]
  const inOrder = pages.toSorted((one, other) => rank(one) - rank(other))
  return SECTIONS.map(([title]) => ({ title, pages: inOrder.filter(one => sectionOf(one) === title) })).filter(
    one => one.pages.length > 0,
  )
}

/** What a reader begins with; the rest stays in the order of its files. */
const FIRST = ['README.md', 'docs/first-minutes.md', 'docs/ci.md', 'docs/editors.md', 'docs/controls.md']
const rank = ({ file }: DocsPage): number => (FIRST.includes(file) ? FIRST.indexOf(file) : FIRST.length)

/** Where the page of a file lies in the site. */
export function sitePath(file: string): string {
  return file.replace(/(^|\/)README\.md$/, '$1index.md').replace(/\.md$/, '.html')
}

/** As GitHub makes the anchors of headings. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
}

function pageOf(file: string, text: string, known: ReadonlySet<string>): DocsPage {
  const { head, body } = split(text)
  const markdown = new MarkdownIt({ html: true, linkify: false })
  const tokens = markdown.parse(body, {})
  const taken = new Map<string, number>()
  let title = ''
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      const words = (tokens[at + 1]?.children ?? []).map(one => one.content).join('')
      title ||= words
      const anchor = anchorOf(words)
      const count = taken.get(anchor) ?? 0
      taken.set(anchor, count + 1)
      token.attrSet('id', count === 0 ? anchor : `${anchor}-${count}`)
    }
    for (const child of token.children ?? []) {
      const href = child.attrGet('href')
      if (typeof href === 'string') child.attrSet('href', target(href, file, known))
    }
  }
  const html = markdown.renderer
    .render(tokens, markdown.options, {})
    .replace(/<table>/g, '<div class="scroll"><table>')
    .replace(/<\/table>/g, '</table></div>')
  const label = /^spec\/rules\/(?!README)(.+)\.md$/.exec(file)?.[1] ?? title
  return {
    file,
    path: sitePath(file),
    title: title || file,
    label: label || file,
    html: `${facts(head, markdown)}${html}`,
  }
}

/** A link to a page of the site, to a source, or to where it led. */
function target(href: string, from: string, known: ReadonlySet<string>): string {
  if (/^([a-z]+:|#)/i.test(href)) return href
  const [place = '', anchor] = href.split('#')
  const file = path.posix.normalize(path.posix.join(path.posix.dirname(from), decodeURI(place)))
  const index = path.posix.join(file, 'README.md')
  const page = [file, index].find(one => known.has(one))
  if (page === undefined) return `${SOURCES}${file}`
  const relative = path.posix.relative(path.posix.dirname(sitePath(from)), sitePath(page))
  return anchor === undefined ? relative : `${relative}#${anchor}`
}

/** Front matter, when there is any, and what follows. */
function split(text: string): { readonly head: unknown; readonly body: string } {
  const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? []
  return head === undefined || body === undefined ? { head: undefined, body: text } : { head: parse(head), body }
}

/** What the front matter says, for people. */
function facts(head: unknown, markdown: ReturnType<typeof MarkdownIt>): string {
  if (!isObject(head)) return ''
  const shown = Object.entries(head)
    .filter(([key]) => key !== 'covers')
    .map(
      ([key, value]) =>
        `<div><dt>${markdown.utils.escapeHtml(key)}</dt><dd>${markdown.utils.escapeHtml(String(value))}</dd></div>`,
    )
  return `<dl class="front">${shown.join('')}</dl>\n`
}
