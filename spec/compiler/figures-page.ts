/** Pages with `figures: NAME`: figures of services beside Lambda, each service under a heading of its own. */
import type { Figure, Figures } from '../model.ts'
import type { Cell } from './markdown.ts'
import { tablesOf, type Page, type Reading } from './page.ts'
import { parseRange } from './range.ts'
import type { Report } from './report.ts'
import { readTable } from './table.ts'
import { SERVICES } from './vocabulary.ts'

/** Columns of a table of figures. */
export const FIGURE_COLUMNS = ['Figure', 'Default', 'Allowed', 'Unit', 'What it is'] as const

/** Reads the tables of figures of a page, by service and by the name of the figure. */
export function readFigures(page: Page, { report }: Reading): Figures {
  const services: { [service: string]: { [figure: string]: Figure } } = {}
  for (const table of tablesOf(page)) {
    const service = table.section
    const known = Object.keys(SERVICES)
    if (!known.includes(service))
      report.error(table.source, `\`## ${service}\` is no service; figures stand under one of ${known.join(', ')}`, {
        wrong: service,
        known,
      })
    const figures = (services[service] ??= {})
    for (const { cells, source } of readTable(table, FIGURE_COLUMNS, [], report)) {
      const name = cells.Figure.text
      if (!/^[A-Za-z][\w.]*$/.test(name))
        report.error(
          cells.Figure.source,
          `\`${name}\` is no name of a figure; write a member, such as \`DelaySeconds\``,
        )
      if (Object.hasOwn(figures, name)) report.error(cells.Figure.source, `the figure \`${name}\` is there twice`)
      if (cells.Unit.text === '') report.error(cells.Unit.source, 'the figure has no unit')
      if (cells.Default.text === '' && cells.Allowed.text === '')
        report.error(cells.Default.source, 'the figure has neither a default nor what is allowed')
      const usual = readUsual(cells.Default, report)
      figures[name] = {
        ...(usual !== undefined && { usual }),
        ...readAllowed(cells.Allowed, report),
        unit: cells.Unit.text,
        source,
      }
    }
  }
  return services
}

function readUsual(cell: Cell, report: Report): number | undefined {
  if (cell.text === '') return undefined
  const value = Number(cell.text)
  if (Number.isFinite(value)) return value
  report.error(cell.source, `\`${cell.text}\` is no number`)
  return undefined
}

/** A range, or the values one by one. */
function readAllowed(cell: Cell, report: Report): Pick<Figure, 'min' | 'max' | 'values'> {
  if (cell.text === '') return {}
  const values = cell.text.split(/,\s*/).map(Number)
  if (values.length > 1 && values.every(Number.isFinite)) return { values }
  const range = parseRange(cell.text)
  if (typeof range !== 'string') return range
  report.error(cell.source, range)
  return {}
}
