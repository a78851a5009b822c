/**
 * The report that somebody signs: cover, scope, one row a control, what each rests on, what was accepted, what was not
 * looked at.
 */
import {
  type AssessedControl,
  type ControlReport,
  type ControlStatus,
  type Observation,
  STATUS_WORDS,
  STATUSES,
} from '../../controls/assess.ts'
import type { Evidence, Finding } from '../../evidence.ts'
import { markup, type Markup } from '../../../base/markup.ts'
import { plainLine } from '../../plain.ts'
import { amount, grouped } from '../../summary.ts'
import { findingBody } from '../html/finding.ts'
import { htmlDocument } from '../html/page.ts'

/** Of one control, on paper: everything is in the other formats. */
const MOST_FAILURES = 40
const MOST_OTHERS = 60
const MOST_EVIDENCE = 500

/** The assessment as one HTML document that loads nothing. */
export function renderControlsHtml(reports: readonly ControlReport[]): string {
  const evidence = reports[0]?.evidence
  const failed = reports.reduce((sum, one) => sum + one.statuses['not-satisfied'], 0)
  const body = markup`
<header class="hero ${failed ? 'bad' : 'good'}"><div class="wrap">
<p class="brand"><b aria-hidden="true">λ</b> lambdacheck</p>
<h1>Control report</h1>
<p class="lead">${reports.map(report => plainLine(report.framework.title, 160)).join('; ')}</p>
${evidence !== undefined && markup`<dl class="facts">${facts(evidence).map(([term, value]) => markup`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`}
</div></header>
<main class="wrap controls">
${evidence !== undefined && scope(evidence)}
${reports.map(frameworkSection)}
${evidenceSection(reports, new Map((evidence?.lint?.rules ?? []).map(rule => [rule.rule, rule.title])))}
${evidence !== undefined && notAssessed(evidence, reports)}
${signOff()}
</main>
<footer class="wrap"><p>Written by lambdacheck ${plainLine(evidence?.tool.version ?? '', 60)}. A control is satisfied when everything in scope passes and nothing is unknown. Titles of controls are lambdacheck's own words.</p></footer>`
  return htmlDocument({ title: 'Control report · lambdacheck', body, icon: failed === 0 })
}

const fact = (term: string, value: string): [string, string] => [term, value]

function facts({ lint, endpoint, startedAt, spec }: Evidence): [string, string][] {
  return [
    ...(lint?.commit === undefined ? [] : [fact('Commit', lint.commit.slice(0, 12))]),
    ...(lint === undefined ? [] : [fact('Digest of the project', lint.digest.slice(0, 16))]),
    ...(endpoint === undefined ? [] : [fact('Endpoint', plainLine(endpoint.software ?? endpoint.name, 100))]),
    ['Specification', `${plainLine(spec.edition, 20)}, ${plainLine(spec.digest, 12)}`],
    ['Assessed', plainLine(startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC'), 40)],
  ]
}

function scope({ lint, endpoint, results }: Evidence): Markup {
  const types = new Map<string, number>()
  for (const { type } of lint?.resources ?? []) types.set(type, (types.get(type) ?? 0) + 1)
  return markup`<section aria-labelledby="scope-title"><h2 id="scope-title">Scope</h2>
${
  lint !== undefined &&
  markup`<p>${amount(lint.files.length, 'file')} of the project were read, with ${amount(lint.resources.length, 'resource')}; ${amount(lint.rules.length, 'rule')} ran.</p>
<ul class="chips">${[...types]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 40)
    .map(([type, count]) => markup`<li>${plainLine(type, 80)} ${grouped(count)}</li>`)}</ul>`
}
${endpoint !== undefined && markup`<p>The endpoint ${plainLine(endpoint.name, 80)} answered ${amount(results.length, 'case')}.</p>`}
</section>`
}

function frameworkSection({ framework, controls, statuses, accepted }: ControlReport): Markup {
  return markup`<section><h2>${plainLine(framework.title, 160)}</h2>
<p class="dim">Version ${plainLine(framework.version, 40)}, ${plainLine(framework.origin, 200)}. ${plainLine(framework.licence, 200)}.</p>
<ul class="tally">${STATUSES.filter(one => statuses[one] > 0).map(one => markup`<li class="${one}"><b>${grouped(statuses[one])}</b> ${STATUS_WORDS[one]}</li>`)}</ul>
<table class="matrix controls-table"><thead><tr><th scope="col">Control</th><th scope="col">Verdict</th><th scope="col">What it asks for</th><th scope="col" class="figure">Pass</th><th scope="col" class="figure">Fail</th><th scope="col" class="figure">Unknown</th><th scope="col" class="figure">Accepted</th></tr></thead>
<tbody>${controls.map(controlRow)}</tbody></table>
${controls.filter(control => control.observations.some(it => it.verdict === 'fail' || it.verdict === 'unknown')).map(controlDetail)}
${accepted.length > 0 && acceptedTable(accepted)}
</section>`
}

function controlRow({ control, status, why, counts }: AssessedControl): Markup {
  const figure = (count: number, tone: string): Markup =>
    markup`<td class="figure ${count === 0 ? 'zero' : tone}">${count === 0 ? '·' : grouped(count)}</td>`
  return markup`<tr><th scope="row">${plainLine(control.id, 60)}${control.severity !== undefined && markup`<span class="why">${control.severity}</span>`}</th>
<td>${badge(status)}</td>
<td>${plainLine(control.title, 200)}<span class="why">${plainLine(why, 300)}</span>${control.limits !== undefined && status !== 'manual' && markup`<span class="why">Not looked at: ${plainLine(control.limits, 300)}</span>`}</td>
${figure(counts.pass, 'passed')}${figure(counts.fail, 'fail')}${figure(counts.unknown, 'inconclusive')}${figure(counts.accepted, 'skipped')}</tr>`
}

const badge = (status: ControlStatus): Markup => markup`<span class="verdict ${status}">${STATUS_WORDS[status]}</span>`

function controlDetail({ control, observations, counts }: AssessedControl): Markup {
  const failures = observations.filter(observation => observation.verdict === 'fail')
  const unknown = observations.filter(observation => observation.verdict === 'unknown')
  return markup`<section class="control-detail"><h3>${plainLine(control.id, 60)}: ${plainLine(control.title, 200)}</h3>
${failures.length > 0 && markup`<ul class="plain">${failures.slice(0, MOST_FAILURES).map(failure)}</ul>`}
${failures.length > MOST_FAILURES && markup`<p class="dim">${amount(failures.length - MOST_FAILURES, 'more failure')} in the other formats of this report.</p>`}
${
  unknown.length > 0 &&
  markup`<h4>Unknown (${grouped(counts.unknown)})</h4><ul class="plain">${unknown.slice(0, MOST_OTHERS).map(one => markup`<li>${plainLine(one.subject, 160)}: ${plainLine(one.why ?? '', 300)} <code>${plainLine(one.check, 120)}</code></li>`)}</ul>
${unknown.length > MOST_OTHERS && markup`<p class="dim">${amount(unknown.length - MOST_OTHERS, 'more')} in the other formats of this report.</p>`}`
}
</section>`
}

function failure(one: Observation): Markup {
  const where = one.place === undefined ? '' : `${one.place.file}:${one.place.line}`
  return markup`<li><b>${plainLine(one.subject, 160)}</b> ${plainLine(one.why ?? '', 600)} ${where !== '' && markup`<code>${plainLine(where, 300)}</code>`} <span class="dim">${plainLine(one.check, 120)}</span>${one.findings.slice(0, 5).map(finding => markup` <a href="#${anchorOf(finding)}">evidence</a>`)}</li>`
}

const anchorOf = (finding: Finding): string => `finding-${plainLine(finding.fingerprint, 60).replace(/[^\w-]/g, '')}`

/** Each finding once, however many controls rest on it: its sentence, its code, what to do. */
function evidenceSection(reports: readonly ControlReport[], titles: ReadonlyMap<string, string>): Markup {
  const found = new Map(
    reports.flatMap(report =>
      report.controls.flatMap(({ observations }) =>
        observations
          .filter(({ verdict }) => verdict === 'fail' || verdict === 'accepted')
          .flatMap(it => it.findings.map(finding => [finding.fingerprint, finding] as const)),
      ),
    ),
  )
  if (found.size === 0) return markup``
  return markup`<section aria-labelledby="evidence-title"><h2 id="evidence-title">Evidence (${grouped(found.size)})</h2>
${[...found.values()].slice(0, MOST_EVIDENCE).map(
  finding => markup`<div class="entry open ${finding.suppressed === undefined ? finding.severity : 'suppressed'}" id="${anchorOf(finding)}"><p class="sentence">${plainLine(finding.message, 600)}</p>
<p class="meta"><span class="level">${finding.severity.toUpperCase()}</span><code>${plainLine(finding.rule, 120)}</code><span>${plainLine(titles.get(finding.rule) ?? '', 300)}</span></p>
<div class="body">${findingBody(finding)}</div></div>`,
)}
${found.size > MOST_EVIDENCE && markup`<p class="dim">${amount(found.size - MOST_EVIDENCE, 'more finding')} in the other formats of this report.</p>`}</section>`
}

function acceptedTable(accepted: readonly Observation[]): Markup {
  return markup`<h3>Accepted risks (${grouped(accepted.length)})</h3>
<table class="matrix"><thead><tr><th scope="col">Rule</th><th scope="col">Resource</th><th scope="col">Reason</th><th scope="col">By</th><th scope="col">Until</th></tr></thead>
<tbody>${accepted.slice(0, 500).map(one => markup`<tr><td><code>${plainLine(one.check, 120)}</code></td><td>${plainLine(one.subject, 160)}</td><td>${plainLine(one.why ?? '', 400)}</td><td>${plainLine(one.by ?? 'not said', 100)}</td><td>${plainLine(one.until ?? 'no end', 20)}</td></tr>`)}</tbody></table>`
}

function notAssessed({ lint, notes }: Evidence, reports: readonly ControlReport[]): Markup {
  const missing = [...new Set(reports.flatMap(report => report.controls.flatMap(({ missing: them }) => them)))].sort()
  const manual = reports.flatMap(report =>
    report.controls
      .filter(({ status }) => status === 'manual')
      .map(({ control, why }) => `${control.id}: ${control.title}. ${why}`),
  )
  return markup`<section aria-labelledby="holes-title"><h2 id="holes-title">What was not assessed</h2>
${missing.length === 0 && manual.length === 0 && (lint?.unread.length ?? 0) === 0 && markup`<p>Everything that the frameworks name was looked at.</p>`}
${missing.length > 0 && markup`<h3>Checks that did not run</h3><p class="dim">Rules are off unless the preset or the configuration asks for them; clauses need a run of certify.</p><ul class="chips">${missing.slice(0, 200).map(one => markup`<li>${plainLine(one, 120)}</li>`)}</ul>`}
${manual.length > 0 && markup`<h3>For a person</h3><ul class="plain">${manual.slice(0, 200).map(one => markup`<li>${plainLine(one, 400)}</li>`)}</ul>`}
${lint !== undefined && lint.unread.length > 0 && markup`<h3>Could not be read</h3><ul class="plain">${lint.unread.slice(0, 100).map(one => markup`<li>${plainLine(one, 400)}</li>`)}</ul>`}
${notes.length > 0 && markup`<h3>Notes of the run</h3><ul class="plain">${notes.slice(0, 100).map(note => markup`<li>${plainLine(note, 600)}</li>`)}</ul>`}
</section>`
}

/** Lines to write on. */
function signOff(): Markup {
  return markup`<section class="sign-off" aria-labelledby="sign-title"><h2 id="sign-title">Sign-off</h2>
<div class="signatures">${['Assessed by', 'Accepted by'].map(one => markup`<dl><div><dt>${one}</dt><dd></dd></div><div><dt>Date</dt><dd></dd></div><div><dt>Signature</dt><dd></dd></div></dl>`)}</div></section>`
}
