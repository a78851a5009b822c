/** What the list of a report holds: clauses by what became of them, actions that are not implemented, lint findings. */
import type { CaseResult, Evidence, Finding, RecordedRequest, Verdict } from '../../evidence.ts'
import { groupBy } from '../../../base/group-by.ts'
import { markup, type Markup } from '../../../base/markup.ts'
import { plainLine } from '../../plain.ts'
import { amount, groupByClause, isExpected, placeOf, type ClauseGroup, type Summary } from '../../summary.ts'
import { kindOfCheck, type KindOfCheck } from './matrix.ts'
import { exchangesBlock, resultBlock } from './result.ts'
import { findingBody } from './finding.ts'

/** A clause with its results, as the page of a run lists it. */
export interface Entry {
  readonly verdict: Verdict | Finding['severity'] | 'suppressed'
  /** The profile, or `lint`: what the filter chooses by. */
  readonly group: string
  /** The profile, or the file of a finding: what the list is divided by within a verdict. */
  readonly heading: string
  /** What the clause asks for: what the filter chooses by, too. */
  readonly kind?: KindOfCheck
  /** Lower-case text that the filter searches. */
  readonly text: string
  readonly html: Markup
}

/** Characters of exchanges in the whole page; evidence.json holds them all. */
const MOST_EXCHANGES = 16_000_000
/** Results of one clause that are shown whole. */
const RESULTS_SHOWN = 5
const LINT = 'lint'

/** All entries, in the order of the list: by verdict, profile and weight. */
export function entriesOf(evidence: Evidence, summary: Summary): Entry[] {
  let left = MOST_EXCHANGES
  const exchanges = (result: CaseResult): Markup | undefined => {
    if (result.exchanges.length === 0) return undefined
    if (left <= 0)
      return markup`<p class="more">The exchanges are in evidence.json: there is no more room for them here.</p>`
    const block = exchangesBlock(result.exchanges)
    left -= block.markup.length
    return block
  }
  return [
    ...newFirst(byProfile(summary.failures), summary).map(one => clauseEntry(one, exchanges, summary)),
    ...summary.findings.map(findingEntry),
    ...newFirst(byProfile(summary.inconclusive), summary).map(one => clauseEntry(one, exchanges, summary)),
    ...unsupportedEntries(evidence.results),
    ...skippedEntries(evidence.results),
    ...summary.suppressed.map(findingEntry),
    ...byProfile(groupByClause(evidence.results, 'pass')).map(passEntry),
  ]
}

function byProfile(groups: readonly ClauseGroup[]): ClauseGroup[] {
  return [...groupBy(groups, one => one.clause.profile).values()].flat()
}

/** What a baseline does not excuse is looked for first. */
function newFirst(groups: readonly ClauseGroup[], { excused }: Summary): readonly ClauseGroup[] {
  const isNew = (group: ClauseGroup): boolean => group.results.some(excused.isNew)
  return [...groups.filter(isNew), ...groups.filter(group => !isNew(group))]
}

function clauseEntry(
  group: ClauseGroup,
  exchanges: (result: CaseResult) => Markup | undefined,
  { excused }: Summary,
): Entry {
  const { clause, results, verdict } = group
  const [first] = results
  const expected = plainLine(first?.expected ?? '', 160)
  const actual = plainLine(first?.actual ?? '', 160)
  const reason = plainLine(first?.reason ?? '', 240)
  // The last exchange is the one that decides; what came before it shows that it could have gone well.
  const last = first?.exchanges.at(-1)
  const sent = last === undefined ? '' : lineOf(last.request)
  const came = last?.response === undefined ? '' : plainLine(last.response.body, 160)
  const more = results.length - RESULTS_SHOWN
  return entry(
    verdict,
    { group: clause.profile, kind: kindOfCheck(clause) },
    [
      clause.id,
      clause.text,
      ...results.slice(0, RESULTS_SHOWN).flatMap(result => [result.title, result.action ?? '', result.actual ?? '']),
    ],
    markup`<details class="entry ${verdict}"><summary><span class="sentence">${plainLine(clause.text, 500) || '—'}</span>
<span class="meta"><span class="level">${clause.level.toUpperCase()}</span><code>${plainLine(clause.id, 200)}</code>${results.length > 1 && markup`<span>${amount(results.length, 'case')}</span>`}${isExpected(group) && markup`<span>expected failure</span>`}${results.some(excused.isNew) && markup`<span class="new">new since the baseline</span>`}</span>
${sent !== '' && markup`<span class="brief"><b>Sent</b> <code>${sent}</code></span>`}${expected !== '' && actual !== '' ? markup`<span class="brief"><b>Expected</b> ${expected}</span><span class="brief"><b>Came</b> ${differing(actual, expected)}${came !== '' && markup` <code>${came}</code>`}</span>` : reason !== '' && markup`<span class="brief">${reason}</span>`}</summary>
<div class="body">
${results.slice(0, RESULTS_SHOWN).map(result => resultBlock(result, exchanges(result)))}
${
  more > 0 &&
  markup`<p class="more">And ${amount(more, 'more case')} of this clause: ${results
    .slice(RESULTS_SHOWN, RESULTS_SHOWN + 20)
    .map(result => plainLine(result.title, 80))
    .join('; ')}</p>`
}
<p class="more">Stated in <code>${plainLine(`spec/${clause.page}:${clause.line}`, 200)}</code>${clause.origin !== 'guide' && (clause.origin === 'recorded' ? ', as the service itself was seen to do' : ", from AWS's later service model")}.</p>
</div></details>`,
  )
}

