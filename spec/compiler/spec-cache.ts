/** Keeps a compiled specification in a file, so that the pages are compiled once and not at every start. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Spec } from '../model.ts'
import { digestOf, type PageText } from './compile-pages.ts'

const here = path.dirname(fileURLToPath(import.meta.url))
const fromSources = import.meta.url.endsWith('.ts')

/** Built code keeps it beside itself, and it is published with it; sources keep it where tools keep such things. */
export function cacheFile(root: string): string {
  return fromSources
    ? path.join(root, 'node_modules', '.cache', 'lambdacheck', 'spec.json.gz')
    : path.join(root, 'dist', 'spec.json.gz')
}

/**
 * Changes with everything that the compiled specification depends on: each page, the compiler itself and, for sources,
 * the versions of the libraries that it uses.
 */
export function keyOf(pages: readonly PageText[], root: string): string {
  const hash = createHash('sha256').update(digestOf(pages))
  for (const file of readdirSync(here).sort()) {
    if (/(?<!\.test|\.d)\.[jt]s$/.test(file)) hash.update(file).update(readFileSync(path.join(here, file)))
  }
  if (fromSources) hash.update(readFileSync(path.join(root, 'package-lock.json')))
  return hash.digest('hex')
}

/**
 * The cached specification, if it was made of just these pages by just this compiler. Anything else in the file counts
 * as nothing.
 */
export function readCached(file: string, key: string): Spec | undefined {
  try {
    const text = gunzipSync(readFileSync(file)).toString('utf8')
    return text.startsWith(`${key}\n`) ? (JSON.parse(text.slice(key.length + 1)) as Spec) : undefined
  } catch {
    return undefined
  }
}

/** Caches a specification. Where nothing can be written, nothing is cached, and that is all. */
export function writeCached(file: string, key: string, spec: Spec): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true })
  } catch {
    return
  }
  const draft = `${file}.${process.pid}`
  try {
    // 4 MB of JSON are half a megabyte then; unpacking takes 7 ms, parsing 35.
    writeFileSync(draft, gzipSync(`${key}\n${JSON.stringify(spec)}`, { level: 9 }))
    // Several processes may write at one time: each reader sees one whole file.
    renameSync(draft, file)
  } catch {
    rmSync(draft, { force: true })
  }
}
