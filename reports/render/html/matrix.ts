/** Where an endpoint stands at a glance: actions by the kind of what is asked of them. */
import type { CaseResult, ClauseRef } from '../../evidence.ts'
import { groupBy } from '../../../base/group-by.ts'
import { markup, type Markup } from '../../../base/markup.ts'
import { plainLine } from '../../plain.ts'
import { amount, grouped } from '../../summary.ts'

/** What clauses ask, in the order of the columns. */
export const KINDS_OF_CHECK = ['answers', 'refusals', 'errors', 'lifecycle', 'behaviour'] as const
/** What a check looks at, by which the matrix groups its columns. */
export type KindOfCheck = (typeof KINDS_OF_CHECK)[number]

const KINDS: { readonly [kind in ClauseRef['kind']]: KindOfCheck } = {
  answer: 'answers',
  required: 'refusals',
  type: 'refusals',
  length: 'refusals',
  range: 'refusals',
  pattern: 'refusals',
  enum: 'refusals',
  items: 'refusals',
  entries: 'refusals',
  format: 'refusals',
  syntax: 'refusals',
  faults: 'refusals',
  error: 'errors',
  law: 'lifecycle',
  model: 'lifecycle',
  property: 'behaviour',
  quota: 'refusals',
  rule: 'behaviour',
}

/** The kind of check that a clause gives. */
export const kindOfCheck = ({ kind }: ClauseRef): KindOfCheck => KINDS[kind]

const MOST_ROWS = 200

interface Row {
  readonly name: string
  readonly cells: readonly { readonly kind: KindOfCheck; readonly tried: number; readonly passed: number }[]
  readonly tried: number
  readonly failed: number
}

/** A row for each action that was tried, the worst first, and the names of those that do all that was asked. */
export function matrixSection(results: readonly CaseResult[]): Markup {
  const rows = [...groupBy(results, one => one.action ?? one.clause.profile)].map(rowOf).filter(one => one.tried > 0)
  if (rows.length === 0) return markup``
  const bad = rows
    .filter(row => row.failed > 0)
    .sort((a, b) => b.failed / b.tried - a.failed / a.tried || b.failed - a.failed)
  const good = rows.filter(row => row.failed === 0)
  return markup`<section aria-labelledby="matrix-title">
<h2 id="matrix-title">Where it stands</h2>
${
  bad.length > 0 &&
  markup`<div class="scroll"><table class="heat"><thead><tr><th scope="col">Action</th>${KINDS_OF_CHECK.map(one => markup`<th scope="col">${one}</th>`)}</tr></thead>
<tbody>${bad.slice(0, MOST_ROWS).map(rowMarkup)}</tbody></table></div>
${bad.length > MOST_ROWS && markup`<p class="more">And ${amount(bad.length - MOST_ROWS, 'more action')}.</p>`}`
}
${
  good.length > 0 &&
  markup`<p class="label">Works as documented (${grouped(good.length)})</p><ul class="chips good">${good.slice(0, MOST_ROWS).map(one => markup`<li>${plainLine(one.name, 80)}</li>`)}</ul>`
}
</section>`
}

function rowOf([name, results]: readonly [string, readonly CaseResult[]]): Row {
  const tried = results.filter(result => result.verdict === 'pass' || result.verdict === 'fail')
  return {
    name,
    tried: tried.length,
    failed: tried.filter(one => one.verdict === 'fail').length,
    cells: KINDS_OF_CHECK.map(kind => {
      const own = tried.filter(one => kindOfCheck(one.clause) === kind)
      return { kind, tried: own.length, passed: own.filter(one => one.verdict === 'pass').length }
    }),
  }
}

/** Five steps of colour; the figures say the same to those who do not see it. */
function rowMarkup({ name, cells }: Row): Markup {
  const action = plainLine(name, 80)
  return markup`<tr><th scope="row"><a href="#results" data-text="${action}">${action}</a></th>${cells.map(
    ({ kind, tried, passed }) =>
      tried === 0
        ? markup`<td class="none">·</td>`
        : markup`<td class="share-${Math.floor((passed / tried) * 4)}"><a href="#results" data-text="${action}" data-kind="${kind}" aria-label="${action}, ${kind}: ${passed} of ${tried} passed">${passed}/${tried}</a></td>`,
  )}</tr>`
}
