/** `lambdacheck spec`: the pages, checked, looked up and counted. */
import { statSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { compileSpec, loadSpec, ownPagesFolder } from '../../spec/compiler/compile.ts'
import { byClass, coverageOf } from '../../spec/compiler/coverage.ts'
import { formatPageError, type PageError } from '../../spec/compiler/report.ts'
import { didYouMean } from '../../base/suggest.ts'
import type { Spec } from '../../spec/model.ts'
import { clauseVerdicts } from '../../reports/clause-verdicts.ts'
import { loadEvidence } from '../../reports/load-evidence.ts'
import { brokenText, coverageText } from './spec-coverage.ts'
import { showText } from './spec-show.ts'
import { messageOf } from '../../base/message-of.ts'

/** Adds the commands. Exit codes: 0 all is well, 1 the pages have errors, 2 usage. */
export function registerSpec(program: Command): void {
  const spec = program
    .command('spec')
    .description('check and show the pages, and what of the guide they cover')
    .option('--json', 'print the compiled specification as JSON (schema: spec/spec.schema.json)')
    .usage('[options] [command]')
    // What is no command arrives here; without a description the help does not show it.
    .argument('[unknown]')
    .action((unknown: string | undefined, options: { readonly json?: boolean }, command: Command) => {
      if (unknown !== undefined) {
        fail(
          `there is no command \`${unknown}\`${didYouMean(
            unknown,
            command.commands.map(one => one.name()),
          )}`,
        )
      } else if (options.json === true) {
        withSpec(loaded => process.stdout.write(`${JSON.stringify(loaded, null, 2)}\n`))
      } else {
        command.outputHelp({ error: true })
        process.exitCode = 2
      }
    })

  spec
    .command('check')
    .argument('[folder]', 'folder with pages; those of this package when not given')
    .description('compile the pages and list every error with its file, line and column')
    .action((folder: string | undefined) => {
      process.exitCode = check(folder)
    })

  spec
    .command('show')
    .argument('<id>', 'id of a clause or of a ledger entry, or the name of an action, a type, a resource or a rule')
    .description('print what it says, where it stands and what covers it')
    .action((id: string) => {
      withSpec(loaded => {
        const shown = showText(loaded, id)
        if ('text' in shown) process.stdout.write(shown.text)
        else fail(shown.problem)
      })
    })

  spec
    .command('coverage')
    .option('--classes', 'by what a test of a statement takes, instead of by page of the guide')
    .option('--open', 'list the statements that nothing covers yet')
    .option('--evidence <file>', 'count what this run has tried, and list what does not hold')
    .description('how many statements of each page of the guide are tested whole, in part, not yet, and cannot be')
    .action((options: { readonly classes?: boolean; readonly open?: boolean; readonly evidence?: string }) => {
      withSpec(loaded => {
        const { classes, evidence, open = false } = options
        const verdicts = evidence === undefined ? undefined : clauseVerdicts(loadEvidence(evidence))
        const pages = coverageOf(loaded, verdicts?.ran)
        const broken = verdicts === undefined ? '' : brokenText(pages, verdicts.broken)
        const table =
          classes === true
            ? coverageText(byClass(pages), { open, heading: 'class of statements' })
            : coverageText(pages, { open })
        process.stdout.write(`${table}${broken}`)
      })
    })
}

function fail(message: string): void {
  process.stderr.write(`lambdacheck spec: ${message}\n`)
  process.exitCode = 2
}

/** The package's own pages may have errors while somebody is writing them. */
function withSpec(use: (spec: Spec) => void): void {
  let loaded: Spec
  try {
    loaded = loadSpec()
  } catch (error) {
    process.stderr.write(`lambdacheck spec: ${messageOf(error)}\n`)
    process.exitCode = 1
    return
  }
  use(loaded)
}

function check(folder: string | undefined): number {
  const pages = folder ?? ownPagesFolder()
  if (!isFolder(pages)) {
    process.stderr.write(`lambdacheck spec: ${pages} is no folder that can be read\n`)
    return 2
  }
  const { spec, errors } = compileSpec(pages)
  if (errors.length === 0 && spec.clauses.length === 0 && spec.ledger.length === 0) {
    process.stderr.write(
      `lambdacheck spec: there are no pages in ${pages}; name the folder in which api/, types/ and the others lie\n`,
    )
    return 2
  }
  const { out, err } = checkText(spec, errors, path.relative('', pages) || '.')
  process.stderr.write(err)
  process.stdout.write(out)
  return errors.length === 0 ? 0 : 1
}

function isFolder(folder: string): boolean {
  try {
    return statSync(folder).isDirectory()
  } catch {
    return false
  }
}

/** The errors, each with the path by which it is found from here, or what there is when there are none. */
export function checkText(
  spec: Spec,
  errors: readonly PageError[],
  folder: string,
): { readonly out: string; readonly err: string } {
  if (errors.length > 0) {
    const files = new Set(errors.map(error => error.file)).size
    const list = errors
      .map(error => `${formatPageError(error, folder === '.' ? '' : `${folder.replaceAll('\\', '/')}/`)}\n`)
      .join('')
    return {
      out: '',
      err: `${list}${counted(errors.length, 'error', 'errors')} in ${counted(files, 'page', 'pages')}\n`,
    }
  }
  const parts = [
    counted(Object.keys(spec.actions).length, 'action', 'actions'),
    counted(Object.keys(spec.types).length, 'type', 'types'),
    counted(Object.keys(spec.resources).length, 'resource', 'resources'),
    counted(spec.properties.length, 'property', 'properties'),
    counted(spec.quotas.length, 'quota', 'quotas'),
    counted(Object.keys(spec.rules).length, 'rule', 'rules'),
    counted(spec.ledger.length, 'ledger entry', 'ledger entries'),
  ]
  return { out: `no errors: ${parts.join(', ')}; ${counted(spec.clauses.length, 'clause', 'clauses')}\n`, err: '' }
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`
