/** Several runs side by side: profiles by endpoints, and what changed where two runs are of one endpoint. */
import picocolors from 'picocolors'
import stringWidth from 'string-width'
import { overallVerdict } from '../certify.ts'
import { compareEvidence, type Comparison } from '../changes.ts'
import type { CaseResult, Evidence, Finding } from '../evidence.ts'
import { type Figures, figuresOf, percent, type Share } from '../figures.ts'
import { htmlDocument } from './html/page.ts'
import { code, prose, table } from './markdown-text.ts'
import { markup, type Markup } from '../../base/markup.ts'
import type { Named } from '../merge.ts'
import { plainLine } from '../plain.ts'
import { amount, grouped, placeOf, standings, type StandingProfile } from '../summary.ts'

/** A form in which runs can be shown side by side. */
export type ComparisonFormat = 'markdown' | 'html' | 'json' | 'terminal'

/** Profiles by runs. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly { readonly profile: string; readonly cells: readonly Cell[] }[]
  readonly totals: readonly string[]
  /** By run: what diverges, what was tried, of which list of cases. */
  readonly figures: readonly { readonly label: string; readonly values: readonly string[] }[]
}

interface Cell {
  readonly state: 'certified' | 'not-certified' | 'in-part' | 'unsupported' | 'absent'
  /** MUST cases that passed, and all of them. */
  readonly passed: number
  readonly of: number
}

/**
 * The runs side by side. Where there are two, and both are of the same endpoint, with what changed from the first to
 * the second.
 */
export function renderComparison(
  runs: readonly Named[],
  format: ComparisonFormat,
  options: { readonly color?: boolean } = {},
): string {
  const rows = tableOf(runs)
  const changes = changesOf(runs)
  switch (format) {
    case 'json':
      return `${JSON.stringify({ ...rows, ...(changes === undefined ? {} : { changes: idsOf(changes) }) }, null, 1)}\n`
    case 'markdown':
      return `${[markdownTable(rows), ...(changes === undefined ? [] : markdownChanges(changes))].join('\n\n')}\n`
    case 'html':
      return htmlComparison(rows, changes)
    case 'terminal':
      return terminalComparison(rows, changes, options.color === true)
  }
}

/** What changed from the first of two runs of one endpoint to the second; undefined when the runs are not such. */
export function changesOf(runs: readonly Named[]): Comparison | undefined {
  const [before, after] = runs
  if (
    before === undefined ||
    after === undefined ||
    runs.length !== 2 ||
    before.evidence.endpoint?.name !== after.evidence.endpoint?.name
  )
    return undefined
  return compareEvidence(before.evidence, after.evidence)
}

/** The colour of the page's head: whether the later run is worse, when two runs were compared. */
function toneOf(worse: boolean | undefined): string {
  if (worse === undefined) return 'unsure'
  return worse ? 'bad' : 'good'
}

/** What of several runs stands in a table: a column for each, in their order. */
export function tableOf(runs: readonly Named[]): Table {
  const names = runs.map(run => plainLine(endpointName(run), 80))
  // Two runs of one endpoint are told apart by their files.
  const columns = names.map((one, at) =>
    names.indexOf(one) === names.lastIndexOf(one) ? one : `${one}, ${plainLine(runs[at]?.name ?? '', 80)}`,
  )
  const profiles = [
    ...new Set(runs.flatMap(({ evidence }) => evidence.profiles.map(profile => profile.profile))),
  ].sort()
  return {
    columns,
    rows: profiles.map(profile => ({
      profile,
      cells: runs.map(({ evidence }) => cellOf(standings(evidence).find(standing => standing.profile === profile))),
    })),
    figures: figureRows(runs.map(({ evidence }) => figuresOf(evidence))),
    totals: runs.map(({ evidence }) => totalOf(evidence)),
  }
}

function figureRows(all: readonly Figures[]): Table['figures'] {
  const share = (one: Share): string => `${percent(one)} (${grouped(one.cases)} of ${grouped(one.of)})`
  return [
    { label: 'Divergence', values: all.map(one => share(one.divergence)) },
    { label: 'Coverage', values: all.map(one => share(one.coverage)) },
    // Where the lists differ, the figures are of different things.
    ...(new Set(all.map(one => one.cases)).size > 1
      ? [{ label: 'Of', values: all.map(one => plainLine(one.cases, 60)) }]
      : []),
  ]
}

/** The endpoint of a run with its software, else the name of the run's file. */
function endpointName({ name, evidence: { endpoint } }: Named): string {
  if (endpoint === undefined) return name
  const { software } = endpoint
  return software === undefined || software === endpoint.name ? endpoint.name : `${endpoint.name} (${software})`
}

