/** How a file is written: what a fix puts into it is written so, too. */
import type { SourceText } from '../application/source.ts'

const CODE = /\.[cm]?[jt]sx?$/
/** A statement of those that fixes write, on a line of its own and without its end. */
const OPEN_STATEMENT = /^([ \t]*(?:(?:throw|return)\b[^\n]*|[\w.]+ = [^\n]*))(?<![;{(,[])$/gm
/** `'…'` that holds nothing which another quote would change. */
const SINGLE = /'([^'"`\\\n]*)'/g

/** The text of an edit as the file would have it: its line ends; in code its quotes and semicolons, too. */
export function inStyleOf(text: string, { path, text: source }: Pick<SourceText, 'path' | 'text'>): string {
  const styled = CODE.test(path) ? withSemicolons(withQuotes(text, source), source) : text
  return source.includes('\r\n') ? styled.replace(/\r?\n/g, '\r\n') : styled
}

function withQuotes(text: string, source: string): string {
  const isMixed = text.includes('"') || text.includes('`')
  return !isMixed && count(source, /"[^"'\n]*"/g) > count(source, /'[^'"\n]*'/g) ? text.replace(SINGLE, '"$1"') : text
}

function withSemicolons(text: string, source: string): string {
  return count(source, /;[ \t]*\r?$/gm) > count(source, /[\w)'"`\]][ \t]*\r?$/gm)
    ? text.replace(OPEN_STATEMENT, line => (source.includes(line) ? line : `${line};`))
    : text
}

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0
