/**
 * Results of earlier runs. This file, and what it imports, load nothing of the compiler, of rules or of pages: when
 * nothing has changed, the answer is there before any of them would be.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stateOf } from '../application/files.ts'
import type { Found, FoundFile } from '../application/discover.ts'
import { compareText } from '../../base/compare-text.ts'

interface Cached<T> {
  readonly key: string
  /** Path, size and modification time of every file that discovery listed, and the hash of its content. */
  readonly files: readonly (readonly [path: string, size: number, modifiedMs: number, hash: string])[]
  /** Everything else that was looked at. */
  readonly seen: readonly (readonly [absolute: string, state: string])[]
  readonly result: T
}

/** Results of earlier runs, kept for as long as no file that they rest on has changed. */
export interface ResultCache<T> {
  /** The result of an earlier run over the very same files; undefined when there is none. */
  get(found: Found): T | undefined
  put(found: Found, seen: ReadonlyMap<string, string>, result: T): void
}

/**
 * A cache for one project and one set of settings.
 * @param settings everything that a result depends on beside files: rules, levels, options, version.
 */
export function resultCache<T>(root: string, settings: unknown): ResultCache<T> {
  const key = createHash('sha256')
    .update(JSON.stringify([root, settings, toolStamp()]))
    .digest('hex')
    .slice(0, 32)
  const file = join(cacheFolder(root), `lint-${key}.json`)
  return {
    get(found) {
      const kept = readCached<T>(file)
      if (kept?.key !== key) return undefined
      const now = listed(found)
      if (now.length !== kept.files.length) return undefined
      for (const [index, one] of now.entries()) {
        const [path, size, modifiedMs, hash] = kept.files[index] ?? []
        if (one.path !== path || one.size !== size) return undefined
        // A checkout gives new times to old contents.
        if (one.modifiedMs !== modifiedMs && hashOf(one) !== hash) return undefined
      }
      if (kept.seen.some(([absolute, state]) => stateOf(absolute) !== state)) return undefined
      return kept.result
    },
    put(found, seen, result) {
      const own = new Set(listed(found).map(one => one.absolute))
      const kept: Cached<T> = {
        key,
        files: listed(found).map(one => [one.path, one.size, one.modifiedMs, hashOf(one)]),
        seen: [...seen].filter(([absolute]) => !own.has(absolute)),
        result,
      }
      // A cache that cannot be written is no reason to fail.
      try {
        mkdirSync(cacheFolder(root), { recursive: true })
        const draft = `${file}.${process.pid}`
        writeFileSync(draft, JSON.stringify(kept))
        renameSync(draft, file)
      } catch {
        return
      }
    },
  }
}

const listed = (found: Found): FoundFile[] =>
  [...found.code, ...found.python, ...found.others, ...found.templates, ...found.settings].sort((one, other) =>
    compareText(one.path, other.path),
  )

function hashOf(file: FoundFile): string {
  try {
    return createHash('sha1').update(readFileSync(file.absolute)).digest('base64')
  } catch {
    return 'unreadable'
  }
}

function readCached<T>(file: string): Cached<T> | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Cached<T>
  } catch {
    return undefined
  }
}

/** Beside what is installed, where there is something installed; else in the user's own cache. */
function cacheFolder(root: string): string {
  const modules = join(root, 'node_modules')
  if (existsSync(modules)) return join(modules, '.cache', 'lambdacheck')
  const home = process.env['XDG_CACHE_HOME'] ?? (homedir() ? join(homedir(), '.cache') : tmpdir())
  return join(home, 'lambdacheck', createHash('sha1').update(root).digest('hex').slice(0, 16))
}

/** Changes with every file of the analyzer and every page of a rule: in development, a version number does not. */
function toolStamp(): string {
  const hash = createHash('sha1')
  const here = fileURLToPath(new URL('..', import.meta.url))
  const pages = join(here, here.includes(`${join('dist', 'analyzer')}`) ? '../../spec' : '../spec')
  for (const folder of [
    here,
    ...['application', 'engine', 'rules', 'data'].map(name => join(here, name)),
    pages,
    join(pages, 'rules'),
  ]) {
    if (!existsSync(folder)) continue
    for (const name of readdirSync(folder).sort()) {
      if (!/\.(?:js|ts|json|md)$/.test(name)) continue
      const stat = statSync(join(folder, name))
      hash.update(`${name} ${stat.size} ${stat.mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}
