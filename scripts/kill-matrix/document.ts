/** Which cases failed on endpoints with faults, and which on none, as a page. */
import { groupBy } from '../../base/group-by.ts'
import type { Case } from '../../suites/case.ts'
import { creditedIn, type KillRecord } from './record.ts'

/** A case as far as the page names it. */
type Named = Pick<Case, 'id' | 'family'> & { readonly clause: Pick<Case['clause'], 'level'> }

/** What is known of all cases. */
export interface Standing {
  readonly record: KillRecord
  readonly cases: readonly Named[]
  /** Ids of cases that the tests of the suites show to fail on a seeded fault. */
  readonly seeded: ReadonlySet<string>
}

/** Cases that failed neither on an endpoint of the record nor on a seeded fault. */
export function idleOf({ record, cases, seeded }: Standing): readonly Named[] {
  const credited = creditedIn(record.endpoints)
  return cases.filter(({ id }) => !credited.has(id) && !seeded.has(id))
}

/** Markdown: what was asked, how much of it failed, and the names of the rest. */
export function documentOf(standing: Standing): string {
  const { record, cases, seeded } = standing
  const idle = idleOf(standing)
  const credited = creditedIn(record.endpoints)
  const rows = [...groupBy(record.endpoints, one => one.kind)].map(([kind, endpoints]) => {
    const failed = creditedIn(endpoints)
    const elsewhere = creditedIn(record.endpoints.filter(one => one.kind !== kind))
    return cells([
      kind,
      endpoints.length,
      new Set(endpoints.flatMap(one => [...one.failed, ...one.crashed, ...one.passed, ...one.open])).size,
      failed.size,
      [...failed].filter(id => !elsewhere.has(id) && !seeded.has(id)).length,
    ])
  })
  const byFamily = [...groupBy(cases, one => one.family)].map(([family, all]) =>
    cells([family, all.length, all.length - idle.filter(one => one.family === family).length]),
  )
  return [
    '# Cases that never failed',
    '',
    `Written by \`npm run kill-matrix -- --write\` on ${record.date}; what it is, and how endpoints are made, stands in`,
    '[mutation.md](mutation.md). A case counts as one that can fail when it failed twice on an endpoint with faults, not by a server',
    'error or for want of what it needs, and passes on the sound one; or when a test of the suites shows that it fails on a seeded fault.',
    '',
    cells(['endpoints that', 'how many', 'cases asked', 'of which failed', 'only there']),
    cells(['---', '---', '---', '---', '---']),
    ...rows,
    '',
    `Seeded faults of the tests are noticed by ${cases.filter(({ id }) => seeded.has(id)).length} cases, endpoints with many`,
    `faults by ${cases.filter(({ id }) => credited.has(id)).length} of ${cases.length}.`,
    '',
    cells(['family', 'cases', 'that failed']),
    cells(['---', '---', '---']),
    ...byFamily,
    '',
    idle.length === 0 ? 'None is left.' : `${idle.length} failed nowhere:`,
    '',
    ...idle.map(one => `- ${nameOf(one, record)}`).sort(),
    ...(idle.length === 0 ? [] : ['']),
  ].join('\n')
}

function nameOf({ id, clause }: Named, { sound }: KillRecord): string {
  const level = clause.level === 'must' ? '' : ` (${clause.level})`
  return `\`${id}\`${level}${sound.includes(id) ? '' : ': comes to no verdict on the sound program, and was not asked'}`
}

const cells = (texts: readonly (string | number)[]): string => `| ${texts.join(' | ')} |`
