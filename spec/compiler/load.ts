/** Loads the specification that this package brings along. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Spec } from '../model.ts'
import { compileSpec } from './compile.ts'
import { formatPageError } from './report.ts'

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
