/**
 * The rules of other linters, as their packages list them, for `docs/rules-of-other-linters.md`.
 *
 * `jiti scripts/peer-rules.ts FOLDER`: the folder holds unpacked packages by name (`cfn-lint`, `cfn-lint-serverless`,
 * `checkov`, `parliament`, `prowler` of PyPI, `cdk-nag` and `@cdklabs/cdk-validator-cfnguard` of npm, the last as
 * `guard`). Only ids and titles are read. What concerns functions, their policies or event sources is written to
 * `analyzer/fixtures/peer-rules.json`, and what stands in no row of the page is printed. It downloads and executes nothing.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { compareText } from '../base/compare-text.ts'
import { idsInTable } from '../analyzer/fixtures/peer-rules.ts'

interface PeerRule {
  readonly id: string
  readonly title: string
  /** Of the file that it stands in. */
  readonly path: string
}

/** What a title or path speaks of when a rule is about functions, their rights or what calls them. */
const SUBJECT =
  /lambda|\biam\b|policy\b|policies\b|sqs|queue|\bsns\b|topic|kinesis|dynamo|event ?(bridge|bus)|eventbridge|scheduler|api ?gateway|apigw|step ?functions?|state ?machine|log ?group|permission|assume|privilege|execution role/i
/** What is about something else all the same: the account, its users, other services that have policies or queues. */
const ELSEWHERE =
  /password|root user|\bS3\b|\bRDS\b|\bECS\b|\bECR\b|\bEKS\b|\bAMI\b|\bELB\b|CloudFront|CloudTrail|\bBatch\b|Glacier|QLDB|Elasticsearch|OpenSearch|MWAA|Connect\b|CodeBuild|Transfer|Firewall|Video|TLS|\bDAX\b|Backup|Redshift|netfw|\bCMK of users|Cognito|Firehose|MediaStore|Neptune|CreationPolicy|UpdateReplacePolicy|TargetTracking|AutoScaling/i

function* filesBelow(folder: string, ending: RegExp): Generator<{ readonly path: string; readonly text: string }> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* filesBelow(path, ending)
    else if (ending.test(name)) yield { path, text: readFileSync(path, 'utf8') }
  }
}

const matches = (text: string, pattern: RegExp, path: string): readonly PeerRule[] =>
  [...text.matchAll(pattern)].map(([, id = '', title = '']) => ({ id, title: title.replace(/\s+/g, ' ').trim(), path }))

/** `id = "E2531"` and `shortdesc = "…"` of a class of cfn-lint. */
const cfnLint = (folder: string): readonly PeerRule[] =>
  [...filesBelow(folder, /\.py$/)].flatMap(({ path, text }) =>
    matches(
      text,
      /^ {4}id(?:: str)? = "([EWI]S?\d+)"[\s\S]*?^ {4}shortdesc(?:: str)? = \(?\s*(?:"([^"]*)"|'[^']*')/gm,
      path,
    ),
  )

const checkov = (folder: string): readonly PeerRule[] => [
  ...[...filesBelow(folder, /\.py$/)].flatMap(({ path, text }) => {
    const title = /\bname\s*=\s*\(?\s*f?(?:"([^"]*)"|'([^']*)')/.exec(text)
    return matches(text, /\bid\s*=\s*["'](CKV2?_AWS_\d+)["']/g, path).map(one => ({
      ...one,
      title: title?.[1] ?? title?.[2] ?? '',
    }))
  }),
  ...[...filesBelow(folder, /\.ya?ml$/)].flatMap(({ path, text }) =>
    matches(text, /id:\s*["']?(CKV2?_AWS_\d+)["']?[\s\S]*?name:\s*["']?([^"'\n]*)/g, path),
  ),
]

const parliament = (folder: string): readonly PeerRule[] =>
  [...filesBelow(folder, /^config(?:_override)?\.yaml$/)].flatMap(({ path, text }) =>
    matches(text, /^([A-Z_]+):\n {2}title: (.*)$/gm, path),
  )

/** Rules of packs: by their suffix where a pack gives them one, else by the name of the function that checks. */
const cdkNag = (folder: string): readonly PeerRule[] =>
  [...filesBelow(join(folder, 'lib/packs'), /\.js$/)].flatMap(({ path, text }) =>
    [
      ...text.matchAll(
        /(?:ruleSuffixOverride: '(\w+)',\s*)?info: (?:'([^']*)'|"([^"]*)"),[\s\S]*?rule: (\w+)_1\.(\w+),/g,
      ),
    ].map(([, suffix, single, double, group = '', name = '']) => ({
      id: suffix === undefined ? name : `AwsSolutions-${suffix}`,
      title: `${group}: ${(single ?? double ?? '').replace(/ - \(.*/, '')}`,
      path,
    })),
  )

/** It looks at accounts: of these services alone a template says what it asks for. */
const SERVICES = /^(?:awslambda|apigateway|apigatewayv2|dynamodb|eventbridge|kinesis|sns|sqs|stepfunctions)$/

const prowler = (folder: string): readonly PeerRule[] =>
  [...filesBelow(join(folder, 'prowler/providers/aws/services'), /\.metadata\.json$/)].flatMap(({ path, text }) => {
    const { CheckID: id, CheckTitle: title, ServiceName: service } = JSON.parse(text)
    return SERVICES.test(service) ? { id, title: `${service}: ${title}`, path } : []
  })

const guard = (folder: string): readonly PeerRule[] =>
  [...filesBelow(join(folder, 'rules'), /\.guard$/)].flatMap(({ path, text }) =>
    matches(text, /^rule (\w+_check) when is_cfn_template/gm, path).map(one => ({
      ...one,
      title: one.id.replaceAll('_', ' '),
    })),
  )

const LISTS: { readonly [name: string]: (folder: string) => readonly PeerRule[] } = {
  'cfn-lint': cfnLint,
  'cfn-lint-serverless': cfnLint,
  checkov,
  parliament,
  'cdk-nag': cdkNag,
  prowler,
  guard,
}

const root = process.argv[2] ?? '.'
const page = readFileSync(new URL('../docs/rules-of-other-linters.md', import.meta.url), 'utf8')
const isTold = idsInTable(page)
const kept: { [name: string]: string[] } = {}
for (const [name, list] of Object.entries(LISTS)) {
  const folder = join(root, name)
  const byId = new Map(list(folder).map(one => [one.id, one]))
  const all = [...byId.values()].sort((one, other) => compareText(one.id, other.id))
  const ours = all.filter(
    ({ title, path }) =>
      /^(?:cfn-lint-serverless|parliament)$/.test(name) ||
      (SUBJECT.test(`${title} ${relative(folder, path).replaceAll('_', ' ')}`) && !ELSEWHERE.test(title)),
  )
  kept[name] = ours.map(one => one.id)
  const untold = ours.filter(one => !isTold(one.id))
  console.log(`${name}: ${all.length} rules, ${ours.length} about functions and theirs, ${untold.length} in no row`)
  for (const { id, title } of untold) console.log(`  ${id}\t${title}`)
}
writeFileSync(
  new URL('../analyzer/fixtures/peer-rules.json', import.meta.url),
  `${JSON.stringify(kept, undefined, 2)}\n`,
)