/** What a run came to, in two or three words. */
function totalOf(evidence: Evidence): string {
  if (evidence.results.length === 0) return 'nothing tested'
  if (evidence.partial) return 'did not end'
  if (overallVerdict(evidence.results, evidence).verdict === 'certified') return 'certified'
  return (evidence.narrowed?.length ?? 0) > 0 ? 'a part ran' : 'not certified'
}

function cellOf(profile: StandingProfile | undefined): Cell {
  if (profile === undefined) return { state: 'absent', passed: 0, of: 0 }
  const { pass, fail, unsupported, skipped, inconclusive } = profile.mustCounts
  const of = pass + fail + unsupported + skipped + inconclusive
  const cell = (state: Cell['state']): Cell => ({ state, passed: pass, of })
  if (profile.standing === 'no-must' || profile.standing === 'untested') return cell('absent')
  // What is left out because of what is not implemented says nothing more.
  return cell(pass + fail + inconclusive === 0 ? 'unsupported' : profile.standing)
}

const figures = ({ passed, of }: Cell): string => (passed === of ? grouped(of) : `${grouped(passed)} of ${grouped(of)}`)
/** What the marks of the table mean. */
export const LEGEND =
  'MUST cases that passed. Divergence: failed of those tried. Coverage: tried of all MUST cases of the edition.'

function markdownTable({ columns, rows, totals, figures: shares }: Table): string {
  const mark = (cell: Cell): string =>
    ({
      certified: `✅ ${figures(cell)}`,
      'not-certified': `❌ ${figures(cell)}`,
      'in-part': `⚠️ ${figures(cell)} of a part`,
      unsupported: 'not implemented',
      absent: '–',
    })[cell.state]
  return `${table(
    ['Profile', ...columns.map(column => prose(column, 200))],
    [
      ...rows.map(({ profile, cells }) => [prose(profile, 60), ...cells.map(mark)]),
      ['**The whole**', ...totals.map(total => `**${total}**`)],
      ...shares.map(({ label, values }) => [label, ...values.map(value => prose(value, 80))]),
    ],
  )}\n\n${LEGEND}`
}

/** What a list of changes shows; the rest is counted. */
const CHANGES_SHOWN = 100

/** What has changed between two runs, under one heading. */
export interface ChangeList {
  readonly title: string
  readonly items: readonly string[]
  readonly bad: boolean
}

/** What changed, list by list, empty ones left out. */
export function changeLists(changes: Comparison): ChangeList[] {
  const ids = (results: readonly CaseResult[]): string[] => results.map(result => plainLine(result.id, 200))
  const places = (findings: readonly Finding[]): string[] =>
    findings.map(finding => `${plainLine(placeOf(finding.location), 200)} ${plainLine(finding.rule, 80)}`)
  return [
    { title: 'Newly failing', items: ids(changes.newlyFailing), bad: true },
    { title: 'New and failing', items: ids(changes.added.filter(one => one.verdict === 'fail')), bad: true },
    { title: 'Passed before, could not be tested now', items: ids(changes.lost), bad: true },
    { title: 'New lint findings', items: places(changes.newFindings), bad: true },
    { title: 'Fixed', items: ids(changes.fixed), bad: false },
    { title: 'Lint findings that are gone', items: places(changes.fixedFindings), bad: false },
    { title: 'New', items: ids(changes.added.filter(one => one.verdict !== 'fail')), bad: false },
    { title: 'No longer there', items: ids(changes.gone), bad: false },
  ].filter(one => one.items.length > 0)
}

function idsOf(changes: Comparison): object {
  return {
    worse: changes.worse,
    sentence: changes.sentence,
    stillFailing: changes.stillFailing,
    newlyFailing: changes.newlyFailing.map(one => one.id),
    lost: changes.lost.map(one => one.id),
    fixed: changes.fixed.map(one => one.id),
    added: changes.added.map(one => one.id),
    gone: changes.gone.map(one => one.id),
    newFindings: changes.newFindings.map(finding => finding.fingerprint),
    fixedFindings: changes.fixedFindings.map(finding => finding.fingerprint),
  }
}

function markdownChanges(changes: Comparison): string[] {
  return [
    `### ${changes.worse ? '❌' : '✅'} ${prose(changes.sentence)}`,
    ...changeLists(changes).map(({ title, items }) =>
      [
        `**${title}** (${grouped(items.length)})`,
        '',
        ...items.slice(0, CHANGES_SHOWN).map(item => `- ${code(item, 240)}`),
        ...more(items),
      ].join('\n'),
    ),
  ]
}

function more(items: readonly string[]): string[] {
  return items.length > CHANGES_SHOWN
    ? [`- and ${amount(items.length - CHANGES_SHOWN, 'more')}`.replace('mores', 'more')]
    : []
}

