import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { compilePages } from './compile-pages.ts'
import { readPlainly } from './ledger.ts'

const key = fc.constantFrom('id', 'page', 'statement', 'why')
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'ab1-:#\'"{}[],&*!|>%@`?~.\\ \té日'), maxLength: 12 }),
  fc.constantFrom(
    'null',
    'true',
    '12',
    '-1',
    '1.5e3',
    '0x1f',
    '~',
    'a: b',
    'a #b',
    "'it''s'",
    "'a: b'",
    '"a"',
    'NO',
    '.inf',
    '2021-11-01',
    '1_000',
    '=',
    '<<',
    '---',
    '...',
  ),
)
const easy = fc.string({ unit: fc.constantFrom(...'abc12.,: é-'), maxLength: 12 }).map(some => `x${some}`)
const entry = fc.uniqueArray(fc.tuple(key, fc.oneof({ weight: 3, arbitrary: easy }, text)), {
  selector: ([name]) => name,
  minLength: 1,
})

test('lines that are read without the YAML parser say what the parser says', () => {
  let plain = 0
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 4 }), entries => {
      const source = entries
        .map(fields => fields.map(([name, value], index) => `${index === 0 ? '- ' : '  '}${name}: ${value}\n`).join(''))
        .join('# comment\n\n')
      const read = readPlainly('ledger/x.yaml', source)
      if (read === undefined) return
      plain++
      expect(read.map(one => one.values)).toEqual(parse(source))
    }),
    { numRuns: 3000 },
  )
  expect(plain).toBeGreaterThan(300)
})

const ENTRY = `# a comment
- id: one
  page: guide
  statement: It holds.
  level: must
  kind: state
  how: dynamic
`

test('entries know their lines, whichever way they are read', () => {
  const second = ENTRY.replace('# a comment\n', '').replace('one', 'two')
  for (const pages of [ENTRY + second, ENTRY + second.replace('It holds.', '>-\n    It\n    holds.')]) {
    const { spec, errors } = compilePages([{ file: 'ledger/x.yaml', text: pages }])
    expect(errors).toEqual([])
    expect(spec.ledger.map(({ id, statement, source }) => [id, statement, source.line, source.column])).toEqual([
      ['one', 'It holds.', 2, 3],
      ['two', 'It holds.', 8, 3],
    ])
  }
})

/** Each of these is read plainly at first, and then by the parser, with the same errors. */
test.each([
  [
    'level: must',
    'level: shuold',
    'ledger/x.yaml:5:10: unknown level `shuold`; write one of must, should, may; did you mean should?',
  ],
  [
    'how: dynamic',
    'how: dinamic',
    'ledger/x.yaml:7:8: unknown way of testing `dinamic`; write one of dynamic, static, not-testable; did you mean dynamic?',
  ],
  ['how: dynamic', 'how: not-testable', 'ledger/x.yaml:2:3: the entry lacks its `why`'],
  ['  page: guide\n', '', 'ledger/x.yaml:2:3: the entry lacks its `page`'],
  [
    'page: guide',
    'paeg: guide',
    [
      'ledger/x.yaml:2:3: the entry lacks its `page`',
      'ledger/x.yaml:3:3: unknown key `paeg`; an entry has id, page, class, statement, level, kind, how, why, part, sameAs, since; did you mean page?',
    ],
  ],
  ['id: one', 'id: on$e', 'ledger/x.yaml:2:7: `on$e` is no id; write letters, digits, `-`, `_` and `.`'],
  ['kind: state', 'kind: 5', 'ledger/x.yaml:6:9: `kind` is text'],
  [
    'how: dynamic',
    'how: dynamic\n  sameAs: oen',
    'ledger/x.yaml:2:3: the ledger has no entry `oen`; did you mean one?',
  ],
  [
    'how: dynamic',
    'how: dynamic\n- id: one\n  page: p\n  statement: s\n  level: must\n  kind: k\n  how: static',
    'ledger/x.yaml:8:3: the ledger entry `one` is there already, in ledger/x.yaml:2',
  ],
])('%j written as %j is an error', (from, to, expected) => {
  const wrong = ENTRY.replace(from, to)
  for (const source of [wrong, wrong.replace('It holds.', '"It holds."')]) {
    expect(messages(source)).toEqual([expected].flat())
  }
})

test('what is no list, and what is no mapping, is told', () => {
  expect(messages('id: one\n')).toEqual([
    'ledger/x.yaml:1:1: a ledger is a list of statements: begin each with `- id: NAME`',
  ])
  expect(messages('- just text\n')).toEqual(['ledger/x.yaml:1:3: an entry of the ledger is a mapping'])
  expect(messages('- id: [one\n')).toEqual([expect.stringMatching(/^ledger\/x\.yaml:\d+:\d+: YAML: /)])
})

function messages(source: string): readonly string[] {
  return compilePages([{ file: 'ledger/x.yaml', text: source }]).errors.map(
    error => `${error.file}:${error.line}:${error.column}: ${error.message}`,
  )
}
