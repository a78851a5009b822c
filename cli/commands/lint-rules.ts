/** `lambdacheck rules` and `lambdacheck explain RULE`. */
import { relative } from 'node:path'
import type { Command } from 'commander'
import pc from 'picocolors'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { ruleNames } from '../../analyzer/engine/rule-names.ts'
import { didYouMean } from '../../base/suggest.ts'
import type { RulePage } from '../../spec/model.ts'
import { UsageError } from '../../base/usage-error.ts'
import { isCi, readLintSettings } from '../lint-settings.ts'

/** Adds `lambdacheck rules`: every rule, with what a table can say of it. */
export function registerRules(program: Command): void {
  program
    .command('rules')
    .description('list the rules of the linter')
    .option('--json', 'one JSON document')
    .option(...CONFIG)
    .action(async (options: { readonly json?: boolean; readonly config?: string }) => {
      const own = await ownPages(options.config)
      const rules = [...Object.values(loadSpec().rules), ...own].sort((one, other) =>
        one.category + one.id < other.category + other.id ? -1 : 1,
      )
      process.stdout.write(options.json ? asJson(rules) : asTable(rules))
    })
}

/** Adds `lambdacheck explain RULE`: the page of a rule. */
export function registerExplain(program: Command): void {
  program
    .command('explain')
    .argument('<rule>', 'id of a rule; `lambdacheck rules` lists them')
    .description('print the page of a rule: why it matters, when it does not, and examples')
    .option(...CONFIG)
    .action(async (id: string, { config }: { readonly config?: string }) => {
      const { rules } = loadSpec()
      // The configuration, which may be code, is read for rules that only it can know.
      const page = rules[ruleNames(rules).present(id)] ?? ownPage(id, await ownPages(config))
      process.stdout.write(asPage(page))
    })
}

const CONFIG = [
  '--config <file>',
  'configuration file, for the rules that it brings along (default: the lambdacheck.config.* that is found)',
] as const

/** The pages of the rules that the configuration brings along; the bounds are those of `lint`. */
async function ownPages(named: string | undefined): Promise<readonly RulePage[]> {
  const settings = await readLintSettings(process.cwd(), { named, code: !isCi(process.env['CI']) })
  return Object.values(settings.ownPages).map(page => ({
    ...page,
    source: { ...page.source, file: relative(process.cwd(), page.source.file) },
  }))
}

/** @throws UsageError where neither we nor the configuration have such a rule */
function ownPage(id: string, own: readonly RulePage[]): RulePage {
  const present = ruleNames(Object.fromEntries(own.map(page => [page.id, page]))).present(id)
  const page = own.find(one => one.id === present)
  if (page) return page
  throw new UsageError(
    `there is no rule ${id}${didYouMean(id, [...Object.keys(loadSpec().rules), ...own.map(one => one.id)])}`,
  )
}

function asJson(rules: readonly RulePage[]): string {
  const plain = rules.map(
    ({ id, aliases, title, category, severity, confidence, proof, presets, fixable, guide, summary, source }) => ({
      id,
      aliases,
      title,
      category,
      severity,
      confidence,
      proof,
      presets,
      fixable,
      guide,
      summary,
      page: source.file,
    }),
  )
  return `${JSON.stringify(plain, null, 1)}\n`
}

function asTable(rules: readonly RulePage[]): string {
  const width = Math.max(...rules.map(rule => rule.id.length))
  const lines: string[] = []
  let category = ''
  for (const rule of rules) {
    if (rule.category !== category) lines.push(...(category ? [''] : []), pc.bold((category = rule.category)))
    const marks = [
      rule.confidence === 'likely' ? 'likely' : '',
      rule.presets.includes('recommended') ? '' : rule.presets.join(', ') || 'off',
      rule.fixable === 'no' ? '' : rule.fixable,
    ].filter(Boolean)
    lines.push(
      `  ${rule.id.padEnd(width)}  ${colored(rule.severity)}  ` +
        `${rule.title}${marks.length ? pc.dim(` (${marks.join('; ')})`) : ''}`,
    )
  }
  return `${lines.join('\n')}\n\n${rules.length} rules; lambdacheck explain RULE says more of one\n`
}

function asPage(page: RulePage): string {
  const facts = [
    page.category,
    page.severity,
    page.confidence,
    ...(page.proof.length ? [`proved by ${page.proof.join(' and ')}`] : []),
    page.presets.length
      ? `presets ${page.presets.map(one => (page.severities[one] ? `${one} (${page.severities[one]})` : one)).join(', ')}`
      : 'off unless asked for',
    ...(page.fixable === 'no' ? [] : [page.fixable]),
    ...(page.aliases.length ? [`before ${page.aliases.join(', ')}`] : []),
    ...(page.guide.length ? [`guide ${page.guide.join(', ')}`] : []),
  ]
  const body = page.markdown.trim().replace(/^#+ .*$/gm, heading => pc.bold(heading))
  return `${pc.bold(page.id)} ${pc.dim(facts.join(' · '))}\n\n${body}\n`
}

function colored(severity: RulePage['severity']): string {
  const colour = { error: pc.red, warning: pc.yellow, info: pc.cyan }[severity]
  return colour(severity.padEnd(7))
}
