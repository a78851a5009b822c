import { expect, test } from 'vitest'
import { errorsOf, withTable } from './fixtures/notes.ts'
import { compilePages } from './compile-pages.ts'

const form = (text: string): ReturnType<typeof withTable> =>
  withTable('Forms of values', 'Member | Beside | Form | Why', `Text | NoteName | ${text} | because`)

test.each([
  ['`pattern ^a\\|b$`', { kind: 'pattern', pattern: '^a|b$' }],
  ['`enum Creating Enabled`', { kind: 'enum', values: ['Creating', 'Enabled'] }],
  ['`since 2014-11-13`', { kind: 'since', day: '2014-11-13' }],
  ['`open`', { kind: 'open' }],
])('%s is a form', (text, expected) => {
  const { spec, errors } = compilePages(form(text))
  expect(errors).toEqual([])
  expect(spec.answers.forms).toMatchObject([
    { members: ['Text'], beside: 'NoteName', form: expected, why: 'because', source: { file: 'behaviour/errors.md' } },
  ])
})

test('other tables name members, actions and patterns', () => {
  const returned = withTable('Members that come back', 'Member | As | Always | Why', 'Text | `A.B` | GetNote | x')
  expect(compilePages(returned).spec.answers.returned).toMatchObject([
    { members: ['Text'], as: ['A', 'B'], always: ['GetNote'] },
  ])
  const qualified = withTable('Answers that name what was asked for', 'Actions | Otherwise | Why', '`Get*` | | x')
  expect(compilePages(qualified).spec.answers.qualified).toMatchObject([{ actions: ['GetNote'], why: 'x' }])
  const places = withTable('Places', 'Member | Text | Whose | Why', 'Text | `(?<Region>x)` | caller | x')
  expect(compilePages(places).spec.answers.places).toMatchObject([{ pattern: '(?<Region>x)', whose: 'caller' }])
})

test.each([
  ['a form of no kind', form('`about right`'), /is no form/],
  ['a pattern that does not compile', form('`pattern (`'), /does not compile/],
  ['a form without a code span', form('open'), /outside of a code span/],
  ['an unknown member', withTable('What users choose', 'Member | Why', 'Txet | x'), /no member is called `Txet`/],
])('%s is told', (_, pages, problem) => expect(errorsOf(pages).join('\n')).toMatch(problem))
