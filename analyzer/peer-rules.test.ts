import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { idsInTable } from './fixtures/peer-rules.ts'

const page = readFileSync(new URL('../docs/rules-of-other-linters.md', import.meta.url), 'utf8')
const lists: { readonly [linter: string]: readonly string[] } = JSON.parse(
  readFileSync(new URL('./fixtures/peer-rules.json', import.meta.url), 'utf8'),
)
const ruleIds = new Set(
  readFileSync(new URL('./rules/index.ts', import.meta.url), 'utf8').match(/(?<=from '\.\/)[\w-]+(?=\.ts')/g),
)

describe('the table of the rules of other linters', () => {
  const isTold = idsInTable(page)

  it.each(Object.entries(lists))(
    'tells of every rule of %s about functions, their rights and what calls them',
    (_, ids) => {
      expect(ids.length).toBeGreaterThan(10)
      expect(ids.filter(id => !isTold(id))).toEqual([])
    },
  )

  it('does not tell of what it does not name', () => {
    expect(isTold('CKV_AWS_9999')).toBe(false)
    expect(isTold('awslambda_function_of_nobody')).toBe(false)
    expect(idsInTable('| A1 – A3, B* | x |')('A4')).toBe(false)
    expect(idsInTable('| A1 – A3, B* | x |')('A2')).toBe(true)
    expect(idsInTable('| A1 – A3, B* | x |')('Bee')).toBe(true)
  })

  it('answers with rules that there are, or says why there is none', () => {
    const answers = page
      .split('\n')
      .filter(line => /^\| .* \|$/.test(line) && !/^\| (---|theirs|way|TypeScript|Python|way) /.test(line))
      .map(line => line.split('|').at(-2)?.trim() ?? '')
    const named = answers.flatMap(answer => answer.match(/\b[a-z][a-z0-9]*(?:-[a-z0-9]+)+\b/g) ?? [])
    expect(named.filter(name => ruleIds.has(name)).length).toBeGreaterThan(200)
  })
})
