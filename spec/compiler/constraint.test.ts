import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseConstraint, patternProblem, printConstraint, type UnplacedConstraint } from './constraint.ts'

const ends = (number: fc.Arbitrary<number>) =>
  fc
    .tuple(fc.option(number, { nil: undefined }), fc.option(number, { nil: undefined }))
    .filter(([a, b]) => a !== undefined || b !== undefined)
    .map(([a, b]) => {
      const [min, max] = a !== undefined && b !== undefined && a > b ? [b, a] : [a, b]
      return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
    })

const body = fc.oneof(
  fc
    .record({ kind: fc.constantFrom('length' as const, 'items' as const, 'entries' as const), ends: ends(fc.nat()) })
    .map(({ kind, ends: range }) => ({ kind, ...range })),
  ends(fc.integer()).map(range => ({ kind: 'range' as const, ...range })),
  fc
    .string({ minLength: 1 })
    .map(text => text.trim().replace(/\s+/g, ' '))
    .filter(text => text !== '' && patternProblem(text) === undefined)
    .map(pattern => ({ kind: 'pattern' as const, pattern })),
  fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 }).map(values => ({ kind: 'enum' as const, values })),
  fc
    .constantFrom(
      'base64' as const,
      'json' as const,
      'iso8601' as const,
      'epoch' as const,
      'uuid' as const,
      'arn' as const,
    )
    .map(format => ({ kind: 'format' as const, format })),
  fc.constantFrom({ kind: 'echo' as const }, { kind: 'open' as const }),
)

const path = fc.constantFrom(['Name'], ['request', 'Name'], ['Latest', 'Arn'])
const condition = fc.oneof(
  fc.record({ of: path, value: fc.constantFrom('true', 'READY') }),
  fc.record({ of: path, part: fc.constantFrom('qualifier', 'Sid') }),
  fc.record({ of: path, part: fc.constant('service'), value: fc.constantFrom('sqs', 'kinesis') }),
)
const conditions = fc.record({ when: condition, unless: condition }, { requiredKeys: [] })
const agreement = fc.oneof(
  fc
    .tuple(fc.oneof(fc.string(), fc.constant('a when b'), fc.integer(), fc.boolean(), fc.constant(null)), conditions)
    .map(([value, more]) => ({ kind: 'default' as const, value, ...more })),
  fc.constantFrom(
    { kind: 'own' as const },
    { kind: 'ends' as const, with: ':{Name}' },
    { kind: 'unique' as const, by: 'Name' },
    { kind: 'arn' as const, of: [] },
    { kind: 'arn' as const, of: ['lambda:function', 'lambda:layer'] },
    { kind: 'coupled' as const, reason: 'for streams only' },
  ),
  path.map(of => ({ kind: 'prefix' as const, of })),
  condition.map(when => ({ kind: 'absent' as const, when })),
  fc.tuple(path, conditions).map(([of, more]) => ({ kind: 'most' as const, of, ...more })),
  fc.tuple(path, conditions).map(([as, more]) => ({ kind: 'same' as const, as, ...more })),
  fc.tuple(path, conditions).map(([as, more]) => ({ kind: 'same' as const, part: 'name', as, ...more })),
  conditions.map(more => ({ kind: 'equals' as const, value: '$LATEST', ...more })),
  ends(fc.integer()).map(range => ({ kind: 'free' as const, bound: { kind: 'range' as const, ...range } })),
)

const constraint: fc.Arbitrary<UnplacedConstraint> = fc
  .record({
    body: fc.oneof(body, agreement),
    on: fc.constantFrom('self' as const, 'each' as const, 'key' as const),
    origin: fc.constantFrom('guide' as const, 'recorded' as const, 'model' as const),
    since: fc.option(fc.constantFrom('2022-03', '2025-12'), { nil: undefined }),
  })
  .map(({ body: one, on, origin, since }) => ({ ...one, on, origin, ...(since !== undefined && { since }) }))

test('what is printed reads as what it was', () => {
  fc.assert(
    fc.property(constraint, one => {
      expect(parseConstraint(printConstraint(one))).toEqual({ constraint: one })
    }),
    { numRuns: 500 },
  )
})

test('any text gives a constraint or says what is wrong, and where in the text', () => {
  const words = fc.array(
    fc.constantFrom(
      'length',
      'range',
      'each',
      'key',
      'model',
      'recorded',
      'since=2022-01',
      'since=x',
      'until=2023-01',
      '1..3',
      '3..1',
      'pattern',
      '(',
      'enum',
      '"',
      'default',
      '{',
      'echo',
      'open',
      'items',
      'format',
      'arn',
    ),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        words.map(some => some.join(' ')),
        fc.string(),
      ),
      text => {
        const parsed = parseConstraint(text)
        if (!('problem' in parsed)) return
        expect(parsed.problem).not.toBe('')
        expect(parsed.offset).toBeGreaterThanOrEqual(0)
        expect(parsed.offset).toBeLessThanOrEqual(text.length)
      },
    ),
    { numRuns: 1000 },
  )
})

test('a span without a constraint speaks of the member', () => {
  expect(parseConstraint('model')).toEqual({ member: { origin: 'model' } })
  expect(parseConstraint('since=2022-03 until=2024-01')).toEqual({ member: { since: '2022-03', until: '2024-01' } })
})

test.each([
  [
    'lenght 1..2',
    0,
    'unknown constraint `lenght`; constraints are length, range, items, entries, pattern, enum, format, echo, default, open, arn, own, same, equals, ends, prefix, unique, at, absent, coupled, free; did you mean length?',
  ],
  [
    'eahc length 1',
    0,
    'unknown constraint `eahc`; constraints are length, range, items, entries, pattern, enum, format, echo, default, open, arn, own, same, equals, ends, prefix, unique, at, absent, coupled, free; did you mean each?',
  ],
  ['length', 0, '`` is no range; write `1..64`, `1..` or `..64`'],
  ['length 5..1', 7, 'the range `5..1` is empty: 5 is greater than 1'],
  ['length -1..2', 7, '`-1..2` counts something: write whole numbers from 0'],
  ['items 0.5..2', 6, '`0.5..2` counts something: write whole numbers from 0'],
  ['pattern', 0, '`pattern` needs a regular expression'],
  ['pattern [a', 8, 'the pattern does not compile: Unterminated character class'],
  ['enum', 0, '`enum` needs at least one value'],
  ['enum a b a', 5, '`a` is there twice'],
  [
    'format uid',
    7,
    'unknown format `uid`; formats are base64, json, iso8601, epoch, uuid, arn, sha256, iam-policy, iam-statement; did you mean uuid?',
  ],
  ['echo yes', 5, '`echo` has no arguments'],
  ['default', 0, '`default` needs a value'],
  ['default 1 when so', 8, '`when so` is no condition; write `when Member=value`, or `unless qualifier of Member`'],
  ['default {', 8, /^the default is no YAML: /],
  ['each', 0, '`each` needs a constraint after it, such as `each length 1..64`'],
  ['since=2022 length 1', 6, '`2022` is no edition; write `YYYY-MM`'],
  ['recorded since=2022-13', 15, '`2022-13` is no edition; write `YYYY-MM`'],
  ['until=2022-01 length 1', 0, 'a constraint cannot end; give `until` to the member, in a code span of its own'],
  ['', 0, 'an empty constraint'],
])('%j is refused at %i', (text, offset, problem) => {
  const parsed = parseConstraint(text) as { readonly problem: string; readonly offset: number }
  expect(parsed.problem).toMatch(problem)
  if (typeof problem === 'string') expect(parsed.problem).toBe(problem)
  expect(parsed.offset).toBe(offset)
})
