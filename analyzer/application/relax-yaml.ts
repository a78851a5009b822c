/**
 * What is written in brackets or quotes may stand at any indentation, say YAML 1.1 and the tools that deploy templates;
 * the parser asks for more than the key has. Blanks are put before such lines, where they mean nothing, and the way
 * back to the places of the file is kept.
 */

export interface RelaxedYaml {
  readonly text: string
  /** The offset in the file for one in `text`. */
  readonly original: (offset: number) => number
}

interface Insertion {
  /** Offset of a line in the file. */
  readonly at: number
  readonly blanks: number
}

/** The text with such lines indented enough; undefined when there are none. */
export function relaxYaml(text: string): RelaxedYaml | undefined {
  const insertions = insertionsOf(text)
  if (!insertions.length) return undefined
  const starts: { readonly relaxed: number; readonly added: number }[] = []
  let relaxed = ''
  let from = 0
  let added = 0
  for (const { at, blanks } of insertions) {
    relaxed += text.slice(from, at) + ' '.repeat(blanks)
    added += blanks
    starts.push({ relaxed: at + added, added })
    from = at
  }
  relaxed += text.slice(from)
  return {
    text: relaxed,
    original: offset => {
      let low = 0
      let high = starts.length
      while (low < high) {
        const middle = (low + high) >> 1
        if ((starts[middle]?.relaxed ?? 0) <= offset) low = middle + 1
        else high = middle
      }
      const before = starts[low - 1]
      const next = insertions[low]
      const plain = offset - (before?.added ?? 0)
      // Inside the blanks that were put in.
      return next ? Math.min(plain, next.at) : plain
    },
  }
}

const isBlank = (char: string | undefined): boolean => char === ' ' || char === '\t'
const isEnd = (char: string | undefined): boolean => char === undefined || char === '\n' || char === '\r'

/** Reads the text line by line as far as is needed to tell brackets and quotes from other texts. */
interface Reader {
  readonly text: string
  readonly insertions: Insertion[]
  /** Column of the key or dash of which the value is still to come, on a line of its own. */
  waiting: number | undefined
}

