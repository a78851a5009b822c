/** The report on a terminal: verdict first, then what broke, and how to see it again. */
import picocolors from 'picocolors'
import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'
import type { CaseResult, Evidence, Finding, Location, ProfileVerdict } from '../evidence.ts'
import { awsPageOf } from '../aws-page.ts'
import { figuresLine } from '../figures.ts'
import { frameOf } from '../frame.ts'
import { groupBy } from '../../base/group-by.ts'
import { certificateName } from '../capability-names.ts'
import { beginning, plain, plainLine, plainValue } from '../plain.ts'
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

/** How wide, and whether with colours, a report is printed. */
export interface TerminalOptions {
  /** Columns; prose is wrapped to them, commands to paste are not. */
  readonly width: number
  readonly color: boolean
  /** Clauses and findings that are shown whole; the rest is counted. */
  readonly most?: number
  /**
   * False: of certification only the verdict, the profiles and the causes; what each case tells stands in the files.
   */
  readonly details?: boolean
}

type Paint = ReturnType<typeof picocolors.createColors>

interface Page {
  readonly width: number
  readonly most: number
  readonly details: boolean
  readonly paint: Paint
}

/** The whole report of a run. Ends in a newline. */
export function renderTerminal(evidence: Evidence, options: TerminalOptions): string {
  const page = pageOf(options)
  const summary = summarize(evidence)
  const blocks = [
    head(evidence, page),
    ...(summary.tested ? certification(evidence, summary, page) : []),
    ...(evidence.findings.length > 0 || !summary.tested ? [lint(summary, unreadOf(evidence), page)] : []),
    notes(evidence.notes, page),
    ...(summary.tested ? [closing(evidence, summary, page)] : []),
  ]
  return `${blocks
    .filter(block => block.length > 0)
    .map(block => block.join('\n'))
    .join('\n\n')}\n`
}

/** Findings alone, as `lambdacheck lint` prints them. Ends in a newline. */
export function renderFindings(evidence: Evidence, options: TerminalOptions): string {
  return `${lint(summarize(evidence), unreadOf(evidence), pageOf(options)).join('\n')}\n`
}

/** What the notes say that was not looked at. */
const unreadOf = ({ notes }: Evidence): readonly string[] =>
  notes.filter(note =>
    /\b(nothing was checked|(is|are|was|were) not (read|looked at)|could not be read|not everything was looked at)\b/.test(
      note,
    ),
  )

function pageOf(options: TerminalOptions): Page {
  return {
    width: Math.max(40, Math.min(options.width, 120)),
    most: options.most ?? 40,
    details: options.details ?? true,
    paint: picocolors.createColors(options.color),
  }
}

function head(evidence: Evidence, { paint }: Page): string[] {
  const { endpoint } = evidence
  const seed = evidence.options['seed']
  const facts = [
    `lambdacheck ${plainLine(evidence.tool.version, 40)}`,
    ...(endpoint === undefined
      ? []
      : [plainLine(endpoint.name, 60), ...(endpoint.url === endpoint.name ? [] : [plainLine(endpoint.url, 120)])]),
    ...(endpoint?.software === undefined ? [] : [plainLine(endpoint.software, 60)]),
    ...(evidence.results.length === 0 ? [] : [`documentation of ${plainLine(evidence.spec.edition, 20)}`]),
    ...(typeof seed === 'number' ? [`seed ${seed}`] : []),
  ]
  return [paint.dim(facts.join(' · '))]
}

/** What is looked at last stands last: details before causes, and these above the verdict. */
function certification(evidence: Evidence, summary: Summary, page: Page): string[][] {
  return [
    ...(page.details
      ? [clauses('FAILURES', summary.failures, page), clauses('INCONCLUSIVE', summary.inconclusive, page)]
      : []),
    verdict(summary, page),
    profileTable(summary.profiles, page),
    reasons(summary.profiles, page),
    unsupported(summary, page),
    ...(evidence.results.length === 0 ? [] : [levels(summary, page)]),
    unexpected(summary.unexpectedPasses, page),
    causes(summary, page),
  ]
}

