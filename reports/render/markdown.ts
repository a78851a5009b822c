/** `summary.md`: the run as the step summary of a CI job shows it. */
import type { CaseResult, Evidence, Finding } from '../evidence.ts'
import type { Cause } from '../causes.ts'
import { awsPageOf } from '../aws-page.ts'
import { figuresLine } from '../figures.ts'
import { groupBy } from '../../base/group-by.ts'
import { code, codeCell, fenced, prose, table } from './markdown-text.ts'
import { markup } from '../../base/markup.ts'
import { certificateName } from '../capability-names.ts'
import { plainLine, plainValue } from '../plain.ts'
import {
  amount,
  duration,
  furtherMismatches,
  furtherReason,
  grouped,
  heldBack,
  isExpected,
  placeOf,
  runTime,
  summarize,
  type ClauseGroup,
  type StandingProfile,
  type Summary,
} from '../summary.ts'

/** Comments on pull requests take 65,536 characters, and nobody reads more. */
const MOST_BYTES = 59_000
/** Of these, for the notes, which must not be pushed out by failures: they say what could not be deleted. */
const NOTES_BYTES = 8000
/** And for the names of clauses that do not fit. */
const NAMES_BYTES = 6000

/** GitHub-flavoured Markdown, less than 60 KB in UTF-8: what is left out is named as far as it fits, and counted. */
export function renderMarkdown(evidence: Evidence): string {
  const summary = summarize(evidence)
  const notes = notesOf(evidence)
  const room = MOST_BYTES - Buffer.byteLength(notes)
  const blocks = [
    ...(summary.tested ? certification(evidence, summary) : []),
    ...(evidence.findings.length > 0 || !summary.tested ? lint(summary) : []),
  ]
  return `${bounded(blocks, room)}${notes}`
}

function notesOf({ notes }: Evidence): string {
  const lines = notes.map(note => `- ${prose(note)}`)
  const kept: string[] = []
  let bytes = 0
  for (const line of lines) {
    bytes += Buffer.byteLength(line) + 1
    if (bytes > NOTES_BYTES) break
    kept.push(line)
  }
  if (kept.length < lines.length)
    kept.push(`- … and ${amount(lines.length - kept.length, 'more note')} in the HTML report`)
  return kept.length === 0 ? '' : `\n### Notes\n\n${kept.join('\n')}\n`
}

/** A part of the summary; what is left out is called by its name. */
type Block = string | { readonly name: string; readonly text: string }

function certification(evidence: Evidence, summary: Summary): Block[] {
  return [
    headline(evidence, summary),
    prose(summary.lead),
    ...(summary.figures.coverage.of === 0 ? [] : [prose(figuresLine(summary.figures))]),
    facts(evidence),
    ...(summary.profiles.length === 0 ? [] : [profileTable(summary.profiles)]),
    ...withheld(summary.profiles),
    ...unsupported(summary),
    ...causeTable(summary.causes),
    ...clauses('Failures', summary.failures),
    ...clauses('Inconclusive', summary.inconclusive),
    ...(summary.unexpectedPasses.length === 0
      ? []
      : [
          `**Expected to fail, but pass:** ${summary.unexpectedPasses
            .slice(0, 30)
            .map(pass => code(pass.id))
            .join(', ')}. Take them off the list of expected failures.`,
        ]),
  ]
}

const TONES = { good: '✅', bad: '❌', unsure: '⚠️' } as const

function headline(evidence: Evidence, summary: Summary): string {
  return (
    `## ${TONES[summary.headline.tone]} ` +
    `${summary.headline.text}${evidence.endpoint === undefined ? '' : `: ${prose(evidence.endpoint.name, 80)}`}`
  )
}

function facts(evidence: Evidence): string {
  const seed = evidence.options['seed']
  return [
    `${amount(evidence.results.length, 'case')}`,
    amount(evidence.requests, 'request'),
    duration(runTime(evidence)),
    `documentation of ${prose(evidence.spec.edition, 20)}`,
    ...(evidence.endpoint?.software === undefined ? [] : [prose(evidence.endpoint.software, 80)]),
    ...(typeof seed === 'number' ? [`seed ${seed}`] : []),
    `lambdacheck ${prose(evidence.tool.version, 40)}`,
  ].join(' · ')
}

