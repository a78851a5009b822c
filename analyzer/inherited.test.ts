/** A fault is found wherever a tool lets one write it, and what the tool adds by itself is none. */
import { expect, it } from 'vitest'
import { loadKnowledge } from './data/pages.ts'
import { runRules } from './engine/run.ts'
import { FAULTLESS, INHERITED } from './fixtures/inherited.ts'
import { applicationOf } from './fixtures/project.ts'
import { rules } from './rules/index.ts'

const { quota, rules: pages } = loadKnowledge()

function rulesThatFind(files: { readonly [path: string]: string }): readonly string[] {
  const { findings, crashes } = runRules(applicationOf(files), rules, { severity: () => 'warning', quota })
  expect(crashes).toEqual([])
  return [...new Set(findings.map(finding => finding.rule))]
}

it.each(INHERITED)('%s: %s', (_, wanted, files) => {
  const found = rulesThatFind(files)
  expect(
    wanted.split('|').some(rule => found.includes(rule)),
    found.join(' '),
  ).toBe(true)
})

it.each(FAULTLESS)('what is without fault is recommended as it is (%#)', files => {
  expect(rulesThatFind(files).filter(rule => pages[rule]?.presets.includes('recommended'))).toEqual([])
})
