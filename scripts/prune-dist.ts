/**
 * Part of the build: takes out of `dist/` what was compiled from a source that is no longer there, and types that
 * nobody can import, so that they are not published.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Files of `dist/`, relative to the root, that no source stands behind. */
function orphans(): readonly string[] {
  const built = globSync(['dist/**/*.js', 'dist/**/*.d.ts'], { cwd: root })
  return built.filter(file => {
    const source = file.replace(/^dist\//, '').replace(/(\.d\.ts|\.js)$/, '.ts')
    return !existsSync(path.join(root, source)) || /\.test\.ts$/.test(source)
  })
}

/** Declarations that no export of the package leads to. */
function unreachableTypes(): readonly string[] {
  const { exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    readonly exports: { readonly [entry: string]: string | { readonly types: string } }
  }
  const reached = new Set<string>()
  const open = Object.values(exports).flatMap(one => (typeof one === 'string' ? [] : [path.posix.normalize(one.types)]))
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue
    reached.add(file)
    const text = readFileSync(path.join(root, file), 'utf8')
    for (const [, to = ''] of text.matchAll(/(?:from|import|import\()\s*["'](\.{1,2}\/[^"']+)\.(?:js|ts)["']/g))
      open.push(`${path.posix.join(path.posix.dirname(file), to)}.d.ts`)
  }
  return globSync('dist/**/*.d.ts', { cwd: root }).filter(file => !reached.has(file))
}

for (const file of [...orphans(), ...unreachableTypes()]) rmSync(path.join(root, file), { force: true })
