import { describe, expect, it } from 'vitest'
import { readConstraints } from './constraints.ts'

describe('a table of constraints', () => {
  const head = '| Id | Of | When | Demand | What | Proof |\n| --- | --- | --- | --- | --- | --- |\n'
  it('is refused where it cannot be read', () => {
    expect(() => readConstraints(`${head}| a | \`x\` | - | \`A likes B\` | m | schema |`)).toThrow(/no term/)
    expect(() => readConstraints(`${head}| a | \`x\` | - | \`A\` | m | hearsay |`)).toThrow(/no constraint/)
    expect(readConstraints('no table')).toEqual([])
  })
})
