/** The files by which other tools take lambdacheck up: the GitHub action, the hook of pre-commit, the recipes. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { COMMANDS, programFor } from '../cli/main.ts'
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
