import { isOneOf } from '../base/is-one-of.ts'
import { keysOf } from '../base/keys-of.ts'

/** What `init` writes: text alone, so that it can be held against the schemas in a test. */

export interface Plan {
  /** One of `EMULATORS`, or a url. */
  readonly emulator?: string
  readonly project: boolean
  readonly preset: 'recommended' | 'strict' | 'security' | 'all'
  readonly ci: 'github' | 'gitlab' | 'none'
}

/** How each is started, and what a workflow installs for it. */
export const EMULATORS = {
  ministack: {
    install: 'pip install ministack',
    start: 'command: ministack\n      env: {BIND_HOST: 127.0.0.1, GATEWAY_PORT: $PORT}',
  },
  moto: { install: "pip install 'moto[server]'", start: 'command: moto_server -H 127.0.0.1 -p $PORT' },
  'serverless-offline': {
    install: 'npm ci',
    start: 'command: serverless offline --lambdaPort $PORT --noPrependStageInUrl',
  },
} as const
/** An emulator that `init` knows how to install and to start. */
export type Emulator = keyof typeof EMULATORS

/** Lines of `.gitignore`: what runs leave behind. */
export const IGNORED = ['.lambdacheck/', 'lambdacheck-report/'] as const

/** Files by their path, in the order in which they are written. */
export function filesOf(plan: Plan): readonly (readonly [file: string, text: string])[] {
  const files: (readonly [file: string, text: string])[] = [['lambdacheck.config.yaml', configuration(plan)]]
  if (plan.ci === 'github') files.push(['.github/workflows/lambdacheck.yml', githubWorkflow(plan)])
  if (plan.ci === 'gitlab') files.push(['.gitlab/lambdacheck.yml', gitlabJobs(plan)])
  return files
}

const known = (emulator: string | undefined): Emulator | undefined =>
  isOneOf(keysOf(EMULATORS), emulator) ? emulator : undefined

function configuration({ emulator, project, preset }: Plan): string {
  const endpoint = emulator === undefined ? '' : endpointSection(emulator)
  const lint = project ? `lint:\n  preset: ${preset}\n` : ''
  return `# yaml-language-server: $schema=./node_modules/lambdacheck/config/config.schema.json\n${endpoint}${lint}`
}

/** An emulator that we know how to start, or the URL of one that runs. */
function endpointSection(emulator: string): string {
  const name = known(emulator)
  if (name === undefined)
    return `endpoint: local
endpoints:
  local:
    url: ${JSON.stringify(emulator)}
    region: us-east-1
`
  return `endpoint: ${name}
endpoints:
  ${name}:
    # A free port is chosen; $PORT names it to the command.
    url: http://127.0.0.1:0
    region: us-east-1
    account: '000000000000'
    start:
      ${EMULATORS[name].start}
      timeout: 60
`
}

function githubWorkflow(plan: Plan): string {
  const name = known(plan.emulator)
  return `name: lambdacheck
on: [push, pull_request]
permissions: {contents: read}
jobs:
  lambdacheck:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: {node-version: 22}
      - run: npm ci
${name === undefined || EMULATORS[name].install === 'npm ci' ? '' : `      - run: ${EMULATORS[name].install}\n`}${plan.project ? `      - run: npx lambdacheck lint --format github --format sarif:lint.sarif\n` : ''}${plan.emulator === undefined ? '' : `      # Once a run is known: commit its evidence.json and add --baseline FILE, so that only what gets worse is red.\n      - run: npx lambdacheck certify\n      - if: always()\n        run: cat lambdacheck-report/summary.md >> "$GITHUB_STEP_SUMMARY"\n      - if: always()\n        uses: actions/upload-artifact@v4\n        with: {name: lambdacheck-report, path: lambdacheck-report}\n`}`
}

function gitlabJobs(plan: Plan): string {
  const name = known(plan.emulator)
  const lint = `lambdacheck-lint:
  image: node:22
  script:
    - npm ci
    - npx lambdacheck lint --format pretty --format gitlab:code-quality.json
  artifacts:
    when: always
    reports: {codequality: code-quality.json}
`
  const certify = `lambdacheck-certify:
  image: node:22
  script:
    - npm ci
${name === undefined || EMULATORS[name].install === 'npm ci' ? '' : `    - apt-get update -qq && apt-get install -y -qq python3-pip && ${EMULATORS[name].install.replace('pip install', 'pip install --break-system-packages')}\n`}    - npx lambdacheck certify
  artifacts:
    when: always
    paths: [lambdacheck-report]
    reports: {junit: lambdacheck-report/junit.xml}
`
  return `# In .gitlab-ci.yml: include: .gitlab/lambdacheck.yml\n${plan.project ? lint : ''}${plan.emulator === undefined ? '' : certify}`
}
