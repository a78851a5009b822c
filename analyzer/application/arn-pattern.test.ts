import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ANY, coversResource, either, every, FREE, generatedName, HERE, symbol, wildcards } from './arn-pattern.ts'
import type { Answer, Pattern, Piece } from './arn-pattern.ts'

const IDS = ['A', 'B'] as const
const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', ':', '-'), maxLength: 4 })
const id = fc.constantFrom(...IDS)
const known: fc.Arbitrary<Piece> = fc.oneof(
  text,
  id.map(symbol),
  id.map(one => generatedName(one)),
)
/** What a policy may say, and what code may need. */
const granted = fc.array(fc.oneof(known, fc.constantFrom<Piece>(ANY, ...wildcards('?'))), { maxLength: 5 })
const needed = fc.array(fc.oneof(known, fc.constantFrom<Piece>(ANY, FREE)), { maxLength: 5 })

interface World {
  readonly symbols: { readonly [id in (typeof IDS)[number]]: string }
  readonly names: { readonly [id in (typeof IDS)[number]]: string }
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 3 })
/** A deployment: what the unknown parts have become. Generated names end as nothing else does, each in its own way. */
const world: fc.Arbitrary<World> = fc.record({
  symbols: fc.record({ A: text, B: text }),
  names: fc.record({ A: letters.map(one => `${one}Ω`), B: letters.map(one => `${one}Ψ`) }),
})

const escapeRegExp = (literal: string): string => literal.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** A second way to read a policy's pattern: as a regular expression, once everything is known. */
function regularExpression(pattern: Pattern, { symbols, names }: World): RegExp {
  const source = pattern.map(piece => {
    if (typeof piece === 'string') return escapeRegExp(piece)
    if (piece.kind === 'symbol') return escapeRegExp(symbols[piece.id as 'A'])
    if (piece.kind === 'name') return escapeRegExp(names[piece.id as 'A'])
    return piece.kind === 'any' ? '[^]*' : '[^]'
  })
  return new RegExp(`^${source.join('')}$`)
}

/** Texts that a needed resource may turn out to be. */
function becomes(resource: Pattern, { symbols, names }: World, fillings: readonly string[]): string {
  let at = 0
  return resource
    .map(piece => {
      if (typeof piece === 'string') return piece
      if (piece.kind === 'symbol') return symbols[piece.id as 'A']
      if (piece.kind === 'name') return names[piece.id as 'A']
      const filling = fillings[at++ % fillings.length]!
      return piece.kind === 'any' ? filling : filling.replace(/[:/]/g, '')
    })
    .join('')
}

const fillings = fc.array(text, { minLength: 5, maxLength: 5 })

describe('whether a pattern covers a resource', () => {
  it('is yes only when it does in every deployment, and no only when it does in none', () => {
    fc.assert(
      fc.property(granted, needed, world, fillings, (pattern, resource, deployment, filling) => {
        const answer = coversResource(pattern, resource)
        if (answer === 'unknown') return
        expect(regularExpression(pattern, deployment).test(becomes(resource, deployment, filling))).toBe(
          answer === 'yes',
        )
      }),
      { numRuns: 20_000 },
    )
  })

  it('is known whenever nothing is unknown', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(text, fc.constantFrom<Piece>(ANY, ...wildcards('?'))), { maxLength: 6 }),
        fc.array(text, { maxLength: 4 }),
        (pattern, resource) => {
          const expected = regularExpression(pattern, { symbols: { A: '', B: '' }, names: { A: '', B: '' } }).test(
            resource.join(''),
          )
          expect(coversResource(pattern, resource)).toBe(expected ? 'yes' : 'no')
        },
      ),
      { numRuns: 5_000 },
    )
  })

  it('is yes for the resource itself, and for everything under a wildcard', () => {
    fc.assert(
      fc.property(fc.array(known, { maxLength: 6 }), fc.nat(6), (resource, at) => {
        expect(coversResource(resource, resource)).toBe('yes')
        expect(coversResource([ANY], resource)).toBe('yes')
        expect(coversResource([...resource.slice(0, at), ANY], resource)).toBe('yes')
      }),
    )
  })

  it('does not get less sure when a part of the pattern becomes a wildcard', () => {
    const rank: { readonly [answer in Answer]: number } = { no: 0, unknown: 1, yes: 2 }
    fc.assert(
      fc.property(granted, needed, fc.nat(5), (pattern, resource, at) => {
        const wider = pattern.map((piece, index) => (index === at ? ANY : piece))
        expect(rank[coversResource(wider, resource)]).toBeGreaterThanOrEqual(rank[coversResource(pattern, resource)])
      }),
      { numRuns: 5_000 },
    )
  })

  it('takes no longer for patterns that are made to be slow', () => {
    const slow = wildcards(`arn:${'*a'.repeat(200)}b`)
    const started = performance.now()
    expect(coversResource(slow, [`arn:${'a'.repeat(2_000)}`])).toBe('no')
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})

