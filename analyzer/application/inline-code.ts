/**
 * Code that stands in a template (`InlineCode`, `ZipFile`), with its places: the text that is parsed has every
 * character of the code at the offset that it has in the template, and blanks everywhere else.
 */
import type { LambdaFunction } from './model.ts'
import type { SourceText } from './source.ts'
import type { Value } from './value.ts'

/** Code that stands in a template, at the lines where it stands. */
export interface InlineCode {
  /** The template, with nothing but the code in it. */
  readonly source: SourceText
  /** What a parser reads: line breaks where the template escapes them. As long as the text of the source. */
  readonly code: string
  /** An archive puts it into a file that has a name, not into `index`. */
  readonly archived: boolean
}

/** The code that a function has in its template; undefined when it has none, or when it cannot be known. */
export function inlineCodeOf(fn: LambdaFunction): InlineCode | undefined {
  const zip = fn.property('Code', 'ZipFile')
  const archived = fn.property('Code', 'Source')
  const inTemplate = archived.isAbsent ? fn.property('InlineCode') : archived
  const value = (zip.isAbsent ? inTemplate : zip).written
  if (value.kind !== 'string' && value.kind !== 'joined') return undefined
  return codeAt(value, fn.id, !archived.isAbsent)
}

function codeAt(value: Value, id: string, archived: boolean): InlineCode | undefined {
  const { source, start, end } = value.loc
  const written = source.text.slice(start, end)
  const tag = /^!\w+\s+/.exec(written)?.[0].length ?? 0
  const heredoc = /^<<-?(\w+)[^\n]*\n/.exec(written)
  const block = heredoc?.[0].length ?? /^[|>][-+\d]*[^\n]*\n/.exec(written.slice(tag))?.[0].length
  const quote = written[tag]
  const json = /\.json$/i.test(source.path)
  if (block === undefined && value.kind === 'joined' && quote !== '"' && quote !== "'") return undefined
  const quoted = block === undefined && (quote === '"' || quote === "'")
  // A list of lines (`Fn::Join`) or the value of a parameter stands elsewhere, or not as one text.
  if (block === undefined && !quoted && (json || written.includes('\n') || value.string() !== written)) return undefined
  const from = start + tag + (block ?? (quoted ? 1 : 0))
  const closing = heredoc ? (new RegExp(`[ \\t]*${heredoc[1]}\\s*$`).exec(written)?.[0].length ?? 0) : 0
  const to = quoted ? end - 1 : end - closing
  const raw = source.text.slice(from, to)
  const unquoted = quote === '"' ? unescaped : (text: string) => text.replaceAll("''", " '")
  const code = quoted ? unquoted(raw) : raw
  const before = blank(source.text.slice(0, from))
  const after = blank(source.text.slice(to))
  return {
    source: { path: source.path, absolute: `${source.absolute}#${id}.js`, text: before + raw + after },
    code: before + code + after,
    archived,
  }
}

/**
 * Code of a language whose indentation means something, laid out so that it begins at the margin: each line break is
 * put behind the blanks that stand before every line. Nothing moves, and lines are counted in the template.
 */
export function atTheMargin({ source, code }: InlineCode): SourceText {
  const first = code.search(/\S/)
  if (first < 0) return source
  const lineStart = code.lastIndexOf('\n', first) + 1
  const indents = code
    .slice(lineStart)
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => line.search(/\S/))
  const margin = Math.min(...indents)
  // Behind its key, or in a text with escapes, only the first line stands further in.
  const inLine = first - lineStart > margin
  const begun = inLine && first > 0 ? `${code.slice(0, first - 1)}\n${code.slice(first)}` : code
  const text = margin > 0 ? begun.replace(new RegExp(`\\n {${margin}}`, 'g'), `${' '.repeat(margin)}\n`) : begun
  return { ...source, text, shown: source.text }
}

const blank = (text: string): string => text.replace(/[^\n\r]/g, ' ')

/**
 * The text of a JSON string or a YAML text in double quotes, each escape in as many characters as it is written with.
 */
const unescaped = (raw: string): string =>
  raw.replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)/gs, (all, written: string) => {
    const character =
      written.length > 1 ? String.fromCharCode(Number.parseInt(written.slice(1), 16)) : (PLAIN[written] ?? written)
    // A line break comes first, so that what follows it begins a line.
    return character === '\n' ? `\n${' '.repeat(all.length - 1)}` : ' '.repeat(all.length - 1) + character
  })

const PLAIN: { readonly [letter: string]: string } = { n: '\n', t: '\t', r: ' ', b: ' ', f: ' ' }
