/** The linter beside ESLint with typescript-eslint and oxlint, on the same files in the same run. */
import { present } from '../../base/present.ts'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeHandlers } from './handlers.ts'
import { measure, median, table } from './measure.ts'
import type { Measured, Row } from './measure.ts'

const root = new URL('../..', import.meta.url).pathname
const cli = join(root, 'bin/lambdacheck.js')
const others = join(root, 'scripts/bench/others')

export async function benchAnalyzer(): Promise<string[]> {
  if (!existsSync(join(others, 'node_modules'))) await measure(['npm', 'ci', '--prefix', others])
  const tables: string[] = []
  for (const count of (process.env['BENCH_FILES'] ?? '750,7500').split(',').map(Number))
    tables.push(await benchFiles(count))
  tables.push(await benchStart())
  return tables
}

async function benchFiles(count: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'lambdacheck-bench-'))
  try {
    writeHandlers(folder, count)
    const runs = count > 1000 ? 1 : 3
    for (const typed of [false, true])
      writeFileSync(join(folder, typed ? 'typed.mjs' : 'untyped.mjs'), eslintConfig(folder, typed))
    const eslint = (config: string, ...more: string[]): readonly string[] => [
      'node',
      join(others, 'node_modules/eslint/bin/eslint.js'),
      '-c',
      config,
      ...more,
      'src',
    ]
    const lint = (...more: string[]): readonly string[] => [
      'node',
      cli,
      'lint',
      '.',
      '--quiet',
      ...typedRules().flatMap(rule => ['--rule', `${rule}=off`]),
      ...more,
    ]
    const untyped = await middle(runs, eslint('untyped.mjs'), folder)
    const typed = await middle(1, eslint('typed.mjs'), folder)
    await measure(eslint('untyped.mjs', '--cache'), { cwd: folder })
    const cached = await middle(runs, eslint('untyped.mjs', '--cache'), folder)
    const oxlint = await middle(runs, ['node', join(others, 'node_modules/oxlint/bin/oxlint'), 'src'], folder)
    const cold = await middle(runs, lint('--no-cache'), folder)
    const withTypes = await middle(1, ['node', cli, 'lint', '.', '--quiet', '--no-cache'], folder)
    await measure(['node', cli, 'lint', '.', '--quiet'], { cwd: folder })
    const warm = await middle(runs, ['node', cli, 'lint', '.', '--quiet'], folder)
    const row = (what: string, one: Measured, yardstick: Measured, aim?: string): Row => ({
      what,
      figure: `${one.wall.toFixed(2)} s, ${(count / one.wall).toFixed(0)} files/s, ${one.peak.toFixed(0)} MiB`,
      ratio: `${(yardstick.wall / one.wall).toFixed(1)}x`,
      ...(aim ? { aim } : {}),
    })
    return table(`${count} handler files (ratio: how many times as fast as ESLint of the same kind)`, [
      row('ESLint, recommended', untyped, untyped),
      row('oxlint', oxlint, untyped),
      row('lambdacheck, cold, no types', cold, untyped, count > 1000 ? '8x, < 250 MiB' : '3x'),
      row('ESLint, recommended-type-checked', typed, typed),
      row('lambdacheck, cold, with types', withTypes, typed, '3x'),
      row('ESLint, cached', cached, cached),
      row('lambdacheck, cached', warm, cached, '5x'),
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Rules that may ask the type checker: off where the others look at syntax alone, too. */
function typedRules(): string[] {
  const folder = join(root, 'analyzer/rules')
  return readdirSync(folder)
    .filter(name => name.endsWith('.ts') && /\.types\(\)/.test(readFileSync(join(folder, name), 'utf8')))
    .map(name => name.replace('.ts', ''))
}

async function benchStart(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'lambdacheck-bench-'))
  try {
    writeHandlers(folder, 1)
    const cold = await middle(5, ['node', cli, 'lint', '.', '--quiet', '--no-cache'], folder)
    await measure(['node', cli, 'lint', '.', '--quiet'], { cwd: folder })
    const warm = await middle(5, ['node', cli, 'lint', '.', '--quiet'], folder)
    const node = await middle(5, ['node', '-e', '0'], folder)
    return table('Start-up: one file (ratio: times of an empty Node.js)', [
      { what: 'node -e 0', figure: `${(node.wall * 1000).toFixed(0)} ms`, ratio: '1.0' },
      {
        what: 'lambdacheck, cold',
        figure: `${(cold.wall * 1000).toFixed(0)} ms`,
        ratio: (cold.wall / node.wall).toFixed(1),
        aim: '< 500 ms',
      },
      {
        what: 'lambdacheck, cached',
        figure: `${(warm.wall * 1000).toFixed(0)} ms`,
        ratio: (warm.wall / node.wall).toFixed(1),
        aim: '< 150 ms',
      },
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function middle(runs: number, command: readonly string[], cwd: string): Promise<Measured> {
  const all: Measured[] = []
  for (let run = 0; run < runs; run += 1) all.push(await measure(command, { cwd }))
  const wall = median(all.map(one => one.wall))
  return all.find(one => one.wall === wall) ?? present(all[0], 'a run')
}

const eslintConfig = (folder: string, typed: boolean): string => `
import { createRequire } from 'node:module'
const require = createRequire(${JSON.stringify(join(others, 'package.json'))})
const js = require('@eslint/js')
const ts = require('typescript-eslint')
export default ts.config(js.configs.recommended, ...ts.configs.${typed ? 'recommendedTypeChecked' : 'recommended'}, {
  languageOptions: { parserOptions: ${typed ? `{ project: './tsconfig.json', tsconfigRootDir: ${JSON.stringify(folder)} }` : '{}'} },
  rules: { 'no-undef': 'off' },
})
`