describe('examples', () => {
  const table = (...name: Pattern): Pattern => ['arn:', HERE, ':dynamodb:', HERE, ':', HERE, ':table/', ...name]
  const orders = generatedName('Orders')
  const cases: readonly [string, Pattern, Pattern, Answer][] = [
    ['the table', table(orders), table(orders), 'yes'],
    ['another table', table(generatedName('Users')), table(orders), 'no'],
    [
      'a written region and account',
      [...wildcards('arn:aws:dynamodb:eu-west-1:123456789012:table/'), orders],
      table(orders),
      'yes',
    ],
    [
      'pseudo parameters',
      [
        'arn:',
        symbol('AWS::Partition'),
        ':dynamodb:',
        symbol('AWS::Region'),
        ':',
        symbol('AWS::AccountId'),
        ':table/',
        orders,
      ],
      table(orders),
      'yes',
    ],
    ['every table', wildcards('arn:aws:dynamodb:*:*:table/*'), table(orders), 'yes'],
    ['everything', wildcards('*'), table(orders), 'yes'],
    ['the table, when its index is needed', table(orders), table(orders, '/index/', FREE), 'no'],
    ['the indexes', table(orders, '/index/', ANY), table(orders, '/index/by-date'), 'yes'],
    ['the indexes, when the table is needed', table(orders, '/index/', ANY), table(orders), 'no'],
    [
      'a name that somebody wrote, for a table without one',
      wildcards('arn:aws:dynamodb:*:*:table/orders'),
      table(orders),
      'no',
    ],
    ['a beginning that it may have', wildcards('arn:aws:dynamodb:*:*:table/prod-*'), table(orders), 'unknown'],
    ['a parameter', table(symbol('Name')), table(orders), 'unknown'],
    ['a table of which nothing is known', table(orders), table(FREE), 'unknown'],
    ['objects', wildcards('arn:aws:s3:::photos/*'), ['arn:', HERE, ':s3:::photos/', ANY], 'yes'],
    ['a bucket for its objects', wildcards('arn:aws:s3:::photos'), ['arn:', HERE, ':s3:::photos/', ANY], 'no'],
    ['objects for whatever bucket', wildcards('arn:aws:s3:::photos/*'), ['arn:', HERE, ':s3:::', FREE], 'no'],
    ['some of the objects', wildcards('arn:aws:s3:::photos/in/*'), ['arn:', HERE, ':s3:::photos/', ANY], 'unknown'],
    ['another service', wildcards('arn:aws:sqs:*:*:orders'), table('orders'), 'no'],
    [
      'variables of IAM',
      wildcards('arn:aws:s3:::photos/${aws:username}/*'),
      ['arn:', HERE, ':s3:::photos/', ANY],
      'unknown',
    ],
  ]
  it.each(cases)('%s', (_name, pattern, resource, answer) => {
    expect(coversResource(pattern, resource)).toBe(answer)
  })

  it('answers join', () => {
    expect(every(['yes', 'unknown'])).toBe('unknown')
    expect(every(['no', 'unknown'])).toBe('no')
    expect(either(['no', 'unknown'])).toBe('unknown')
    expect(either(['no', 'yes', 'unknown'])).toBe('yes')
    expect(either([])).toBe('no')
  })
})