/** A cell of the table, its figures beside the mark, so that colour is not all that tells them apart. */
export function htmlCell(cell: Cell): Markup {
  return {
    certified: markup`<td><span class="state-yes">✔ ${figures(cell)}</span></td>`,
    'not-certified': markup`<td><span class="state-no">✘ ${figures(cell)}</span></td>`,
    'in-part': markup`<td><span class="state-part">◐ ${figures(cell)} of a part</span></td>`,
    unsupported: markup`<td><span class="state-none">not implemented</span></td>`,
    absent: markup`<td><span class="state-none">–</span></td>`,
  }[cell.state]
}

function htmlComparison({ columns, rows, totals, figures: shares }: Table, changes: Comparison | undefined): string {
  const title = columns.length === 1 ? 'One run' : `${columns.length} runs side by side`
  const body = markup`
<header class="hero ${toneOf(changes?.worse)}"><div class="wrap">
<p class="brand"><b aria-hidden="true">λ</b> lambdacheck</p>
<h1>${title}</h1>
<p class="lead">${changes?.sentence ?? 'Profiles by endpoint: MUST cases that passed.'}</p>
</div></header>
<main class="wrap">
<section aria-labelledby="profiles-title"><h2 id="profiles-title">Profiles</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="profiles-title"><table><thead><tr><th scope="col">Profile</th>${columns.map(column => markup`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map(({ profile, cells }) => markup`<tr><th scope="row">${plainLine(profile, 60)}</th>${cells.map(htmlCell)}</tr>\n`)}
<tr><th scope="row">The whole</th>${totals.map(total => markup`<td><b>${total}</b></td>`)}</tr>
${shares.map(({ label, values }) => markup`<tr><th scope="row">${label}</th>${values.map(value => markup`<td>${value}</td>`)}</tr>\n`)}</tbody></table></div>
<p class="more">${LEGEND}</p></section>
${changes !== undefined && changeLists(changes).map(({ title, items }) => markup`<section><h2>${title} (${grouped(items.length)})</h2><ul class="cases" tabindex="0" aria-label="${title}">${items.slice(0, 2000).map(item => markup`<li>${item}</li>`)}</ul></section>`)}
</main>`
  return htmlDocument({
    title: `${title} · lambdacheck`,
    body,
    icon: changes === undefined ? totals.every(total => total === 'certified') : !changes.worse,
  })
}

function terminalComparison(
  { columns, rows, totals, figures: shares }: Table,
  changes: Comparison | undefined,
  color: boolean,
): string {
  const paint = picocolors.createColors(color)
  const colours = {
    certified: paint.green,
    'not-certified': paint.red,
    'in-part': paint.yellow,
    unsupported: paint.dim,
    absent: paint.dim,
  }
  const mark = (cell: Cell): string =>
    ({
      certified: `✔ ${figures(cell)}`,
      'not-certified': `✘ ${figures(cell)}`,
      'in-part': `◐ ${figures(cell)} of a part`,
      unsupported: 'not implemented',
      absent: '–',
    })[cell.state]
  const widths = columns.map((name, at) =>
    Math.max(
      stringWidth(name),
      ...rows.flatMap(row => row.cells.slice(at, at + 1).map(cell => stringWidth(mark(cell)))),
      stringWidth(totals[at] ?? ''),
      ...shares.map(({ values }) => stringWidth(values[at] ?? '')),
    ),
  )
  const first = Math.max('Divergence'.length, ...rows.map(row => stringWidth(plainLine(row.profile, 60))))
  const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - stringWidth(text)))
  const lines = [
    paint.dim([pad('Profile', first), ...columns.map((name, at) => pad(name, widths[at] ?? 0))].join('  ').trimEnd()),
    ...rows.map(({ profile, cells }) =>
      [
        pad(plainLine(profile, 60), first),
        ...cells.map((cell, at) => colours[cell.state](pad(mark(cell), widths[at] ?? 0))),
      ]
        .join('  ')
        .trimEnd(),
    ),
    ...shares.map(({ label, values }) =>
      [pad(label, first), ...values.map((one, at) => pad(one, widths[at] ?? 0))].join('  ').trimEnd(),
    ),
    paint.bold([pad('', first), ...totals.map((one, at) => pad(one, widths[at] ?? 0))].join('  ').trimEnd()),
  ]
  if (changes === undefined) return `${lines.join('\n')}\n`
  const lists = changeLists(changes).flatMap(({ title, items, bad }) => [
    '',
    (bad ? paint.red : paint.green)(`${title} (${grouped(items.length)})`),
    ...items.slice(0, CHANGES_SHOWN).map(item => `  ${item}`),
    ...more(items).map(one => `  ${one.slice(2)}`),
  ])
  return `${[...lines, '', paint.bold((changes.worse ? paint.red : paint.green)(changes.sentence)), ...lists].join('\n')}\n`
}
