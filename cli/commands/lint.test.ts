import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../reports/evidence.ts'
import { inOwnFolder } from '../../test/support/own-folder.ts'
import { main } from '../main.ts'

const template = `Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 45
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}
  Dead:
    Type: AWS::SQS::Queue
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      CodeUri: src
      Runtime: nodejs24.x
      Timeout: 60
      Events:
        Jobs:
          Type: SQS
          Properties:
            Queue: !GetAtt Jobs.Arn
`
const code = `const send = async (text: string): Promise<string> => text

export const handler = async (event: { text: string }): Promise<string | undefined> => {
  send(event.text)
  console.log(process.env)
  return process.env['STAGE']
}
`

const here = inOwnFolder('lambdacheck-lint-', root => void mkdirSync(join(root, 'node_modules')))

function write(files: { readonly [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(here.root, path)), { recursive: true })
    writeFileSync(join(here.root, path), text)
  }
}

async function run(...args: string[]): Promise<number> {
  here.out = ''
  here.err = ''
  return main(['lint', ...args])
}

const found = (): string[] =>
  (JSON.parse(here.out) as Evidence).findings.filter(finding => !finding.suppressed).map(finding => finding.rule)

describe('lambdacheck lint', () => {
  it('needs no configuration, shows both ends, and says by its exit code what it found', async () => {
    write({ 'template.yaml': template, 'src/app.ts': code })
    expect(await run()).toBe(1)
    expect(here.out).toContain('src/app.ts')
    expect(here.out).toContain('❯ 4')
    expect(here.out).toContain('no-floating-promise-in-handler')
    expect(here.out).toMatch(/↳ template\.yaml:16:16/)
    expect(here.out).toMatch(/\d+ errors/)
    write({
      'src/app.ts': 'export const handler = async (event: { text: string }): Promise<string> => event.text\n',
      'template.yaml': template.replace('45', '400'),
    })
    expect(await run('--rule', 'sqs-visibility-below-recommended=off')).toBe(0)
  })

  it('answers again from the cache, and --no-cache looks again', async () => {
    write({ 'template.yaml': template, 'src/app.ts': code })
    await run('--format', 'json')
    const first = found()
    await run('--format', 'json')
    expect(found()).toEqual(first)
    await run('--format', 'json', '--no-cache')
    expect(found()).toEqual(first)
  })

  it('fixes what is certain, and a second time changes nothing', async () => {
    write({ 'template.yaml': template, 'src/app.ts': code })
    expect(await run('--fix')).toBe(1)
    const fixed = ['template.yaml', 'src/app.ts'].map(file => readFileSync(join(here.root, file), 'utf8'))
    expect(fixed[0]).toContain('VisibilityTimeout: 360')
    expect(fixed[1]).toContain('await send(event.text)')
    expect(here.out).toMatch(/fixed in src\/app\.ts, template\.yaml/)
    await run('--fix')
    expect(['template.yaml', 'src/app.ts'].map(file => readFileSync(join(here.root, file), 'utf8'))).toEqual(fixed)
    expect(here.out).not.toMatch(/fixed in/)
  })

  it('starts clean from a baseline, and counts what is new', async () => {
    write({ 'template.yaml': template, 'src/app.ts': code })
    expect(await run('--write-baseline')).toBe(0)
    expect(await run('--baseline', 'lambdacheck-baseline.json')).toBe(0)
    expect(here.out).toMatch(/of the baseline are not shown/)
    write({
      'src/app.ts': `// moved down\n${code}export const more = (): void => console.log('more', process.env)\n`.replace(
        'send(event.text)\n',
        'send(event.text)\n  console.info(process.env)\n',
      ),
    })
    expect(await run('--baseline', 'lambdacheck-baseline.json', '--format', 'json')).toBe(1)
    expect(found()).toEqual(['log-process-env', 'log-process-env'])
    expect(await run('--baseline', 'nowhere.json')).toBe(2)
    expect(here.err).toMatch(/there is no such file\nhint: write it with --write-baseline\n/)
    write({ 'other.json': '{"a": 1}' })
    expect(await run('--baseline', 'other.json')).toBe(2)
  })

  it('tells old runtimes of a template once, and what is new beside a baseline all the same', async () => {
    const old = (name: string): string =>
      `  ${name}: {Type: AWS::Serverless::Function, Properties: {Handler: app.handler, CodeUri: s3://b/k, Runtime: nodejs12.x}}\n`
    const head = 'Transform: AWS::Serverless-2016-10-31\nResources:\n'
    const runtimes = () => (JSON.parse(here.out) as Evidence).findings.filter(one => one.rule === 'deprecated-runtime')
    write({ 'template.yaml': head + old('A') + old('B') })
    await run('--format', 'json')
    const [only, ...others] = runtimes()
    expect(others).toEqual([])
    expect(only?.related.map(one => one.line)).toEqual([4])
    const verdicts = (JSON.parse(here.out) as Evidence).lint?.rules.find(one => one.rule === 'deprecated-runtime')
    expect(verdicts?.fail.map(one => one.findings)).toEqual([[only?.fingerprint], [only?.fingerprint]])
    await run('--write-baseline')
    write({ 'template.yaml': head + old('A') + old('B') + old('C') })
    await run('--format', 'json', '--baseline', 'lambdacheck-baseline.json')
    expect(runtimes().map(one => one.location.line)).toEqual([5])
  })

  it('writes every format, to a file too', async () => {
    write({ 'template.yaml': template, 'src/app.ts': code })
    await run('--format', 'sarif')
    expect((JSON.parse(here.out) as { version: string }).version).toBe('2.1.0')
    await run('--format', 'github')
    expect(here.out).toMatch(/^::error file=src\/app\.ts,line=4/m)
    await run('--format', 'junit')
    expect(here.out).toContain('<testsuites')
    await run('--format', 'html', '--out', 'report.html')
    expect(here.out).toBe('')
    expect(readFileSync(join(here.root, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/)
    expect(await run('--format', 'json', '--out', 'report.html/folder.json')).toBe(2)
  })

  it('takes levels from the command, the configuration and overrides, in that order', async () => {
    write({
      'template.yaml': template,
      'src/app.ts': code,
      'lambdacheck.config.json': JSON.stringify({
        lint: {
          rules: { 'log-process-env': 'off' },
          overrides: [{ files: ['src/**'], rules: { 'env-var-undeclared': 'info' } }],
        },
      }),
    })
    await run('--format', 'json')
    expect(found()).not.toContain('log-process-env')
    expect(
      (JSON.parse(here.out) as Evidence).findings.find(finding => finding.rule === 'env-var-undeclared')?.severity,
    ).toBe('info')
    await run('--format', 'json', '--rule', 'log-process-env=warning', '--rule', 'env-var-undeclared=off')
    expect(found()).toContain('log-process-env')
    expect(found()).not.toContain('env-var-undeclared')
    write({ 'lambdacheck.config.json': JSON.stringify({ lint: { ignore: ['src'], templates: ['template.yaml'] } }) })
    await run('--format', 'json')
    expect(found()).toContain('sqs-visibility-below-timeout')
  })

  it('counts warnings against --max-warnings, and --quiet shows errors alone', async () => {
    write({
      'template.yaml': template.replace('VisibilityTimeout: 45', 'VisibilityTimeout: 100'),
      'src/app.js': 'exports.handler = async (event) => event.text\n',
    })
    const six = ['--rule', 'sqs-visibility-below-recommended=warning']
    await run(...six, '--format', 'json')
    const warnings = (JSON.parse(here.out) as Evidence).findings.filter(
      finding => finding.severity === 'warning',
    ).length
    expect(warnings).toBeGreaterThan(0)
    expect(await run(...six, '--max-warnings', String(warnings))).toBe(0)
    expect(await run(...six, '--max-warnings', String(warnings - 1))).toBe(1)
    await run(...six, '--quiet')
    expect(here.out).toContain('no findings')
  })

  it('looks only where it is told to', async () => {
    write({
      'one/index.js': 'exports.handler = async (event) => console.log(process.env)\n',
      'two/index.js': 'exports.handler = async (event) => console.log(process.env)\n',
      'two/template.yaml': template,
    })
    await run('one', '--format', 'json')
    expect(found()).toEqual(['log-process-env'])
    await run('--template', 'two/template.yaml', '--format', 'json')
    expect(found()).toContain('sqs-visibility-below-timeout')
    await run('two/template.yaml', '--format', 'json')
    expect(found()).toContain('sqs-visibility-below-timeout')
  })

  it('says so when there was nothing to look at', async () => {
    write({ 'readme.txt': 'nothing' })
    expect(await run()).toBe(2)
    expect(here.err).toMatch(/nothing was checked; --allow-empty/)
    expect(await run('--allow-empty')).toBe(0)
    expect(here.out).toMatch(/nothing was checked/)
  })

  it('says which code could not be read, and why, when nothing else was there', async () => {
    write({ 'deep.js': `exports.handler = async event => ${'('.repeat(20_000)}1${')'.repeat(20_000)}` })
    write({ 'large.js': `exports.handler = async event => "${'x'.repeat(3 * 1024 * 1024)}"` })
    expect(await run()).toBe(2)
    expect(here.out).toMatch(/deep\.js: it nests too deep to be read/)
    expect(here.out).toMatch(/large\.js was not read: of 3 MB, and code of more than 2 MB is no source/)
  })

  it('says what held as well as what broke, and accepts what the baseline knows', async () => {
    write({ 'template.yaml': template })
    const standing = () => {
      const { lint } = JSON.parse(here.out)
      const rule = lint.rules.find((one: { rule: string }) => one.rule === 'sqs-visibility-below-timeout')
      return { ...lint, rule }
    }
    await run('--format', 'json')
    const first = standing()
    expect(first.rule.fail).toHaveLength(1)
    expect(first.resources[first.rule.fail[0].resource].id).toBe('Worker')
    expect(first.files.map((one: { file: string }) => one.file)).toContain('template.yaml')
    expect(first.digest).toMatch(/^[0-9a-f]{64}$/)
    await run('--write-baseline')
    await run('--baseline', 'lambdacheck-baseline.json', '--format', 'json')
    expect(standing().rule.fail).toEqual([])
    expect(standing().rule.accepted[0].reason).toMatch(/baseline/)
  })

  it('writes several formats in one run', async () => {
    write({ 'template.yaml': template })
    await run('--format', 'gitlab', '--format', 'sarif:out/lint.sarif', '--format', 'html:report.html')
    expect(JSON.parse(here.out)[0]).toMatchObject({ type: 'issue', location: { path: 'template.yaml' } })
    expect(JSON.parse(readFileSync('out/lint.sarif', 'utf8')).version).toBe('2.1.0')
    expect(readFileSync('report.html', 'utf8')).toMatch(/^<!doctype html>/)
    expect(await run('--format', 'html', '--format', 'json')).toBe(2)
    expect(here.err).toMatch(/cannot both be printed/)
  })

  it('ends with 2 and one line for what it was asked wrongly', async () => {
    for (const [args, message] of [
      [['nowhere'], /there is no nowhere/],
      [['--template', 'nowhere.yaml'], /there is no nowhere\.yaml/],
      [['--rule', 'log-process-enw=off'], /there is no rule log-process-enw; did you mean log-process-env\?/],
      [['--rule', 'log-process-env=loud'], /levels are error, warning, info and off/],
      [['--preset', 'loud'], /recommended, strict, security/],
      [['--format', 'xml'], /pretty, json, sarif/],
      [['--max-warnings', 'many'], /number of warnings/],
    ] as const) {
      expect(await run(...args), args.join(' ')).toBe(2)
      expect(here.err, args.join(' ')).toMatch(message)
      expect(here.err).not.toMatch(/\n\s+at /)
    }
    write({ 'lambdacheck.config.json': JSON.stringify({ lint: { presets: 'strict', rules: { nonsense: 'error' } } }) })
    expect(await run()).toBe(2)
    expect(here.err).toMatch(/lambdacheck\.config\.json: .*lint\.presets/)
    expect(here.err).toMatch(/the rule nonsense, which does not exist/)
  })
})

describe('a rule that was renamed', () => {
  it('is found by its old id on the command line, in the configuration, in a comment and by explain', async () => {
    const short = template.replace('VisibilityTimeout: 45', 'VisibilityTimeout: 90')
    write({ 'template.yaml': short, 'src/app.ts': code })
    const level = async (...args: string[]): Promise<string | undefined> => {
      await run('--format', 'json', '--preset', 'strict', ...args)
      const { findings } = JSON.parse(here.out) as Evidence
      return findings.find(({ rule }) => rule === 'sqs-visibility-below-recommended')?.severity
    }
    const file = 'lambdacheck.config.json'
    expect(await level('--rule', 'sqs-visibility-6x=info')).toBe('info')
    write({ [file]: JSON.stringify({ lint: { rules: { 'sqs-visibility-6x': 'info' } } }) })
    expect(await level()).toBe('info')
    expect(await level('--rule', 'sqs-visibility-6x=off')).toBeUndefined()
    const rules = { 'sqs-visibility-6x': 'off' }
    write({ [file]: JSON.stringify({ lint: { overrides: [{ files: ['template.yaml'], rules }] } }) })
    expect(await level()).toBeUndefined()
    write({ [file]: '{}' })
    expect(await level()).toBe('warning')
    const ignored = '      # lambdacheck-ignore sqs-visibility-6x: retries are rare here\n      VisibilityTimeout: 90'
    write({ 'template.yaml': short.replace('      VisibilityTimeout: 90', ignored) })
    await run('--format', 'json', '--preset', 'strict')
    expect((JSON.parse(here.out) as Evidence).findings.find(it => it.suppressed)).toMatchObject({
      rule: 'sqs-visibility-below-recommended',
      suppressed: { reason: 'retries are rare here' },
    })
    here.out = ''
    expect(await main(['explain', 'sqs-visibility-6x'])).toBe(0)
    expect(here.out).toMatch(/^\S*sqs-visibility-below-recommended.*before sqs-visibility-6x/)
  })
})

describe('lambdacheck rules and explain', () => {
  it('list every rule, and print the page of one', async () => {
    here.out = ''
    expect(await main(['rules'])).toBe(0)
    expect(here.out).toMatch(/timeout-out-of-range +error/)
    here.out = ''
    await main(['rules', '--json'])
    expect((JSON.parse(here.out) as { id: string }[]).map(rule => rule.id)).toContain('env-var-undeclared')
    here.out = ''
    expect(await main(['explain', 'log-process-env'])).toBe(0)
    expect(here.out).toContain('AWS_SESSION_TOKEN')
    expect(await main(['explain', 'log-process-en'])).toBe(2)
    expect(here.err).toMatch(/did you mean log-process-env\?/)
  })
})
