import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../cli/main.ts'
import { builtFolder } from './built-folder.ts'
import { runCli } from './run-cli.ts'
import { runHere } from './run-here.ts'

const here = builtFolder('usage')

/** A folder of its own for each test. */
function place(files: { readonly [name: string]: string } = {}): string {
  const cwd = mkdtempSync(path.join(here.root, 'p-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(cwd, name), text)
  return cwd
}

/** One message, no stack trace. */
function expectClear(stderr: string): void {
  expect(stderr).toMatch(/^error: /m)
  expect(stderr).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
  expect(stderr).not.toContain('defect of lambdacheck')
}

describe('help', () => {
  test.concurrent('lists the commands, and is there at once', async () => {
    const first = await runCli(['--help'], { cwd: place() })
    expect(first.code).toBe(0)
    for (const { name } of COMMANDS) expect(first.stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
  })

  test('says of each command what the command says of itself', async () => {
    for (const { name, summary } of COMMANDS) {
      const help = await runHere([name, '--help'], { cwd: place() })
      expect(help.code, name).toBe(0)
      expect(help.stdout.replace(/\s+/g, ' '), name).toContain(summary)
    }
  })

  test.concurrent('without a command is a mistake, with the help as its message', async () => {
    const end = await runCli([], { cwd: place() })
    expect(end.code).toBe(2)
    expect(end.stderr).toContain('Usage: lambdacheck')
  })

  test.concurrent('--version prints the version alone', async () => {
    const end = await runCli(['--version'], { cwd: place() })
    expect(end.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(end.code).toBe(0)
  })
})

describe('what is unknown is named, with what was probably meant', () => {
  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [['certfy'], /unknown command 'certfy'[^]*certify/],
    [['certify', '--profil', 'x'], /unknown option '--profil'[^]*--profile/],
    [['certify', '--profile', 'functons'], /no profile "functons"; did you mean functions\?/],
    [['certify', '--action', 'CreateFunctoin'], /no action "CreateFunctoin"; did you mean CreateFunction\?/],
    [
      ['certify', '--clause', 'CreateFunction.answr'],
      /no clause matches "CreateFunction.answr"; did you mean CreateFunction.answer\?/,
    ],
    [['certify', '--level', 'most'], /--level[^]*must, should, may/],
    [['certify', '--seed', 'x'], /--seed[^]*whole number/],
    [['certify', '--runs', '0'], /--runs[^]*whole number from 1/],
    [['certify', '--budget', 'soon'], /--budget[^]*such as 60s/],
    [['certify', '--shard', '3/2'], /--shard[^]*such as 1\/2/],
    [['certify', '--concurrency', '0'], /--concurrency[^]*from 1 to 256/],
    [['certify', '--path', '0:1'], /--path replays one case/],
    [['certify', 'http://127.0.0.1:1'], /too many arguments/],
    [['certify', '--endpoint', 'nowhere'], /no endpoint "nowhere"/],
    [['certify', '--endpoint', 'missing.yaml'], /missing\.yaml: there is no such file/],
    [['certify', '--endpoint', 'ftp://127.0.0.1'], /not an http or https url/],
    [['certify', '--endpoint', 'https://lambda.eu-central-1.amazonaws.com'], /AWS itself[^]*--allow-aws/],
    [['clean', '--endpoint', 'https://lambda.cn-north-1.amazonaws.com.cn'], /AWS itself/],
    [['clean'], /which endpoint\?/],
    [['certify', '--profile', 'tags', '--action', 'Invoke'], /no case fits all/],
  ]
  test.each(mistakes)('%j', async (args, message) => {
    const cwd = place()
    const end = await runHere(args, { cwd })
    expect(end.stderr).toMatch(message)
    expectClear(end.stderr)
    expect(end.code).toBe(2)
    expect(existsSync(path.join(cwd, '.lambdacheck'))).toBe(false)
  })
})

describe('a configuration that is wrong', () => {
  const broken: readonly (readonly [string, string, RegExp])[] = [
    ['lambdacheck.config.yaml', 'endpoints:\n  mine:\n    url: [\n', /lambdacheck\.config\.yaml:\d+:\d+: /],
    [
      'lambdacheck.config.yaml',
      'endpoints:\n  mine: {urll: http://127.0.0.1:1}\n',
      /lambdacheck\.config\.yaml: endpoints\.mine\.urll is not a key of endpoints\.mine; did you mean url\?/,
    ],
    [
      'lambdacheck.config.yml',
      'endpoints: {mine: {url: nowhere}}',
      /endpoints\.mine\.url must be an http or https url/,
    ],
    [
      'lambdacheck.config.json',
      '{"endpoints": {"mine": {"url": "http://127.0.0.1:1", "account": 123456789012}}}',
      /endpoints\.mine\.account must be twelve digits in quotes, not the number 123456789012/,
    ],
    ['lambdacheck.config.json', '{"endpoints": ', /lambdacheck\.config\.json:1:\d+: /],
    ['lambdacheck.config.json', '[]', /lambdacheck\.config\.json: the file must hold a mapping, not a list/],
    [
      'lambdacheck.config.ts',
      "import { defineConfig } from 'lambdacheck'\nexport default defineConfig({ endpoints: { mine: { url: 'http://127.0.0.1:1', capabilities: { pyhton: true } } } })",
      /lambdacheck\.config\.ts: endpoints\.mine\.capabilities\.pyhton is not known here; did you mean python\?/,
    ],
    ['lambdacheck.config.ts', 'export default {', /lambdacheck\.config\.ts: cannot be evaluated: /],
    ['lambdacheck.config.mts', 'throw new Error("no luck")', /lambdacheck\.config\.mts: cannot be evaluated: no luck/],
    [
      'lambdacheck.config.js',
      'export default { endpoint: 5 }',
      /lambdacheck\.config\.js: endpoint must be a text, not the number 5/,
    ],
    [
      'lambdacheck.config.mjs',
      'export default { endpoints: { mine: { url: "http://127.0.0.1:1", start: { command: "x", ready: { port: 1, log: "[" } } } } }',
      /start\.ready must have exactly one of url, port and log[^]*start\.ready\.log is not a regular expression/,
    ],
    [
      'lambdacheck.config.yaml',
      'endpoint: yours\nendpoints: {mine: {url: "http://127.0.0.1:1"}}',
      /no endpoint "yours": lambdacheck\.config\.yaml names mine/,
    ],
    [
      'lambdacheck.config.yaml',
      'endpoints: {a: {url: "http://127.0.0.1:1"}, b: {url: "http://127.0.0.1:2"}}',
      /several endpoints are named \(a, b\)/,
    ],
    [
      'lambdacheck.config.yaml',
      'endpoints:\n  a: {url: "http://127.0.0.1:1", start: {command: "echo broken pipe; exit 7"}}',
      /ended with exit code 7 before it was ready\.[^]*\| broken pipe/,
    ],
    [
      'lambdacheck.config.yaml',
      'endpoints:\n  a: {url: "http://127.0.0.1:1", start: {command: "echo waiting; sleep 60", timeout: 1}}',
      /not ready within 1 s[^]*\| waiting/,
    ],
  ]
  test.each(broken)('%s: %s', async (name, text, message) => {
    // What is code or starts something belongs in a process of its own.
    const run = /\.[cm]?[jt]s$/.test(name) || text.includes('start:') ? runCli : runHere
    const end = await run(['certify', '--profile', 'tags'], { cwd: place({ [name]: text }) })
    expect(end.stderr).toMatch(message)
    expectClear(end.stderr)
    expect(end.code).toBe(2)
  })

  test('two files are one too many', async () => {
    const end = await runHere(['certify', '--profile', 'tags'], {
      cwd: place({ 'lambdacheck.config.yaml': '', 'lambdacheck.config.json': '{}' }),
    })
    expect(end.stderr).toMatch(/only one of them can be the configuration/)
    expect(end.code).toBe(2)
  })

  test('a file that cannot be read', async () => {
    const cwd = place()
    mkdirSync(path.join(cwd, 'lambdacheck.config.yaml'))
    const end = await runHere(['certify', '--profile', 'tags'], { cwd })
    expect(end.stderr).toMatch(/lambdacheck\.config\.yaml: is a folder, not a file/)
    expect(end.code).toBe(2)
  })
})

describe('a folder for the reports that cannot be written is noticed before anything else is done', () => {
  test.concurrent('where a file stands in the way', async () => {
    const cwd = place({ taken: '' })
    const end = await runCli(['certify', '--out', 'taken/reports'], { cwd })
    expect(end.stderr).toMatch(/cannot write .*taken/)
    expectClear(end.stderr)
    expect(end.code).toBe(2)
    expect(readdirSync(cwd)).toEqual(['taken'])
  })

  test.skipIf(process.getuid?.() === 0)('where permission is missing', async () => {
    const cwd = place()
    mkdirSync(path.join(cwd, 'locked'))
    chmodSync(path.join(cwd, 'locked'), 0o500)
    const end = await runCli(['certify', '--out', 'locked/reports'], { cwd })
    expect(end.stderr).toMatch(/permission denied/)
    expect(end.code).toBe(2)
  })

  test.skipIf(process.platform !== 'linux')('where no folder can be made', async () => {
    const end = await runCli(['certify', '--out', '/proc/lambdacheck'], { cwd: place() })
    expect(end.stderr).toMatch(/cannot write \/proc\/lambdacheck/)
    expectClear(end.stderr)
    expect(end.code).toBe(2)
  })

  test.concurrent('where the disk is full', async context => {
    const cwd = place()
    const disk = path.join(cwd, 'disk')
    mkdirSync(disk)
    // A disk of 64 KiB; only who may mount can have one.
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status !== 0)
      return context.skip('mounting is not allowed here')
    try {
      const end = await runCli(['certify', '--out', 'disk/reports'], { cwd })
      expect(end.stderr).toMatch(/no space is left on the disk/)
      expectClear(end.stderr)
      expect(end.code).toBe(2)
    } finally {
      spawnSync('umount', [disk])
    }
  })
})
