import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isRunning } from '../base/is-running.ts'
import type { Evidence } from '../reports/evidence.ts'
import { inOwnFolder } from '../test/support/own-folder.ts'
import { main } from './main.ts'

// The first command loads the pages and the compiler.
vi.setConfig({ testTimeout: 120_000 })

const here = inOwnFolder('lambdacheck-synth-test-')

function write(files: { readonly [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(here.root, path)), { recursive: true })
    writeFileSync(join(here.root, path), text)
  }
}

const TEMPLATE = JSON.stringify(
  {
    Resources: {
      OrdersFnA1B2C3D4: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Timeout: 901,
          Code: { S3Bucket: 'assets', S3Key: 'abc.zip' },
          Role: 'arn:aws:iam::123456789012:role/orders',
        },
        Metadata: { 'aws:cdk:path': 'Shop/Orders/Fn/Resource', 'aws:asset:path': 'asset.abc' },
      },
    },
  },
  null,
  1,
)

/** A `cdk` that writes what the real one would, and what it was called with. */
const STAND_IN = `#!${process.execPath}
const fs = require('node:fs')
const path = require('node:path')
const out = process.argv[process.argv.indexOf('--output') + 1]
fs.appendFileSync('calls.txt', [process.cwd(), ...process.argv.slice(2)].join(' ') + '\\n')
fs.mkdirSync(path.join(out, 'asset.abc'), { recursive: true })
fs.writeFileSync(path.join(out, 'manifest.json'), '{}')
fs.writeFileSync(path.join(out, 'Shop.template.json'), ${JSON.stringify(TEMPLATE)})
fs.copyFileSync('src/index.js', path.join(out, 'asset.abc/index.js'))
`
const CODE =
  'exports.handler = async event => {\n  console.log(process.env)\n  return process.env.UNSET_BY_ANYBODY\n}\n'

function standIn(text: string, folder = 'infra'): void {
  const file = `${folder}/node_modules/.bin/cdk`
  write({ [file]: text })
  chmodSync(join(here.root, file), 0o755)
}

beforeEach(() => {
  write({ 'infra/cdk.json': '{"app": "node app.js"}', 'infra/src/index.js': CODE })
  standIn(STAND_IN)
})

async function lint(...args: string[]): Promise<number> {
  here.out = ''
  here.err = ''
  return main(['lint', '--synth', '--format', 'json', ...args])
}

const evidence = (): Evidence => JSON.parse(here.out) as Evidence
const found = (): string[] =>
  evidence().findings.map(one => `${one.rule} ${one.location.file}:${one.location.line} ${one.message}`)
const madeFolders = (): string[] => readdirSync(tmpdir()).filter(name => /^lambdacheck-synth-(?!test)/.test(name))