function insertionsOf(text: string): readonly Insertion[] {
  const reader: Reader = { text, insertions: [], waiting: undefined }
  let at = 0
  while (at < reader.text.length) {
    const indent = indentAt(reader, at)
    if (
      isEmptyLine(reader, at) ||
      reader.text[at + indent] === '#' ||
      /^(---|\.\.\.|%)/.test(reader.text.slice(at, at + 3))
    ) {
      // What follows the mark of a document on its line is seldom more than a comment.
      at = lineEnd(reader, at) + 1
      continue
    }
    const before = reader.waiting
    reader.waiting = undefined
    if (before !== undefined && indent <= before && /[|>"'{[]/.test(reader.text[at + indent] ?? '')) {
      reader.insertions.push({ at, blanks: before + 1 - indent })
      at = item(reader, at + indent, before, true)
    } else at = item(reader, at + indent, indent - 1, false)
  }
  return reader.insertions
}

function lineEnd(reader: Reader, from: number): number {
  const end = reader.text.indexOf('\n', from)
  return end === -1 ? reader.text.length : end
}

function indentAt(reader: Reader, line: number): number {
  let end = line
  while (reader.text[end] === ' ') end++
  return end - line
}

function lineStart(reader: Reader, offset: number): number {
  return reader.text.lastIndexOf('\n', offset - 1) + 1
}

function isEmptyLine(reader: Reader, line: number): boolean {
  return /^[ \t\r]*$/.test(reader.text.slice(line, lineEnd(reader, line)))
}

/** A line inside brackets or quotes begins: it is given the blanks that it lacks. */
function inside(reader: Reader, line: number, least: number): void {
  const indent = indentAt(reader, line)
  if (indent < least && line < reader.text.length && !isEmptyLine(reader, line))
    reader.insertions.push({ at: line, blanks: least - indent })
}

/** Past the quotes that begin at `from`. */
function quoted(reader: Reader, from: number, least: number): number {
  const quote = reader.text[from] ?? ''
  let place = from + 1
  for (; place < reader.text.length; place++) {
    const char = reader.text[place] ?? ''
    if (char === '\n') inside(reader, place + 1, least)
    else if (char === '\\' && quote === '"') {
      if (reader.text[place + 1] === '\n') inside(reader, place + 2, least)
      place++
    } else if (char === quote) {
      if (quote === "'" && reader.text[place + 1] === quote) place++
      else return place + 1
    }
  }
  return place
}

/** Past the brackets that begin at `from`. */
function flow(reader: Reader, from: number, least: number): number {
  let depth = 0
  let fresh = true
  for (let place = from; place < reader.text.length; place++) {
    const char = reader.text[place] ?? ''
    if (char === '\n') inside(reader, place + 1, least)
    else if (char === '{' || char === '[') {
      depth++
      fresh = true
    } else if (char === '}' || char === ']') {
      fresh = false
      if (--depth === 0) return place + 1
    } else if ((char === '"' || char === "'") && fresh) {
      place = quoted(reader, place, least) - 1
      fresh = false
    } else if (char === '#' && (isBlank(reader.text[place - 1]) || isEnd(reader.text[place - 1])))
      place = lineEnd(reader, place) - 1
    else if (char === ',' || (char === ':' && !fresh) || (char === '?' && fresh)) fresh = true
    else if ((char === '!' || char === '&') && fresh) while (/[^\s,\][{}]/.test(reader.text[place + 1] ?? ' ')) place++
    else if (!isBlank(char) && char !== '\r') fresh = false
  }
  return reader.text.length
}

/** Past the lines that stand deeper than a column: a block of text, or the rest of a plain one. */
function deeper(reader: Reader, from: number, column: number): number {
  let line = lineEnd(reader, from) + 1
  while (line < reader.text.length && (isEmptyLine(reader, line) || indentAt(reader, line) > column))
    line = lineEnd(reader, line) + 1
  return line
}

function skipBlanks(reader: Reader, from: number): number {
  let place = from
  while (isBlank(reader.text[place])) place++
  return place
}

/**
 * Reads what stands at `from` in a line of which the innermost key or dash is at `column`; gives where the next line
 * begins.
 */
function item(reader: Reader, from: number, column: number, isValue: boolean): number {
  let place = from
  let holder = column
  while (
    !isValue &&
    (reader.text[place] === '-' || reader.text[place] === '?') &&
    (isBlank(reader.text[place + 1]) || isEnd(reader.text[place + 1]))
  ) {
    holder = place - lineStart(reader, place)
    place = skipBlanks(reader, place + 1)
  }
  const begin = place
  while (reader.text[place] === '!' || reader.text[place] === '&') {
    while (!isBlank(reader.text[place]) && !isEnd(reader.text[place])) place++
    place = skipBlanks(reader, place)
  }
  const char = reader.text[place]
  if (isEnd(char) || char === '#') {
    reader.waiting = holder
    return lineEnd(reader, place) + 1
  }
  if (char === '|' || char === '>') return deeper(reader, place, holder)
  if (char === '"' || char === "'" || char === '{' || char === '[') {
    const end = char === '"' || char === "'" ? quoted(reader, place, holder + 1) : flow(reader, place, holder + 1)
    const next = skipBlanks(reader, end)
    if (!isValue && reader.text[next] === ':' && (isBlank(reader.text[next + 1]) || isEnd(reader.text[next + 1])))
      return item(reader, skipBlanks(reader, next + 1), begin - lineStart(reader, begin), true)
    return lineEnd(reader, end) + 1
  }
  if (!isValue) {
    const rest = reader.text.slice(place, lineEnd(reader, place))
    const colon = /:(?=[ \t\r]|$)/.exec(rest)
    const comment = /(^|[ \t])#/.exec(rest)
    if (colon && (!comment || comment.index > colon.index))
      return item(reader, skipBlanks(reader, place + colon.index + 1), begin - lineStart(reader, begin), true)
  }
  return deeper(reader, place, holder)
}
