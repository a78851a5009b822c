/**
 * One text for each alternative of a pattern: what a regular expression can match, choice by choice, without drawing
 * anything.
 */

/** A pattern read as far as its choices go. */
type Node =
  | { readonly kind: 'text'; readonly texts: readonly string[] }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly min: number; readonly max: number }

/** A pattern of many alternatives is cut here. */
const MOST = 16

/**
 * Texts that are made to match: each alternative and each optional part is taken in one and left out in another.
 * Assertions are not looked at, so that what comes out has to be held against the pattern. Empty for what is not
 * understood.
 */
export function alternativeTexts(pattern: string): readonly string[] {
  const reader = { pattern, at: 0 }
  try {
    const node = readChoice(reader)
    return reader.at < pattern.length ? [] : [...new Set(textsOf(node))].slice(0, MOST)
  } catch {
    return []
  }
}

function textsOf(node: Node): readonly string[] {
  switch (node.kind) {
    case 'text':
      return node.texts
    case 'choice':
      return interleaved(node.options.map(textsOf)).slice(0, MOST)
    case 'repeat': {
      const inner = textsOf(node.of)
      const [first = ''] = inner
      const few = Math.max(node.min, 1)
      // With room the text is a little longer than the least; what may be left out is left out once.
      const some = node.max >= few + 2 ? few + 2 : few
      const there = inner.map((text, at) => (at === 0 ? text.repeat(some) : text + first.repeat(Math.max(0, few - 1))))
      return node.min === 0 ? [...there.slice(0, 1), '', ...there.slice(1)] : there
    }
    case 'sequence': {
      const parts = node.parts.map(textsOf)
      if (parts.some(texts => texts.length === 0)) return []
      // One part after the other shows all that it can be, while the others stay as they are in the first text.
      const first = parts.map(texts => texts[0] ?? '')
      const others = parts.flatMap((texts, at) =>
        texts.slice(1).map(text => [...first.slice(0, at), text, ...first.slice(at + 1)].join('')),
      )
      return [first.join(''), ...others].slice(0, MOST)
    }
  }
}

/** The first of each, then the second of each: a cut takes from all alike. */
function interleaved(lists: readonly (readonly string[])[]): readonly string[] {
  const longest = Math.max(0, ...lists.map(list => list.length))
  return Array.from({ length: longest }, (_, at) => lists.flatMap(list => list.slice(at, at + 1))).flat()
}

interface Reader {
  readonly pattern: string
  at: number
}

function readChoice(reader: Reader): Node {
  const options = [readSequence(reader)]
  while (reader.pattern[reader.at] === '|') {
    reader.at++
    options.push(readSequence(reader))
  }
  const [only] = options
  return options.length === 1 && only !== undefined ? only : { kind: 'choice', options }
}

function readSequence(reader: Reader): Node {
  const parts: Node[] = []
  for (;;) {
    const char = reader.pattern[reader.at]
    if (char === undefined || char === '|' || char === ')') break
    if (char === '^' || char === '$') {
      reader.at++
      continue
    }
    const atom = readAtom(reader)
    if (atom !== null) parts.push(repeated(reader, atom))
  }
  return { kind: 'sequence', parts }
}

function repeated(reader: Reader, of: Node): Node {
  const rest = reader.pattern.slice(reader.at)
  const found = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(rest)
  if (found === null) return of
  reader.at += found[0].length
  if (found[1] === '?') return { kind: 'repeat', of, min: 0, max: 1 }
  if (found[1] !== undefined) return { kind: 'repeat', of, min: found[1] === '+' ? 1 : 0, max: Infinity }
  const min = Number(found[2])
  const open = found[4] === '' ? Infinity : Number(found[4])
  const max = found[3] === undefined ? min : open
  return { kind: 'repeat', of, min, max }
}

/** Null for what matches no text of its own. */
function readAtom(reader: Reader): Node | null {
  const { pattern } = reader
  const char = pattern[reader.at] ?? ''
  if (char === '(') {
    const opening = /^\((\?(?::|<[a-zA-Z]\w*>|<?[=!]))?/.exec(pattern.slice(reader.at))?.[0] ?? '('
    reader.at += opening.length
    const inner = readChoice(reader)
    if (pattern[reader.at] !== ')') throw new Error('a group is not closed')
    reader.at++
    return /[=!]$/.test(opening) ? null : inner
  }
  if (char === '[') return readClass(reader)
  if (char === '.') {
    reader.at++
    return { kind: 'text', texts: ['a', '-'] }
  }
  if (char !== '\\') {
    reader.at++
    return { kind: 'text', texts: [char] }
  }
  const escaped = pattern[reader.at + 1] ?? ''
  reader.at += 2
  if (/[bB]/.test(escaped)) return null
  return { kind: 'text', texts: CLASSES[escaped] ?? [escaped] }
}

const CLASSES: { readonly [letter: string]: readonly string[] } = {
  d: ['1', '0'],
  w: ['a', 'Z', '0', '_'],
  s: [' '],
  S: ['a', '~'],
  D: ['a'],
  W: ['-'],
}

/** Of a class its first character, and the ends of each of its ranges. */
function readClass(reader: Reader): Node {
  const { pattern } = reader
  let at = reader.at + 1
  const negated = pattern[at] === '^'
  if (negated) at++
  const texts: string[] = []
  for (; pattern[at] !== ']'; at++) {
    const char = pattern[at]
    if (char === undefined) throw new Error('a class is not closed')
    if (char === '\\') {
      const escaped = pattern[++at] ?? ''
      texts.push(...(CLASSES[escaped] ?? [escaped]))
    } else texts.push(char)
    if (pattern[at + 1] === '-' && pattern[at + 2] !== ']' && pattern[at + 2] !== undefined) at++
  }
  reader.at = at + 1
  const letters = [...new Set(texts)]
  if (!negated) return { kind: 'text', texts: letters }
  return { kind: 'text', texts: ['a', '0', '-'].filter(text => !letters.includes(text)) }
}
