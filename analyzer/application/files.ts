/**
 * The files of the project as the analyzer looks at them: every look is remembered, so that a cached result can tell
 * what it hangs on.
 */
import { closeSync, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readText } from './discover.ts'

/** An entry of a directory, as it is found; links are not followed. */
export interface DirectoryEntry {
  readonly name: string
  readonly kind: 'file' | 'directory' | 'link' | 'other'
}

/** The files of a project, and which of them were looked at. */
export interface ProjectFiles {
  /**
   * The text of a file; undefined when it is not there, is binary or cannot be read. Paths are absolute or relative to
   * the project.
   */
  read(path: string): string | undefined
  /** Bytes of a file; undefined when it is not there or is none. */
  size(path: string): number | undefined
  /** So many bytes of a file from a place on, fewer where it ends; undefined when it is not there or cannot be read. */
  bytes(path: string, start: number, length: number): Buffer | undefined
  isFile(path: string): boolean
  isDirectory(path: string): boolean
  /** Sorted by name; empty when it is no directory. */
  list(path: string): readonly DirectoryEntry[]
  /** Every path that was looked at, absolute, with the state that it had: see `stateOf`. */
  readonly seen: ReadonlyMap<string, string>
}

/** What a path is now: changes whenever what stands there may have changed. */
export function stateOf(absolute: string): string {
  try {
    const stat = statSync(absolute)
    if (stat.isDirectory()) return `directory ${readdirSync(absolute).sort().join('/')}`
    return `${stat.size} ${stat.mtimeMs}`
  } catch {
    return 'missing'
  }
}

/**
 * The files below a folder. Never throws: what cannot be read is not there.
 *
 * @param placeOf where a path really lies
 */
export function projectFiles(root: string, placeOf: (absolute: string) => string = path => path): ProjectFiles {
  const seen = new Map<string, string>()
  const look = (path: string): string => {
    const absolute = placeOf(resolve(root, path))
    if (!seen.has(absolute)) seen.set(absolute, stateOf(absolute))
    return absolute
  }
  const state = (path: string): string => seen.get(look(path)) ?? 'missing'
  return {
    read: path => {
      const absolute = look(path)
      return state(absolute) === 'missing' || state(absolute).startsWith('directory') ? undefined : readText(absolute)
    },
    size: path => {
      const found = state(path)
      return found === 'missing' || found.startsWith('directory') ? undefined : Number(found.split(' ')[0])
    },
    bytes: (path, start, length) => {
      const absolute = look(path)
      return /^(missing|directory)/.test(state(absolute)) ? undefined : readBytes(absolute, start, length)
    },
    isFile: path => !/^(missing|directory)/.test(state(path)),
    isDirectory: path => state(path).startsWith('directory'),
    list: path => {
      const absolute = look(path)
      if (!state(absolute).startsWith('directory')) return []
      return readdirSync(absolute)
        .sort()
        .map((name): DirectoryEntry => ({ name, kind: kindOf(join(absolute, name)) }))
    },
    seen,
  }
}

function readBytes(absolute: string, start: number, length: number): Buffer | undefined {
  let handle: number | undefined
  try {
    handle = openSync(absolute, 'r')
    const bytes = Buffer.alloc(length)
    return bytes.subarray(0, readSync(handle, bytes, 0, length, start))
  } catch {
    return undefined
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

function kindOf(path: string): DirectoryEntry['kind'] {
  try {
    const stat = lstatSync(path)
    if (stat.isSymbolicLink()) return 'link'
    if (stat.isDirectory()) return 'directory'
    return stat.isFile() ? 'file' : 'other'
  } catch {
    return 'other'
  }
}
