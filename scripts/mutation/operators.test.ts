import { ts } from 'ts-morph'
import { expect, it } from 'vitest'
import { mutantsOf } from './operators.ts'

const applied = (text: string): string[] =>
  mutantsOf('a.js', text).map(
    one => `${one.operator}: ${text.slice(0, one.start)}${one.replacement}${text.slice(one.end)}`,
  )

it('makes one fault at a time, of the kinds that it names', () => {
  expect(applied('if (a < 1) throw new Error(b)')).toEqual([
    'condition always true: if (true) throw new Error(b)',
    'condition always false: if (false) throw new Error(b)',
    'operator swapped: if (a <= 1) throw new Error(b)',
    'off by one: if (a < 2) throw new Error(b)',
    'refusal left out: if (a < 1) ;',
  ])
  expect(applied('x({ ...old, b: c ?? d }, e)').map(one => one.split(': ')[0])).toEqual(
    expect.arrayContaining([
      'statement left out',
      'earlier state forgotten',
      'member left out',
      'default ignored',
      'given value ignored',
      'argument ignored',
    ]),
  )
})

it('is reached with the left side where it is an operator, and with itself where it is not', () => {
  const text = "x = (a && b) || 'name'"
  const reached = mutantsOf('a.js', text).map(one => `${one.replacement}: ${text.slice(one.reached)}`)
  expect(reached).toEqual(
    expect.arrayContaining(["||: a && b) || 'name'", "&&: (a && b) || 'name'", '"namex": \'name\'']),
  )
})

it('leaves alone what ends processes and removes files', () => {
  expect(applied('function f(pid) { if (pid > 1) process.kill(pid, 0) }')).toEqual([])
  expect(applied('const f = folder => rmSync(folder, { recursive: true, force: true })')).toEqual([])
  expect(applied('function f(a) { const g = () => rm(a); return a > 1 }').length).toBeGreaterThan(0)
})

it('leaves a program that can be read, and one that differs', () => {
  const text = `import { a } from './a.js'
export function f(x, y) {
  if (x === y && y !== 'none') return { ...x, Name: y ?? 'default', Size: 3 }
  for (const one of x.list) one.count = one.count + 1
  log('text', true)
  throw new Error(\`\${x}\`)
}`
  const mutants = mutantsOf('a.js', text)
  expect(mutants.length).toBeGreaterThan(20)
  expect(new Set(mutants.map(one => one.id)).size).toBe(mutants.length)
  for (const { start, end, replacement } of mutants) {
    const mutant = text.slice(0, start) + replacement + text.slice(end)
    expect(mutant).not.toBe(text)
    const { diagnostics } = ts.transpileModule(mutant, {
      reportDiagnostics: true,
      compilerOptions: { allowJs: true, target: ts.ScriptTarget.ES2023 },
    })
    expect(diagnostics, mutant).toEqual([])
  }
})