function verdict(summary: Summary, { paint, width }: Page): string[] {
  const { lead, headline, figures } = summary
  return [
    ...wrapped(
      `${paint.bold(paint.inverse(paint[TONES[headline.tone]](` ${headline.text.toUpperCase()} `)))}  ` +
        `${plainLine(lead, 600)}`,
      width,
      '',
    ),
    ...(figures.coverage.of === 0 ? [] : wrapped(plainLine(figuresLine(figures), 300), width, '')),
  ]
}

const TONES = { good: 'green', bad: 'red', unsure: 'yellow' } as const

function profileTable(profiles: readonly StandingProfile[], { paint, width }: Page): string[] {
  if (profiles.length === 0) return []
  const longest = Math.min(
    Math.max(...profiles.map(profile => stringWidth(plainLine(certificateName(profile), 60)))),
    60,
  )
  const room = width - longest - 34
  const heading = paint.dim(`  ${' '.repeat(longest + 21)}${'MUST passed'}`)
  return [
    heading,
    ...profiles.map(profile => {
      const must = profile.mustCounts
      const all = must.pass + must.fail + must.unsupported + must.skipped + must.inconclusive
      const mark = {
        certified: paint.green('✔ certified    '),
        'no-must': paint.dim('· no MUST case '),
        'in-part': paint.yellow('◐ holds in part'),
        untested: paint.dim('· not tested   '),
        'not-certified': paint.red('✘ not certified'),
      }[profile.standing]
      const passed = `${grouped(must.pass)}/${grouped(all)}`.padStart(11)
      const rest = [
        ...(must.fail > 0 ? [paint.red(`${must.fail} fail`)] : []),
        ...(must.inconclusive > 0 ? [paint.yellow(`${must.inconclusive} inconclusive`)] : []),
        ...(must.unsupported > 0 ? [paint.dim(`${must.unsupported} unsupported`)] : []),
        ...(must.skipped > 0 ? [paint.dim(`${must.skipped} skipped`)] : []),
      ]
      const name = plainLine(certificateName(profile), 60)
      const line =
        `  ${name}${' '.repeat(Math.max(0, longest - stringWidth(name)))}  ${mark}  ` +
        `${all === 0 ? ' '.repeat(11) : passed}  `
      return room < 20 ? `${line}${rest[0] ?? ''}`.trimEnd() : `${line}${rest.join(', ')}`.trimEnd()
    }),
  ]
}

/** Why profiles are not certified where the counts do not say it, and what was skipped. */
function reasons(profiles: readonly StandingProfile[], { paint, width }: Page): string[] {
  const silent = profiles.filter(profile => profile.why !== undefined && !profile.plainFromCounts)
  const skipped = profiles.filter(profile => (profile.skipped?.length ?? 0) > 0)
  return [
    ...silent.flatMap(one =>
      wrapped(`${paint.bold(plainLine(one.profile, 40))} ${plainLine(one.why ?? '', 400)}`, width, '    ', '  '),
    ),
    ...skipped.flatMap(one =>
      wrapped(
        paint.dim(
          `Skipped in ${plainLine(one.profile, 40)}: ${(one.skipped ?? [])
            .slice(0, 4)
            .map(({ reason, cases }) => `${amount(cases, 'case')} (${plainLine(reason, 120)})`)
            .join(', ')}.`,
        ),
        width,
        '    ',
        '  ',
      ),
    ),
  ]
}

function unsupported(summary: Summary, { paint, width }: Page): string[] {
  const names = summary.unsupportedActions.map(action => plainLine(action, 80))
  if (names.length === 0) return []
  return wrapped(
    `${paint.bold(`Not implemented by the endpoint (${names.length}):`)} ${paint.dim(names.slice(0, 80).join(', '))}`,
    width,
    '    ',
    '  ',
  )
}

const CAUSES_SHOWN = 12

/** What is to be mended once. */
function causes({ causes: all, excused }: Summary, page: Page): string[] {
  const { paint, width } = page
  if (all.length === 0) return []
  return [
    rule(`CAUSES  ${amount(all.length, 'thing')} to mend, what holds back most first`, page),
    '',
    ...all.slice(0, CAUSES_SHOWN).flatMap((one, at) => {
      const news = one.results.filter(excused.isNew).length
      return [
        ...wrapped(paint.bold(plainLine(one.title, 400)), width, '      ', `${String(at + 1).padStart(4)}  `),
        ...wrapped(
          paint.dim(
            [
              ...(news > 0 ? [paint.red(`${grouped(news)} new`)] : []),
              amount(one.results.length, 'case'),
              ...(one.holds.length === 0 ? ['no MUST'] : [plainLine(heldBack(one, 4), 300)]),
            ].join(' · '),
          ),
          width,
          '      ',
          '      ',
        ),
      ]
    }),
    ...(all.length > CAUSES_SHOWN
      ? [paint.dim(`      … and ${amount(all.length - CAUSES_SHOWN, 'more cause')} in report.html`)]
      : []),
  ]
}

