/**
 * Folders and files of fixtures and snapshots, which are left out: whether there is anything in them that would have
 * been read.
 */
import { join } from 'node:path'
import { mayBeCloudFormation } from './cloudformation.ts'
import { discover, readText } from './discover.ts'
import type { Found } from './discover.ts'

/** Of more nobody wants to know. */
const MOST_FOLDERS = 50
const MOST_FILES = 200

/** Says which folders with templates were left out; undefined where none was. */
export function noteOfSetAside(root: string, { setAside }: Pick<Found, 'setAside'>): string | undefined {
  const folders = setAside.slice(0, MOST_FOLDERS).filter(folder => holdsTemplate(join(root, folder)))
  const [first] = folders
  if (first === undefined) return undefined
  const which = folders.length === 1 ? first : `${folders.length} folders such as ${first}`
  return `${which}: fixtures and snapshots of tests were not read; name it to have it read`
}

const holdsTemplate = (path: string): boolean =>
  discover(path)
    .templates.slice(0, MOST_FILES)
    .some(file => /\.(?:tf|tofu)$/.test(file.path) || mayBeCloudFormation(readText(file.absolute) ?? ''))
