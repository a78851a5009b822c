/** The files by which other tools take lambdacheck up: the GitHub action, the hook of pre-commit, the recipes. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { COMMANDS, programFor } from '../cli/main.ts'
import { ensureBuilt } from './cli/built.ts'
import { ROOT } from './cli/run-cli.ts'

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8')

/** Options that a text gives to a command of ours. */
async function unknownOptions(text: string): Promise<readonly string[]> {
  const program = await programFor(COMMANDS.map(one => one.name))
  const whole = text.replace(/\\\n\s*/g, ' ')
  return [...whole.matchAll(/\blambdacheck (\w+)(?: (controls|render|merge|compare)\b)?([^\n|;&]*)/g)].flatMap(
    ([, name, below, rest = '']) => {
      const command = program.commands.find(one => one.name() === name)
      if (!command) return /^(lint|certify|report|init)$/.test(name ?? '') ? [`command ${name}`] : []
      const inner = below === undefined ? command : command.commands.find(one => one.name() === below)
      const known = inner?.options.map(one => one.long) ?? []
      return [...rest.matchAll(/ (--[a-z-]+)/g)].flatMap(([, flag]) =>
        known.includes(flag) ? [] : [`${name} ${flag}`],
      )
    },
  )
}

describe('the GitHub action', () => {
  const action = parse(read('action.yml'))

  test('is a composite action whose scripts are right and take no input as code', () => {
    expect(action.runs.using).toBe('composite')
    for (const step of action.runs.steps) {
      if (step.run === undefined) continue
      expect(step.shell, step.name).toBe('bash')
      // What a workflow gives may come from a pull request: it reaches the shell by the environment alone.
      expect(step.run, step.name).not.toContain('${{')
      execFileSync('bash', ['-n'], { input: step.run })
    }
  })

  test('uses the inputs that it has, and has those that it uses', () => {
    const used = [...read('action.yml').matchAll(/inputs\.([a-z]+)/g)].map(match => match[1])
    expect([...new Set(used)].sort()).toEqual(Object.keys(action.inputs).sort())
  })
})

