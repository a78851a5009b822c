/** One row for each look at each thing, for spreadsheets; RFC 4180. */
import type { ControlReport, Observation } from '../../controls/assess.ts'
import { STATUS_WORDS } from '../../controls/assess.ts'
import { plainLine } from '../../plain.ts'

const COLUMNS = [
  'framework',
  'control',
  'title',
  'severity',
  'status',
  'check',
  'resource',
  'file',
  'line',
  'verdict',
  'why',
  'by',
  'until',
] as const

/** With a header; rows end in CRLF. A control that nothing looked at has one row. */
export function renderControlsCsv(reports: readonly ControlReport[]): string {
  const rows = reports.flatMap(({ framework, controls }) =>
    controls.flatMap(({ control, status, why, observations }) => {
      const head = [framework.id, control.id, control.title, control.severity ?? '', STATUS_WORDS[status]]
      const looks = observations.length ? observations.map(cellsOf) : [['', '', '', '', '', why, '', '']]
      return looks.map(cells => [...head, ...cells])
    }),
  )
  return [COLUMNS, ...rows].map(row => `${row.map(cell).join(',')}\r\n`).join('')
}

const cellsOf = (one: Observation): readonly string[] => [
  one.check,
  one.subject,
  one.place?.file ?? '',
  one.place === undefined ? '' : String(one.place.line),
  one.verdict,
  one.why ?? '',
  one.by ?? '',
  one.until ?? '',
]

/** A spreadsheet runs what begins like a formula. */
function cell(value: string): string {
  const text = plainLine(value, 1000)
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
