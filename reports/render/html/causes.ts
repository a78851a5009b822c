/** What is to be mended once, before the cases that tell of it one by one. */
import type { Excused } from '../../baseline.ts'
import type { Cause } from '../../causes.ts'
import { plainLine } from '../../plain.ts'
import { amount, grouped, heldBack } from '../../summary.ts'
import { markup, type Markup } from '../../../base/markup.ts'

/** That stand at once; a reader mends the first and runs again. */
const CAUSES_FIRST = 8
const CAUSES_SHOWN = 200
const CASES_SHOWN = 100

/** @param excused what a baseline excuses: a cause says how many of its cases it does not */
export function causeSection(causes: readonly Cause[], excused: Excused): Markup {
  const more = causes.length - CAUSES_SHOWN
  return markup`<section aria-labelledby="causes-title">
<h2 id="causes-title">What to mend first</h2>
<p class="more">${amount(causes.length, 'cause')}, what holds back most of a certificate first.</p>
${causes.slice(0, CAUSES_FIRST).map((cause, at) => causeEntry(cause, at, excused))}
${
  causes.length > CAUSES_FIRST &&
  markup`<details class="further"><summary>${amount(causes.length - CAUSES_FIRST, 'more cause')}</summary>
${causes.slice(CAUSES_FIRST, CAUSES_SHOWN).map((cause, at) => causeEntry(cause, at + CAUSES_FIRST, excused))}</details>`
}
${more > 0 && markup`<p class="more">And ${amount(more, 'more cause')}.</p>`}
</section>`
}

function causeEntry(cause: Cause, at: number, excused: Excused): Markup {
  const { title, results, actions, counts } = cause
  const [first] = results
  const verdict = (['fail', 'unsupported'] as const).find(one => counts[one] > 0) ?? 'inconclusive'
  const more = results.length - CASES_SHOWN
  const news = results.filter(excused.isNew).length
  return markup`<details class="entry ${verdict}"><summary><span class="sentence">${at + 1}. ${plainLine(title, 400)}</span>
<span class="meta">${news > 0 && markup`<span class="new">${grouped(news)} new</span>`}<span>${amount(results.length, 'case')}</span>${cause.holds.length > 0 && markup`<span>${plainLine(heldBack(cause, 6), 400)}</span>`}</span></summary>
<div class="body">
${first?.actual !== undefined && markup`<p>${plainLine(first.title, 300)}: expected ${plainLine(first.expected ?? '', 400)}, came ${plainLine(first.actual, 400)}</p>`}
${actions.length > 1 && markup`<p class="more">Seen at ${actions.map(action => plainLine(action, 80)).join(', ')}</p>`}
<ul class="cases" tabindex="0" aria-label="Cases">${results.slice(0, CASES_SHOWN).map(result => markup`<li>${plainLine(result.id, 200)}</li>`)}</ul>
${more > 0 && markup`<p class="more">And ${amount(more, 'more case')}.</p>`}
</div></details>
`
}
