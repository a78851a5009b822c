/** `lambdacheck lint`: a project's handlers, templates and policies against the rules. */
import { existsSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import pc from 'picocolors'
import type { Evidence, Finding, LintRecord } from '../../reports/evidence.ts'
import { readText } from '../../analyzer/application/discover.ts'
import { lint } from '../../analyzer/lint.ts'
import type { LintOptions, LintResult } from '../../analyzer/lint.ts'
import { toldOnce } from '../../analyzer/told-once.ts'
import type { Assembly } from '../../analyzer/application/assembly.ts'
import type { LintConfig, Preset, RuleLevel } from '../../config/config.ts'
import { type FormatTarget, putText, readFormat, targetsOf } from '../format-targets.ts'
import { INTERRUPTED, watchInterruption } from '../interruption.ts'
import { isCi, readLintSettings } from '../lint-settings.ts'
import { packageVersion } from '../package-file.ts'
import { UsageError } from '../../base/usage-error.ts'
import { plainLine } from '../../reports/plain.ts'

const FORMATS = ['pretty', 'json', 'sarif', 'github', 'gitlab', 'html', 'junit', 'markdown'] as const
type Format = (typeof FORMATS)[number]

interface LintFlags {
  readonly template?: readonly string[]
  readonly preset?: Preset
  readonly rule?: ReadonlyMap<string, RuleLevel>
  readonly format?: readonly FormatTarget<Format>[]
  readonly out?: string
  readonly fix?: boolean
  readonly baseline?: string
  readonly writeBaseline?: string | true
  readonly maxWarnings?: number
  readonly quiet?: boolean
  readonly allowEmpty?: boolean
  readonly watch?: boolean
  readonly synth?: boolean
  readonly synthTimeout: number
  readonly cache: boolean
  readonly config?: string
}

const DEFAULT_BASELINE = 'lambdacheck-baseline.json'

/** Exit codes: 0 nothing at error level, 1 errors, or more warnings than allowed, 2 usage or configuration. */
export function registerLint(program: Command): void {
  program
    .command('lint')
    .argument('[path...]', 'directories and files to check (default: the working directory)')
    .description('check handlers, templates and policies against the pages')
    .option(
      '--template <file>',
      'read this template instead of those that are found; may be repeated',
      (file: string, before: readonly string[] | undefined) => [...(before ?? []), file],
    )
    .addOption(
      new Option('--preset <name>', 'rules to run (default: recommended); all runs the rules of every preset').choices([
        'recommended',
        'strict',
        'security',
        'all',
      ]),
    )
    .option('--rule <id=level>', 'level of one rule (error, warning, info, off); may be repeated', readLevel)
    .option(
      '--format <format[:file]>',
      `output formats: ${FORMATS.join(', ')}; may be given several times, each but one with its file`,
      readFormat(FORMATS),
    )
    .option('--out <file>', 'write to this file instead of printing')
    .option('--config <file>', 'configuration file (default: the lambdacheck.config.* that is found)')
    .option('--fix', 'apply the fixes that are certain to be right')
    .option('--baseline <file>', 'do not count the findings of this file')
    .option('--write-baseline [file]', `write what is found as a baseline (${DEFAULT_BASELINE})`)
    .option('--max-warnings <number>', 'fail if there are more warnings', readCount)
    .option('--quiet', 'report errors only')
    .option('--allow-empty', 'exit with 0 if there is nothing to check')
    .option('--watch', 'run again whenever a file changes, until Ctrl-C')
    .option('--synth', 'run `cdk synth` in the apps of the CDK, which runs their code, and check what it writes')
    .option('--synth-timeout <seconds>', 'what one `cdk synth` may take', readSeconds, 300)
    .option('--no-cache', 'check everything again')
    .action(async (paths: readonly string[], flags: LintFlags) => {
      if (flags.watch && flags.synth) throw new UsageError('--synth runs once: leave --watch or --synth out')
      if (flags.watch) process.exitCode = await watch(paths, flags)
      else process.exitCode = flags.synth ? await runWithSynth(paths, flags) : await run(paths, flags)
    })
}

/** Ends with 130, as what is interrupted does. */
async function watch(paths: readonly string[], flags: LintFlags): Promise<number> {
  const { watchLint } = await import('../lint-watch.ts')
  const interruption = watchInterruption(
    () => {},
    () => {},
  )
  try {
    const { root, paths: looked } = optionsOf(paths, flags, {}, new Map())
    const again = async (): Promise<number> => {
      const code = await run(paths, { ...flags, allowEmpty: true })
      process.stderr.write(pc.dim(`${new Date().toTimeString().slice(0, 8)} Watching. Ctrl-C ends it.\n`))
      return code
    }
    await watchLint({ root, paths: looked.length ? looked : ['.'], again, signal: interruption.signal })
    return INTERRUPTED
  } finally {
    interruption.release()
  }
}

/** Ends with 130 when it is interrupted; what the apps have written goes in any case. */
async function runWithSynth(paths: readonly string[], flags: LintFlags): Promise<number> {
  const { synthesize } = await import('../synthesize.ts')
  const interruption = watchInterruption(
    () => {},
    () => {},
  )
  const { signal } = interruption
  try {
    const { root, paths: looked } = optionsOf(paths, flags, {}, new Map())
    const say = (text: string): void => void process.stderr.write(`${plainLine(text)}\n`)
    const made = await synthesize({ root, paths: looked, timeout: flags.synthTimeout, signal, say })
    try {
      return signal.aborted ? INTERRUPTED : await run(paths, flags, made.assemblies)
    } finally {
      made.remove()
    }
  } catch (error) {
    if (signal.aborted) return INTERRUPTED
    throw error
  } finally {
    interruption.release()
  }
}

async function run(paths: readonly string[], flags: LintFlags, assemblies: readonly Assembly[] = []): Promise<number> {
  const targets = targetsOf(flags.format, 'pretty', flags.out)
  const startedAt = new Date().toISOString()
  const { config, levels } = await readLintSettings(process.cwd(), {
    written: flags.rule,
    named: flags.config,
    // In CI the code of a pull request is not run by looking at it.
    code: !isCi(process.env['CI']),
  })
  const options = { ...optionsOf(paths, flags, config, levels), assemblies }
  const baselineFile = flags.writeBaseline === undefined ? flags.baseline : undefined
  const known =
    baselineFile === undefined
      ? new Set<string>()
      : (await import('../../analyzer/baseline.ts')).readBaseline(resolve(baselineFile))
  const notes: string[] = []
  let result: LintResult
  if (flags.fix) {
    const fixed = await (await import('../../analyzer/fix-project.ts')).fixProject(options)
    result = fixed.result
    notes.push(...fixed.notes)
    if (fixed.files.length) notes.push(`${fixed.fixed} fixed in ${fixed.files.join(', ')}`)
  } else result = await lint(options)

  if (flags.writeBaseline !== undefined) {
    const file = flags.writeBaseline === true ? DEFAULT_BASELINE : flags.writeBaseline
    const count = (await import('../../analyzer/baseline.ts')).writeBaseline(resolve(file), result.findings)
    process.stdout.write(
      `${count} ${count === 1 ? 'finding is' : 'findings are'} in ${file} now: use it with --baseline ${file}\n`,
    )
    return 0
  }
  const news = result.findings.filter(finding => !known.has(finding.fingerprint))
  const hidden = result.findings.filter(finding => !finding.suppressed && known.has(finding.fingerprint)).length
  if (hidden)
    notes.push(
      `${hidden} ${hidden === 1 ? 'finding' : 'findings'} of the baseline ${hidden === 1 ? 'is' : 'are'} not shown`,
    )
  const { findings: told, instead } = toldOnce(news, file => readText(resolve(options.root, file)))
  const shown = flags.quiet ? told.filter(finding => finding.severity === 'error') : told
  const evidence: Evidence = {
    schemaVersion: 1,
    tool: { name: 'lambdacheck', version: packageVersion() },
    startedAt,
    finishedAt: new Date().toISOString(),
    partial: false,
    spec: result.spec,
    options: { preset: options.preset, paths: options.paths },
    results: [],
    profiles: [],
    requests: 0,
    findings: shown,
    lint: naming(baselineFile === undefined ? result.lint : acceptKnown(result.lint, known, baselineFile), instead),
    notes: [...result.notes, ...notes, ...(sawSomething(result) ? [] : [NOTHING_SEEN])],
  }
  for (const { format, file } of targets) putText(await render(evidence, format, file), file)
  if (!sawSomething(result) && !flags.allowEmpty && !news.length) {
    process.stderr.write(`error: ${NOTHING_SEEN}; --allow-empty says that this is right\n`)
    return 2
  }
  return exitCode(told, flags.maxWarnings)
}

const NOTHING_SEEN =
  'no template, and no handler that could be told by its export or its parameters, was found here: nothing was checked'

/** A clean answer about nothing is no clean answer. */
function sawSomething({ counts: { functions, handlers, templates } }: LintResult): boolean {
  return functions + handlers + templates > 0
}

/** The record, with the findings that are told in place of others. */
function naming(record: LintRecord, instead: ReadonlyMap<string, string>): LintRecord {
  const told = <T extends { readonly findings: readonly string[] }>(one: T): T => ({
    ...one,
    findings: [...new Set(one.findings.map(fingerprint => instead.get(fingerprint) ?? fingerprint))],
  })
  if (!instead.size) return record
  return { ...record, rules: record.rules.map(rule => ({ ...rule, fail: rule.fail.map(told) })) }
}

/** What a baseline knows is accepted by whoever wrote it. */
function acceptKnown(record: LintRecord, known: ReadonlySet<string>, file: string): LintRecord {
  return {
    ...record,
    rules: record.rules.map(rule => {
      const isKnown = (one: { readonly findings: readonly string[] }): boolean =>
        one.findings.every(fingerprint => known.has(fingerprint))
      const taken = rule.fail.filter(isKnown)
      if (!taken.length) return rule
      return {
        ...rule,
        fail: rule.fail.filter(one => !isKnown(one)),
        accepted: [...rule.accepted, ...taken.map(one => ({ ...one, reason: `known to the baseline ${file}` }))],
      }
    }),
  }
}

function exitCode(findings: readonly Finding[], maxWarnings: number | undefined): number {
  const counted = findings.filter(finding => !finding.suppressed)
  if (counted.some(finding => finding.severity === 'error')) return 1
  const warnings = counted.filter(finding => finding.severity === 'warning').length
  return maxWarnings !== undefined && warnings > maxWarnings ? 1 : 0
}

async function render(evidence: Evidence, format: Format, file: string | undefined): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('../../reports/json.ts')).renderJson(evidence)
    case 'sarif':
      return (await import('../../reports/render/sarif.ts')).renderSarif(evidence)
    case 'github':
      return (await import('../../reports/render/github.ts')).renderGithub(evidence)
    case 'gitlab':
      return (await import('../../reports/render/gitlab.ts')).renderGitlab(evidence)
    case 'markdown':
      return (await import('../../reports/render/markdown.ts')).renderMarkdown(evidence)
    case 'junit':
      return (await import('../../reports/render/junit.ts')).renderJunit(evidence)
    case 'html':
      return (await import('../../reports/render/html/page.ts')).renderHtml(evidence)
    case 'pretty': {
      const { renderFindings } = await import('../../reports/render/terminal.ts')
      const color = file === undefined && pc.isColorSupported
      const notes = evidence.notes.map(note => `${note}\n`).join('')
      return (
        renderFindings(evidence, { width: file === undefined ? (process.stdout.columns ?? 100) : 100, color }) + notes
      )
    }
  }
}

