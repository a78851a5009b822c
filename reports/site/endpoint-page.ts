/** The page of one endpoint: where it stands, what to mend, how it got there, and badges to copy. */
import { markup, type Markup } from '../../base/markup.ts'
import { certificateName } from '../capability-names.ts'
import { compareEvidence } from '../changes.ts'
import type { Evidence } from '../evidence.ts'
import { figuresLine, figuresOf, percent, type Share } from '../figures.ts'
import { plainLine } from '../plain.ts'
import { amount, grouped, type StandingProfile, summarize, type Summary } from '../summary.ts'
import { causeSection } from '../render/html/causes.ts'
import { htmlDocument } from '../render/html/page.ts'
import { changeLists } from '../render/side-by-side.ts'
import type { SiteEndpoint } from './endpoints.ts'
import { momentOf } from './parts.ts'

/** Runs of the history that are shown; the newest are of use. */
const RUNS_SHOWN = 60
const ITEMS_SHOWN = 200

/** The whole page. */
export function endpointPage(endpoint: SiteEndpoint, site: string): string {
  const { name, latest } = endpoint
  const summary = summarize(latest)
  const { headline } = summary
  return htmlDocument({
    title: `${name}: ${headline.text} · lambdacheck`,
    icon: summary.acceptable,
    body: markup`
<a class="skip" href="#profiles">Skip to the profiles</a>
<header class="hero ${headline.tone}"><div class="wrap">
<p class="brand"><b aria-hidden="true">λ</b> <a href="../index.html">${plainLine(site, 120)}</a></p>
<h1>${headline.text} <span class="subject">${name}</span></h1>
<p class="lead">${plainLine(summary.lead, 600)}</p>
<p class="lead">${plainLine(figuresLine(summary.figures), 300)}</p>
<p class="lead"><a href="report.html">The whole report of ${momentOf(latest)}</a></p>
</div></header>
<main class="wrap">
${summary.profiles.length > 0 && profileSection(summary, endpoint)}
${historySection(endpoint)}
${changeSection(endpoint)}
${summary.causes.length > 0 && causeSection(summary.causes, summary.excused)}
</main>
<footer class="wrap"><p>Written by lambdacheck ${plainLine(latest.tool.version, 60)}.</p></footer>`,
  })
}

function profileSection({ profiles }: Summary, { badges }: SiteEndpoint): Markup {
  return markup`<section aria-labelledby="profiles"><h2 id="profiles">Profiles</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="profiles"><table class="site-wide"><thead><tr><th scope="col">Profile</th><th scope="col">Verdict</th><th scope="col" class="figure">MUST passed</th><th scope="col">Badge</th></tr></thead>
<tbody>${profiles.map(profile => profileRow(profile, badges.get(profile.profile) ?? 'badge.json'))}</tbody></table></div>
<p class="more">A badge is JSON that shields.io draws: <code>https://img.shields.io/endpoint?url=…</code> with the address of the file.</p></section>`
}

const STATES: { readonly [standing in StandingProfile['standing']]: Markup } = {
  certified: markup`<span class="state-yes">✔ Certified</span>`,
  untested: markup`<span class="state-none">Not tested</span>`,
  'no-must': markup`<span class="state-none">No MUST case</span>`,
  'in-part': markup`<span class="state-part">◐ Holds in part</span>`,
  'not-certified': markup`<span class="state-no">✘ Not certified</span>`,
}

function profileRow(one: StandingProfile, file: string): Markup {
  const all = Object.values(one.mustCounts).reduce((sum, n) => sum + n, 0)
  return markup`<tr><td class="name">${plainLine(certificateName(one), 120)}</td><td class="state">${STATES[one.standing]}</td><td class="figure">${grouped(one.mustCounts.pass)} of ${grouped(all)}</td><td><a href="${file}"><code>${file}</code></a></td></tr>
`
}

function historySection({ runs }: SiteEndpoint): Markup {
  return markup`<section aria-labelledby="history"><h2 id="history">History</h2>
${runs.length > 1 && curve(runs)}
<div class="scroll" tabindex="0" role="region" aria-labelledby="history"><table class="site-wide"><thead><tr><th scope="col">Begun (UTC)</th><th scope="col">Software</th><th scope="col" class="figure">Certified</th><th scope="col" class="figure">Divergence</th><th scope="col" class="figure">Coverage</th><th scope="col">Cases</th><th scope="col">Beside the run before</th></tr></thead>
<tbody>${runs.slice(0, RUNS_SHOWN).map((run, at) => runRow(run, runs[at + 1]))}</tbody></table></div>
${runs.length > RUNS_SHOWN && markup`<p class="more">And ${amount(runs.length - RUNS_SHOWN, 'earlier run')}.</p>`}</section>`
}

function runRow(run: Evidence, before: Evidence | undefined): Markup {
  const { divergence, coverage, cases } = figuresOf(run)
  const certified = run.profiles.filter(profile => profile.certified).length
  return markup`<tr><th scope="row">${momentOf(run)}</th><td>${plainLine(run.endpoint?.software ?? '–', 80)}</td><td class="figure">${certified} of ${run.profiles.length}</td><td class="figure">${percent(divergence)}</td><td class="figure">${percent(coverage)}</td><td>${plainLine(cases, 60)}</td><td>${before === undefined ? '–' : plainLine(compareEvidence(before, run).sentence, 300)}</td></tr>
`
}

/** Divergence over the runs, the oldest first; the table says the same in figures. */
function curve(runs: readonly Evidence[]): Markup {
  const shares = runs
    .slice(0, RUNS_SHOWN)
    .map(run => figuresOf(run).divergence)
    .toReversed()
  const step = 600 / Math.max(shares.length - 1, 1)
  const height = ({ cases, of }: Share): number => (of === 0 ? 0 : cases / of)
  const points = shares.map((share, at) => `${(at * step).toFixed(1)},${(4 + height(share) * 92).toFixed(1)}`)
  const spoken = shares.map(percent).join(', ')
  return markup`<figure class="site-curve"><svg viewBox="-4 0 608 100" preserveAspectRatio="none" role="img" aria-label="Divergence of ${amount(shares.length, 'run')}: ${spoken}"><polyline points="${points.join(' ')}"/></svg><figcaption class="more">Divergence, the oldest run on the left: ${spoken}. Nothing diverges at the top.</figcaption></figure>`
}

function changeSection({ latest, runs: [, before] }: SiteEndpoint): Markup | false {
  if (before === undefined) return false
  const changes = compareEvidence(before, latest)
  return markup`<section aria-labelledby="changes"><h2 id="changes">What changed since ${momentOf(before)}</h2>
<p>${plainLine(changes.sentence, 600)}</p>
${changeLists(changes).map(({ title, items }) => markup`<h3>${title} (${grouped(items.length)})</h3><ul class="cases" tabindex="0" aria-label="${title}">${items.slice(0, ITEMS_SHOWN).map(item => markup`<li>${item}</li>`)}</ul>`)}</section>`
}
