/** The text of `lambdacheck spec coverage`. */
import type { PageCoverage, Standing } from '../../spec/compiler/coverage.ts'

const STANDINGS: readonly Standing[] = ['executable', 'open', 'not testable']

/** A table with a row for every page of the guide and one for all of them; with `open`, the open statements under each page. */
export function coverageText(pages: readonly PageCoverage[], open = false): string {
  const all = { page: 'in all', entries: pages.flatMap(page => page.entries) }
  const width = Math.max('page of the guide'.length, ...pages.map(({ page }) => page.length))
  const row = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(width) : cell.padStart(12)))
      .join(' ')
      .trimEnd()
  const figures = ({ page, entries }: PageCoverage): string => {
    const counts = STANDINGS.map(standing => entries.filter(one => one.standing === standing).length)
    return row([page, ...counts.map(String), share(counts)])
  }
  const statements = ({ entries }: PageCoverage): readonly string[] =>
    open
      ? entries
          .filter(one => one.standing === 'open')
          .map(({ entry }) => `    ${entry.id} (${entry.level}, ${entry.how}): ${entry.statement}`)
      : []
  const shown = open ? pages.filter(page => page.entries.some(one => one.standing === 'open')) : pages
  return [
    row(['page of the guide', ...STANDINGS, 'of testable']),
    ...shown.flatMap(page => [figures(page), ...statements(page)]),
    figures(all),
    '',
  ].join('\n')
}

/** Executable statements among those that can be tested. */
function share([executable = 0, open = 0]: readonly number[]): string {
  // Nothing is called whole that is not.
  return executable + open === 0 ? '-' : `${Math.floor((100 * executable) / (executable + open))} %`
}
