/** Cells of tables about recorded traffic: names of pages, patterns, conditions. */
import type { Bound, RequestCondition, Source } from '../model.ts'
import { matchesGlob } from '../../base/glob.ts'
import { keysOf } from '../../base/keys-of.ts'
import { readCodeSpans } from './code-spans.ts'
import { patternProblem } from './constraint.ts'
import type { Cell } from './markdown.ts'
import { tablesOf, type Page } from './page.ts'
import type { Report } from './report.ts'
import { parseRequestCondition } from './request-condition.ts'
import { readTable } from './table.ts'

const KINDS: readonly Bound['kind'][] = ['pattern', 'length', 'range', 'enum', 'items', 'entries', 'format']

/** The names that cells may speak of. */
export interface KnownNames {
  readonly actions: readonly string[]
  readonly errors: readonly string[]
  readonly members: readonly string[]
}

/** What reads the rows of a page's tables, by the heading that they stand under. */
export function rowsUnder<Tables extends { readonly [heading: string]: readonly string[] }>(
  page: Page,
  tables: Tables,
  report: Report,
) {
  return <Heading extends keyof Tables & string>(heading: Heading) =>
    tablesOf(page)
      .filter(table => table.section === heading)
      .flatMap(table => readTable<Tables[Heading][number]>(table, tables[heading] ?? [], [], report))
}

/** The rows of all pages, one page after the other; `none` names the lists. */
export function joinRows<Rows extends object>(none: Rows, parts: readonly Rows[]): Rows {
  const lists = keysOf<keyof Rows & string>(none)
  return { ...none, ...Object.fromEntries(lists.map(list => [list, parts.flatMap(part => part[list])])) }
}

/** What reads the cells of tables about recorded traffic. */
export function cellReaders(known: KnownNames, report: Report) {
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
  const membersOf = (cell: Cell): readonly string[] => names(cell, 'member', known.members)
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
  const spanOf = (cell: Cell): string => {
    const [span, ...more] = spansOf(cell)
    if (span === undefined || more.length > 0) report.error(cell.source, 'write one code span here')
    return span?.text ?? ''
  }
  const conditionsOf = (cell: Cell): readonly RequestCondition[] =>
    spansOf(cell).flatMap(({ text, source }) => {
      const condition = parseRequestCondition(text)
      if (typeof condition !== 'string') return [condition]
      report.error(source, condition)
      return []
    })
  const kindsOf = (cell: Cell): readonly string[] => names(cell, 'kind of constraint', KINDS)
  return { errorsOf, actionsOf, membersOf, patternOf, spanOf, conditionsOf, kindsOf }
}
