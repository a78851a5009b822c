/** `report.html`: one file that needs no network, reads well on a phone and in the dark, and without JavaScript. */
import { createHash } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { readAsset } from '../../assets.ts'
import type { Evidence, Verdict } from '../../evidence.ts'
import { markup, trusted, type Markup } from '../../../base/markup.ts'
import { certificateName } from '../../capability-names.ts'
import { plainLine } from '../../plain.ts'
import { amount, duration, grouped, runTime, summarize, type StandingProfile, type Summary } from '../../summary.ts'
import { figuresLine } from '../../figures.ts'
import { causeSection } from './causes.ts'
import { entriesOf, type Entry } from './entries.ts'
import { KINDS_OF_CHECK, matrixSection } from './matrix.ts'

/** Entries that stand in the page itself and are read without JavaScript; the rest is laid out as it is looked for. */
const STANDING = 120
const STANDING_CHARACTERS = 500_000

/** The whole page. */
export function renderHtml(evidence: Evidence): string {
  const summary = summarize(evidence)
  const entries = entriesOf(evidence, summary)
  const standing = countStanding(entries)
  const script = readAsset('render/html/report.js')
  const body = markup`
<a class="skip" href="#results">Skip to the results</a>
${hero(evidence, summary)}
<main class="wrap">
${summary.causes.length > 0 && causeSection(summary.causes, summary.excused)}
${summary.profiles.length > 0 && profileSection(summary.profiles)}
${evidence.results.length > 0 && matrixSection(evidence.results)}
${summary.unsupportedActions.length > 0 && unsupportedSection(summary.unsupportedActions)}
${entries.length > 0 && results(entries, standing)}
${evidence.notes.length > 0 && notesSection(evidence.notes)}
</main>
<footer class="wrap">
<p>Written by lambdacheck ${plainLine(evidence.tool.version, 60)}. Everything here follows from <code>evidence.json</code>, which holds the exchanges whole.</p>
</footer>
<script type="text/plain" id="entries">${trusted(packed(entries.map(({ html, ...entry }, at) => (at < standing ? entry : { ...entry, html: html.markup }))))}</script>
<script>${trusted(script)}</script>`
  return htmlDocument({
    title: titleOf(evidence, summary),
    body,
    script,
    icon: summary.tested ? summary.acceptable : summary.severities.error === 0,
  })
}

/**
 * A document of its own: style within, nothing fetched, and a policy that allows neither network nor any script but the
 * one given.
 *
 * @param icon whether the tab shows a good or a bad mark
 */
