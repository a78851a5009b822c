/**
 * Looks at what a page has that no reader of its kind asked for: unknown fences, tables under headings that do not
 * count.
 */
import { NAME_COLUMNS } from './behaviour-page.ts'
import { ERROR_COLUMNS } from './common.ts'
import type { Fence, Table } from './markdown.ts'
import { SHARED_MEMBERS } from './member-tables.ts'
import { MEMBER_COLUMNS, TYPE_COLUMNS } from './members.ts'
import type { Page, PageKind } from './page.ts'
import type { Report } from './report.ts'
import { ANSWER_TABLES } from './answer-tables.ts'
import { REFUSAL_TABLES } from './refusal-tables.ts'
import { LAW_COLUMNS, LIFECYCLE_COLUMNS } from './resource-page.ts'
import { FENCES, LANGUAGES } from './vocabulary.ts'
import { isOneOf } from '../../base/is-one-of.ts'

/** Fences that make a page of each kind executable. */
const FENCES_OF: { readonly [kind in PageKind]: readonly string[] } = {
  action: ['request', 'property'],
  type: ['example'],
  resource: ['create', 'ready', 'another', 'property'],
  topic: ['property'],
  event: ['property'],
  quotas: ['property'],
  figures: [],
  constraints: [],
  rule: [],
}

/** Headings under which a table counts, by kind of page; what looks like such a table elsewhere is a mistake. */
const TABLES_OF: {
  readonly [kind in PageKind]: readonly {
    readonly heading: RegExp
    readonly names: readonly string[]
    readonly columns: readonly string[]
  }[]
} = {
  action: [
    { heading: /^(Request|Response \d{3}.*)$/, names: ['Request', 'Response'], columns: MEMBER_COLUMNS },
    { heading: /^Errors$/, names: ['Errors'], columns: ERROR_COLUMNS },
  ],
  type: [{ heading: /^Members$/, names: ['Members'], columns: TYPE_COLUMNS }],
  resource: [
    { heading: /^Lifecycle$/, names: ['Lifecycle'], columns: LIFECYCLE_COLUMNS },
    { heading: /^Laws$/, names: ['Laws'], columns: LAW_COLUMNS.slice(0, 2) },
  ],
  topic: [
    { heading: /^Common errors$/, names: ['Common errors'], columns: ERROR_COLUMNS },
    { heading: /^Names of errors$/, names: ['Names of errors'], columns: NAME_COLUMNS },
    ...Object.entries({ ...REFUSAL_TABLES, ...ANSWER_TABLES }).map(([name, columns]) => ({
      heading: new RegExp(`^${name}$`),
      names: [name],
      columns,
    })),
  ],
  event: [{ heading: /^[A-Z]\w*$/, names: ['Event'], columns: TYPE_COLUMNS }],
  quotas: [],
  figures: [],
  constraints: [{ heading: /^Shared members$/, names: [SHARED_MEMBERS], columns: MEMBER_COLUMNS }],
  rule: [],
}

/** Reports fences that have the name of no language and are read by no reader: mostly a name that was mistyped. */
export function checkLeftovers(page: Page, report: Report): void {
  for (const block of page.blocks) {
    if (block.kind === 'fence') checkFence(block, page, report)
    else if (block.kind === 'table') checkTable(block, page, report)
  }
}

function checkFence(fence: Fence, page: Page, report: Report): void {
  const word = /^[^\s=]*/.exec(fence.info)?.[0] ?? ''
  if (word === '' || isOneOf(LANGUAGES, word.toLowerCase())) return
  const own = FENCES_OF[page.kind]
  if (own.includes(word)) {
    if ((word === 'create' || word === 'ready' || word === 'another' || word === 'example') && fence.info !== word)
      report.error(fence.infoSource, `a \`${word}\` fence has no attributes`)
    return
  }
  if (isOneOf(FENCES, word)) {
    report.error(
      fence.infoSource,
      `a \`${word}\` fence has no place on such a ` +
        `page${own.length > 0 ? `; it may have ${own.map(one => `\`${one}\``).join(', ')}` : ''}`,
    )
    return
  }
  report.error(
    fence.infoSource,
    `unknown fence \`${word}\`; it is neither one of ${FENCES.join(', ')} nor a language that is known here`,
    { wrong: word, known: [...FENCES, ...LANGUAGES] },
  )
}

function checkTable(table: Table, page: Page, report: Report): void {
  const header = table.header.map(cell => cell.text)
  const tables = TABLES_OF[page.kind].filter(({ columns }) => columns.every(column => header.includes(column)))
  const [missed] = tables
  if (missed === undefined || tables.some(({ heading }) => heading.test(table.section))) return
  report.error(
    table.source,
    `this table would count under ${missed.names.map(name => `\`## ${name}\``).join(' or ')}; ` +
      `under \`## ${table.section}\` it is only read`,
    {
      wrong: table.section.split(' ')[0] ?? '',
      known: missed.names,
    },
  )
}
