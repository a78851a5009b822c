/** Small pieces that the pages of a site have in common. */
import { markup, type Markup } from '../../base/markup.ts'
import type { Evidence } from '../evidence.ts'
import { percent, type Share } from '../figures.ts'
import { plainLine } from '../plain.ts'
import { grouped } from '../summary.ts'

/** When a run began: `2026-01-02 03:04`, UTC. */
export function momentOf({ startedAt }: Evidence): string {
  return plainLine(startedAt, 40).slice(0, 16).replace('T', ' ')
}

/** A share as a bar with its figures in words beside it. */
export function shareBar(share: Share, kind: 'pass' | 'fail'): Markup {
  const part = share.of === 0 ? 0 : (share.cases / share.of) * 100
  return markup`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="${kind}" width="${part.toFixed(1)}" height="10"/></svg><span>${percent(share)} <span class="more">(${grouped(share.cases)} of ${grouped(share.of)})</span></span>`
}
