/**
 * Writes docs/controls.md: every control of every framework, the rules behind it, what they do not see, and what other
 * tools have for the same.
 */
import { writeFileSync } from 'node:fs'
import { loadSpec } from '../spec/compiler/compile.ts'
import { loadCorrectness, loadFrameworks } from '../spec/compiler/load-frameworks.ts'

/** Ids of checkov, cdk-nag (AwsSolutions and its packs) and prowler by the rule of ours that looks for the same. */
const OTHERS: { readonly [rule: string]: readonly [checkov: string, cdkNag: string, prowler: string] } = {
  'permission-without-source': ['CKV_AWS_364', '', ''],
  'resource-exposed': [
    'CKV_AWS_301',
    'LambdaFunctionPublicAccessProhibited',
    'awslambda_function_not_publicly_accessible',
  ],
  'url-auth-missing': ['CKV_AWS_258', 'LambdaFunctionUrlAuth', 'awslambda_function_url_public'],
  'url-cors-any-origin': ['', '', 'awslambda_function_url_cors_policy'],
  'deprecated-runtime': ['CKV_AWS_363', 'L1', 'awslambda_function_using_supported_runtimes'],
  'vpc-missing': ['CKV_AWS_117', 'LambdaInsideVPC', 'awslambda_function_inside_vpc'],
  'vpc-one-zone': ['', '', 'awslambda_function_vpc_multi_az'],
  'tracing-not-active': ['CKV_AWS_50', '', ''],
  'iam-full-access-policy': ['CKV_AWS_62', 'IAM4', ''],
  'iam-wildcard-action': ['CKV_AWS_63', 'IAM5', ''],
  'iam-wildcard-resource': ['CKV_AWS_111', 'IAM5', ''],
  'iam-privilege-escalation': ['CKV_AWS_110', '', ''],
  'role-open-to-everyone': ['CKV_AWS_60', '', ''],
  'env-key-missing': ['CKV_AWS_173', '', ''],
  'code-signing-missing': ['CKV_AWS_272', '', ''],
  'secret-in-env-or-code': ['CKV_AWS_45', '', 'awslambda_function_no_secrets_in_variables'],
  'async-source-without-failure-target': ['CKV_AWS_116', 'LambdaDLQ', ''],
  'sqs-queue-without-redrive': ['', 'SQS3', ''],
}

const spec = loadSpec()
const { frameworks, errors } = loadFrameworks(spec)
if (errors.length) throw new Error(errors.map(one => one.message).join('\n'))
const correctness = new Set(loadCorrectness(spec).rules)

const cell = (texts: readonly string[]): string => texts.filter(Boolean).join(', ') || '-'
const tables = frameworks.map(({ id, title, controls }) => {
  const rows = controls.map(({ id: control, rules, clauses, limits, stricter = [], title: asks }) => {
    const own = rules.filter(rule => !correctness.has(rule))
    const named = own.map(rule => (stricter.includes(rule) ? `${rule} (+)` : rule))
    const all = own.length < rules.length ? [...named, 'rules about correctness'] : named
    const theirs = (at: 0 | 1 | 2): string => cell([...new Set(own.map(rule => OTHERS[rule]?.[at] ?? ''))])
    return `| ${control} | ${asks} | ${cell([...all, ...clauses.map(one => `\`${one}\``)])} | ${limits ?? '-'} | ${theirs(0)} | ${theirs(1)} | ${theirs(2)} |`
  })
  return `## ${title} (\`${id}\`)\n\n| Control | What it asks for, in our words | Rules and clauses | Not looked at | checkov | cdk-nag | prowler |\n| --- | --- | --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`
})

writeFileSync(
  new URL('../docs/controls.md', import.meta.url),
  `# Controls\n\nWhat \`lambdacheck report controls\` holds evidence against: which rules and clauses a control rests on, what they do not see, and the ids of what checkov, cdk-nag and prowler have for the same. Written by \`npm run controls\`\nfrom [spec/controls](../spec/controls/README.md), which says when a control counts as satisfied. A rule with (+) asks for more than the control: what fails there leaves the control open.\n\n${tables.join('\n')}`,
)
