/** Nothing of a project is executed by looking at it: each file here that a tool might run would leave a mark. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { ensureBuilt } from './built.ts'
import { runCli, type CliEnd } from './run-cli.ts'

let parent: string
let project: string
let mark: string
beforeAll(async () => {
  await ensureBuilt()
  parent = mkdtempSync(path.join(tmpdir(), 'lambdacheck-hostile-'))
  project = path.join(parent, 'project')
  mark = path.join(parent, 'executed')
  writeProject()
}, 120_000)
afterAll(() => rmSync(parent, { recursive: true, force: true }))
afterEach(() => {
  const executed = existsSync(mark) ? readFileSync(mark, 'utf8') : ''
  rmSync(mark, { force: true })
  expect(executed, 'files of the project that were executed').toBe('')
})

function writeProject(): void {
  const marks = (name: string, type: 'module' | 'commonjs'): string => {
    const append = `appendFileSync(${JSON.stringify(mark)}, ${JSON.stringify(`${name}\n`)})`
    return type === 'module'
      ? `import { appendFileSync } from 'node:fs'\n${append}\nexport default {}\n`
      : `const { appendFileSync } = require('node:fs')\n${append}\nmodule.exports = {}\n`
  }
  const write = (name: string, text: string, folder = project): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
  for (const name of ['lambdacheck.config.ts', 'lambdacheck.config.js', 'vite.config.ts', 'postcss.config.js'])
    if (name !== 'lambdacheck.config.js') write(name, marks(`../${name}`, 'module'), parent)
  for (const stem of [
    'vite.config',
    'vitest.config',
    'vitest.workspace',
    'postcss.config',
    'babel.config',
    'prettier.config',
  ])
    for (const [ending, type] of [
      ['mjs', 'module'],
      ['cjs', 'commonjs'],
      ['ts', 'module'],
      ['js', 'module'],
    ] as const)
      write(`${stem}.${ending}`, marks(`${stem}.${ending}`, type))
  for (const name of ['.postcssrc.js', '.babelrc.js', '.prettierrc.js', '.pnp.cjs', 'evil.cjs'])
    write(name, marks(name, 'commonjs'))
  write(
    'package.json',
    JSON.stringify({
      name: 'hostile',
      type: 'module',
      scripts: Object.fromEntries(
        ['preinstall', 'prepare', 'test', 'build'].map(name => [name, `echo script ${name} >> ${mark}`]),
      ),
      postcss: { plugins: { './evil.cjs': {} } },
      prettier: './evil.cjs',
      babel: { plugins: ['./evil.cjs'] },
      browserslist: ['extends ./evil.cjs'],
      imports: { '#x': './evil.cjs' },
      dependencies: { vitest: '*' },
    }),
  )
  write(
    'tsconfig.json',
    JSON.stringify({ compilerOptions: { plugins: [{ name: './evil.cjs', transform: './evil.cjs' }] } }),
  )
  write('.env', `NODE_OPTIONS=--require=${path.join(project, 'evil.cjs')}\nVITE_X=1\n`)
  write('.npmrc', `node-options=--require=${path.join(project, 'evil.cjs')}\n`)
  for (const name of ['vitest', 'vite', 'postcss', 'typescript', 'ts-morph', 'lambdacheck', 'jiti', 'aws-lambda-ric']) {
    write(
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version: '9.9.9', type: 'module', main: 'index.js' }),
    )
    write(`node_modules/${name}/index.js`, marks(`node_modules/${name}`, 'module'))
  }
  for (const folder of ['node_modules/.bin', '.venv/bin'])
    for (const name of ['node', 'npm', 'npx', 'sh', 'cat', 'kill', 'python3', 'aws', 'git', 'vitest']) {
      write(`${folder}/${name}`, `#!/bin/sh\necho ${folder}/${name} >> ${mark}\n`)
      chmodSync(path.join(project, folder, name), 0o755)
    }
  write('template.yaml', TEMPLATE)
  write('src/index.ts', 'export const handler = async (event: unknown) => ({ event })\n')
}

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: index.handler, CodeUri: src, Timeout: 3, MemorySize: 128}
`

const lookedAt = (end: CliEnd): void => {
  expect(end.stderr).not.toMatch(/^\s+at /m)
  // Whatever the verdict is: no defect, no wrong usage.
  expect([0, 1], `${end.code} ${end.stderr}`).toContain(end.code)
}

test('certify runs functions of its own, and nothing of the project', { timeout: 120_000 }, async () => {
  lookedAt(await runCli(['certify', '--profile', 'tags', '--runs', '1'], { cwd: project }))
})

test.each([{}, { CI: 'true' }])(
  'lint with %j reads the data and leaves the code of folders above alone',
  { timeout: 60_000 },
  async env => {
    const end = await runCli(['lint'], { cwd: project, env })
    lookedAt(end)
    expect(end.stderr).toMatch(/\.\.\/lambdacheck\.config\.ts is not read/)
  },
)

test.each([['lint', '--fix'], ['lint', 'src', '--format', 'sarif'], ['spec', 'check'], ['rules']])(
  '%s %s',
  { timeout: 60_000 },
  async (...args) =>
    lookedAt(
      await runCli(
        args.filter(one => typeof one === 'string'),
        { cwd: project },
      ),
    ),
)

test('clean and audit', { timeout: 60_000 }, async () => {
  writeFileSync(
    path.join(project, 'traffic.jsonl'),
    '{"operation":"ListFunctions","response":{"status":200,"body":{"Functions":[]}}}\n',
  )
  await runCli(['audit', 'traffic.jsonl'], { cwd: project })
  await runCli(['clean', '--yes', '--endpoint', 'http://127.0.0.1:9'], { cwd: project })
})

test('in CI lint loads code only when it is named', { timeout: 60_000 }, async () => {
  const cwd = mkdtempSync(path.join(parent, 'named-'))
  const config =
    "import { writeFileSync } from 'node:fs'\nwriteFileSync('ran', '')\nexport default { lint: { preset: 'strict' } }\n"
  writeFileSync(path.join(cwd, 'lambdacheck.config.ts'), config)
  const unnamed = await runCli(['lint', '--allow-empty'], { cwd, env: { CI: '1' } })
  lookedAt(unnamed)
  expect(unnamed.stderr).toMatch(/lambdacheck\.config\.ts is not read: .*--config/)
  expect(existsSync(path.join(cwd, 'ran'))).toBe(false)
  lookedAt(await runCli(['lint', '--allow-empty', '--config', 'lambdacheck.config.ts'], { cwd, env: { CI: '1' } }))
  expect(existsSync(path.join(cwd, 'ran'))).toBe(true)
})

test.each([['lint'], ['certify', '--profile', 'tags', '--runs', '1']])(
  'a package.json that is broken is told, or is of no matter: %s',
  { timeout: 120_000 },
  async (...args) => {
    const cwd = mkdtempSync(path.join(parent, 'broken-'))
    writeFileSync(path.join(cwd, 'package.json'), '{\n  "name": "x",\n')
    writeFileSync(path.join(cwd, 'index.js'), 'exports.handler = async event => event\n')
    const end = await runCli(
      args.filter(one => typeof one === 'string'),
      { cwd },
    )
    lookedAt(end)
    if (args[0] === 'lint') expect(`${end.stdout}${end.stderr}`).toMatch(/package\.json:\d+:\d+: /)
  },
)
