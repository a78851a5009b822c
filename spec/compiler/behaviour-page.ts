/** Pages about a topic: what has no page of its own stands there as properties, and in one of them the common errors. */
import type { ErrorRow } from '../model.ts'
import { readErrors } from './common.ts'
import { tablesOf, type Page, type Reading } from './page.ts'

/** Rows of the tables under `## Common errors`. */
export function readCommonErrors(page: Page, reading: Reading): readonly ErrorRow[] {
  return tablesOf(page)
    .filter(table => table.section === 'Common errors')
    .flatMap(table => readErrors(table, reading))
}
