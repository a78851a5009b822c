/** Pages with `quotas: true`: figures, one a row, whatever headings they stand under. */
import type { Quota } from '../model.ts'
import { readCovers, readOriginCell } from './common.ts'
import { splitList } from './info.ts'
import { laterEdition, readEdition, tablesOf, type Page, type Reading } from './page.ts'
import { readTable } from './table.ts'
import { memberProblem } from './values.ts'
import { QUOTA_SUBJECTS } from './vocabulary.ts'
import { isOneOf } from '../../base/is-one-of.ts'

/** Columns that a table of quotas must have. */
export const QUOTA_COLUMNS = ['Id', 'Quota', 'Value', 'Unit', 'Applies to', 'Adjustable', 'Source'] as const

/** Reads the tables of quotas of a page. The members that they name are checked when all pages are read. */
export function readQuotas(page: Page, profile: string, reading: Reading): readonly Quota[] {
  const { report } = reading
  const seen = new Set<string>()
  return tablesOf(page)
    .filter(table => table.header[0]?.text === 'Id')
    .flatMap(table => readTable(table, QUOTA_COLUMNS, ['Covers', 'Since', 'Until'], report))
    .flatMap(({ cells, source }) => {
      const id = cells.Id.text
      if (!/^[a-z][a-z\d-]*$/.test(id)) {
        report.error(cells.Id.source, `\`${id}\` is no id of a quota; write small letters, digits and \`-\``)
        return []
      }
      if (seen.has(id)) {
        report.error(cells.Id.source, `the quota \`${id}\` is there twice`)
        return []
      }
      seen.add(id)
      const value = Number(cells.Value.text.replaceAll(',', ''))
      if (cells.Value.text === '' || !Number.isFinite(value) || value < 0) {
        report.error(cells.Value.source, `\`${cells.Value.text}\` is no number`)
        return []
      }
      if (cells.Unit.text === '') report.error(cells.Unit.source, 'the quota has no unit')
      if (cells.Adjustable.text !== 'yes' && cells.Adjustable.text !== 'no')
        report.error(cells.Adjustable.source, `write \`yes\` or \`no\`, not \`${cells.Adjustable.text}\``)
      const subjects = splitList(cells['Applies to'].text.replaceAll('`', ' '), cells['Applies to'].source)
      if (subjects.length === 0) report.error(cells['Applies to'].source, 'the quota does not say what it applies to')
      reading.later(world => {
        for (const subject of subjects) {
          const first = subject.text.split('.')[0] ?? ''
          const known = [...QUOTA_SUBJECTS, ...world.actions.keys()]
          const problem = /^[A-Z]/.test(first) ? memberProblem(subject.text, world) : undefined
          if (problem !== undefined) report.error(subject.source, problem)
          else if (!/^[A-Z]/.test(first) && !isOneOf(QUOTA_SUBJECTS, first)) {
            report.error(
              subject.source,
              `\`${subject.text}\` names neither a member of an action nor one of ${QUOTA_SUBJECTS.join(', ')}`,
              { wrong: first, known },
            )
          }
        }
      })
      const since = readEdition(cells.Since.text === '' ? undefined : cells.Since, laterEdition(page, report), report)
      const until = readEdition(cells.Until.text === '' ? undefined : cells.Until, undefined, report)
      return [
        {
          id,
          profile,
          title: cells.Quota.text,
          value,
          unit: cells.Unit.text,
          appliesTo: subjects.map(word => word.text),
          adjustable: cells.Adjustable.text === 'yes',
          guide: page.front.text('guide')?.text ?? null,
          covers: readCovers(splitList(cells.Covers.text, cells.Covers.source), reading),
          origin: readOriginCell(cells.Source, reading),
          ...(since && { since }),
          ...(until && { until }),
          source,
        } satisfies Quota,
      ]
    })
}
