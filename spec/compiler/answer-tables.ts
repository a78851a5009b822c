/** Tables about recorded answers: forms of values, what comes back, and where things are. */
import type { AnswerForm, Answers } from '../model.ts'
import { cellReaders, rowsUnder, type KnownNames } from './cell-readers.ts'
import { patternProblem } from './constraint.ts'
import type { Page, Reading } from './page.ts'

/** Columns of the tables about answers, by the heading that they stand under. */
export const ANSWER_TABLES = {
  'What users choose': ['Member', 'Why'],
  'Forms of values': ['Member', 'Beside', 'Form', 'Why'],
  'Members that come back': ['Member', 'As', 'Always', 'Why'],
  'Answers that name what was asked for': ['Actions', 'Otherwise', 'Why'],
  Places: ['Member', 'Text', 'Whose', 'Why'],
} as const

/** Nothing is known of answers. */
export const NO_ANSWERS: Answers = { chosen: [], forms: [], returned: [], qualified: [], places: [] }

/** The tables about answers of a page, once all names of actions and members are known. */
export function readAnswers(page: Page, reading: Reading, known: KnownNames): Answers {
  const { report } = reading
  const rows = rowsUnder(page, ANSWER_TABLES, report)
  const { actionsOf, membersOf, patternOf, spanOf } = cellReaders(known, report)
  return {
    chosen: rows('What users choose').flatMap(({ cells }) => membersOf(cells.Member)),
    forms: rows('Forms of values').flatMap(({ cells, source }) => {
      const form = parseForm(spanOf(cells.Form))
      if (typeof form === 'string') {
        report.error(cells.Form.source, form)
        return []
      }
      const [beside] = membersOf(cells.Beside)
      return { members: membersOf(cells.Member), ...(beside && { beside }), form, why: cells.Why.text, source }
    }),
    returned: rows('Members that come back').map(({ cells, source }) => ({
      members: membersOf(cells.Member),
      as: cells.As.text === '' ? null : spanOf(cells.As).split('.'),
      always: cells.Always.text === '' ? [] : (actionsOf(cells.Always) ?? []),
      why: cells.Why.text,
      source,
    })),
    qualified: rows('Answers that name what was asked for').map(({ cells, source }) => ({
      actions: actionsOf(cells.Actions) ?? [],
      ...(cells.Otherwise.text !== '' && { otherwise: spanOf(cells.Otherwise) }),
      why: cells.Why.text,
      source,
    })),
    places: rows('Places').map(({ cells, source }) => ({
      members: membersOf(cells.Member),
      pattern: patternOf(cells.Text),
      whose: cells.Whose.text,
      why: cells.Why.text,
      source,
    })),
  }
}

/** What a code span says of a value, or how it is written. */
function parseForm(text: string): AnswerForm | string {
  const [, word, rest = ''] = /^(\w+)(?: (.+))?$/.exec(text) ?? []
  if (word === 'open' && rest === '') return { kind: 'open' }
  if (word === 'enum' && rest !== '') return { kind: 'enum', values: rest.split(' ') }
  if (word === 'since' && /^\d{4}-\d\d-\d\d$/.test(rest)) return { kind: 'since', day: rest }
  if (word !== 'pattern')
    return `\`${text}\` is no form; write \`pattern RE\`, \`enum A B\`, \`since 2014-11-13\` or \`open\``
  const problem = patternProblem(rest)
  return problem === undefined ? { kind: 'pattern', pattern: rest } : `the pattern does not compile: ${problem}`
}
