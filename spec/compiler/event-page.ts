/** `spec/events/<kind>.md`: the event of a service, with the structures in it. */
import type { StructType } from '../model.ts'
import type { MemberTables } from './member-tables.ts'
import { FIRST_EDITION, readEdition, summaryOf, tablesOf, type Page, type Reading } from './page.ts'

/** The structures of the page, each under a heading that is its name; the first is the event itself. */
export function readEvent(page: Page, reading: Reading, tables: MemberTables): readonly StructType[] {
  const { report } = reading
  const types = tablesOf(page).flatMap(table => {
    const name = table.section ?? ''
    if (!/^[A-Z]\w*$/.test(name)) return []
    return [
      {
        name,
        guide: page.front.text('guide')?.text ?? null,
        edition: readEdition(page.front.text('edition'), FIRST_EDITION, report),
        summary: summaryOf(page),
        covers: [],
        members: tables.read(table, 'type'),
        source: table.source,
      },
    ]
  })
  if (types[0]?.name.endsWith('Event') !== true)
    report.error(
      page.source,
      'the first table of the page is the event: it stands under a heading such as `## S3Event`',
    )
  return types
}
