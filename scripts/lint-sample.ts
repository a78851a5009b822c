/**
 * Choosing for `docs/lint-verification.md`, so that nobody chooses what suits: packages to read, and findings to judge. It downloads and executes nothing.
 *
 * `jiti scripts/lint-sample.ts packages SEED COUNT LIST…` prints names of packages from lists of a registry (`name<tab>…<tab>summary`, one a line);
 * `shipping` in place of `packages` takes those alone whose line speaks of something that is deployed: most libraries hold neither handler nor template.
 * `applications` takes those of them that speak of a function or template that is there to be used, and no library of constructs.
 * `listed` takes all of a list that was made by hand.
 * `neighbours` takes what does not say Lambda: tools, examples and scaffolders around AWS, Terraform, Chalice, Zappa, Alexa and the like, which may hold some.
 * `jiti scripts/lint-sample.ts findings SEED COUNT ERRORS REPORT…` prints findings of `lambdacheck lint --format json`: ERRORS errors at most, and then of the rest.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { compareText } from '../base/compare-text.ts'

const ABOUT =
  /\blambdas?\b|cloudformation|serverless|\bsam\b|\bcdk\b|\bsqs\b|\bkinesis\b|dynamodb.?streams?|step.?functions|api.?gateway|\baws\b.*\b(deploy|stack|infrastructure)/i
/** Packages that hold types, clients, constructs of one service or the tests of other linters, and what is named after another lambda. */
const NOT =
  /lint|scanner|\btypes?\b|stubs?\b|mypy|type annotations|calculus|anonymous function|functional programming|lambda ?(labs|school|test)|tencent|alibaba|aliyun|azure|google|cloudflare|client-|\bmocks?\b|cdk-cloudformation-|^@aws-cdk\/|^aws-cdk-|Construct Library for AWS::|\bmcp\b/i

/** Words of what is deployed as it is, where most packages are libraries. */
const SHIPS =
  /starter|boilerplate|template|scaffold|\bcreate-|example|demo|sample|forwarder|infra|\bstacks?\b|deploy|authorizer|rotation|backup|alert|notif|slack|etl\b|workflow|trigger|website|thumbnail|resize|cleanup|guardduty|custom.resource|landing.zone|constructs?\b/i

const APPLICATIONS =
  /starter|boilerplate|template|scaffold|create-|example|demo|sample|forwarder|authorizer|rotation|thumbnail|resize|guardduty|landing.zone|slack|backup|cookiecutter|sam |serverless app|terraform|full.?stack/i
const LIBRARIES = /construct library|cdk-lib|plugin/i

const NEIGHBOURS =
  /\baws\b|amazon web|alexa|chalice|zappa|\bterraform\b|amplify|\bsst\b|\bfaas\b|eventbridge|cognito|cloudfront|serverless|cloud functions/i
const DEPLOYED =
  /starter|boilerplate|template|scaffold|create-|generator|example|demo\b|sample|cookiecutter|bootstrap|quickstart|solution|stack\b|deploy|infra|\bbots?\b|skill|remediation|compliance|audit|monitor|scheduler|rotate|rotation|cleanup|billing|pipeline|landing|data.?lake|honeypot|webhook/i

/** What a line of a list has to say, and what it has to hold beyond. */
const CHOICES = {
  listed: { about: /^/, isChosen: () => true },
  packages: { about: ABOUT, isChosen: () => true },
  shipping: { about: ABOUT, isChosen: (line: string) => SHIPS.test(line) },
  applications: {
    about: ABOUT,
    isChosen: (line: string) => SHIPS.test(line) && APPLICATIONS.test(line) && !LIBRARIES.test(line),
  },
  neighbours: { about: NEIGHBOURS, isChosen: (line: string) => DEPLOYED.test(line) && !LIBRARIES.test(line) },
}
type Choice = (typeof CHOICES)[keyof typeof CHOICES]

const seededBy =
  (seed: string) =>
  (text: string): string =>
    createHash('sha256').update(`${seed}\n${text}`).digest('hex')

/** Sorts by the SHA-256 of seed and text: the same for everybody, and chosen by nobody. */
function shuffled<T>(all: readonly T[], seed: string, textOf: (one: T) => string): readonly T[] {
  const keyOf = seededBy(seed)
  return all
    .map(one => ({ one, key: keyOf(textOf(one)) }))
    .sort((a, b) => compareText(a.key, b.key))
    .map(({ one }) => one)
}

/** Names whose line speaks of functions or templates and that the page of verdicts does not have yet, in seeded order. */
export function choosePackages(
  lists: readonly string[],
  seen: string,
  seed: string,
  { about, isChosen }: Choice,
): readonly string[] {
  const known = new Set(seen.match(/[@\w./-]+/g))
  const names = lists.flatMap(list =>
    list
      .split('\n')
      .slice(1)
      .filter(line => about.test(line) && !NOT.test(line) && isChosen(line))
      .flatMap(line => line.split('\t')[0] || []),
  )
  return shuffled(
    [...new Set(names)].filter(name => !known.has(name)),
    seed,
    name => name,
  )
}

export interface Drawn {
  readonly of: string
  readonly rule: string
  readonly severity: string
  readonly fingerprint: string
}

/** Errors first, then whatever is left, both in seeded order. */
export function drawFindings<T extends Drawn>(
  all: readonly T[],
  seed: string,
  count: number,
  errors: number,
): readonly T[] {
  const order = shuffled(all, seed, one => `${one.of} ${one.fingerprint}`)
  const first = order.filter(one => one.severity === 'error').slice(0, errors)
  return [...first, ...order.filter(one => !first.includes(one)).slice(0, Math.max(0, count - first.length))]
}

const findingsOf = (file: string): readonly (Drawn & Record<string, unknown>)[] => {
  const { findings } = JSON.parse(readFileSync(file, 'utf8'))
  return findings.map((one: Drawn) => ({ ...one, of: basename(file, '.json') }))
}

const [what, seed = '1', count = '30', ...rest] = process.argv.slice(2)
const choice = Object.entries(CHOICES).find(([name]) => name === what)?.[1]
if (choice) {
  const seen = readFileSync(new URL('../docs/lint-verification.md', import.meta.url), 'utf8')
  const lists = rest.map(file => readFileSync(file, 'utf8'))
  for (const name of choosePackages(lists, seen, seed, choice).slice(0, Number(count))) console.log(name)
} else if (what === 'findings') {
  const [errors = '60', ...reports] = rest
  for (const one of drawFindings(reports.flatMap(findingsOf), seed, Number(count), Number(errors)))
    console.log(JSON.stringify(one))
}
