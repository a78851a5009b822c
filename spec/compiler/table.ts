/** Rows of a table by the names of their columns. */
import type { Source } from '../model.ts'
import type { Cell, Table } from './markdown.ts'
import type { Report } from './report.ts'
import { nearest } from '../../base/suggest.ts'

/** A row of a table, cell by cell. */
export interface Row<Column extends string> {
  readonly cells: { readonly [column in Column]: Cell }
  readonly source: Source
}

/**
 * Reads a table with the given columns, in any order. An optional column that is not there reads as empty cells. A
 * column that the grammar does not know, one that is missing or doubled, and a row with more or fewer cells than the
 * header are errors.
 */
export function readTable<Column extends string>(
  table: Table,
  columns: readonly Column[],
  optional: readonly Column[],
  report: Report,
): readonly Row<Column>[] {
  const known = [...columns, ...optional]
  const positions = new Map<Column, number>()
  table.header.forEach((cell, index) => {
    const column = known.find(name => name === cell.text)
    if (column === undefined) {
      report.error(cell.source, `unknown column \`${cell.text}\`; the columns here are ${known.join(', ')}`, {
        wrong: cell.text,
        known,
      })
      // A column that is only mistyped is read all the same, so that nothing else seems to be missing.
      const meant = nearest(cell.text, known)
      if (meant !== undefined && !table.header.some(other => other.text === meant))
        positions.set(meant as Column, index)
    } else if (positions.has(column)) {
      report.error(cell.source, `the column \`${column}\` is there twice`)
    } else {
      positions.set(column, index)
    }
  })
  const missing = columns.filter(column => !positions.has(column))
  if (missing.length > 0) {
    report.error(
      table.header[0]?.source ?? table.source,
      `the table lacks the column ${missing.map(name => `\`${name}\``).join(' and ')}`,
    )
    return []
  }

  return table.rows.map(cells => {
    const first = cells[0]?.source ?? table.source
    if (cells.length !== table.header.length) {
      report.error(
        first,
        `the row has ${cells.length} cells and the header ${table.header.length}; ` +
          `a \`|\` inside a cell is written \`\\|\``,
      )
    }
    const named = known.map(
      column => [column, cells[positions.get(column) ?? -1] ?? { text: '', raw: '', source: first }] as const,
    )
    return { cells: Object.fromEntries(named) as { [column in Column]: Cell }, source: first }
  })
}
