/** `summary.md`: the run as the step summary of a CI job shows it. */
import type { CaseResult, Evidence, Finding } from '../evidence.ts'
import { groupBy } from '../../base/group-by.ts'
import { code, codeCell, fenced, prose, table } from './markdown-text.ts'
import { markup } from './markup.ts'
import { plainLine, plainValue } from '../plain.ts'
import {
  amount,
  duration,
  furtherReason,
  grouped,
  isExpected,
  placeOf,
  runTime,
  summarize,
  type ClauseGroup,
  type StandingProfile,
  type Summary,
} from '../summary.ts'

/** A step summary may have 1 MiB, and is thrown away whole above that. */
const MOST_BYTES = 1024 * 1024 - 4096

/** GitHub-flavoured Markdown, at most 1 MiB in UTF-8: what is left out is counted at the end. */
export function renderMarkdown(evidence: Evidence): string {
  const summary = summarize(evidence)
  return bounded([
    ...(summary.tested ? certification(evidence, summary) : []),
    ...(evidence.findings.length > 0 || !summary.tested ? lint(summary) : []),
    ...(evidence.notes.length === 0
      ? []
      : [
          '### Notes',
          evidence.notes
            .slice(0, 50)
            .map(one => `- ${prose(one)}`)
            .join('\n'),
        ]),
  ])
}

function certification(evidence: Evidence, summary: Summary): string[] {
  return [
    headline(evidence, summary),
    prose(summary.overall.sentence),
    facts(evidence),
    ...(summary.profiles.length === 0 ? [] : [profileTable(summary.profiles)]),
    ...withheld(summary.profiles),
    ...unsupported(summary),
    ...clauses('Failures', summary.failures),
    ...clauses('Inconclusive', summary.inconclusive),
    ...(summary.unexpectedPasses.length === 0
      ? []
      : [
          `**Expected to fail, but pass:** ${summary.unexpectedPasses
            .slice(0, 30)
            .map(one => code(one.id))
            .join(', ')}. Take them off the list of expected failures.`,
        ]),
  ]
}

const TONES = { good: '✅', bad: '❌', unsure: '⚠️' } as const

function headline(evidence: Evidence, summary: Summary): string {
  return `## ${TONES[summary.headline.tone]} ${summary.headline.text}${evidence.endpoint === undefined ? '' : `: ${prose(evidence.endpoint.name, 80)}`}`
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
    profiles.map(one => {
      const { mustCounts: must, counts } = one
      const all = must.pass + must.fail + must.unsupported + must.skipped + must.inconclusive
      const figure = (n: number): string => (n === 0 ? '·' : grouped(n))
      return [
        prose(one.profile, 60),
        {
          certified: '✅ certified',
          'no-must': 'no MUST case',
          'in-part': '⚠️ holds in part',
          untested: 'not tested',
          'not-certified': '❌ not certified',
        }[one.standing],
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
  const lines = profiles.flatMap(one => [
    ...(one.why === undefined || one.plainFromCounts ? [] : [`- **${prose(one.profile, 60)}**: ${prose(one.why)}`]),
    ...(one.skipped === undefined
      ? []
      : [
          `- **${prose(one.profile, 60)}**, skipped: ${one.skipped
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
          .map(one => code(one, 80))
          .join(', ')}`,
      ]
}

function clauses(title: string, groups: readonly ClauseGroup[]): string[] {
  if (groups.length === 0) return []
  const cases = groups.reduce((sum, one) => sum + one.results.length, 0)
  return [
    `### ${title}: ${amount(groups.length, 'clause')}, ${amount(cases, 'case')}`,
    ...[...groupBy(groups, one => one.clause.profile)].flatMap(([profile, own]) => [
      `#### ${prose(profile, 60)}`,
      ...own.map(clauseBlock),
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

function resultBlock(result: CaseResult): string {
  const { reproduce } = result
  const reason = furtherReason(result)
  const commands = [reproduce?.curl, reproduce?.aws, reproduce?.replay].filter(one => one !== undefined)
  return [
    `**${prose(result.title, 200)}**`,
    ...(reason === undefined ? [] : [prose(reason)]),
    [
      ...(result.expected === undefined ? [] : [`- expected: ${code(result.expected, 500)}`]),
      ...(result.actual === undefined ? [] : [`- actual: ${code(result.actual, 500)}`]),
    ].join('\n'),
    ...(result.counterexample === undefined
      ? []
      : [fenced(plainValue(result.counterexample, { limit: 1500 }), 'json', 2000)]),
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
    `## ${severities.error > 0 ? '❌' : '⚠️'} Lint: ${amount(severities.error, 'error')}, ${amount(severities.warning, 'warning')}, ${severities.info} info${hidden}`,
    table(['', 'Place', 'Finding', 'Rule'], findings.slice(0, FINDINGS_SHOWN).map(findingRow)),
    ...(findings.length > FINDINGS_SHOWN ? [`… and ${amount(findings.length - FINDINGS_SHOWN, 'more finding')}.`] : []),
  ]
}

const FINDINGS_SHOWN = 300
const MARKS = { error: '❌', warning: '⚠️', info: 'ℹ️' } as const

function findingRow(finding: Finding): string[] {
  const others = finding.related
    .slice(0, 3)
    .map(one => `<br>↳ ${codeCell(placeOf(one), 160)} ${prose(one.message, 200)}`)
  return [
    MARKS[finding.severity],
    codeCell(placeOf(finding.location), 160),
    `${prose(finding.message, 400)}${others.join('')}`,
    codeCell(finding.rule, 80),
  ]
}

/** Joins as many blocks as fit. */
function bounded(blocks: readonly string[]): string {
  let bytes = 0
  for (const [at, block] of blocks.entries()) {
    bytes += Buffer.byteLength(block) + 2
    if (bytes > MOST_BYTES) {
      return `${blocks.slice(0, at).join('\n\n')}\n\n**The rest (${amount(blocks.length - at, 'section')}) does not fit in a step summary:** it is in the HTML report.\n`
    }
  }
  return `${blocks.join('\n\n')}\n`
}
