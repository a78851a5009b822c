/** Where a compiled specification is kept, so that the pages are compiled once and not at every start. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { digestOf, type PageText } from './compile-pages.ts'

const here = path.dirname(fileURLToPath(import.meta.url))
const fromSources = import.meta.url.endsWith('.ts')

/** Built code keeps it beside itself, and it is published with it; sources keep it where tools keep such things. */
export function cacheFile(root: string, name: string): string {
  return fromSources ? path.join(root, 'node_modules', '.cache', 'lambdacheck', name) : path.join(root, 'dist', name)
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
