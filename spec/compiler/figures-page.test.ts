import { expect, test } from 'vitest'
import { compilePages } from './compile-pages.ts'
import { loadSpec } from './compile.ts'

const HEAD = '| Figure | Default | Allowed | Unit | What it is |\n| --- | --- | --- | --- | --- |\n'

const compiled = (rows: string, heading = 'sqs'): ReturnType<typeof compilePages> =>
  compilePages([
    { file: 'services.md', text: `---\nfigures: services\n---\n# Services\n\n## ${heading}\n\n${HEAD}${rows}\n` },
  ])

test('a figure has a default, a range or values, and a unit', () => {
  const { spec, errors } = compiled(
    '| DelaySeconds | 0 | 0..900 | seconds | x |\n| days | | 1, 3, 5 | days | x |\n| Interval | 300 | | seconds | x |',
  )
  expect(errors).toEqual([])
  const source = { file: 'services.md', column: 3 }
  expect(spec.figures).toEqual({
    sqs: {
      DelaySeconds: { usual: 0, min: 0, max: 900, unit: 'seconds', source: { ...source, line: 10 } },
      days: { values: [1, 3, 5], unit: 'days', source: { ...source, line: 11 } },
      Interval: { usual: 300, unit: 'seconds', source: { ...source, line: 12 } },
    },
  })
  expect(spec.clauses).toEqual([])
})

test.each([
  ['| DelaySeconds | | | seconds | x |', /neither a default nor what is allowed/],
  ['| DelaySeconds | 0 | | | x |', /no unit/],
  ['| Delay seconds | 0 | | seconds | x |', /no name of a figure/],
  ['| DelaySeconds | none | | seconds | x |', /`none` is no number/],
  ['| DelaySeconds | 0 | 900..0 | seconds | x |', /empty/],
  ['| DelaySeconds | 0 | 1, two | seconds | x |', /no range/],
  ['| DelaySeconds | 0 | | seconds | x |\n| DelaySeconds | 1 | | seconds | x |', /there twice/],
])('%s is told', (rows, problem) => {
  expect(
    compiled(rows)
      .errors.map(({ message }) => message)
      .join('\n'),
  ).toMatch(problem)
})

test('a service that is none is told', () => {
  expect(compiled('| DelaySeconds | 0 | | seconds | x |', 'sgs').errors[0]?.message).toMatch(/`## sgs` is no service/)
})

test('every default of the own pages is allowed', () => {
  const figures = Object.values(loadSpec().figures).flatMap(service => Object.entries(service))
  expect(figures.length).toBeGreaterThan(30)
  for (const [name, { usual, min = -Infinity, max = Infinity }] of figures)
    if (usual !== undefined) expect(usual >= min && usual <= max, name).toBe(true)
})
