/** `lambdacheck rules` and `lambdacheck explain RULE`. */
import type { Command } from 'commander'
import pc from 'picocolors'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { ruleNames } from '../../analyzer/engine/rule-names.ts'
import { didYouMean } from '../../base/suggest.ts'
import type { RulePage } from '../../spec/model.ts'
import { UsageError } from '../../base/usage-error.ts'

/** Adds `lambdacheck rules`: every rule, with what a table can say of it. */
export function registerRules(program: Command): void {
  program
    .command('rules')
    .description('list the rules of the linter')
    .option('--json', 'one JSON document')
    .action((options: { readonly json?: boolean }) => {
      const rules = Object.values(loadSpec().rules).sort((one, other) =>
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
    .action((id: string) => {
      const { rules } = loadSpec()
      const page = rules[ruleNames(rules).present(id)]
      if (!page) throw new UsageError(`there is no rule ${id}${didYouMean(id, Object.keys(rules))}`)
      process.stdout.write(asPage(page))
    })
}

function asJson(rules: readonly RulePage[]): string {
  const plain = rules.map(
    ({ id, aliases, title, category, severity, confidence, presets, fixable, guide, summary, source }) => ({
      id,
      aliases,
      title,
      category,
      severity,
      confidence,
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
