/** Tables about refusals: what they say, when they are due, and which requests are refused. */
import type { Refusals } from '../model.ts'
import { cellReaders, type KnownNames } from './cell-readers.ts'
import { tablesOf, type Page, type Reading } from './page.ts'
import { readTable } from './table.ts'

/** Columns of the tables about refusals, by the heading that they stand under. */
export const REFUSAL_TABLES = {
  'Texts of refusals': ['Text', 'Error', 'Actions', 'Request'],
  'What errors say': ['Error', 'Text', 'Actions', 'Why'],
  'Errors that are not due': ['Error', 'Actions', 'Request', 'Why'],
  'Broken constraints': ['Constraint', 'Error', 'Except'],
  'Requests that are refused': ['Actions', 'Request', 'Error', 'Why'],
} as const

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