function clauses(title: string, groups: readonly ClauseGroup[], page: Page): string[] {
  if (groups.length === 0) return []
  const { paint, most } = page
  const cases = groups.reduce((sum, one) => sum + one.results.length, 0)
  const lines = [rule(`${title}  ${amount(groups.length, 'clause')}, ${amount(cases, 'case')}`, page)]
  for (const group of groups.slice(0, most)) lines.push('', ...clauseBlock(group, page))
  if (groups.length > most)
    lines.push('', paint.dim(`  … and ${amount(groups.length - most, 'more clause')}: all of them are in report.html`))
  return lines
}

/** Results of one clause that are shown whole; a clause of forty members need not fill forty screens. */
const RESULTS_SHOWN = 3

function clauseBlock(group: ClauseGroup, page: Page): string[] {
  const { paint, width } = page
  const { clause, results } = group
  const name =
    `${paint.bold(plainLine(clause.id, 120))}  ` +
    `${paint.dim(`${clause.level} · ${plainLine(clause.profile, 40)}${isExpected(group) ? ' · expected failure' : ''}`)}`
  return [
    ...wrapped(name, width, '    ', '  '),
    ...wrapped(paint.cyan(`“${plainLine(clause.text, 600)}”`), width, '   ', '  '),
    `  ${paint.dim(`spec/${plainLine(clause.page, 120)}:${clause.line}`)}`,
    ...results.slice(0, RESULTS_SHOWN).flatMap(result => resultBlock(result, page)),
    ...(results.length > RESULTS_SHOWN
      ? [paint.dim(`    … and ${amount(results.length - RESULTS_SHOWN, 'more case')} of this clause`)]
      : []),
  ]
}

const MISMATCHES_SHOWN = 8

function resultBlock(result: CaseResult, page: Page): string[] {
  const { paint } = page
  const mark = result.verdict === 'fail' ? paint.red('✘') : paint.yellow('?')
  const { reproduce } = result
  const reason = furtherReason(result)
  const awsPage = result.action === undefined ? undefined : awsPageOf(result.action)
  return [
    `    ${mark} ${plainLine(result.title, 200)}`,
    ...(reason === undefined ? [] : field('reason', plainLine(reason, 500), page)),
    ...(result.expected === undefined ? [] : field('expected', paint.green(plainLine(result.expected, 500)), page)),
    ...(result.actual === undefined ? [] : field('actual', paint.red(plainLine(result.actual, 500)), page)),
    ...furtherMismatches(result)
      .slice(0, MISMATCHES_SHOWN)
      .flatMap((one, at) => field(at === 0 ? 'also' : '', plainLine(one, 300), page)),
    ...(result.counterexample === undefined
      ? []
      : verbatim('smallest', plainValue(result.counterexample, { limit: 1500, width: page.width - 16 }), page)),
    ...(reproduce?.steps === undefined
      ? []
      : verbatim('alone', `lambdacheck reproduce '${plainLine(result.id, 300).replaceAll("'", '')}'`, page)),
    ...(awsPage === undefined ? [] : verbatim('see', awsPage, page)),
    ...(reproduce === undefined ? [] : verbatim('replay', plain(reproduce.replay, 1000), page)),
    ...(reproduce?.curl === undefined ? [] : verbatim('curl', plain(reproduce.curl, 3000), page)),
    ...(reproduce?.aws === undefined ? [] : verbatim('aws', plain(reproduce.aws, 3000), page)),
  ]
}

/** A labelled text, wrapped beside its label. */
function field(label: string, text: string, { paint, width }: Page): string[] {
  return wrapped(text, width, ' '.repeat(16), `      ${paint.dim(label.padEnd(10))}`)
}

