import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadFrameworks } from '../../spec/compiler/load-frameworks.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { controlTable, readOtherTools } from './table.ts'

const spec = loadSpec()

test('docs/controls.md is what the pages say now', () => {
  expect(readFileSync(new URL('../../docs/controls.md', import.meta.url), 'utf8')).toBe(
    controlTable(spec, readOtherTools()),
  )
})

test('what other tools are compared with is there', () => {
  const { rules, controls } = readOtherTools()
  const ours = loadFrameworks(spec).frameworks.flatMap(one => one.controls)
  expect(Object.keys(rules).filter(rule => !(rule in spec.rules))).toEqual([])
  expect(Object.keys(controls).filter(id => !ours.some(one => one.id === id))).toEqual([])
})
