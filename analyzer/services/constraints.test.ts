import { describe, expect, it } from 'vitest'
import { applicationOf } from '../fixtures/project.ts'
import { loadKnowledge } from '../data/pages.ts'
import { brokenConstraints, constraintsOf } from './constraint-findings.ts'
import { readConstraints } from './constraints.ts'

const { rules } = loadKnowledge()

describe.each([
  'resource-constraint',
  'resource-exposed',
  'env-name-reserved',
  'layer-open-to-everyone',
  'url-auth-missing',
  'url-cors-any-origin',
  'provisioned-concurrency-invalid',
  'scaling-config-invalid',
])('%s', rule => {
  const broken = new Set<string>()
  for (const example of rules[rule]!.examples) {
    if (example.verdict !== 'bad') continue
    const app = applicationOf({ [example.file]: example.body })
    for (const report of brokenConstraints(app, rule, () => {})) broken.add(/^Row (\S+)/.exec(report.help!)![1]!)
  }
  it.each(constraintsOf(rule).map(row => row.id))('row %s is broken in an example of the page', id => {
    expect([...broken]).toContain(id)
  })
  it('has each id once', () => {
    const ids = constraintsOf(rule).map(row => row.id)
    expect(ids).toEqual([...new Set(ids)])
  })
})

describe('a table of constraints', () => {
  const head = '| Id | Of | When | Demand | What | Proof |\n| --- | --- | --- | --- | --- | --- |\n'
  it('is refused where it cannot be read', () => {
    expect(() => readConstraints(`${head}| a | \`x\` | - | \`A likes B\` | m | schema |`)).toThrow(/no term/)
    expect(() => readConstraints(`${head}| a | \`x\` | - | \`A\` | m | hearsay |`)).toThrow(/no constraint/)
    expect(readConstraints('no table')).toEqual([])
  })
})
