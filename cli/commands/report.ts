/** `lambdacheck report`: evidence as reports, joined, and side by side. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import pc from 'picocolors'
import { loadEvidence } from '../../reports/load-evidence.ts'
import { mergeEvidence, type Named } from '../../reports/merge.ts'
import { withBaseline } from '../../reports/baseline.ts'
import { combineEvidence } from '../../reports/controls/combine.ts'
import type { Evidence } from '../../reports/evidence.ts'
import { summarize } from '../../reports/summary.ts'
import { changesOf, renderComparison, type ComparisonFormat } from '../../reports/render/side-by-side.ts'
import { CONTROL_FORMATS, type ControlFormat } from '../../reports/render/controls/formats.ts'
import { renderAll, renderReport, REPORT_FORMATS, type ReportFormat } from '../../reports/render/render.ts'
import { type FormatTarget, putText, readFormat, targetsOf } from '../format-targets.ts'

const COMPARISONS: readonly ComparisonFormat[] = ['terminal', 'markdown', 'html', 'json']

/**
 * Exit codes: 0; of `merge` 1 when what was joined does not hold, of `compare` 1 when the second run of one endpoint is
 * worse than the first; 2 for evidence that cannot be read, joined or written.
 */
export function registerReport(program: Command): void {
  const report = program.command('report').description('render, compare and join evidence')
  report
    .command('render')
    .argument(
      '<evidence...>',
      'evidence.json, the evidence.jsonl of a run that did not end, or the folder that holds them; ' +
        'with that of lint, one report of both',
    )
    .description('write evidence as a report')
    .option(
      '--format <format[:file]>',
      `which report, ${REPORT_FORMATS.join(', ')}; may be given several times, each but one with its file`,
      readFormat(REPORT_FORMATS),
    )
    .option('--baseline <evidence>', 'hold it against an earlier run')
    .option('--out <file>', 'write to this file instead of printing')
    .action((paths: readonly string[], options: Output<ReportFormat> & HeldAgainst) => {
      const targets = targetsOf(options.format, 'terminal', options.out)
      const parts = paths.map(named)
      const [only] = parts
      const whole = parts.length === 1 && only !== undefined ? only.evidence : combineEvidence(parts)
      const evidence = heldAgainst(whole, options)
      for (const { format, file } of targets)
        putText(renderReport(evidence, format, { width: columns(), color: colored(file), most: Infinity }), file)
    })
  report
    .command('merge')
    .argument('<evidence...>', 'evidence of the shards of one run: files or folders')
    .description('join the evidence of shards, judge the profiles anew and write all reports')
    .option('--baseline <evidence>', 'hold it against an earlier run: no worse than that is good enough')
    .requiredOption('--out <dir>', 'folder for the reports')
    .action((paths: readonly string[], options: { readonly out: string } & HeldAgainst) => {
      const evidence = heldAgainst(mergeEvidence(paths.map(named)), options)
      const files = renderAll(evidence, resolve(options.out))
      process.stdout.write(renderReport(evidence, 'terminal', { width: columns(), color: colored(undefined) }))
      process.stdout.write(`${files.join(', ')} are in ${options.out}\n`)
      process.exitCode = summarize(evidence).acceptable || evidence.results.length === 0 ? 0 : 1
    })
  report
    .command('compare')
    .argument('<evidence...>', 'evidence of several endpoints, or of one endpoint before and after: files or folders')
    .description('profiles by endpoints; for two runs of one endpoint, what changed')
    .addOption(new Option('--format <format>', 'how').choices(COMPARISONS).default('terminal'))
    .option('--out <file>', 'write to this file instead of printing')
    .action((paths: readonly string[], options: { readonly format: ComparisonFormat; readonly out?: string }) => {
      const runs = paths.map(named)
      putText(renderComparison(runs, options.format, { color: colored(options.out) }), options.out)
      process.exitCode = changesOf(runs)?.worse === true ? 1 : 0
    })
  report
    .command('controls')
    .argument('<evidence...>', 'evidence of lint (`lint --format json`), of certify, or of both: files or folders')
    .description('hold evidence against a framework of controls')
    .option(
      '--framework <name|file>',
      'which, by its name or the path of a file of your own; may be given several times',
      (name: string, before: readonly string[] | undefined) => [...(before ?? []), name],
    )
    .option(
      '--format <format[:file]>',
      `how, ${CONTROL_FORMATS.join(', ')}; may be given several times, each but one with its file`,
      readFormat(CONTROL_FORMATS),
    )
    .option('--out <file>', 'write to this file instead of printing')
    .action(controls)
}

const named = (path: string): Named => ({ name: path, evidence: loadEvidence(path) })

interface HeldAgainst {
  readonly baseline?: string
}

const heldAgainst = (evidence: Evidence, { baseline }: HeldAgainst): Evidence =>
  baseline === undefined ? evidence : withBaseline(evidence, loadEvidence(baseline))

const columns = (): number => process.stdout.columns ?? 100

/** Escape sequences have no business in a file. */
const colored = (out: string | undefined): boolean => out === undefined && pc.isColorSupported

interface Output<Format extends string> {
  readonly format?: readonly FormatTarget<Format>[]
  readonly out?: string
}

/** Ends with 1 when a control is not satisfied. */
async function controls(
  paths: readonly string[],
  options: Output<ControlFormat> & { readonly framework?: readonly string[] },
): Promise<void> {
  const targets = targetsOf(options.format, 'terminal', options.out)
  const [{ loadSpec }, { findFramework }, { assessControls }, { renderControls }] = await Promise.all([
    import('../../spec/compiler/compile.ts'),
    import('../../spec/compiler/load-frameworks.ts'),
    import('../../reports/controls/assess.ts'),
    import('../../reports/render/controls.ts'),
  ])
  const spec = loadSpec()
  const frameworks = (options.framework ?? ['fsbp']).map(one => findFramework(one, spec))
  const evidence = combineEvidence(paths.map(named))
  const reports = frameworks.map(framework => assessControls(framework, evidence))
  for (const { format, file } of targets) putText(renderControls(reports, format, { color: colored(file) }), file)
  process.exitCode = reports.some(one => one.statuses['not-satisfied'] > 0) ? 1 : 0
}
