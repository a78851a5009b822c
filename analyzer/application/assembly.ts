/** What an app of the CDK wrote into a folder elsewhere, looked at as if it lay where the CDK puts it. */
import { join, posix, resolve, sep } from 'node:path'
import { compareText } from '../../base/compare-text.ts'
import type { Finding } from '../../reports/evidence.ts'
import { discover } from './discover.ts'
import type { Found, FoundFile } from './discover.ts'

/** The output of one app. */
export interface Assembly {
  /** Where reports say that it is, relative to the project: `infra/cdk.out`. */
  readonly folder: string
  /** Where it is: a folder that is called `cdk.out`, too. */
  readonly absolute: string
}

const isBelow = (folder: string, path: string): boolean => path === folder || path.startsWith(`${folder}/`)

/** The listing with these templates in place of what an earlier synthesis has left there. */
export function withAssemblies(found: Found, assemblies: readonly Assembly[]): Found {
  if (!assemblies.length) return found
  const made = assemblies.flatMap(({ folder, absolute }) =>
    discover(absolute).templates.map(file => ({ ...file, path: posix.join(folder, file.path) })),
  )
  const others = found.templates.filter(({ path }) => !assemblies.some(({ folder }) => isBelow(folder, path)))
  return { ...found, templates: [...others, ...made].sort((one, other) => compareText(one.path, other.path)) }
}

/** The listed templates of these assemblies. */
export const templatesIn = (
  assemblies: readonly Assembly[],
  { templates }: Pick<Found, 'templates'>,
): readonly FoundFile[] => templates.filter(({ path }) => assemblies.some(({ folder }) => isBelow(folder, path)))

/** Where what is said to be at an absolute path really lies. */
export function placeOf(root: string, assemblies: readonly Assembly[]): (absolute: string) => string {
  const places = assemblies.map(({ folder, absolute }) => ({ shown: resolve(root, folder), absolute }))
  return path => {
    const one = places.find(({ shown }) => path === shown || path.startsWith(shown + sep))
    return one ? join(one.absolute, path.slice(one.shown.length)) : path
  }
}

/** Nobody mends what is written anew each time. */
export function withoutFixesIn(assemblies: readonly Assembly[], findings: readonly Finding[]): readonly Finding[] {
  if (!assemblies.length) return findings
  const isMade = (file: string): boolean => assemblies.some(({ folder }) => isBelow(folder, file))
  return findings.map(finding => ({
    ...finding,
    fixes: finding.fixes.filter(fix => !fix.edits.some(edit => isMade(edit.file))),
  }))
}
