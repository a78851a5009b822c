/**
 * Text of the user's project and places in it. A place is kept as UTF-16 offsets, which is what edits need; line and
 * column are worked out when somebody asks, so that a template of ten thousand functions stays cheap.
 */
import type { Location } from '../../reports/evidence.ts'

/** The text of a file. */
export interface SourceText {
  /** Relative to the project, forward slashes. */
  readonly path: string
  readonly absolute: string
  readonly text: string
  /**
   * What is shown, and by which lines are counted, where the text was laid out anew for a parser: as long as the text.
   */
  readonly shown?: string
}

/** UTF-16 offsets `start` to `end` (exclusive) of a source. */
export interface Loc {
  readonly source: SourceText
  readonly start: number
  readonly end: number
}

/** Lines of a code frame before and after the place itself. */
const FRAME_LINES = 2
/** A minified bundle has lines of a megabyte: a frame shows no more of any line than this. */
const FRAME_COLUMNS = 200

const lineStartsOf = new WeakMap<SourceText, number[]>()

function lineStarts(source: SourceText): readonly number[] {
  let starts = lineStartsOf.get(source)
  if (starts) return starts
  starts = [0]
  const text = source.shown ?? source.text
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  lineStartsOf.set(source, starts)
  return starts
}

/** 1-based line and column (UTF-16 units) of an offset. */
export function positionAt(source: SourceText, offset: number): { readonly line: number; readonly column: number } {
  const starts = lineStarts(source)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
}

/** Text of a 1-based line without its line break; empty beyond the end. */
export function lineText(source: SourceText, line: number): string {
  const starts = lineStarts(source)
  const start = starts[line - 1]
  if (start === undefined) return ''
  const end = starts[line] ?? source.text.length
  return (source.shown ?? source.text).slice(start, end).replace(/\r?\n$/, '')
}

/** Number of lines; an empty text has one. */
export const lineCount = (source: SourceText): number => lineStarts(source).length

/** Offset of the first character of a 1-based line. */
export const lineOffset = (source: SourceText, line: number): number =>
  lineStarts(source)[line - 1] ?? source.text.length

/**
 * The place as findings carry it: 1-based, with the lines around it (from two before `line` to two after `endLine`).
 */
export function toLocation(loc: Loc): Location {
  const start = positionAt(loc.source, loc.start)
  const end = positionAt(loc.source, Math.max(loc.start, loc.end))
  const last = Math.min(lineCount(loc.source), Math.min(end.line, start.line + 8) + FRAME_LINES)
  const lines: string[] = []
  for (let line = Math.max(1, start.line - FRAME_LINES); line <= last; line++) {
    const text = lineText(loc.source, line)
    lines.push(text.length > FRAME_COLUMNS ? `${text.slice(0, FRAME_COLUMNS)}…` : text)
  }
  return {
    file: loc.source.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    snippet: lines.join('\n'),
  }
}

/** The whole source, shown by its first character. */
export const startOf = (source: SourceText): Loc => ({ source, start: 0, end: 0 })