describe('lint --synth', () => {
  it('lints what the project’s own cdk writes, names constructs, reads the code behind, and leaves nothing', async () => {
    const before = madeFolders()
    expect(await lint(), here.err).toBe(1)
    expect(found()).toContainEqual(
      expect.stringMatching(
        /^timeout-out-of-range infra\/cdk\.out\/Shop\.template\.json:\d+ .*\(construct Shop\/Orders\/Fn\)$/,
      ),
    )
    expect(found()).toContainEqual(expect.stringMatching(/^log-process-env infra\/src\/index\.js:2 /))
    expect(evidence().findings.find(one => one.rule === 'env-var-undeclared')?.related).not.toEqual([])
    expect(evidence().notes.join()).not.toContain('was not read')
    expect(here.err).toContain('infra/cdk.json: running infra/node_modules/.bin/cdk synth')
    const [call = ''] = readFileSync(join(here.root, 'infra/calls.txt'), 'utf8').split('\n')
    expect(call).toMatch(/\/infra synth --quiet --output .*cdk\.out$/)
    expect(existsSync(join(here.root, 'infra/cdk.out'))).toBe(false)
    expect(existsSync(call.split(' ').at(-1) ?? '')).toBe(false)
    expect(madeFolders()).toEqual(before)
  })

  it('takes the place of what an earlier synthesis left, with the same fingerprints', async () => {
    write({
      'infra/cdk.out/Shop.template.json': TEMPLATE,
      'infra/cdk.out/Gone.template.json': TEMPLATE.replace('901', '902'),
      'infra/cdk.out/asset.abc/index.js': CODE,
      'lambdacheck.config.yaml': 'lint: {ignore: [cdk.out]}\n',
    })
    await lint()
    const made = evidence().findings.map(one => one.fingerprint)
    expect(found().filter(one => one.includes('timeout-out-of-range'))).toHaveLength(1)
    write({ 'lambdacheck.config.yaml': 'lint: {ignore: [infra/cdk.out/Gone.template.json]}\n' })
    here.out = ''
    await main(['lint', '--format', 'json', '--no-cache'])
    expect(evidence().findings.map(one => one.fingerprint)).toEqual(made)
  })

  it('mends code, and nothing of what is written anew each time', async () => {
    const { Resources } = JSON.parse(TEMPLATE) as { Resources: object }
    const queue = {
      Q: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 10 } },
      M: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['Q', 'Arn'] }, FunctionName: { Ref: 'OrdersFnA1B2C3D4' } },
      },
    }
    const written = JSON.stringify({ Resources: { ...Resources, ...queue } }, null, 1)
    const fixable = (): boolean[] =>
      evidence().findings.flatMap(one => (one.rule === 'sqs-visibility-below-timeout' ? [one.fixes.length > 0] : []))
    write({ 'infra/cdk.out/Shop.template.json': written })
    here.out = ''
    await main(['lint', '--format', 'json'])
    expect(fixable()).toEqual([true])
    standIn(STAND_IN.replace(JSON.stringify(TEMPLATE), JSON.stringify(written)))
    await lint('--fix')
    expect(fixable()).toEqual([false])
    expect(readFileSync(join(here.root, 'infra/cdk.out/Shop.template.json'), 'utf8')).toBe(written)
  })

  it('runs nothing unless it is asked for', async () => {
    here.out = ''
    await main(['lint', '--format', 'json', '--allow-empty'])
    expect(existsSync(join(here.root, 'infra/calls.txt'))).toBe(false)
    expect(evidence().notes.join()).toContain('lint with --synth')
  })

  it('finds a cdk that is installed higher up in the repository, and none above that', async () => {
    write({
      'app/.git/HEAD': '',
      'app/packages/infra/cdk.json': '{"app": "x"}',
      'app/packages/infra/src/index.js': CODE,
    })
    standIn(STAND_IN, 'app')
    expect(await lint('app'), here.err).toBe(1)
    expect(found().join('\n')).toContain('app/packages/infra/cdk.out/Shop.template.json')
    write({ 'other/.git/HEAD': '', 'other/cdk.json': '{"app": "x"}' })
    standIn(STAND_IN, '.')
    expect(await lint('other')).toBe(2)
    expect(here.err).toContain('other/cdk.json: there is no node_modules/.bin/cdk to run')
    expect(here.err).toContain('hint: install')
  })

  it.each([
    ['{"output": "x"}', /--synth found no app of the CDK: infra\/cdk\.json names no `app`/],
    [undefined, /--synth found no app of the CDK: there is no cdk\.json/],
  ])('says that there is no app: %s', async (config, message) => {
    if (config === undefined) write({ 'src/index.js': CODE })
    else write({ 'infra/cdk.json': config })
    expect(await lint(config === undefined ? 'src' : '.')).toBe(2)
    expect(here.err).toMatch(message)
  })

  it('shows what a synthesis that fails wrote, bounded and without secrets', async () => {
    vi.stubEnv('NPM_TOKEN', 'npm_0123456789abcdef')
    standIn(`#!/bin/sh
i=0; while [ $i -lt 3000 ]; do echo "line $i of much output"; i=$((i+1)); done
printf '\\033[31mError: no stack, token %s, key AKIAIOSFODNN7EXAMPLE\\033[0m\\n' "$NPM_TOKEN" >&2
exit 7
`)
    expect(await lint()).toBe(2)
    vi.unstubAllEnvs()
    expect(here.err).toContain('infra/cdk.json: cdk synth ended with exit code 7. It wrote last:')
    expect(here.err).toContain('  | Error: no stack, token REDACTED, key REDACTED')
    expect(here.err.length).toBeLessThan(8000)
    expect(here.out).toBe('')
  })

  it('says so when nothing was written', async () => {
    standIn('#!/bin/sh\nexit 0\n')
    expect(await lint()).toBe(2)
    expect(here.err).toContain('cdk synth ended well and wrote no template')
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'time'] as const)('ends it with all its children: %s', async how => {
    const before = madeFolders()
    standIn('#!/bin/sh\nsleep 300 &\necho "$! $$" > pids.tmp; mv pids.tmp pids\nwait\n')
    const ending = lint(...(how === 'time' ? ['--synth-timeout', '1'] : []))
    const pids = join(here.root, 'infra/pids')
    await vi.waitUntil(() => existsSync(pids), { timeout: 10_000 })
    if (how !== 'time') process.emit(how)
    expect(await ending).toBe(how === 'time' ? 2 : 130)
    if (how === 'time') expect(here.err).toContain('cdk synth did not end within 1 s (--synth-timeout)')
    const started = readFileSync(pids, 'utf8').trim().split(' ').map(Number)
    expect(started).toHaveLength(2)
    await vi.waitUntil(() => !started.some(pid => isRunning(pid)), { timeout: 5000 })
    expect(madeFolders()).toEqual(before)
  })

  it('does not go with --watch', async () => {
    expect(await lint('--watch')).toBe(2)
    expect(here.err).toContain('leave --watch or --synth out')
  })
})
