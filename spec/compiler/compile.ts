/** Compiles a folder of pages, and loads the specification that this package brings along. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'
import type { Spec } from '../model.ts'
import { compilePages, type Compiled, type PageText } from './compile-pages.ts'
import { formatPageError } from './report.ts'

/** Compiles the pages and the ledger that lie in a folder. Throws when the folder cannot be read. */
export function compileSpec(pagesFolder: string): Compiled {
  return compilePages(readPageTexts(pagesFolder))
}

/** Every file below a folder that belongs to the specification: Markdown that is no README, and the ledger. In a fixed order. */
export function readPageTexts(pagesFolder: string): readonly PageText[] {
  const files = globSync(['**/*.md', 'ledger/**/*.yaml', '!**/README.md', '!compiler/**'], { cwd: pagesFolder, expandDirectories: false })
  return files.sort().map((file) => ({ file, text: readFileSync(path.join(pagesFolder, file), 'utf8') }))
}

let loaded: Spec | undefined

/**
 * The package's own specification, compiled once per process. Throws one `Error` that lists all page errors when there are any.
 */
export function loadSpec(): Spec {
  if (loaded !== undefined) return loaded
  const { spec, errors } = compileSpec(ownPagesFolder())
  if (errors.length > 0) throw new Error(`the specification has ${errors.length} errors:\n${errors.map((error) => formatPageError(error, 'spec/')).join('\n')}`)
  loaded = spec
  return spec
}

/** The `spec/` folder with the pages, from the sources as well as from `dist/`: the one in the package's root. */
export function ownPagesFolder(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url))
  while (!existsSync(path.join(folder, 'package.json'))) {
    const above = path.dirname(folder)
    if (above === folder) throw new Error('the pages of the specification are missing: there is no package.json above the program')
    folder = above
  }
  return path.join(folder, 'spec')
}
