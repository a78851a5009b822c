/** Files of this folder that are data: read as they lie in the package, from its sources and from `dist/` alike. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Text of `reports/<path>`. */
export function readAsset(path: string): string {
  return readFileSync(join(reportsFolder(), path), 'utf8')
}

function reportsFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const reports = join(folder, 'reports')
    if (existsSync(join(reports, 'evidence.schema.json'))) return reports
    if (folder === dirname(folder))
      throw new Error('the files of the reports are not there: the installation of lambdacheck is damaged')
  }
}