const lineOf = ({ method, url, body }: RecordedRequest): string =>
  plainLine(`${method} ${url.replace(/^https?:\/\/[^/]+/, '')} ${body}`.trim(), 200)

/** What came, with the part marked in which it is not what was expected. */
function differing(actual: string, expected: string): Markup {
  let from = 0
  while (from < actual.length && actual[from] === expected[from]) from++
  let end = 0
  while (end < actual.length - from && end < expected.length - from && actual.at(-1 - end) === expected.at(-1 - end))
    end++
  // Whole words: half of a number says nothing.
  const start = actual.lastIndexOf(' ', from) + 1
  const space = actual.indexOf(' ', actual.length - end)
  const stop = space === -1 ? actual.length : space
  return markup`${actual.slice(0, start)}<mark>${actual.slice(start, stop)}</mark>${actual.slice(stop)}`
}

function passEntry({ clause, results }: ClauseGroup): Entry {
  return entry(
    'pass',
    { group: clause.profile, kind: kindOfCheck(clause) },
    [clause.id, clause.text],
    markup`<div class="row pass"><span class="level">${clause.level.toUpperCase()}</span><span class="sentence">${plainLine(clause.text, 300) || '—'}</span><code>${plainLine(clause.id, 160)}</code>${results.length > 1 && markup`<span class="more">${amount(results.length, 'case')}</span>`}</div>`,
  )
}

/** An action that is missing is one thing to say, not a hundred. */
function unsupportedEntries(results: readonly CaseResult[]): Entry[] {
  const missing = results.filter(result => result.verdict === 'unsupported')
  return [...groupBy(missing, one => one.clause.profile)].flatMap(([profile, own]) =>
    [...groupBy(own, one => one.action ?? one.reason ?? one.clause.id)].map(([action, cases]) =>
      heap('unsupported', profile, plainLine(action, 200), cases),
    ),
  )
}

function skippedEntries(results: readonly CaseResult[]): Entry[] {
  const skipped = results.filter(result => result.verdict === 'skipped')
  return [...groupBy(skipped, one => one.clause.profile)].flatMap(([profile, own]) =>
    [...groupBy(own, one => one.reason ?? 'no reason given')].map(([reason, cases]) =>
      heap('skipped', profile, plainLine(reason, 300), cases),
    ),
  )
}

/** Many cases with one cause. */
function heap(verdict: Verdict, profile: string, cause: string, cases: readonly CaseResult[]): Entry {
  const ids = cases.map(one => plainLine(one.id, 160))
  return entry(
    verdict,
    { group: profile },
    [cause, ...ids.slice(0, 200)],
    markup`<details class="entry ${verdict}"><summary><span class="sentence">${cause}</span><span class="meta"><span>${amount(cases.length, 'case')} not run</span></span></summary>
<div class="body"><ul class="cases" tabindex="0" aria-label="Cases">${ids.slice(0, 2000).map(one => markup`<li>${one}</li>`)}</ul></div></details>`,
  )
}

function findingEntry(finding: Finding): Entry {
  const verdict = finding.suppressed === undefined ? finding.severity : 'suppressed'
  const place = plainLine(placeOf(finding.location), 300)
  return entry(
    verdict,
    { group: LINT, heading: finding.location.file },
    [finding.rule, finding.message, place, ...finding.related.map(one => one.file)],
    markup`<details class="entry ${verdict}"><summary><span class="sentence">${plainLine(finding.message, 600) || plainLine(finding.rule, 200)}</span>
<span class="meta"><span class="level">${finding.severity.toUpperCase()}</span>${finding.confidence === 'likely' ? markup`<span>likely</span>` : ''}<code>${place}</code><span>${plainLine(finding.rule, 120)}</span></span></summary>
<div class="body">${findingBody(finding)}</div></details>`,
  )
}

function entry(
  verdict: Entry['verdict'],
  { group, heading = group, kind }: { readonly group: string; readonly heading?: string; readonly kind?: KindOfCheck },
  texts: readonly string[],
  html: Markup,
): Entry {
  const text = plainLine(texts.map(text => plainLine(text, 300)).join(' '), 1500).toLowerCase()
  return {
    verdict,
    group: plainLine(group, 60) || '—',
    heading: plainLine(heading, 200) || '—',
    text,
    html,
    ...(kind && { kind }),
  }
}