describe.skipIf(process.platform === 'win32')('the steps of the GitHub action, run as a runner runs them', () => {
  const steps: readonly { name: string; run?: string; if?: string; env?: { [name: string]: string } }[] = parse(
    read('action.yml'),
  ).runs.steps
  let folder: string
  beforeAll(async () => {
    await ensureBuilt()
    folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-action-'))
    mkdirSync(path.join(folder, 'bin'))
    mkdirSync(path.join(folder, 'node_modules/.bin'), { recursive: true })
    const program = (name: string, text: string): void => {
      writeFileSync(path.join(folder, 'bin', name), `#!/usr/bin/env bash\n${text}\n`, { mode: 0o755 })
    }
    const own = `exec "${process.execPath}" "${path.join(ROOT, 'bin/lambdacheck.js')}" "$@"`
    program('npx', `shift; ${own}`)
    writeFileSync(path.join(folder, 'node_modules/.bin/lambdacheck'), `#!/usr/bin/env bash\n${own}\n`, { mode: 0o755 })
    // Says whether there is a comment already, and keeps what it is to write.
    program(
      'gh',
      `echo "$*" >> "$RUNNER_TEMP/gh.log"; if [[ "$*" == *--paginate* ]]; then cat "$RUNNER_TEMP/comment-id" 2>/dev/null; fi; exit 0`,
    )
    program('npm', 'echo "$*" >> "$RUNNER_TEMP/npm.log"')
    mkdirSync(path.join(folder, 'service dir'))
    writeFileSync(
      path.join(folder, 'template.yaml'),
      'Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs22.x, Handler: a.b, InlineCode: "exports.b = async () => 1", MemorySize: 100}}\n',
    )
  }, 180_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Runs a step with what its expressions stand for. */
  function take(name: string, values: { readonly [expression: string]: string }): { code: number; out: string } {
    const step = steps.find(one => one.name === name)
    if (step?.run === undefined) throw new Error(`there is no step ${name}`)
    const env = Object.entries(step.env ?? {}).map(([key, text]) => {
      const expression = /^\$\{\{ (.+) \}\}$/.exec(text)?.[1] ?? ''
      if (values[expression] === undefined) throw new Error(`${name}: nothing stands for ${text}`)
      return [key, values[expression]]
    })
    const end = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: `${path.join(folder, 'bin')}:${process.env['PATH']}`,
        HOME: folder,
        NO_COLOR: '1',
        GITHUB_OUTPUT: path.join(folder, 'output'),
        GITHUB_STEP_SUMMARY: path.join(folder, 'summary.md'),
        RUNNER_TEMP: folder,
        ...Object.fromEntries(env),
      },
    })
    return { code: end.status ?? -1, out: end.stdout + end.stderr }
  }
  const file = (name: string): string => readFileSync(path.join(folder, name), 'utf8')

  test('what is there is not installed again, and what is not is', () => {
    expect(take('Install', { 'inputs.version': '1.2.3' }).code).toBe(0)
    expect(existsSync(path.join(folder, 'npm.log'))).toBe(false)
    rmSync(path.join(folder, 'node_modules/.bin/lambdacheck'))
    expect(take('Install', { 'inputs.version': '1.2.3; touch hacked' }).code).toBe(0)
    expect(file('npm.log')).toBe('install --no-save lambdacheck@1.2.3; touch hacked vitest@4\n')
    expect(existsSync(path.join(folder, 'hacked'))).toBe(false)
  })

  test('lint writes its reports and its code, and ends green all the same', () => {
    const { code, out } = take('Lint', { 'inputs.lint': '. $(touch hacked)', 'inputs.preset': 'recommended' })
    expect(existsSync(path.join(folder, 'hacked'))).toBe(false)
    expect(code, out).toBe(0)
    expect(file('output')).toMatch(/code=2\n$/)
    const again = take('Lint', { 'inputs.lint': '.', 'inputs.preset': 'recommended' })
    expect(again.out).toContain('::error file=template.yaml,line=3')
    expect(file('output')).toMatch(/code=1\n$/)
    expect(file('summary.md')).toContain('memory-out-of-range')
    expect(JSON.parse(file('lambdacheck-report/lint/lint.sarif')).version).toBe('2.1.0')
    expect(JSON.parse(file('lambdacheck-report/lint/lint.json')).findings).not.toEqual([])
  })

  test('certify does too, with a baseline and without', { timeout: 180_000 }, () => {
    const first = take('Certify', { 'inputs.certify': 'http://127.0.0.1:9', 'inputs.baseline': '' })
    expect(first.code, first.out).toBe(0)
    expect(file('output')).toMatch(/code=3\n$/)
  })

  test('one comment is written, and the same one updated', () => {
    const values = {
      'inputs.token': 't',
      'github.event.pull_request.number': '7',
      'github.repository': 'a/b',
    }
    expect(take('Comment', values).code).toBe(0)
    expect(file('gh.log')).toContain('api -X POST repos/a/b/issues/7/comments')
    expect(file('lambdacheck.md')).toMatch(/^<!-- lambdacheck -->\n[\s\S]*memory-out-of-range/)
    writeFileSync(path.join(folder, 'comment-id'), '42\n')
    expect(take('Comment', values).code).toBe(0)
    expect(file('gh.log')).toContain('api -X PATCH repos/a/b/issues/comments/42')
  })

  test.each([
    ['', '', 0],
    ['0', '0', 0],
    ['1', '', 1],
    ['0', '3', 1],
  ])('it ends as lint (%s) and certify (%s) did', (lint, certify, code) => {
    expect(
      take('End as the runs did', { 'steps.lint.outputs.code': lint, 'steps.certify.outputs.code': certify }).code,
    ).toBe(code)
  })
})

test('the image is built of stages that are named, runs as nobody special, and starts the program', () => {
  const lines = read('Dockerfile')
    .split('\n')
    .filter(line => line.trim() !== '' && !line.startsWith('#'))
  const known = /^(FROM|WORKDIR|COPY|RUN|USER|ENTRYPOINT|CMD) /
  expect(lines.filter(line => !known.test(line))).toEqual([])
  // Versions are pinned at least to a major one.
  for (const line of lines.filter(one => one.startsWith('FROM')))
    expect(line).toMatch(/^FROM [\w/.-]+:\d[\w.-]*( AS \w+)?$/)
  const stages = lines.flatMap(line => / AS (\w+)$/.exec(line)?.[1] ?? [])
  for (const line of lines.filter(one => one.includes('--from=')))
    expect(stages).toContain(/--from=(\w+)/.exec(line)?.[1])
  expect(lines.findLastIndex(line => line.startsWith('USER '))).toBeGreaterThan(
    lines.findLastIndex(line => line.startsWith('RUN ')),
  )
  expect(JSON.parse(lines.find(line => line.startsWith('ENTRYPOINT'))!.slice('ENTRYPOINT '.length))).toEqual([
    'lambdacheck',
  ])
})

test.each(['action.yml', '.pre-commit-hooks.yaml', 'docs/ci.md', 'README.md'])(
  '%s gives commands the options that they have',
  async file => {
    expect(await unknownOptions(read(file))).toEqual([])
  },
)

test('the hook of pre-commit looks at what lint reads', () => {
  const [hook] = parse(read('.pre-commit-hooks.yaml'))
  expect(hook).toMatchObject({ language: 'node', pass_filenames: false })
  for (const file of ['src/app.ts', 'template.yaml', 'main.tf', 'app.py', 'samconfig.toml'])
    expect(new RegExp(hook.files).test(file), file).toBe(true)
  expect(new RegExp(hook.files).test('logo.png')).toBe(false)
})
