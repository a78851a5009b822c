/** Compiles a folder of pages, and loads the specification that this package brings along. */
import { SpecError } from './spec-error.ts'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'
import type { Spec } from '../model.ts'
import { compilePages, type Compiled, type PageText } from './compile-pages.ts'
import { readKept, writeKept } from '../../base/kept-file.ts'
import { cacheFile, keyOf } from './spec-cache.ts'
import { formatPageError } from './report.ts'

/** Compiles the pages and the ledger that lie in a folder. Throws when the folder cannot be read. */
export function compileSpec(pagesFolder: string): Compiled {
  return compilePages(readPageTexts(pagesFolder))
}

/**
 * Every file below a folder that belongs to the specification: Markdown that is no README and not the grammar, and the
 * ledger. In a fixed order.
 */
export function readPageTexts(pagesFolder: string): readonly PageText[] {
  const files = globSync(['**/*.md', 'ledger/**/*.yaml', '!**/README.md', '!GRAMMAR.md', '!compiler/**'], {
    cwd: pagesFolder,
    expandDirectories: false,
  })
  return files.sort().map(file => ({ file, text: readFileSync(path.join(pagesFolder, file), 'utf8') }))
}

let loaded: Spec | undefined

/**
 * The package's own specification, compiled once per process, and not even that when the pages and the compiler are
 * those of a time before. Throws one `SpecError` that lists all page errors when there are any.
 */
export function loadSpec(): Spec {
  if (loaded !== undefined) return loaded
  const root = packageRoot()
  const pages = readPageTexts(path.join(root, 'spec'))
  const file = cacheFile(root, 'spec.json.gz')
  const key = keyOf(pages, root)
  loaded = readKept<Spec>(file, key)
  if (loaded !== undefined) return loaded
  loaded = wholeSpec(compilePages(pages))
  writeKept(file, key, loaded)
  return loaded
}

/** The specification, when nothing is wrong with it. */
export function wholeSpec({ spec, errors }: Compiled): Spec {
  if (errors.length === 0) return spec
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`
  throw new SpecError(
    `the specification has ${count}:\n${errors.map(error => formatPageError(error, 'spec/')).join('\n')}`,
  )
}

/** The file in which something is kept that was worked out from the package's own pages. */
export function keptFile(name: string): string {
  return cacheFile(packageRoot(), name)
}

/** The folder with the package's own pages. */
export function ownPagesFolder(): string {
  return path.join(packageRoot(), 'spec')
}

/** From the sources as well as from `dist/`, the root is where package.json lies. */
function packageRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url))
  while (!existsSync(path.join(folder, 'package.json'))) {
    const above = path.dirname(folder)
    if (above === folder)
      throw new Error('the pages of the specification are missing: there is no package.json above the program')
    folder = above
  }
  return folder
}
