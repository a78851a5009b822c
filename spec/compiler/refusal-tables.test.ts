import { describe, expect, test } from 'vitest'
import { errorsOf, withTable } from './fixtures/notes.ts'
import { compilePages } from './compile-pages.ts'
import { parseRequestCondition } from './request-condition.ts'

const texts = (row: string): ReturnType<typeof withTable> =>
  withTable('Texts of refusals', 'Text | Error | Actions | Request', row)

describe('tables about refusals', () => {
  test('names are those of the pages, and a glob stands for all that fit', () => {
    const { spec, errors } = compilePages(
      texts(
        '`^No note (?<NoteName>\\S+)\\|none` | ValidationException | `*Note`, not CreateNote | `NoteName`, `not Text` ',
      ),
    )
    expect(errors).toEqual([])
    expect(spec.refusals.texts).toMatchObject([
      {
        pattern: '^No note (?<NoteName>\\S+)|none',
        errors: ['ValidationException'],
        request: [
          { not: false, of: ['NoteName'] },
          { not: true, of: ['Text'] },
        ],
      },
    ])
    const actions = spec.refusals.texts[0]?.actions ?? []
    expect(actions).toContain('GetNote')
    expect(actions).not.toContain('CreateNote')
    expect(actions).not.toContain('ListNotes')
  })

  test('an empty cell of actions means all of them', () => {
    const { spec } = compilePages(texts('`no` | ValidationException | | '))
    expect(spec.refusals.texts[0]).toMatchObject({ actions: null, request: [] })
  })

  test.each([
    ['an unknown error', texts('`no` | ValidatoinException | | '), /no error is called `ValidatoinException`/],
    ['an unknown action', texts('`no` | ValidationException | GteNote | '), /no action is called `GteNote`/],
    ['a pattern that does not compile', texts('`(no` | ValidationException | | '), /does not compile/],
    ['a text without a code span', texts('no | ValidationException | | '), /stands outside of a code span/],
    ['a condition of no form', texts('`no` | ValidationException | | `size of Text over 1`'), /is no condition/],
    [
      'an unknown kind of constraint',
      withTable('Broken constraints', 'Constraint | Error | Except', 'lenght | ValidationException | '),
      /no kind of constraint is called `lenght`/,
    ],
    [
      'a heading that does not count',
      withTable('Text of refusals', 'Text | Error | Actions | Request', '`no` | ValidationException | | '),
      /would count under `## Texts of refusals`/,
    ],
  ] as const)('%s is told', (_, pages, problem) => expect(errorsOf(pages).join('\n')).toMatch(problem))
})

describe('a condition', () => {
  test.each([
    ['Name', { not: false, of: ['Name'] }],
    ['not Code.S3Key', { not: true, of: ['Code', 'S3Key'] }],
    ['qualifier=$LATEST', { not: false, of: ['qualifier'], test: { kind: 'equals', value: '$LATEST' } }],
    ['bytes of request at most 5', { not: false, part: 'bytes', of: ['request'], test: { kind: 'most', bound: 5 } }],
    ['Size over <most>', { not: false, of: ['Size'], test: { kind: 'over', bound: 'most' } }],
    ['only A B', { only: ['A', 'B'] }],
    ['A other than name of B', { not: false, of: ['A'], test: { kind: 'other', than: { part: 'name', of: ['B'] } } }],
  ] as const)('%s', (text, condition) => expect(parseRequestCondition(text)).toEqual(condition))

  test.each(['', 'lower', 'A over many', 'A is yaml', 'A matches (', 'A other than b', 'name of'])('not: %s', text => {
    expect(parseRequestCondition(text)).toEqual(expect.any(String))
  })
})