/** A labelled text that may be pasted: never wrapped. */
function verbatim(label: string, text: string, { paint }: Page): string[] {
  return text
    .split('\n')
    .slice(0, 40)
    .map((line, at) => `      ${paint.dim((at === 0 ? label : '').padEnd(10))}${line}`)
}

function unexpected(results: readonly CaseResult[], { paint, width }: Page): string[] {
  if (results.length === 0) return []
  const ids = results
    .slice(0, 20)
    .map(result => plainLine(result.id, 120))
    .join(', ')
  return wrapped(
    `${paint.yellow('Expected to fail, but pass:')} ${ids}. Take ${results.length === 1 ? 'it' : 'them'} off ` +
      'the list of expected failures.',
    width,
    '    ',
    '  ',
  )
}

function levels(summary: Summary, { paint }: Page): string[] {
  const columns = ['pass', 'fail', 'inconclusive', 'unsupported', 'skipped'] as const
  const header = `  ${''.padEnd(8)}${columns.map(column => column.padStart(13)).join('')}`
  return [
    paint.dim(header),
    ...summary.byLevel.map(
      ({ level, counts }) =>
        `  ${level.toUpperCase().padEnd(8)}${columns.map(column => shade(paint, column, grouped(counts[column]).padStart(13), counts[column])).join('')}`,
    ),
  ]
}

function shade(paint: Paint, verdict: keyof ProfileVerdict['counts'], text: string, n: number): string {
  if (n === 0) return paint.dim(text)
  if (verdict === 'pass') return paint.green(text)
  if (verdict === 'fail') return paint.red(text)
  return verdict === 'inconclusive' ? paint.yellow(text) : text
}

function closing(evidence: Evidence, summary: Summary, page: Page): string[] {
  const { paint, width } = page
  const { headline } = summary
  const [first] = summary.causes
  const facts = [
    amount(evidence.results.length, 'case'),
    amount(evidence.requests, 'request'),
    duration(runTime(evidence)),
  ]
  const replay = first?.results[0]?.reproduce?.replay
  return [
    ...(first === undefined
      ? []
      : wrapped(
          `Mend first: ${plainLine(first.title, 200)} ${paint.dim(`(${amount(first.results.length, 'case')})`)}`,
          width,
          '  ',
          '',
        )),
    ...(replay === undefined ? [] : [`${paint.dim('Replay it:')} ${plainLine(replay, 1000)}`]),
    `${paint.bold(paint[TONES[headline.tone]](headline.text.toUpperCase()))} ${paint.dim(`· ${facts.join(' · ')}`)}`,
  ]
}

/** Errors first, then by rule, the most frequent first; a summary by rule stands at the end, where it is read. */
function lint(summary: Summary, unread: readonly string[], page: Page): string[] {
  const { paint, most } = page
  const { findings, suppressed, severities } = summary
  const lines: string[] = []
  const groups = [...groupBy(findings, one => `${one.severity} ${one.rule}`)]
    .flatMap(([, own]) => own.slice(0, 1).map(first => ({ first, own })))
    .sort(
      (one, other) =>
        SEVERITY_ORDER[one.first.severity] - SEVERITY_ORDER[other.first.severity] ||
        other.own.length - one.own.length ||
        (one.first.rule < other.first.rule ? -1 : 1),
    )
  let left = most
  for (const { first, own } of groups) {
    if (left <= 0) break
    const count = own.length === 1 ? '' : ` ${paint.dim(`(${own.length})`)}`
    lines.push(`${severityOf(first, page)} ${paint.underline(plainLine(first.rule, 80))}${count}`, '')
    for (const finding of own.slice(0, left)) lines.push(...findingBlock(finding, page), '')
    left -= own.length
  }
  if (groups.length > 1)
    lines.push(
      ...groups
        .slice(0, 60)
        .map(
          ({ first, own }) =>
            `  ${String(own.length).padStart(5)}  ${severityOf(first, page)}  ${plainLine(first.rule, 80)}`,
        ),
      '',
    )
  if (findings.length > most)
    lines.push(
      paint.dim(
        `… and ${amount(findings.length - most, 'more finding')}: all of them with --format html --out lint.html`,
      ),
      '',
    )
  const parts = [
    ...(severities.error > 0 ? [paint.red(amount(severities.error, 'error'))] : []),
    ...(severities.warning > 0 ? [paint.yellow(amount(severities.warning, 'warning'))] : []),
    ...(severities.info > 0 ? [paint.cyan(`${severities.info} info`)] : []),
  ]
  const hidden = suppressed.length === 0 ? '' : paint.dim(` (${suppressed.length} suppressed)`)
  // A clean answer about what was not read is no clean answer.
  const clean = unread.length
    ? `${paint.yellow('!')} nothing was found in what was read: ` +
      `${unread.map(one => plainLine(one, 200)).join('; ')}${hidden}`
    : `${paint.green('✔')} no findings${hidden}`
  lines.push(parts.length === 0 ? clean : `${paint.red('✘')} ${parts.join(', ')}${hidden}`)
  return lines
}

