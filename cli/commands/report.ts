/** `lambdacheck report`: evidence as reports, joined, and side by side. */
import { basename, dirname, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import pc from 'picocolors'
import { loadEvidence } from '../../reports/load.ts'
import { mergeEvidence, type Named } from '../../reports/merge.ts'
import { overallVerdict } from '../../reports/certify.ts'
import { changesOf, renderComparison, type ComparisonFormat } from '../../reports/render/side-by-side.ts'
import { renderAll, renderReport, REPORT_FORMATS, type ReportFormat } from '../../reports/render/render.ts'
import { makeFolder, writeReport } from '../../reports/writer.ts'

const COMPARISONS: readonly ComparisonFormat[] = ['terminal', 'markdown', 'html', 'json']

/**
 * Exit codes: 0; of `merge` 1 when what was joined does not hold, of `compare` 1 when the second run of one endpoint is worse than the
 * first; 2 for evidence that cannot be read, joined or written.
 */
export function registerReport(program: Command): void {
  const report = program.command('report').description('render, compare and join evidence')
  report
    .command('render')
    .argument(
      '<evidence>',
      'evidence.json, the evidence.jsonl of a run that did not end, or the folder that holds them',
    )
    .description('write evidence as a report')
    .addOption(new Option('--format <format>', 'which report').choices(REPORT_FORMATS).default('terminal'))
    .option('--out <file>', 'write there, instead of printing')
    .action((path: string, options: { readonly format: ReportFormat; readonly out?: string }) => {
      const evidence = loadEvidence(path)
      put(
        renderReport(evidence, options.format, { width: columns(), color: colored(options.out), most: Infinity }),
        options.out,
      )
    })
  report
    .command('merge')
    .argument('<evidence...>', 'evidence of the shards of one run: files or folders')
    .description('join the evidence of shards, judge the profiles anew and write all reports')
    .requiredOption('--out <dir>', 'folder for the reports')
    .action((paths: readonly string[], options: { readonly out: string }) => {
      const evidence = mergeEvidence(paths.map(named))
      const files = renderAll(evidence, resolve(options.out))
      const verdict = overallVerdict(evidence.results, evidence)
      process.stdout.write(renderReport(evidence, 'terminal', { width: columns(), color: colored(undefined) }))
      process.stdout.write(`${files.join(', ')} are in ${options.out}\n`)
      process.exitCode = verdict.acceptable || evidence.results.length === 0 ? 0 : 1
    })
  report
    .command('compare')
    .argument('<evidence...>', 'evidence of several endpoints, or of one endpoint before and after: files or folders')
    .description('profiles by endpoints; for two runs of one endpoint, what changed')
    .addOption(new Option('--format <format>', 'how').choices(COMPARISONS).default('terminal'))
    .option('--out <file>', 'write there, instead of printing')
    .action((paths: readonly string[], options: { readonly format: ComparisonFormat; readonly out?: string }) => {
      const runs = paths.map(named)
      put(renderComparison(runs, options.format, { color: colored(options.out) }), options.out)
      process.exitCode = changesOf(runs)?.worse === true ? 1 : 0
    })
}

const named = (path: string): Named => ({ name: path, evidence: loadEvidence(path) })

const columns = (): number => process.stdout.columns ?? 100

/** Escape sequences have no business in a file. */
const colored = (out: string | undefined): boolean => out === undefined && pc.isColorSupported

function put(text: string, out: string | undefined): void {
  if (out === undefined) {
    process.stdout.write(text)
    return
  }
  const path = resolve(out)
  makeFolder(dirname(path))
  writeReport(dirname(path), basename(path), text)
}
