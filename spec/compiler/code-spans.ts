/** The code spans of a table cell. */
import type { Source } from '../model.ts'
import type { Cell } from './markdown.ts'

/** The text between backticks in a cell, with its place. */
export interface CodeSpan {
  readonly text: string
  readonly source: Source
}

/**
 * The spans, each at the place of its first character, and what stands between them that is more than a blank or a
 * comma.
 */
export function readCodeSpans(cell: Cell): {
  readonly spans: readonly CodeSpan[]
  readonly strays: readonly CodeSpan[]
} {
  const spans: CodeSpan[] = []
  const strays: CodeSpan[] = []
  const at = (offset: number): Source => {
    // A paragraph may go on in the next lines.
    const before = cell.raw.slice(0, offset).split('\n')
    const last = before.at(-1) ?? ''
    return before.length === 1
      ? { ...cell.source, column: cell.source.column + offset }
      : { ...cell.source, line: cell.source.line + before.length - 1, column: last.length + 1 }
  }
  const stray = (from: number, to: number): void => {
    const piece = cell.raw.slice(from, to)
    const text = withoutCommas(piece)
    if (text !== '') strays.push({ text, source: at(from + piece.indexOf(text)) })
  }
  let end = 0
  for (const match of cell.raw.matchAll(/(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/g)) {
    stray(end, match.index)
    const inner = match[2] ?? ''
    // A span that begins and ends with a blank loses both: that is how Markdown lets a span hold a backtick.
    const padded = inner.startsWith(' ') && inner.endsWith(' ') && inner.trim() !== ''
    const text = (padded ? inner.slice(1, -1) : inner).replace(/\\\|/g, '|')
    spans.push({ text, source: at(match.index + (match[1] ?? '').length + (padded ? 1 : 0)) })
    end = match.index + match[0].length
  }
  stray(end, cell.raw.length)
  return { spans, strays }
}

/** Without blanks and commas at either end. */
function withoutCommas(text: string): string {
  const between = /^[\s,]$/
  let [from, to] = [0, text.length]
  while (from < to && between.test(text[from] ?? '')) from++
  while (to > from && between.test(text[to - 1] ?? '')) to--
  return text.slice(from, to)
}
