/**
 * A page as a flat list of the blocks that the grammar knows, each with its place in the file. Everything else on a
 * page is prose.
 */
import MarkdownIt from 'markdown-it'
import type { Source } from '../model.ts'

/** The headings that a block stands under: the last one of all, and the last one of the second level. */
export interface Place {
  readonly section: string
  readonly heading: string
  /** Prose between the heading, or the block before, and this block. */
  readonly prose: string
}

/** A heading, of the level that its number of `#` says. */
export interface Heading {
  readonly kind: 'heading'
  readonly level: number
  readonly text: string
  readonly source: Source
}

/** A paragraph of prose. */
export interface Paragraph {
  readonly kind: 'paragraph'
  readonly text: string
  readonly source: Source
}

/** A fenced block: its info string and its text, with the place of both. */
export interface Fence extends Place {
  readonly kind: 'fence'
  readonly info: string
  /** Where the info string begins. */
  readonly infoSource: Source
  readonly content: string
  /** 1-based line of the first line of the content. */
  readonly contentLine: number
  /**
   * For each line of the content, how many columns of the file's line stand before it (fences inside lists are
   * indented).
   */
  readonly indents: readonly number[]
  readonly source: Source
}

/** A cell of a table, with the place of its text. */
export interface Cell {
  /** As it reads: trimmed, `\|` is `|`. */
  readonly text: string
  /** As it stands in the file: trimmed. */
  readonly raw: string
  readonly source: Source
}

/** A table under the heading that its section names. */
export interface Table extends Place {
  readonly kind: 'table'
  readonly header: readonly Cell[]
  readonly rows: readonly (readonly Cell[])[]
  readonly source: Source
}

/** What a page consists of, one after the other. */
export type Block = Heading | Paragraph | Fence | Table

/**
 * Blocks alone: what is inside a paragraph is not the grammar's business, and code spans in tables are read by the
 * constraint parser.
 */
const markdown = new MarkdownIt({ html: true }).enable('table')
markdown.core.ruler.enableOnly(['normalize', 'block'])

/** `skipLines` blank out the front matter, so that the lines stay those of the file. Line ends are `\n`. */
export function readBlocks(file: string, text: string, skipLines: number): readonly Block[] {
  const lines = text.split('\n')
  const body = '\n'.repeat(skipLines) + lines.slice(skipLines).join('\n')
  const tokens = markdown.parse(body, {})
  const at = (line: number, column = 1): Source => ({ file, line, column })
  const blocks: Block[] = []
  let section = ''
  let heading = ''
  let prose: string[] = []
  const place = (): Place => {
    const taken = prose.join('\n\n')
    prose = []
    return { section, heading, prose: taken }
  }

  for (const [index, token] of tokens.entries()) {
    const line = (token.map?.[0] ?? 0) + 1
    if (token.type === 'heading_open') {
      const content = (tokens[index + 1]?.content ?? '').trim()
      const level = Number(token.tag.slice(1))
      if (level <= 2) section = level === 2 ? content : ''
      heading = content
      prose = []
      blocks.push({ kind: 'heading', level, text: content, source: at(line, columnOf(lines[line - 1] ?? '', content)) })
    } else if (token.type === 'paragraph_open') {
      const content = (tokens[index + 1]?.content ?? '').trim()
      prose.push(content)
      blocks.push({
        kind: 'paragraph',
        text: content,
        source: at(line, columnOf(lines[line - 1] ?? '', content.split('\n')[0] ?? '')),
      })
    } else if (token.type === 'fence') {
      const contentLine = line + 1
      const indents = token.content
        .split('\n')
        .map((one, i) => Math.max(0, (lines[contentLine - 1 + i]?.length ?? one.length) - one.length))
      const info = token.info.trim()
      const opening = lines[line - 1] ?? ''
      blocks.push({
        kind: 'fence',
        info,
        infoSource: at(
          line,
          info === ''
            ? columnOf(opening, token.markup)
            : columnOf(opening, info, opening.indexOf(token.markup) + token.markup.length),
        ),
        content: token.content,
        contentLine,
        indents,
        source: at(line, columnOf(opening, token.markup)),
        ...place(),
      })
    } else if (token.type === 'table_open') {
      const [from, to] = token.map ?? [0, 0]
      const indent = token.level === 0 ? 0 : Math.max(0, (lines[from] ?? '').indexOf('|'))
      const cellsOf = (row: number): Cell[] => splitRow((lines[row] ?? '').slice(indent), at(row + 1, indent + 1))
      const rows: Cell[][] = []
      for (let row = from + 2; row < to; row++) rows.push(cellsOf(row))
      blocks.push({ kind: 'table', header: cellsOf(from), rows, source: at(line), ...place() })
    }
  }
  return blocks
}

function columnOf(line: string, content: string, from = 0): number {
  const index = line.indexOf(content, from)
  return (index === -1 ? Math.max(0, line.search(/\S/)) : index) + 1
}

/**
 * The cells of one line of a table, as GitHub cuts them: at every `|` without a backslash; the outer bars may be
 * missing.
 */
function splitRow(line: string, start: Source): Cell[] {
  const cells: Cell[] = []
  const push = (from: number, to: number): void => {
    const piece = line.slice(from, to)
    const raw = piece.trim()
    const lead = raw === '' ? Math.min(1, piece.length) : piece.search(/\S/)
    cells.push({ raw, text: raw.replace(/\\\|/g, '|'), source: { ...start, column: start.column + from + lead } })
  }
  const end = line.trimEnd().length
  let from = line.search(/\S/)
  if (line[from] === '|') from++
  for (let i = from; i < end; i++) {
    if (line[i] !== '|' || line[i - 1] === '\\') continue
    push(from, i)
    from = i + 1
  }
  if (from < end) push(from, end)
  return cells
}
