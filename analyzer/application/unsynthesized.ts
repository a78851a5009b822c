/** Apps of the CDK whose templates nobody has made yet: they are programs, and none of them is run here. */
import { posix } from 'node:path'
import type { Found } from './discover.ts'
import type { Template } from './model.ts'

/** Says which apps were not read; undefined where there is a template for each. */
export function noteOfUnsynthesized(
  { templates: listed }: Pick<Found, 'templates'>,
  templates: readonly Template[],
): string | undefined {
  const apps = listed.map(file => file.path).filter(path => posix.basename(path) === 'cdk.json')
  const unread = apps.filter(app => {
    const folder = posix.dirname(app)
    const isBelow = (path: string): boolean => folder === '.' || path.startsWith(`${folder}/`)
    return !templates.some(({ format, source }) => format === 'cdk' && isBelow(source.path))
  })
  if (!unread.length) return undefined
  const shown = `${unread.slice(0, 3).join(', ')}${unread.length > 3 ? ` and ${unread.length - 3} more` : ''}`
  return unread.length === 1
    ? `1 CDK app was not read (${shown}): lint with --synth, or run \`cdk synth\` first`
    : `${unread.length} CDK apps were not read (${shown}): lint with --synth, or run \`cdk synth\` first`
}