const SEVERITY_ORDER = { error: 0, warning: 1, info: 2 } as const

const severityOf = ({ severity }: Finding, { paint }: Page): string =>
  ({ error: paint.red('error'), warning: paint.yellow('warning'), info: paint.cyan('info') })[severity]

/** What is certain need not say so. */
const doubtOf = ({ confidence }: Finding, { paint }: Page): string =>
  confidence === 'likely' ? ` ${paint.dim('· likely')}` : ''

function findingBlock(finding: Finding, page: Page): string[] {
  const { paint, width } = page
  const where = plainLine(placeOf(finding.location), 200)
  return [
    ...wrapped(
      `${paint.dim(where)}  ${paint.bold(plainLine(finding.message, 600))}${doubtOf(finding, page)}`,
      width,
      '    ',
      '  ',
    ),
    ...codeFrame(finding.location, finding.severity, page),
    ...finding.related
      .slice(0, 6)
      .flatMap(one => [
        ...wrapped(
          `${paint.cyan(plainLine(placeOf(one), 200))}  ${plainLine(one.message, 400)}`,
          width,
          '      ',
          '    ↳ ',
        ),
        ...codeFrame(one, 'info', page),
      ]),
    ...(finding.help === undefined
      ? []
      : wrapped(plainLine(finding.help, 600), width, '          ', `    ${paint.dim('help')}  `)),
    ...finding.fixes
      .slice(0, 4)
      .flatMap(fix =>
        wrapped(
          `${plainLine(fix.description, 300)}${fix.kind === 'fix' ? paint.dim(' (lambdacheck lint --fix)') : ''}`,
          width,
          '          ',
          `    ${paint.dim(fix.kind === 'fix' ? 'fix ' : 'try ')}  `,
        ),
      ),
  ]
}

function codeFrame(location: Location, severity: Finding['severity'], { paint, width }: Page): string[] {
  const lines = frameOf(location)
  const gutter = String(lines.at(-1)?.number ?? 0).length
  const room = width - gutter - 9
  const colour = { error: paint.red, warning: paint.yellow, info: paint.cyan }[severity]
  return lines.flatMap(({ number, text, hit, marked }) => {
    const shown = text.length > room ? `${beginning(text, room - 1)}…` : text
    const label = String(number).padStart(gutter)
    const line = hit
      ? `    ${colour('❯')} ${label} ${paint.dim('│')} ${shown}`
      : `      ${paint.dim(`${label} │ ${shown}`)}`
    if (marked === undefined || marked.from >= shown.length) return [line.trimEnd()]
    const carets = colour('^'.repeat(Math.max(1, Math.min(marked.to, shown.length) - marked.from)))
    return [
      line.trimEnd(),
      `      ${' '.repeat(gutter)} ${paint.dim('│')} ${' '.repeat(stringWidth(shown.slice(0, marked.from)))}${carets}`,
    ]
  })
}

function notes(texts: readonly string[], { paint, width }: Page): string[] {
  return texts
    .slice(0, 20)
    .flatMap(text => wrapped(`${paint.yellow('note')} ${plainLine(text, 400)}`, width, '       ', '  '))
}

function rule(title: string, { paint, width }: Page): string {
  return `${paint.bold(title)} ${paint.dim('─'.repeat(Math.max(0, width - stringWidth(title) - 1)))}`
}

/** `text` broken at `width`, its first line behind `first` and the others behind `indent`. */
function wrapped(text: string, width: number, indent: string, first = indent): string[] {
  return wrapAnsi(text, Math.max(20, width - stringWidth(indent)), { hard: true, trim: true })
    .split('\n')
    .map((line, at) => `${at === 0 ? first : indent}${line}`)
}
