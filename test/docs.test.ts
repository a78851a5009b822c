/** What documentation names must be there: files and folders, scripts, profiles, commands and their options, rules. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { globSync } from 'tinyglobby'
import { describe, expect, test } from 'vitest'
import type { Command } from 'commander'
import { COMMANDS, programFor } from '../cli/main.ts'
import { loadSpec } from '../spec/compiler/compile.ts'
import { ruleNames } from '../analyzer/engine/rule-names.ts'
import { ROOT } from './cli/run-cli.ts'

const DOCS = globSync(
  [
    '*.md',
    'docs/**/*.md',
    '{analyzer,base,cli,config,endpoints,reference,reports,scripts,spec,suites}/**/README.md',
    'spec/GRAMMAR.md',
  ],
  {
    cwd: ROOT,
    ignore: ['**/node_modules/**', '**/fixtures/**'],
  },
).filter(file => file !== 'CODE_OF_CONDUCT.md')

const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  scripts: { [name: string]: string }
}
const textOf = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8')
/** Without the examples of the grammar, whose pages are of another service. */
const proseOf = (file: string): string => textOf(file).replace(/^(`{3,})[^`\n]*\n[\s\S]*?^\1$/gm, '')
const found = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(match => match[1] ?? '')

/** Folders at the top that code spans may name a path in. */
const TOP = 'analyzer|base|cli|config|docs|endpoints|reference|reports|scripts|spec|suites|test'
/** What a run writes, an example names, or the reader is to write. */
const NOT_THERE = /NAME|ACTION|<|\*|^reports\/index|^dist|…/

/** Long and short names of the options that commands understand. */
function optionsOf(...commands: readonly (Command | undefined)[]): ReadonlySet<string> {
  const options = commands.flatMap(command => command?.options ?? [])
  return new Set(['--help', ...options.flatMap(({ long, short }) => [long ?? '', short ?? ''])])
}

describe.each(DOCS)('%s', file => {
  const prose = proseOf(file)
  const folder = path.dirname(file)

  test('links to files that are there', () => {
    const links = found(prose.replace(/`[^`\n]*`/g, ''), /\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)
    expect(links.filter(link => !existsSync(path.join(ROOT, folder, link)))).toEqual([])
  })

  test('names files and folders that are there', () => {
    const named = found(prose, new RegExp(`\`((?:${TOP})/[^\`\\s{},]*)\``, 'g')).filter(name => !NOT_THERE.test(name))
    const exists = (name: string): boolean =>
      [ROOT, path.join(ROOT, folder)].some(from => existsSync(path.join(from, name)))
    expect(named.filter(name => !exists(name))).toEqual([])
  })

  test('names scripts that package.json has', () => {
    const named = found(textOf(file), /npm run (?:-s )?([a-z:-]+)/g)
    expect(named.filter(name => !Object.hasOwn(scripts, name))).toEqual([])
  })

  test('names profiles that the pages have', () => {
    const profiles = new Set(loadSpec().clauses.map(clause => clause.profile))
    const named = found(textOf(file), /--profile ([a-z-]+)/g)
    expect(named.filter(name => !profiles.has(name))).toEqual([])
  })

  test('names commands, options and rules that are there', async () => {
    const program = await programFor(COMMANDS.map(command => command.name))
    const lines = found(textOf(file), /lambdacheck ((?:certify|[a-z]+ -)[^\n`#]*|[a-z]+(?: [a-z]+)? --[^\n`#]*)/g)
    const problems = lines.flatMap(line => {
      const words = line.trim().split(/\s+/)
      const command = program.commands.find(one => one.name() === words[0])
      if (command === undefined) return [`no command: ${line}`]
      const known = optionsOf(
        program,
        command,
        command.commands.find(one => one.name() === words[1]),
      )
      return words
        .filter(word => word.startsWith('-'))
        .map(word => word.replace(/[=,.;)].*$/, ''))
        .filter(word => !known.has(word))
        .map(word => `no option ${word}: ${line}`)
    })
    expect(problems).toEqual([])
    const { present, known } = ruleNames(loadSpec().rules)
    const rules = found(textOf(file), /lambdacheck explain ([a-z0-9-]+)/g)
    expect(rules.filter(rule => !known.has(rule) || present(rule) !== rule)).toEqual([])
  })
})

test('documentation is there to be read', () => {
  expect(DOCS).toEqual(
    expect.arrayContaining([
      'README.md',
      'CONTRIBUTING.md',
      'docs/architecture.md',
      'docs/glossary.md',
      'spec/GRAMMAR.md',
    ]),
  )
})

test('architecture.md draws every folder, and the arrows that are checked', () => {
  const rows = found(textOf('docs/architecture.md'), /^\| (`\w+\/` \|[^|]*\| .*) \|$/gm)
  const folders = rows.map(row => /^`(\w+)\//.exec(row)?.[1] ?? '')
  const source = globSync(['*/**/*.ts'], { cwd: ROOT, ignore: ['**/node_modules/**', 'dist/**', 'docs/**', 'test/**'] })
  expect(folders.filter(folder => !existsSync(path.join(ROOT, folder)))).toEqual([])
  expect(folders).toEqual(expect.arrayContaining([...new Set(source.map(name => name.split('/')[0]))]))
  const checked = textOf('.dependency-cruiser.cjs')
  for (const row of rows) {
    const [, folder] = /^`(\w+)\//.exec(row) ?? []
    const allowed = found(row.split('|').at(-1) ?? '', /`(\w+)`/g)
    const drawn = new RegExp(`only\\('${folder}', \\[(.*)\\]\\)`).exec(checked)?.[1]
    if (folder === 'cli' || folder === 'scripts') continue
    // Types alone are not among the arrows that the table calls "types of".
    expect([folder, found(drawn ?? 'none', /'(\w+)'/g).toSorted()]).toEqual([folder, allowed.toSorted()])
  }
})
