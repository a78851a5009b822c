/** The text of `lambdacheck spec coverage`. */
import { type CoveredEntry, isAskedWeakly, type PageCoverage, type Standing } from '../../spec/compiler/coverage.ts'

const STANDINGS: readonly Standing[] = ['whole', 'part', 'open', 'not testable']

/**
 * A table with a row for every group of statements, which `heading` names, and one for all of them; with `open`, what
 * is open or tested in part under each group. The shares are of what can be tested: what is tested whole, and that
 * together with what is tested in part.
 */
export function coverageText(
  pages: readonly PageCoverage[],
  { open = false, heading = 'page of the guide' }: { readonly open?: boolean; readonly heading?: string } = {},
): string {
  // A group may hold what stands in others as well.
  const all = { page: 'in all', entries: [...new Set(pages.flatMap(page => page.entries))] }
  const width = Math.max(heading.length, ...pages.map(({ page }) => page.length))
  const row = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(width) : cell.padStart(12)))
      .join(' ')
      .trimEnd()
  const figures = ({ page, entries }: PageCoverage): string => {
    const count = (standing: Standing): number => entries.filter(one => one.standing === standing).length
    const testable = count('whole') + count('part') + count('open')
    return row([
      page,
      ...STANDINGS.map(standing => String(count(standing))),
      share(count('whole'), testable),
      share(count('whole') + count('part'), testable),
    ])
  }
  const shown = open ? pages.filter(page => page.entries.some(isDebt)) : pages
  return [
    row([heading, ...STANDINGS, 'whole', 'with parts']),
    ...shown.flatMap(page => [figures(page), ...(open ? page.entries.filter(isDebt).flatMap(debtLines) : [])]),
    figures(all),
    '',
  ].join('\n')
}

/** The statements that a case of the run contradicts, each with the case; nothing when there are none. */
export function brokenText(pages: readonly PageCoverage[], broken: ReadonlyMap<string, string>): string {
  return pages
    .flatMap(page => page.entries)
    .flatMap(({ entry, clauses }) => {
      const found = clauses.map(one => broken.get(one.id)).find(id => id !== undefined)
      return found === undefined ? [] : [`does not hold: ${entry.id} (${entry.level}): ${entry.statement} ${found}\n`]
    })
    .join('')
}

const isDebt = ({ standing }: CoveredEntry): boolean => standing === 'open' || standing === 'part'

function debtLines({ entry, clauses }: CoveredEntry): readonly string[] {
  const missing = entry.part === undefined ? entry.why : `not tested: ${entry.part}`
  const weaker =
    clauses.length > 0 && isAskedWeakly(entry, clauses)
      ? `asked as ${clauses[0]?.level} by ${clauses[0]?.id}`
      : undefined
  return [
    `    ${entry.id} (${entry.level}, ${entry.how}): ${entry.statement}`,
    ...[missing, weaker].flatMap(line => (line === undefined ? [] : [`        ${line}`])),
  ]
}

function share(tested: number, testable: number): string {
  // Nothing is called whole that is not.
  return testable === 0 ? '-' : `${Math.floor((100 * tested) / testable)} %`
}
