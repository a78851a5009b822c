/** A lint finding with its code, the other ends of it, and what to do. */
import type { Finding, Location } from '../../evidence.ts'
import { frameOf, type FrameLine } from '../../frame.ts'
import { markup, type Markup } from '../../../base/markup.ts'
import { plain, plainLine } from '../../plain.ts'
import { placeOf } from '../../summary.ts'

/** What stands in an opened finding: code, help and fixes. */
export function findingBody(finding: Finding): Markup {
  return markup`${frame(finding.location, undefined)}
${finding.related.slice(0, 10).map(one => frame(one, plainLine(one.message, 500)))}
${finding.help !== undefined && markup`<p class="advice">${plain(finding.help, 1500)}</p>`}
${finding.fixes.slice(0, 5).map(
  fix => markup`<p class="advice">${fix.kind === 'fix' ? 'Fix' : 'Suggestion'}: ${plainLine(fix.description, 400)}${fix.kind === 'fix' && markup` (<code>lambdacheck lint --fix</code>)`}</p>
${fix.edits.some(edit => edit.text.trim() !== '') && markup`<pre class="fold" tabindex="0">${plain(fix.edits.map(edit => edit.text).join('\n…\n'), 2000)}</pre>`}`,
)}
${finding.suppressed !== undefined && markup`<p class="advice">Suppressed at <code>${plainLine(placeOf(finding.suppressed.location), 300)}</code>: ${plainLine(finding.suppressed.reason, 400)}</p>`}
<p class="more">Rule <code>${plainLine(finding.rule, 120)}</code>; <code>lambdacheck explain ${plainLine(finding.rule, 120)}</code> says why.</p>`
}

/** @param message what the other end of a finding is; undefined for the finding's own place */
function frame(location: Location, message: string | undefined): Markup {
  const lines = frameOf(location)
  return markup`<figure class="frame${message !== undefined && ' other'}"><figcaption><code>${plainLine(placeOf(location), 300)}</code>${message !== undefined && ` ${message}`}</figcaption>
${lines.length > 0 && markup`<pre tabindex="0">${lines.map(frameLine)}</pre>`}</figure>`
}

function frameLine({ number, text, hit, marked }: FrameLine): Markup {
  const code =
    marked === undefined
      ? text
      : markup`${text.slice(0, marked.from)}<mark>${text.slice(marked.from, marked.to)}</mark>${text.slice(marked.to)}`
  return markup`<span class="ln${hit && ' hit'}"><i>${number}</i>${code}</span>`
}