export function htmlDocument({
  title,
  body,
  script,
  icon,
}: {
  readonly title: string
  readonly body: Markup
  readonly script?: string
  readonly icon: boolean
}): string {
  const style = readAsset('render/html/report.css')
  const policy = [
    "default-src 'none'",
    `style-src '${hash(style)}'`,
    ...(script === undefined ? [] : [`script-src '${hash(script)}'`]),
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const favicon = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="${icon ? '#1a7f37' : '#c4202b'}"/></svg>`)}`
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${favicon}">
<style>${trusted(style)}</style>
</head>
<body>${body}
</body>
</html>
`.markup
}

/** As Content Security Policy wants it: of the very text between the tags. */
function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

/**
 * JSON, deflated and as base64: exchanges have most of their text in common, which is then written once, and nothing in
 * it can end the element that it stands in.
 */
function packed(value: unknown): string {
  return deflateRawSync(JSON.stringify(value), { level: 9 }).toString('base64')
}

function countStanding(entries: readonly Entry[]): number {
  let characters = 0
  for (const [at, entry] of entries.entries()) {
    characters += entry.html.markup.length
    if (
      at >= STANDING ||
      characters > STANDING_CHARACTERS ||
      entry.verdict === 'pass' ||
      entry.verdict === 'suppressed'
    )
      return at
  }
  return entries.length
}

function titleOf(evidence: Evidence, summary: Summary): string {
  const name = plainLine(evidence.endpoint?.name ?? '', 60)
  return `${summary.tested ? summary.headline.text : lintHeadline(summary)}${name === '' ? '' : `: ${name}`} · lambdacheck`
}

function lintHeadline({ severities }: Summary): string {
  const { error, warning, info } = severities
  const parts = [
    ...(error > 0 ? [amount(error, 'error')] : []),
    ...(warning > 0 ? [amount(warning, 'warning')] : []),
    ...(info > 0 ? [`${grouped(info)} info`] : []),
  ]
  return parts.length === 0 ? 'No findings' : parts.join(', ')
}

const ORDER: readonly Verdict[] = ['pass', 'fail', 'inconclusive', 'unsupported', 'skipped']
const WORDS: { readonly [verdict in Verdict]: string } = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'inconclusive',
  unsupported: 'unsupported',
  skipped: 'skipped',
}

function lintTone({ severities, findings }: Summary): Summary['headline']['tone'] {
  if (severities.error > 0) return 'bad'
  return findings.length > 0 ? 'unsure' : 'good'
}

function hero(evidence: Evidence, summary: Summary): Markup {
  const { lead, headline, tested } = summary
  const tone = tested ? headline.tone : lintTone(summary)
  const name = plainLine(evidence.endpoint?.name ?? '', 80)
  return markup`<header class="hero ${tone}"><div class="wrap">
<p class="brand"><b aria-hidden="true">λ</b> lambdacheck</p>
<h1>${tested ? headline.text : lintHeadline(summary)}${name !== '' && markup` <span class="subject">${name}</span>`}</h1>
<p class="lead">${tested && plainLine(lead, 600)}${tested && evidence.findings.length > 0 && ` Lint: ${lintHeadline(summary).toLowerCase()}.`}${!tested && 'What the linter found in code, templates and policies.'}</p>
${tested && summary.figures.coverage.of > 0 && markup`<p class="lead">${plainLine(figuresLine(summary.figures), 300)}</p>`}
${
  evidence.results.length > 0 &&
  markup`<div class="share">${bar(summary.counts, 'All cases')}
<ul class="legend">${ORDER.filter(one => summary.counts[one] > 0).map(one => markup`<li class="${one}"><b>${grouped(summary.counts[one])}</b> ${WORDS[one]}</li>`)}</ul></div>`
}
<dl class="facts">${facts(evidence).map(([term, value]) => markup`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
</div></header>`
}

const fact = (term: string, value: string): [string, string] => [term, value]

function facts(evidence: Evidence): [string, string][] {
  const { endpoint, options } = evidence
  const seed = options['seed']
  return [
    ...(endpoint === undefined ? [] : [fact('Endpoint', plainLine(endpoint.url, 200))]),
    ...(endpoint?.software === undefined ? [] : [fact('Software', plainLine(endpoint.software, 100))]),
    ...(endpoint?.artifact === undefined
      ? []
      : [fact('Of', `${plainLine(endpoint.artifact.name, 80)} sha256:${plainLine(endpoint.artifact.sha256, 12)}`)]),
    ...(evidence.results.length === 0
      ? []
      : [
          fact('Documentation of', plainLine(evidence.spec.edition, 20)),
          fact('Cases', grouped(evidence.results.length)),
          fact('Requests', grouped(evidence.requests)),
        ]),
    ...(typeof seed === 'number' ? [fact('Seed', String(seed))] : []),
    ['Took', duration(runTime(evidence))],
    ['Started', plainLine(evidence.startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC'), 40)],
  ]
}

/** A bar of shares; its figures are spoken for those who do not see it. */
function bar(counts: { readonly [verdict in Verdict]: number }, what: string): Markup {
  const all = ORDER.reduce((sum, one) => sum + counts[one], 0)
  const parts = ORDER.filter(one => counts[one] > 0)
  let left = 0
  const spoken = `${what}: ${parts.map(part => `${grouped(counts[part])} ${WORDS[part]}`).join(', ') || 'none'}`
  return markup`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="${spoken}">${parts.map(
    part => {
      const from = left
      left += (counts[part] / all) * 1000
      return markup`<rect class="${part}" x="${from.toFixed(1)}" width="${Math.max(left - from, 3).toFixed(1)}" height="10"/>`
    },
  )}</svg>`
}

function profileSection(profiles: readonly StandingProfile[]): Markup {
  return markup`<section aria-labelledby="profiles-title">
<h2 id="profiles-title">Profiles</h2>
<table class="profiles"><thead><tr><th scope="col">Profile</th><th scope="col">Verdict</th><th scope="col">MUST cases</th>${FIGURES.map(one => markup`<th scope="col" class="figure">${one.title}</th>`)}</tr></thead>
<tbody>${profiles.map(profileRow)}</tbody></table>
</section>`
}

const FIGURES: readonly { readonly verdict: Verdict; readonly title: string }[] = [
  { verdict: 'pass', title: 'Passed' },
  { verdict: 'fail', title: 'Failed' },
  { verdict: 'inconclusive', title: 'Inconclusive' },
  { verdict: 'unsupported', title: 'Unsupported' },
  { verdict: 'skipped', title: 'Skipped' },
]

function profileRow(one: StandingProfile): Markup {
  const { mustCounts: must } = one
  const all = ORDER.reduce((sum, verdict) => sum + must[verdict], 0)
  const state = {
    certified: markup`<span class="state-yes">✔ Certified</span>`,
    untested: markup`<span class="state-none">Not tested</span>`,
    'no-must': markup`<span class="state-none">No MUST case</span>`,
    'in-part': markup`<span class="state-part">◐ Holds in part</span>`,
    'not-certified': markup`<span class="state-no">✘ Not certified</span>`,
  }[one.standing]
  const name = plainLine(one.profile, 60)
  const skipped = (one.skipped ?? [])
    .slice(0, 4)
    .map(({ reason, cases }) => `${amount(cases, 'case')}: ${plainLine(reason, 160)}`)
  return markup`<tr><td class="name"><a href="#results" data-profile="${name}">${plainLine(certificateName(one), 120)}</a></td><td class="state">${state}</td>
<td class="share">${bar(must, `MUST cases of ${name}`)}${one.why !== undefined && markup`<span class="why">${plainLine(one.why, 400)}</span>`}${skipped.length > 0 && markup`<span class="why">Skipped ${skipped.join('; ')}</span>`}</td>
${FIGURES.map(({ verdict }) =>
  verdict === 'pass'
    ? markup`<td class="figure passed">${grouped(must.pass)} of ${grouped(all)}</td>`
    : markup`<td class="figure ${must[verdict] === 0 ? 'zero' : verdict}">${must[verdict] === 0 ? '·' : grouped(must[verdict])}</td>`,
)}</tr>`
}

function unsupportedSection(actions: readonly string[]): Markup {
  return markup`<section aria-labelledby="unsupported-title">
<h2 id="unsupported-title">Not implemented by the endpoint (${actions.length})</h2>
<ul class="chips">${actions.slice(0, 200).map(action => markup`<li>${plainLine(action, 80)}</li>`)}</ul>
</section>`
}

const KINDS: readonly {
  readonly verdict: Entry['verdict']
  readonly title: string
  readonly heading: string
  readonly off?: true
}[] = [
  { verdict: 'fail', title: 'Failed', heading: 'Failures' },
  { verdict: 'error', title: 'Lint errors', heading: 'Lint errors' },
  { verdict: 'warning', title: 'Lint warnings', heading: 'Lint warnings' },
  { verdict: 'info', title: 'Lint info', heading: 'Lint information' },
  { verdict: 'inconclusive', title: 'Inconclusive', heading: 'Inconclusive' },
  { verdict: 'unsupported', title: 'Unsupported', heading: 'Not implemented', off: true },
  { verdict: 'skipped', title: 'Skipped', heading: 'Skipped', off: true },
  { verdict: 'suppressed', title: 'Suppressed', heading: 'Suppressed lint findings', off: true },
  { verdict: 'pass', title: 'Passed', heading: 'Passed', off: true },
]

function results(entries: readonly Entry[], standing: number): Markup {
  const profiles = [...new Set(entries.map(entry => entry.group))].sort()
  const kindsOfCheck = KINDS_OF_CHECK.filter(kind => entries.some(entry => entry.kind === kind))
  const kinds = KINDS.filter(({ verdict }) => entries.some(entry => entry.verdict === verdict))
  // With nothing wrong, what passed is what there is to see.
  const quiet = kinds.every(kind => kind.off)
  return markup`<section aria-labelledby="results">
<h2 id="results">Results</h2>
<form class="filter" id="filter" role="search" aria-label="Filter results" hidden>
<label class="visually-hidden" for="text">Text</label><input id="text" type="search" placeholder="Filter by text: clause, action, file, rule …" autocomplete="off" spellcheck="false">
<label class="visually-hidden" for="profile">Profile</label><select id="profile"${profiles.length < 2 && trusted(' hidden')}><option value="">All profiles</option>${profiles.map(profile => markup`<option>${profile}</option>`)}</select>
<label class="visually-hidden" for="kind">Kind of check</label><select id="kind"${kindsOfCheck.length < 2 && trusted(' hidden')}><option value="">All checks</option>${kindsOfCheck.map(one => markup`<option>${one}</option>`)}</select>
<fieldset><legend class="visually-hidden">Verdicts</legend>${kinds.map(
    ({ verdict, title, off }) =>
      markup`<label class="toggle ${verdict}"><input type="checkbox" value="${verdict}"${(off !== true || quiet) && trusted(' checked')}><span>${title} <b>${grouped(entries.filter(entry => entry.verdict === verdict).length)}</b></span></label>`,
  )}</fieldset>
<output class="status" id="status" for="text profile" aria-live="polite"></output>
</form>
<div class="list" id="list" data-headings="${JSON.stringify(Object.fromEntries(KINDS.map(one => [one.verdict, one.heading])))}">${standingList(entries.slice(0, standing))}</div>
${standing < entries.length && markup`<noscript><p class="empty">${amount(entries.length - standing, 'more entry', 'more entries')} (${standing === 0 ? 'nothing failed' : 'mostly what passed'}) can be seen with JavaScript, or in evidence.json.</p></noscript>`}
<button class="page" id="more" type="button" hidden>Show more</button>
</section>`
}

/** The entries under headings of their verdict and profile, as the script lays them out too. */
function standingList(entries: readonly Entry[]): Markup[] {
  return entries.map((entry, at) => {
    const before = entries[at - 1]
    const heading =
      before?.verdict !== entry.verdict &&
      markup`<h3>${KINDS.find(one => one.verdict === entry.verdict)?.heading ?? ''}</h3>`
    const group = (heading !== false || before?.heading !== entry.heading) && markup`<h4>${entry.heading}</h4>`
    return markup`${heading}${group}${entry.html}\n`
  })
}

function notesSection(notes: readonly string[]): Markup {
  return markup`<section aria-labelledby="notes-title">
<h2 id="notes-title">Notes</h2>
<ul class="notes">${notes.slice(0, 100).map(note => markup`<li>${plainLine(note, 600)}</li>`)}</ul>
</section>`
}
