/**
 * Pages about a topic: what has no page of its own stands there as properties, and in one of them the common errors.
 */
import type { ErrorName, ErrorRow } from '../model.ts'
import { readErrors } from './common.ts'
import { readTable } from './table.ts'
import { tablesOf, type Page, type Reading } from './page.ts'

/** Rows of the tables under `## Common errors`. */
export function readCommonErrors(page: Page, reading: Reading): readonly ErrorRow[] {
  return tablesOf(page)
    .filter(table => table.section === 'Common errors')
    .flatMap(table => readErrors(table, reading))
}

/** Columns of the table `Names of errors`. */
export const NAME_COLUMNS = ['Error', 'Text', 'Form'] as const

/** Rows of the tables under `## Names of errors`. */
export function readErrorNames(page: Page, { report }: Reading): readonly ErrorName[] {
  return tablesOf(page)
    .filter(table => table.section === 'Names of errors')
    .flatMap(table => readTable(table, NAME_COLUMNS, [], report))
    .map(({ cells, source }) => {
      const text = cells.Text.text.replaceAll('`', '')
      if (text !== '' && text !== 'message' && text !== 'Message')
        report.error(cells.Text.source, `the text of an error stands in \`message\` or \`Message\`, not in \`${text}\``)
      if (cells.Form.text !== 'yes' && cells.Form.text !== 'no')
        report.error(cells.Form.source, `write \`yes\` or \`no\`, not \`${cells.Form.text}\``)
      return {
        name: cells.Error.text,
        ...((text === 'message' || text === 'Message') && { text }),
        form: cells.Form.text === 'yes',
        source,
      }
    })
}
