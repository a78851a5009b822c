/** Tables about refusals: what they say, when they are due, and which requests are refused. */
import type { Refusals } from '../model.ts'
import { cellReaders, rowsUnder, type KnownNames } from './cell-readers.ts'
import type { Page, Reading } from './page.ts'

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
  const rows = rowsUnder(page, REFUSAL_TABLES, report)

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
