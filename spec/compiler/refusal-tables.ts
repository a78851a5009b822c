/** Tables about refusals: what they say, when they are due, and which requests are refused. */
import type { Bound, Refusals, RequestCondition, Source } from '../model.ts'
import { matchesGlob } from '../../base/glob.ts'
import { readCodeSpans } from './code-spans.ts'
import { patternProblem } from './constraint.ts'
import type { Cell } from './markdown.ts'
import { tablesOf, type Page, type Reading } from './page.ts'
import type { Report } from './report.ts'
import { parseRequestCondition } from './request-condition.ts'
import { readTable } from './table.ts'

/** Columns of the tables about refusals, by the heading that they stand under. */
export const REFUSAL_TABLES = {
  'Texts of refusals': ['Text', 'Error', 'Actions', 'Request'],
  'What errors say': ['Error', 'Text', 'Actions', 'Why'],
  'Errors that are not due': ['Error', 'Actions', 'Request', 'Why'],
  'Broken constraints': ['Constraint', 'Error', 'Except'],
  'Requests that are refused': ['Actions', 'Request', 'Error', 'Why'],
} as const

const KINDS: readonly Bound['kind'][] = ['pattern', 'length', 'range', 'enum', 'items', 'entries', 'format']

/** The names that cells may speak of. */
export interface KnownNames {
  readonly actions: readonly string[]
  readonly errors: readonly string[]
}

/** Nothing is known of refusals. */
export const NO_REFUSALS: Refusals = { texts: [], about: [], notDue: [], constraints: [], requests: [] }

/** The tables about refusals of a page, once all names of actions and errors are known. */
export function readRefusals(page: Page, reading: Reading, known: KnownNames): Refusals {
  const { report } = reading
  const rows = <Heading extends keyof typeof REFUSAL_TABLES>(heading: Heading) =>
    tablesOf(page)
      .filter(table => table.section === heading)
      .flatMap(table => readTable<(typeof REFUSAL_TABLES)[Heading][number]>(table, REFUSAL_TABLES[heading], [], report))

  const { errorsOf, actionsOf, patternOf, conditionsOf, kindsOf } = cellReaders(known, report)
  return {
    texts: rows('Texts of refusals').map(({ cells, source }) => ({
      pattern: patternOf(cells.Text),
      errors: errorsOf(cells.Error),
      actions: actionsOf(cells.Actions),
      request: conditionsOf(cells.Request),
      source,
    })),
    about: rows('What errors say').map(({ cells, source }) => ({
      errors: errorsOf(cells.Error),
      pattern: patternOf(cells.Text),
      actions: actionsOf(cells.Actions),
      why: cells.Why.text,
      source,
    })),
    notDue: rows('Errors that are not due').map(({ cells, source }) => ({
      errors: errorsOf(cells.Error),
      actions: actionsOf(cells.Actions),
      request: conditionsOf(cells.Request),
      why: cells.Why.text,
      source,
    })),
    constraints: rows('Broken constraints').map(({ cells, source }) => ({
      kinds: kindsOf(cells.Constraint),
      errors: errorsOf(cells.Error),
      except: cells.Except.text.split(/,\s*/).filter(Boolean),
      source,
    })),
    requests: rows('Requests that are refused').map(({ cells, source }) => ({
      actions: actionsOf(cells.Actions),
      request: conditionsOf(cells.Request),
      errors: errorsOf(cells.Error),
      why: cells.Why.text,
      source,
    })),
  }
}

/** What reads the cells of these tables. */
function cellReaders(known: KnownNames, report: Report) {
  const names = (cell: Cell, what: string, all: readonly string[], between = /,\s*/): readonly string[] => {
    const words = cell.text.replaceAll('`', '').split(between).filter(Boolean)
    const fitting = (word: string): readonly string[] => {
      const found = all.filter(name => matchesGlob(word, name))
      if (found.length === 0) report.error(cell.source, `no ${what} is called \`${word}\``, { wrong: word, known: all })
      return found
    }
    const without = words.filter(word => word.startsWith('not ')).flatMap(word => fitting(word.slice(4)))
    const named = words.filter(word => !word.startsWith('not '))
    const found = named.length === 0 && without.length > 0 ? all : named.flatMap(fitting)
    return [...new Set(found)].filter(name => !without.includes(name))
  }
  const errorsOf = (cell: Cell): readonly string[] => names(cell, 'error', known.errors, /,\s*|\s+or\s+/)
  const actionsOf = (cell: Cell): readonly string[] | null =>
    cell.text === '' ? null : names(cell, 'action', known.actions)

  const spansOf = (cell: Cell): readonly { readonly text: string; readonly source: Source }[] => {
    const { spans, strays } = readCodeSpans(cell)
    for (const stray of strays) report.error(stray.source, `\`${stray.text}\` stands outside of a code span`)
    return spans
  }
  const patternOf = (cell: Cell): string => {
    const [span, ...more] = spansOf(cell)
    const problem = span === undefined || more.length > 0 ? 'write one in a code span' : patternProblem(span.text)
    if (problem !== undefined) report.error(cell.source, `the pattern does not compile: ${problem}`)
    return problem === undefined ? (span?.text ?? '') : ''
  }
  const conditionsOf = (cell: Cell): readonly RequestCondition[] =>
    spansOf(cell).flatMap(({ text, source }) => {
      const condition = parseRequestCondition(text)
      if (typeof condition !== 'string') return [condition]
      report.error(source, condition)
      return []
    })
  const kindsOf = (cell: Cell): readonly string[] => names(cell, 'kind of constraint', KINDS)
  return { errorsOf, actionsOf, patternOf, conditionsOf, kindsOf }
}

/** The rows of all pages, one page after the other. */
export function joinRefusals(parts: readonly Refusals[]): Refusals {
  return {
    texts: parts.flatMap(part => part.texts),
    about: parts.flatMap(part => part.about),
    notDue: parts.flatMap(part => part.notDue),
    constraints: parts.flatMap(part => part.constraints),
    requests: parts.flatMap(part => part.requests),
  }
}