function profileTable(profiles: readonly StandingProfile[]): string {
  return table(
    ['Profile', 'Verdict', 'MUST passed', 'Failed', 'Inconclusive', 'Unsupported', 'Skipped', 'SHOULD, MAY failed'],
    profiles.map(profile => {
      const { mustCounts: must, counts } = profile
      const all = must.pass + must.fail + must.unsupported + must.skipped + must.inconclusive
      const figure = (n: number): string => (n === 0 ? '·' : grouped(n))
      return [
        prose(certificateName(profile), 120),
        {
          certified: '✅ certified',
          'no-must': 'no MUST case',
          'in-part': '⚠️ holds in part',
          untested: 'not tested',
          'not-certified': '❌ not certified',
        }[profile.standing],
        `${grouped(must.pass)} of ${grouped(all)}`,
        figure(must.fail),
        figure(must.inconclusive),
        figure(must.unsupported),
        figure(must.skipped),
        figure(counts.fail - must.fail),
      ]
    }),
    ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
  )
}

/** Why profiles are not certified where the table does not say it, and what was skipped for want of what. */
function withheld(profiles: readonly StandingProfile[]): string[] {
  const lines = profiles.flatMap(profile => [
    ...(profile.why === undefined || profile.plainFromCounts
      ? []
      : [`- **${prose(profile.profile, 60)}**: ${prose(profile.why)}`]),
    ...(profile.skipped === undefined
      ? []
      : [
          `- **${prose(profile.profile, 60)}**, skipped: ${profile.skipped
            .slice(0, 6)
            .map(({ reason, cases }) => `${amount(cases, 'case')} (${prose(reason, 160)})`)
            .join(', ')}`,
        ]),
  ])
  return lines.length === 0 ? [] : [lines.join('\n')]
}

function unsupported(summary: Summary): string[] {
  const names = summary.unsupportedActions
  return names.length === 0
    ? []
    : [
        `**Not implemented by the endpoint** (${names.length}): ${names
          .slice(0, 100)
          .map(name => code(name, 80))
          .join(', ')}`,
      ]
}

const CAUSES_SHOWN = 30

/** What is to be mended once, what holds back most first. */
function causeTable(causes: readonly Cause[]): Block[] {
  if (causes.length === 0) return []
  const more = causes.length - CAUSES_SHOWN
  return [
    `### Causes: ${amount(causes.length, 'thing')} to mend, what holds back most first`,
    table(
      ['', 'Cause', 'Cases', 'Holds back'],
      causes
        .slice(0, CAUSES_SHOWN)
        .map((one, at) => [
          String(at + 1),
          prose(one.title, 300),
          grouped(one.results.length),
          one.holds.length === 0 ? '·' : prose(heldBack(one, 4), 200),
        ]),
      ['right', 'left', 'right', 'left'],
    ),
    ...(more > 0 ? [`… and ${amount(more, 'more cause')} in the HTML report.`] : []),
  ]
}

function clauses(title: string, groups: readonly ClauseGroup[]): Block[] {
  if (groups.length === 0) return []
  const cases = groups.reduce((sum, one) => sum + one.results.length, 0)
  return [
    `### ${title}: ${amount(groups.length, 'clause')}, ${amount(cases, 'case')}`,
    ...[...groupBy(groups, one => one.clause.profile)].flatMap(([profile, own]) => [
      `#### ${prose(profile, 60)}`,
      ...own.map(one => ({ name: one.clause.id, text: clauseBlock(one) })),
    ]),
  ]
}

function clauseBlock(group: ClauseGroup): string {
  const { clause, results } = group
  const title = `${plainLine(clause.id, 120)}`
  const sentence = plainLine(clause.text, 400)
  // The summary line is an HTML block, in which no Markdown is read.
  const open = markup`<details><summary><code>${title}</code> ${clause.level.toUpperCase()}${isExpected(group) && ', expected failure'}: ${sentence}</summary>`
  const more = results.length - RESULTS_SHOWN
  return [
    open.markup,
    `Page ${code(`spec/${clause.page}:${clause.line}`)}`,
    ...results.slice(0, RESULTS_SHOWN).map(resultBlock),
    ...(more > 0 ? [`… and ${amount(more, 'more case')} of this clause.`] : []),
    '</details>',
  ].join('\n\n')
}

const RESULTS_SHOWN = 3
const MISMATCHES_SHOWN = 8

