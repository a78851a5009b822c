/** Runs by endpoint, and where the pages of each lie. */
import { groupBy } from '../../base/group-by.ts'
import type { Evidence } from '../evidence.ts'
import type { Named } from '../merge.ts'
import { plainLine } from '../plain.ts'
import { compareText } from '../../base/compare-text.ts'

/** An endpoint with its runs. */
export interface SiteEndpoint {
  /** Folder of its pages. */
  readonly slug: string
  /** As the evidence says, fit to be shown. */
  readonly name: string
  readonly latest: Evidence
  /** Newest first, `latest` among them. */
  readonly runs: readonly Evidence[]
  /** Names of the files with the badges, by profile of the latest run. */
  readonly badges: ReadonlyMap<string, string>
}

/** Endpoints by name, in the order of the alphabet. Evidence without an endpoint (of lint alone) is left out. */
export function endpointsOf(runs: readonly Named[]): readonly SiteEndpoint[] {
  const slug = slugs()
  return [...groupBy(runs.map(run => run.evidence).filter(isOfEndpoint), one => one.endpoint.name)]
    .sort(([one], [other]) => compareText(one, other))
    .flatMap(([name, own]) => {
      const sorted = own.toSorted((one, other) => Date.parse(other.startedAt) - Date.parse(one.startedAt))
      const [latest] = sorted
      if (latest === undefined) return []
      const file = slugs()
      const badges = new Map(latest.profiles.map(profile => [profile.profile, `profile-${file(profile.profile)}.json`]))
      return [{ slug: slug(name), name: plainLine(name, 80) || '—', latest, runs: sorted, badges }]
    })
}

type OfEndpoint = Evidence & { readonly endpoint: NonNullable<Evidence['endpoint']> }

const isOfEndpoint = (evidence: Evidence): evidence is OfEndpoint => evidence.endpoint !== undefined

/**
 * Gives each name a file name of its own. What an endpoint calls itself may be anything: only letters, digits and
 * dashes are left of it.
 */
function slugs(): (name: string) => string {
  const taken = new Set<string>()
  return name => {
    const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ['unnamed']
    const base = words.join('-').slice(0, 60)
    let slug = base
    for (let n = 2; taken.has(slug); n++) slug = `${base}-${n}`
    taken.add(slug)
    return slug
  }
}
