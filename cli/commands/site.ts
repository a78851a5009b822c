/** `lambdacheck site`: a static site from the evidence of many runs. */
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { globSync } from 'tinyglobby'
import { UsageError } from '../../base/usage-error.ts'
import { loadEvidence } from '../../reports/load-evidence.ts'
import type { Named } from '../../reports/merge.ts'
import { siteFiles } from '../../reports/site/site.ts'
import { EVIDENCE_FILE, makeFolder, writeReport } from '../../reports/writer.ts'

/** Exit codes: 0; 2 for evidence that cannot be read, and where there is none of an endpoint. */
export function registerSite(program: Command): void {
  program
    .command('site')
    .argument('<evidence...>', 'files, or folders in which every evidence.json is taken, also of earlier runs')
    .description('write a static site: endpoints by profile, their history, changes, badges')
    .option('--out <folder>', 'where it goes', 'lambdacheck-site')
    .option('--title <text>', 'what the first page is called')
    .action((paths: readonly string[], options: { readonly out: string; readonly title?: string }) => {
      const runs = [...new Set(paths.flatMap(evidenceFiles))].map(
        (file): Named => ({ name: file, evidence: loadEvidence(file) }),
      )
      if (!runs.some(one => one.evidence.endpoint !== undefined))
        throw new UsageError(
          `${paths.join(', ')}: there is no evidence of an endpoint in it. ` +
            `Write some with \`lambdacheck certify --out FOLDER\``,
        )
      const files = siteFiles(runs, options.title === undefined ? {} : { title: options.title })
      for (const { path: file, text } of files) {
        const folder = path.join(path.resolve(options.out), path.dirname(file))
        makeFolder(folder)
        writeReport(folder, path.basename(file), text)
      }
      process.stdout.write(`${files.length} files are in ${options.out}: begin with index.html\n`)
    })
}

function evidenceFiles(given: string): readonly string[] {
  if (!existsSync(given)) throw new UsageError(`there is no ${given}`)
  if (!statSync(given).isDirectory()) return [path.resolve(given)]
  const files = globSync(`**/${EVIDENCE_FILE}`, { cwd: given, absolute: true, ignore: ['**/node_modules/**'] })
  return files.sort().map(file => path.resolve(file))
}