/** The root is where one stands, unless what is asked for lies elsewhere. */
function optionsOf(
  paths: readonly string[],
  flags: LintFlags,
  config: LintConfig,
  levels: ReadonlyMap<string, RuleLevel>,
): LintOptions {
  const cwd = process.cwd()
  const absolute = paths.map(path => resolve(cwd, path))
  for (const [index, path] of absolute.entries())
    if (!existsSync(path)) throw new UsageError(`there is no ${paths[index]}`)
  const templates = (flags.template ?? []).map(file => resolve(cwd, file))
  for (const [index, file] of templates.entries())
    if (!existsSync(file)) throw new UsageError(`there is no ${flags.template?.[index]}`)
  const outside = absolute.filter(path => path !== cwd && !path.startsWith(cwd + sep))
  const root = outside.length ? commonFolder(absolute) : cwd
  return {
    root,
    paths: absolute.map(path => relative(root, path) || '.'),
    templates: templates.map(file => relative(root, file)),
    preset: flags.preset ?? config.preset ?? 'recommended',
    levels,
    config,
    cache: flags.cache,
  }
}

function commonFolder(paths: readonly string[]): string {
  let folder = paths[0] ?? ''
  while (!paths.every(path => path === folder || path.startsWith(folder + sep))) folder = dirname(folder)
  return folder
}

function readLevel(text: string, before: ReadonlyMap<string, RuleLevel> | undefined): ReadonlyMap<string, RuleLevel> {
  const [, rule, level] = /^([\w-]+)=(error|warning|info|off)$/.exec(text) ?? []
  if (!rule || !level)
    throw new InvalidArgumentError(
      'It is a rule and a level, such as memory-out-of-range=warning; levels are error, warning, info and off.',
    )
  return new Map([...(before ?? []), [rule, level as RuleLevel]])
}

function readCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It is a number of warnings.')
  return Number(text)
}

function readSeconds(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('It is a number of seconds, up to 99999.')
  return Number(text)
}
