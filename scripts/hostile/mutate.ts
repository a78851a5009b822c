/** Real files, changed as accidents and attackers change them: by their grammar, and byte by byte. */
import fc from 'fast-check'

/** Texts that mean something to a reader of pages, templates, code or JSON; among them all that once broke one. */
export const PIECES: readonly string[] = [
  'constructor',
  '__proto__',
  'toString',
  '{"toString":null}',
  '!FindInMap [M, a, b]',
  '!Ref constructor',
  "!Sub '${a${a${a'",
  '!Sub',
  '!If [C, x]',
  '!GetAtt .',
  '{"Fn::If": []}',
  '{"Fn::Join": [{}, {}]}',
  'Type: constructor',
  '&a [*a]',
  '<<: *a',
  '${self:custom.a}',
  '${',
  '}',
  '[',
  ']',
  '{',
  '[[[[[[[[[[[[[[[[[[[[',
  '"',
  "'",
  '`',
  '```',
  '```property id=x level=must',
  '| a | b |',
  '---',
  '\n',
  '\t',
  '\r',
  ':',
  '- ',
  '#',
  '$function.constructor',
  '!matches (a+)+$',
  '`range 9..1`',
  '`pattern [`',
  '`length ..`',
  'null',
  'true',
  '-0',
  '1e999',
  '99999999999999999999',
  '*',
  'arn:aws:lambda:::::',
  'exports.handler = async event => {',
  'await',
  '=>',
  'class extends {}',
  'import x from',
  '/*',
  '\\u0000',
  '\u0000',
  '\ud800',
  '\ufeff',
  '\u2028',
  'é🎉',
  '',
]

interface Edit {
  readonly kind: 'cut-line' | 'double-line' | 'swap-lines' | 'indent' | 'token' | 'insert' | 'truncate' | 'byte' | 'key'
  readonly at: number
  readonly piece: string
}

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom(
    'cut-line' as const,
    'double-line' as const,
    'swap-lines' as const,
    'indent' as const,
    'token' as const,
    'token' as const,
    'insert' as const,
    'truncate' as const,
    'byte' as const,
    'key' as const,
  ),
  at: fc.nat(1_000_000),
  piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 8 })),
})

/** One of the texts with a few edits. */
export function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(texts.length - 1), fc.array(edit, { minLength: 1, maxLength: 6 }))
    .map(([which, edits]) => edits.reduce(apply, texts[which] ?? ''))
}

function apply(text: string, { kind, at, piece }: Edit): string {
  const place = text.length === 0 ? 0 : at % text.length
  const lines = text.split('\n')
  const line = at % lines.length
  switch (kind) {
    case 'cut-line':
      return lines.toSpliced(line, 1).join('\n')
    case 'double-line':
      return lines.toSpliced(line, 0, lines[line] ?? '').join('\n')
    case 'swap-lines':
      return lines
        .with(line, lines.at(line - 1)!)
        .with(line - 1, lines[line] ?? '')
        .join('\n')
    case 'indent':
      return lines
        .with(line, at % 2 === 0 ? `  ${lines[line] ?? ''}` : (lines[line] ?? '').replace(/^ {1,2}/, ''))
        .join('\n')
    case 'token':
      return replaceToken(text, /[\w$.:/-]+|"[^"\n]{0,200}"/g, at, piece)
    case 'key':
      return replaceToken(text, /[\w:"]+(?=\s{0,3}[:=])/g, at, piece)
    case 'insert':
      return text.slice(0, place) + piece + text.slice(place)
    case 'truncate':
      return text.slice(0, place)
    case 'byte':
      return text.slice(0, place) + String.fromCharCode(at % 256) + text.slice(place + 1)
  }
}

function replaceToken(text: string, token: RegExp, at: number, piece: string): string {
  const found = [...text.matchAll(token)]
  const one = found[at % Math.max(1, found.length)]
  return one === undefined ? text + piece : text.slice(0, one.index) + piece + text.slice(one.index + one[0].length)
}

/** Any JSON, with names and values that readers trip over, and with the given member names now and then. */
export function hostileJson(members: readonly string[]): fc.Arbitrary<unknown> {
  const name = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...(members.length === 0 ? ['x'] : members)) },
    { weight: 2, arbitrary: fc.constantFrom('constructor', '__proto__', 'toString', 'length', 'message', '') },
    { weight: 1, arbitrary: fc.string({ maxLength: 5 }) },
  )
  const { value } = fc.letrec<{ value: unknown }>(tie => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom<unknown>(
        null,
        true,
        false,
        0,
        -1,
        1.5,
        1e308,
        '',
        'x',
        '$LATEST',
        '1',
        'arn:aws:lambda:us-east-1:1:function:x',
      ),
      fc.constantFrom(...PIECES),
      fc.constant({ toString: null }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.array(fc.tuple(name, tie('value')), { maxLength: 6 }).map(entries => Object.fromEntries(entries)),
    ),
  }))
  return value
}
