/** Text that is safe inside Markdown as GitHub renders it. */
import { plain, plainLine } from '../plain.ts'

const NOTHING = '—'

/** Prose on one line: nothing in it is taken for Markdown, HTML, a link, a mention or a table cell. */
export function prose(text: string, limit = 500): string {
  const line = plainLine(text, limit)
  // Marks around nothing would be a rule.
  if (line === '') return NOTHING
  return line
    .replace(/[\\`*_[\]|~#@$!]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\bwww\./gi, 'www\\.')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^[-+=]/, '\\$&')
}

/** A code span on one line; not for table cells, in which a bar would end it. */
export function code(text: string, limit = 300): string {
  const content = plainLine(text, limit)
  if (content === '') return NOTHING
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = content.startsWith('`') || content.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${content}${pad}${fence}`
}

/** Code in a table cell: a span cannot hold every mix of bars and backslashes, an element can. */
export function codeCell(text: string, limit = 300): string {
  return `<code>${prose(text, limit)}</code>`
}

/** A fenced block of text that may hold fences itself. */
export function fenced(text: string, language = '', limit = 4000): string {
  const content = plain(text, limit)
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${content}\n${fence}`
}

/** A table; cells are Markdown already. Columns after the first may be aligned to the right. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly ('left' | 'right' | 'center')[] = [],
): string {
  const rule = header.map((_, at) => ({ left: '---', right: '---:', center: ':---:' })[align[at] ?? 'left'])
  return [header, rule, ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}
