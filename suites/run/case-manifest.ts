/**
 * The frozen list of the cases of an edition, `spec/cases/<edition>.json`: what coverage is a part of. Its version
 * rises whenever cases come or go (`npm run cases`), so that figures with the same version are of the same cases.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { CaseOutline } from '../case.ts'
import { caseListOf } from '../../reports/case-list.ts'
import { compareText } from '../../base/compare-text.ts'

/** The frozen list of the cases of an edition. */
export interface CaseManifest {
  readonly edition: string
  /** From 1. */
  readonly version: number
  /** Of the ids of all cases, as evidence has it. */
  readonly digest: string
  readonly must: number
  /** Ids by profile and level, sorted. */
  readonly cases: { readonly [profile: string]: { readonly [level: string]: readonly string[] } }
}

type Listed = Pick<CaseOutline, 'id' | 'clause'>

/** The list of the given cases, in the order of their ids. */
export function manifestOf(edition: string, version: number, cases: readonly Listed[]): CaseManifest {
  const byProfile: { [profile: string]: { [level: string]: string[] } } = {}
  for (const { id, clause } of [...cases].sort((one, other) => compareText(one.id, other.id))) {
    const own = (byProfile[clause.profile] ??= {})
    ;(own[clause.level] ??= []).push(id)
  }
  const profiles = Object.keys(byProfile).sort()
  return {
    edition,
    version,
    digest: caseListOf(cases).digest,
    must: new Set(cases.filter(one => one.clause.level === 'must').map(one => one.id)).size,
    cases: Object.fromEntries(profiles.map(name => [name, byProfile[name] ?? {}])),
  }
}

/** Undefined where the package has none of this edition. */
export function readManifest(edition: string): CaseManifest | undefined {
  const file = manifestFile(edition)
  return file === undefined ? undefined : (JSON.parse(readFileSync(file, 'utf8')) as CaseManifest)
}

/** The manifest of the edition where it lists these very cases: then figures are of it. */
export function manifestFor(
  edition: string,
  cases: readonly Listed[],
): { readonly version: number; readonly must: number } | undefined {
  const manifest = readManifest(edition)
  if (manifest === undefined || manifest.digest !== caseListOf(cases).digest) return undefined
  return { version: manifest.version, must: manifest.must }
}

function manifestFile(edition: string): string | undefined {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'spec/cases', `${edition}.json`)
    if (existsSync(file)) return file
    if (folder === path.dirname(folder)) return undefined
  }
}
