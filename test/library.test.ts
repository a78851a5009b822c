/** The package as a library: a TypeScript project that has the packed tarball compiles against it and runs. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureBuilt } from './cli/built.ts'
import { ROOT } from './cli/run-cli.ts'

const run = promisify(execFile)
/** Below the packages that the tarball depends on, so that they are found without being installed anew. */
const cache = path.join(ROOT, 'node_modules/.cache')
let project = ''

beforeAll(async () => {
  await ensureBuilt()
  mkdirSync(cache, { recursive: true })
  project = mkdtempSync(path.join(cache, 'library-'))
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], {
    cwd: ROOT,
    maxBuffer: 64 * 1024 * 1024,
  })
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  const folder = path.join(project, 'node_modules/lambdacheck')
  mkdirSync(folder, { recursive: true })
  await run('tar', ['-xzf', path.join(project, filename), '-C', folder, '--strip-components', '1'])
  writeFileSync(path.join(project, 'package.json'), '{"type": "module"}')
  writeFileSync(
    path.join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2022',
        strict: true,
        types: ['node'],
        noEmit: true,
        skipLibCheck: false,
      },
      files: ['use.ts'],
    }),
  )
  writeFileSync(
    path.join(project, 'template.yaml'),
    'Resources:\n  P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: "lambda:InvokeFunction", Principal: "*"}}\n',
  )
}, 180_000)

afterAll(() => rmSync(project, { recursive: true, force: true }))

const USE = `import fc from 'fast-check'
import { defineRule, ts } from 'lambdacheck/lint'
import { certify, defineConfig, events, lint, loadSpec, type Evidence, type LintResult, type Spec } from 'lambdacheck'
export const config = defineConfig({ lint: { preset: 'security' } })
// @ts-expect-error a preset that there is not
export const wrong = defineConfig({ lint: { preset: 'loud' } })
const spec: Spec = await loadSpec()
const own = defineRule({ id: 'acme-call', page: '/acme-call.md', visit: { CallExpression: node => void ts.isIdentifier(node.expression) } })
export const withOwn = defineConfig({ lint: { ownRules: [own] } })
const found: LintResult = await lint({ root: import.meta.dirname, preset: 'security' })
export const run: (request: { endpoint: string; clauses: string[] }) => Promise<Evidence> = certify
const queue: fc.Arbitrary<events.SqsEvent> = events.sqsEvent()
const [sample] = fc.sample(queue, { numRuns: 1, seed: 1 })
console.log(JSON.stringify({ source: sample?.Records[0]?.eventSource, rules: Object.keys(spec.rules).length, found: found.findings.map(one => one.rule), held: found.lint.rules.length }))
`

test('its types are those that it has, and it does what the commands do', { timeout: 120_000 }, async () => {
  writeFileSync(path.join(project, 'use.ts'), USE)
  await run(process.execPath, [path.join(ROOT, 'node_modules/typescript-native/bin/tsc'), '-p', project])
  writeFileSync(
    path.join(project, 'use.js'),
    USE.replace(/, type \w+/g, '')
      .replace(/: (Spec|LintResult|fc\.Arbitrary<[\w.]+>)(?= =)/g, '')
      .replace(/: \(request[^=]*=>[^=]*=/, ' ='),
  )
  const { stdout } = await run(process.execPath, ['use.js'], { cwd: project })
  const said = JSON.parse(stdout)
  expect(said.rules).toBeGreaterThan(100)
  expect(said.found).toContain('resource-exposed')
  expect(said.source).toBe('aws:sqs')
})

const OWN_SUITE = `import { certify } from 'lambdacheck'
import { lambdaMatchers } from 'lambdacheck/vitest'
import { expect, test } from 'vitest'

expect.extend(lambdaMatchers)
test('accounts are what AWS documents', { timeout: 120_000 }, async () => {
  const evidence = await certify({ endpoint: 'embedded', profiles: ['account'], cwd: import.meta.dirname, runs: 2 })
  expect(evidence).toBeCertifiedFor('account')
  expect(evidence).toBeNoWorseThan('lambdacheck-report')
  expect(() => expect(evidence).toBeCertifiedFor('aliases')).toThrow(/aliases is not certified/)
})
`

test("an emulator's own Vitest certifies, and has matchers with types", { timeout: 240_000 }, async () => {
  writeFileSync(path.join(project, 'use.ts'), OWN_SUITE)
  await run(process.execPath, [path.join(ROOT, 'node_modules/typescript-native/bin/tsc'), '-p', project])
  writeFileSync(path.join(project, 'own.test.ts'), OWN_SUITE)
  const config = "export default { test: { include: ['own.test.ts'], exclude: [] } }"
  writeFileSync(path.join(project, 'vitest.config.js'), config)
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs')
  const { stdout } = await run(process.execPath, [vitest, 'run', '--root', project], {
    cwd: project,
    env: { ...process.env, NO_COLOR: '1' },
  })
  expect(stdout).toMatch(/Tests +1 passed/)
})
