/** The text of docs/controls.md: every control, the rules behind it, what they do not see, what other tools have. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { loadCorrectness, loadFrameworks } from '../../spec/compiler/load-frameworks.ts'
import type { Spec } from '../../spec/model.ts'

const TOOLS = ['checkov', 'cdk-nag', 'prowler'] as const
type Tool = (typeof TOOLS)[number]
type Ids = { readonly [tool in Tool]?: readonly string[] }

/** What `other-tools.yaml` says. */
export interface OtherTools {
  /** The versions whose ids these are. */
  readonly read: { readonly [tool in Tool]: string }
  readonly rules: { readonly [rule: string]: Ids }
  readonly controls: { readonly [control: string]: Ids }
}

export const readOtherTools = (): OtherTools =>
  parse(readFileSync(new URL('other-tools.yaml', import.meta.url), 'utf8')) as OtherTools

const cell = (texts: readonly string[]): string => [...new Set(texts)].join(', ') || '-'

/** @throws Error when a framework is wrong */
export function controlTable(spec: Spec, others: OtherTools): string {
  const { frameworks, errors } = loadFrameworks(spec)
  if (errors.length > 0) throw new Error(errors.map(one => one.message).join('\n'))
  const correctness = new Set(loadCorrectness(spec).rules)
  const tables = frameworks.map(({ id, title, controls }) => {
    const rows = controls.map(({ id: control, rules, clauses, limits, stricter = [], title: asks }) => {
      const own = rules.filter(rule => !correctness.has(rule))
      const named = own.map(rule => (stricter.includes(rule) ? `${rule} (+)` : rule))
      const all = own.length < rules.length ? [...named, 'rules about correctness'] : named
      const theirs = [...own.map(rule => others.rules[rule]), others.controls[control]]
      const cells = [
        control,
        asks,
        cell([...all, ...clauses.map(one => `\`${one}\``)]),
        limits ?? '-',
        ...TOOLS.map(tool => cell(theirs.flatMap(ids => ids?.[tool] ?? []))),
      ]
      return `| ${cells.join(' | ')} |`
    })
    const head = ['Control', 'What it asks for, in our words', 'Rules and clauses', 'Not looked at', ...TOOLS]
    return `## ${title} (\`${id}\`)\n\n| ${head.join(' | ')} |\n|${' --- |'.repeat(head.length)}\n${rows.join('\n')}\n`
  })
  const versions = TOOLS.map(tool => `${tool} ${others.read[tool]}`).join(', ')
  return `# Controls

What \`lambdacheck report controls\` holds evidence against: which rules and clauses a control rests on, what they do not see, and the ids of what other tools have for the same (${versions}).
Written by \`npm run controls\` from [spec/controls](../spec/controls/README.md), which says when a control counts as satisfied, and [other-tools.yaml](../scripts/controls/other-tools.yaml).
A rule with (+) asks for more than the control: what fails there leaves the control open.

${tables.join('\n')}`
}
