/**
 * The list of all cases, as evidence carries it: so that results which were lost on the way, or taken out, are missed.
 * A digest instead of the names, for the list is a function of the pages and of the version.
 */
import { createHash } from 'node:crypto'
import { groupBy } from '../base/group-by.ts'
import type { CaseList, ClauseRef } from './evidence.ts'

/** What of a case or a result the list looks at. */
export interface Listed {
  readonly id: string
  readonly clause: Pick<ClauseRef, 'profile' | 'level'>
}

/** `all`: every case there is. `profiles`: those that the run touches; absent: every one. */
export function caseListOf(all: readonly Listed[], profiles?: ReadonlySet<string>): CaseList {
  const touched = [...groupBy(all, one => one.clause.profile)].filter(([name]) => profiles?.has(name) ?? true)
  return {
    digest: digestOfIds(all.map(one => one.id)),
    cases: new Set(all.map(one => one.id)).size,
    profiles: Object.fromEntries(touched.map(([name, own]) => [name, mustOf(own)])),
  }
}

/** Why the MUST results of one profile are not those of the list; undefined when they are. */
export function differenceFromList(
  list: CaseList | undefined,
  profile: string,
  must: readonly Listed[],
): string | undefined {
  if (list === undefined) return 'the evidence has no list of its cases (an earlier version wrote it)'
  const listed = Object.hasOwn(list.profiles, profile) ? list.profiles[profile] : undefined
  if (listed === undefined) return 'the case list of the evidence does not name it'
  const found = mustOf(must)
  if (found.digest === listed.digest && found.must === listed.must) return undefined
  const missing = listed.must - found.must
  return missing > 0
    ? `${missing} of ${listed.must} MUST cases ${missing === 1 ? 'is' : 'are'} missing from the evidence`
    : 'its MUST cases are not those of the case list'
}

function mustOf(cases: readonly Listed[]): CaseList['profiles'][string] {
  const ids = new Set(cases.filter(one => one.clause.level === 'must').map(one => one.id))
  return { must: ids.size, digest: digestOfIds([...ids]) }
}

/**
 * The order does not matter, nor does an id that comes twice. JSON, for an id of a hostile file may hold any character.
 */
function digestOfIds(ids: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([...new Set(ids)].sort()))
    .digest('hex')
}
