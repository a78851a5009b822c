/**
 * Says which `package.json` cannot be read: what the rules know of packages is missing there, and silence would look
 * like a clean answer.
 */
import { readJson } from '../application/read-json.ts'
import type { Found } from '../application/discover.ts'
import { messageOf } from '../../base/message-of.ts'

/**
 * One sentence a file, with `file:line:column`. Comments and trailing commas, which npm refuses as well, count as
 * broken.
 */
export function brokenManifests(
  found: Pick<Found, 'settings'>,
  read: (path: string) => string | undefined,
): readonly string[] {
  return found.settings
    .filter(({ path }) => /(^|\/)package\.json$/.test(path))
    .flatMap(({ path }) => {
      const text = read(path)
      const problem = text === undefined ? undefined : problemOf(text)
      return problem === undefined
        ? []
        : [`${path}:${problem}: the packages that it names are not known, and no rule speaks of them`]
    })
}

/** `2:9: not valid JSON: comma expected` */
function problemOf(text: string): string | undefined {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''))
    return undefined
  } catch (error) {
    const first = readJson(text).problems[0]
    const before = text.slice(0, first?.start ?? 0).split('\n')
    const message = first?.message ?? `not valid JSON: ${messageOf(error).split('\n')[0]?.slice(0, 100)}`
    return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}: ${message}`
  }
}