function resultBlock(result: CaseResult): string {
  const { reproduce } = result
  const reason = furtherReason(result)
  const page = result.action === undefined ? undefined : awsPageOf(result.action)
  const commands = [reproduce?.curl, reproduce?.aws, reproduce?.replay].filter(one => one !== undefined)
  return [
    `**${prose(result.title, 200)}**`,
    ...(reason === undefined ? [] : [prose(reason)]),
    [
      ...(result.expected === undefined ? [] : [`- expected: ${code(result.expected, 500)}`]),
      ...(result.actual === undefined ? [] : [`- actual: ${code(result.actual, 500)}`]),
      ...furtherMismatches(result)
        .slice(0, MISMATCHES_SHOWN)
        .map(mismatch => `- also: ${code(mismatch, 300)}`),
    ].join('\n'),
    ...(result.counterexample === undefined
      ? []
      : [fenced(plainValue(result.counterexample, { limit: 1500 }), 'json', 2000)]),
    ...(page === undefined ? [] : [`[AWS's page of ${prose(result.action ?? '', 80)}](${page})`]),
    ...(commands.length === 0 ? [] : [fenced(commands.join('\n'), 'sh', 5000)]),
  ]
    .filter(one => one !== '')
    .join('\n\n')
}

function lint(summary: Summary): string[] {
  const { findings, suppressed, severities } = summary
  const hidden = suppressed.length === 0 ? '' : `, ${suppressed.length} suppressed`
  if (findings.length === 0) return [`## ✅ No lint findings${hidden}`]
  return [
    `## ${severities.error > 0 ? '❌' : '⚠️'} Lint: ${amount(severities.error, 'error')}, ` +
      `${amount(severities.warning, 'warning')}, ${severities.info} info${hidden}`,
    ...findingTable(findings),
  ]
}

/** As many rows as fit beside the rest. */
function findingTable(findings: readonly Finding[]): string[] {
  const rows: string[][] = []
  let bytes = 0
  for (const finding of findings.slice(0, FINDINGS_SHOWN)) {
    const row = findingRow(finding)
    bytes += Buffer.byteLength(row.join(' | ')) + 6
    if (bytes > FINDINGS_BYTES) break
    rows.push(row)
  }
  const more = findings.length - rows.length
  return [
    table(['', 'Place', 'Finding', 'Rule'], rows),
    ...(more > 0 ? [`… and ${amount(more, 'more finding')}.`] : []),
  ]
}

const FINDINGS_SHOWN = 300
const FINDINGS_BYTES = 40_000
const MARKS = { error: '❌', warning: '⚠️', info: 'ℹ️' } as const

function findingRow(finding: Finding): string[] {
  const others = finding.related
    .slice(0, 3)
    .map(one => `<br>↳ ${codeCell(placeOf(one), 160)} ${prose(one.message, 200)}`)
  return [
    MARKS[finding.severity],
    codeCell(placeOf(finding.location), 160),
    `${prose(finding.message, 400)}${finding.confidence === 'likely' ? ' _(likely)_' : ''}${others.join('')}`,
    codeCell(finding.rule, 80),
  ]
}

/** Joins as many blocks as fit in so many bytes. */
function bounded(blocks: readonly Block[], room: number): string {
  const texts = blocks.map(block => (typeof block === 'string' ? block : block.text))
  const sizes = texts.map(text => Buffer.byteLength(text) + 2)
  if (sizes.reduce((sum, one) => sum + one, 0) <= room) return `${texts.join('\n\n')}\n`
  const kept: string[] = []
  const left: Block[] = []
  let bytes = NAMES_BYTES + 500
  for (const [at, block] of blocks.entries()) {
    // What comes later may be smaller, but the order says what matters most.
    if (left.length > 0 || bytes + (sizes[at] ?? 0) > room) left.push(block)
    else {
      bytes += sizes[at] ?? 0
      kept.push(texts[at] ?? '')
    }
  }
  const sections = left.filter(one => typeof one !== 'string')
  const count = sections.length === 0 ? left.length : sections.length
  return `${[...kept, `**The rest (${amount(count, 'section')}) does not fit in a step summary:** it is in the HTML ` + `report.${namesOf(sections)}`].join('\n\n')}\n`
}

function namesOf(sections: readonly { readonly name: string }[]): string {
  const names: string[] = []
  let bytes = 0
  for (const { name } of sections) {
    const shown = code(name, 120)
    bytes += Buffer.byteLength(shown) + 2
    if (bytes > NAMES_BYTES) break
    names.push(shown)
  }
  if (names.length === 0) return ''
  return ` ${names.length < sections.length ? 'Among others: ' : 'These are '}${names.join(', ')}`
}
