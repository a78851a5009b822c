/** Badges: an SVG of its own, and the JSON from which shields.io draws one. */
import type { Evidence } from '../evidence.ts'
import { markup } from '../../base/markup.ts'
import { percent } from '../figures.ts'
import { plainLine } from '../plain.ts'
import { type StandingProfile, summarize } from '../summary.ts'

const LABEL = 'AWS Lambda'

interface Badge {
  readonly message: string
  readonly color: 'green' | 'red' | 'yellow' | 'grey'
}

function badgeOf(evidence: Evidence): Badge {
  const { overall, headline, profiles, tested, severities, figures } = summarize(evidence)
  if (!tested) {
    const { error, warning } = severities
    if (error > 0) return { message: `${error} lint error${error === 1 ? '' : 's'}`, color: 'red' }
    if (warning > 0) return { message: `${warning} lint warning${warning === 1 ? '' : 's'}`, color: 'yellow' }
    return { message: 'lint clean', color: 'green' }
  }
  if (overall.verdict === 'certified') return { message: 'certified', color: 'green' }
  if (overall.verdict === 'nothing-tested') return { message: 'not tested', color: 'grey' }
  if (headline.text === 'Passed in part') return { message: 'passed in part', color: 'yellow' }
  const certified = profiles.filter(profile => profile.certified).length
  const judged = profiles.filter(profile => Object.values(profile.mustCounts).some(n => n > 0)).length
  const told = `${percent(figures.divergence)} diverge, ${percent(figures.coverage)} covered`
  return certified === 0
    ? { message: `not certified: ${told}`, color: 'red' }
    : { message: `${certified} of ${judged} profiles: ${told}`, color: 'yellow' }
}

const COLORS = { green: '#1a7f37', red: '#cf222e', yellow: '#9a6700', grey: '#57606a' } as const

/** Widths of the characters of Verdana 11 px, in tenths of a pixel, for the few that a badge has. */
const WIDTHS: { readonly [character: string]: number } = {
  ' ': 39,
  f: 39,
  i: 30,
  j: 38,
  l: 30,
  r: 47,
  t: 43,
  m: 107,
  w: 90,
  W: 109,
  A: 75,
  S: 75,
  L: 61,
}
const width = (text: string): number => Math.ceil([...text].reduce((sum, one) => sum + (WIDTHS[one] ?? 68), 0) / 10)

/** An SVG image that stands alone. Its texts are this file's own: nothing of the evidence but figures gets into it. */
export function renderBadge(evidence: Evidence): string {
  const { message, color } = badgeOf(evidence)
  const [left, right] = [width(LABEL) + 14, width(message) + 14]
  const all = left + right
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${all}" height="20" role="img" aria-label="${LABEL}: ${message}">
<title>${LABEL}: ${message}</title>
<clipPath id="r"><rect width="${all}" height="20" rx="4"/></clipPath>
<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#24292f"/><rect x="${left}" width="${right}" height="20" fill="${COLORS[color]}"/></g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">
<text x="${left / 2}" y="14" textLength="${left - 14}">${LABEL}</text>
<text x="${left + right / 2}" y="14" textLength="${right - 14}">${message}</text>
</g>
</svg>
`.markup
}

/** The badge of one profile, as shields.io reads it. Ends in a newline. */
export function renderProfileShield(profile: StandingProfile): string {
  const { mustCounts: must, standing } = profile
  const all = Object.values(must).reduce((sum, n) => sum + n, 0)
  const passed = `${must.pass} of ${all}`
  const { message, color } = {
    certified: { message: 'certified', color: COLORS.green },
    'in-part': { message: `${passed} of a part`, color: COLORS.yellow },
    'not-certified': { message: passed, color: must.pass === 0 ? COLORS.red : COLORS.yellow },
    untested: { message: 'not tested', color: COLORS.grey },
    'no-must': { message: 'no MUST case', color: COLORS.grey },
  }[standing]
  return `${JSON.stringify({ schemaVersion: 1, label: `Lambda ${plainLine(profile.profile, 60)}`, message, color })}\n`
}

/** What shields.io reads from an endpoint badge. Ends in a newline. */
export function renderShield(evidence: Evidence): string {
  const { message, color } = badgeOf(evidence)
  return `${JSON.stringify({ schemaVersion: 1, label: LABEL, message, color: COLORS[color] })}\n`
}
