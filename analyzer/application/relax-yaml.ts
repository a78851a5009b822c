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
function insertionsOf(text: string): readonly Insertion[] {
  const insertions: Insertion[] = []
  let at = 0
  /** Column of the key or dash of which the value is still to come, on a line of its own. */
  let waiting: number | undefined

  const lineEnd = (from: number): number => {
    const end = text.indexOf('\n', from)
    return end === -1 ? text.length : end
  }
  const indentAt = (line: number): number => {
    let end = line
    while (text[end] === ' ') end++
    return end - line
  }
  const lineStart = (offset: number): number => text.lastIndexOf('\n', offset - 1) + 1
  const isEmptyLine = (line: number): boolean => /^[ \t\r]*$/.test(text.slice(line, lineEnd(line)))

  /** A line inside brackets or quotes begins: it is given the blanks that it lacks. */
  const inside = (line: number, least: number): void => {
    const indent = indentAt(line)
    if (indent < least && line < text.length && !isEmptyLine(line))
      insertions.push({ at: line, blanks: least - indent })
  }
  /** Past the quotes that begin at `from`. */
  const quoted = (from: number, least: number): number => {
    const quote = text[from] ?? ''
    let place = from + 1
    for (; place < text.length; place++) {
      const char = text[place] ?? ''
      if (char === '\n') inside(place + 1, least)
      else if (char === '\\' && quote === '"') {
        if (text[place + 1] === '\n') inside(place + 2, least)
        place++
      } else if (char === quote) {
        if (quote === "'" && text[place + 1] === quote) place++
        else return place + 1
      }
    }
    return place
  }
  /** Past the brackets that begin at `from`. */
  const flow = (from: number, least: number): number => {
    let depth = 0
    let fresh = true
    for (let place = from; place < text.length; place++) {
      const char = text[place] ?? ''
      if (char === '\n') inside(place + 1, least)
      else if (char === '{' || char === '[') {
        depth++
        fresh = true
      } else if (char === '}' || char === ']') {
        fresh = false
        if (--depth === 0) return place + 1
      } else if ((char === '"' || char === "'") && fresh) {
        place = quoted(place, least) - 1
        fresh = false
      } else if (char === '#' && (isBlank(text[place - 1]) || isEnd(text[place - 1]))) place = lineEnd(place) - 1
      else if (char === ',' || (char === ':' && !fresh) || (char === '?' && fresh)) fresh = true
      else if ((char === '!' || char === '&') && fresh) while (/[^\s,\][{}]/.test(text[place + 1] ?? ' ')) place++
      else if (!isBlank(char) && char !== '\r') fresh = false
    }
    return text.length
  }
  /** Past the lines that stand deeper than a column: a block of text, or the rest of a plain one. */
  const deeper = (from: number, column: number): number => {
    let line = lineEnd(from) + 1
    while (line < text.length && (isEmptyLine(line) || indentAt(line) > column)) line = lineEnd(line) + 1
    return line
  }
  const skipBlanks = (from: number): number => {
    let place = from
    while (isBlank(text[place])) place++
    return place
  }

  /**
   * Reads what stands at `from` in a line of which the innermost key or dash is at `column`; gives where the next line
   * begins.
   */
  const item = (from: number, column: number, isValue: boolean): number => {
    let place = from
    let holder = column
    while (
      !isValue &&
      (text[place] === '-' || text[place] === '?') &&
      (isBlank(text[place + 1]) || isEnd(text[place + 1]))
    ) {
      holder = place - lineStart(place)
      place = skipBlanks(place + 1)
    }
    const begin = place
    while (text[place] === '!' || text[place] === '&') {
      while (!isBlank(text[place]) && !isEnd(text[place])) place++
      place = skipBlanks(place)
    }
    const char = text[place]
    if (isEnd(char) || char === '#') {
      waiting = holder
      return lineEnd(place) + 1
    }
    if (char === '|' || char === '>') return deeper(place, holder)
    if (char === '"' || char === "'" || char === '{' || char === '[') {
      const end = char === '"' || char === "'" ? quoted(place, holder + 1) : flow(place, holder + 1)
      const next = skipBlanks(end)
      if (!isValue && text[next] === ':' && (isBlank(text[next + 1]) || isEnd(text[next + 1])))
        return item(skipBlanks(next + 1), begin - lineStart(begin), true)
      return lineEnd(end) + 1
    }
    if (!isValue) {
      const rest = text.slice(place, lineEnd(place))
      const colon = /:(?=[ \t\r]|$)/.exec(rest)
      const comment = /(^|[ \t])#/.exec(rest)
      if (colon && (!comment || comment.index > colon.index))
        return item(skipBlanks(place + colon.index + 1), begin - lineStart(begin), true)
    }
    return deeper(place, holder)
  }

  while (at < text.length) {
    const indent = indentAt(at)
    if (isEmptyLine(at) || text[at + indent] === '#' || /^(---|\.\.\.|%)/.test(text.slice(at, at + 3))) {
      // What follows the mark of a document on its line is seldom more than a comment.
      at = lineEnd(at) + 1
      continue
    }
    const before = waiting
    waiting = undefined
    if (before !== undefined && indent <= before && /[|>"'{[]/.test(text[at + indent] ?? '')) {
      insertions.push({ at, blanks: before + 1 - indent })
      at = item(at + indent, before, true)
    } else at = item(at + indent, indent - 1, false)
  }
  return insertions
}
