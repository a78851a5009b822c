/** The first page of a site: endpoints by profiles, their two figures, and what changed with the last run of each. */
import { markup, type Markup } from '../../base/markup.ts'
import { compareEvidence } from '../changes.ts'
import { overallVerdict } from '../certify.ts'
import { figuresOf } from '../figures.ts'
import { plainLine } from '../plain.ts'
import { amount } from '../summary.ts'
import { htmlDocument } from '../render/html/page.ts'
import { htmlCell, LEGEND, tableOf } from '../render/side-by-side.ts'
import type { SiteEndpoint } from './endpoints.ts'
import { momentOf, shareBar } from './parts.ts'

/** The whole page. */
export function overviewPage(endpoints: readonly SiteEndpoint[], title: string): string {
  const verdicts = endpoints.map(endpoint => overallVerdict(endpoint.latest.results, endpoint.latest).verdict)
  const certified = verdicts.filter(verdict => verdict === 'certified').length
  const shown = plainLine(title, 120)
  return htmlDocument({
    title: `${shown} · lambdacheck`,
    icon: certified > 0,
    body: markup`
<a class="skip" href="#endpoints">Skip to the endpoints</a>
<header class="hero ${certified > 0 ? 'good' : 'unsure'}"><div class="wrap">
<p class="brand"><b aria-hidden="true">λ</b> lambdacheck</p>
<h1>${shown}</h1>
<p class="lead">${amount(endpoints.length, 'endpoint')} held against AWS's documentation of Lambda, ${certified === 0 ? 'none' : String(certified)} certified as a whole.</p>
</div></header>
<main class="wrap">
<section aria-labelledby="endpoints"><h2 id="endpoints">Endpoints</h2>
<ul class="site-cards">${endpoints.map(card)}</ul></section>
${endpoints.length > 0 && matrix(endpoints)}
</main>
<footer class="wrap"><p>Written by lambdacheck from the evidence of each run. Divergence: failed of those tried. Coverage: tried of all MUST cases.</p></footer>`,
  })
}

function card({ slug, name, latest, runs }: SiteEndpoint): Markup {
  const { divergence, coverage } = figuresOf(latest)
  const certified = latest.profiles.filter(profile => profile.certified).length
  const [, before] = runs
  return markup`<li><h3><a href="${slug}/index.html">${name}</a></h3>
<p class="more">${plainLine(latest.endpoint?.software ?? '', 80) || 'version unknown'} · ${momentOf(latest)}</p>
<dl><div><dt>Divergence</dt><dd>${shareBar(divergence, 'fail')}</dd></div><div><dt>Coverage</dt><dd>${shareBar(coverage, 'pass')}</dd></div></dl>
<p>${amount(certified, 'profile')} certified of ${latest.profiles.length}</p>
${before !== undefined && markup`<p class="more">Since ${momentOf(before)}: ${plainLine(compareEvidence(before, latest).sentence, 300)}</p>`}</li>
`
}

function matrix(endpoints: readonly SiteEndpoint[]): Markup {
  const runs = endpoints.map(({ name, latest }) => ({ name, evidence: latest }))
  const { rows, totals, figures } = tableOf(runs)
  return markup`<section aria-labelledby="matrix"><h2 id="matrix">Profiles</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="matrix"><table class="site-matrix"><thead><tr><th scope="col">Profile</th>${endpoints.map(({ slug, name }) => markup`<th scope="col"><a href="${slug}/index.html">${name}</a></th>`)}</tr></thead>
<tbody>${rows.map(({ profile, cells }) => markup`<tr><th scope="row">${plainLine(profile, 60)}</th>${cells.map(htmlCell)}</tr>\n`)}
<tr><th scope="row">The whole</th>${totals.map(total => markup`<td><b>${total}</b></td>`)}</tr>
${figures.map(({ label, values }) => markup`<tr><th scope="row">${label}</th>${values.map(value => markup`<td>${value}</td>`)}</tr>\n`)}</tbody></table></div>
<p class="more">${LEGEND}</p></section>`
}
