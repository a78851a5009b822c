/** What other tools have rules for is found, however it is written, and its good counterpart is not. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadKnowledge } from './data/pages.ts'
import { runRules } from './engine/run.ts'
import { conceptsOf, fileConceptsOf, tableOf } from './fixtures/concepts.ts'
import { applicationOf } from './fixtures/project.ts'
import { rules } from './rules/index.ts'

const { quota } = loadKnowledge()

function rulesThatFind(files: Readonly<Record<string, string>>): ReadonlySet<string> {
  const { findings, crashes } = runRules(applicationOf(files), rules, {
    severity: () => 'warning',
    quota,
  })
  expect(crashes).toEqual([])
  return new Set(findings.map(finding => finding.rule))
}

const documented = readFileSync(new URL('../docs/rules-of-other-linters.md', import.meta.url), 'utf8')

it('documents each rule of cdk-preflight', () => {
  const table = tableOf('cdk-preflight')
  expect(documented.includes(table), table).toBe(true)
})

describe.each(['cdk-preflight', 'cloudformation'])('concepts of %s', tool => {
  for (const concept of conceptsOf(tool)) {
    it(concept.id, () => {
      const missed: string[] = []
      for (const [way, template] of Object.entries(concept.templates('bad'))) {
        const found = rulesThatFind({ 'template.json': template })
        if (concept.ours.some(rule => found.has(rule)) === concept.unseen.includes(way)) missed.push(way)
      }
      const alarms: string[] = []
      for (const [way, template] of Object.entries(concept.templates('good'))) {
        const found = rulesThatFind({ 'template.json': template })
        alarms.push(...concept.ours.filter(rule => found.has(rule)).map(rule => `${way}: ${rule}`))
      }
      expect({ missed, alarms }).toEqual({ missed: [], alarms: [] })
    })
  }
})

describe.each(['terraform', 'python', 'javascript', 'policies'])('concepts in %s', kind => {
  for (const { name, ours, files } of fileConceptsOf(kind)) {
    it(name, () => {
      const found = rulesThatFind(files('bad') ?? {})
      expect(
        ours.some(rule => found.has(rule)),
        [...found].join(' '),
      ).toBe(true)
      const good = files('good')
      if (good) expect(ours.filter(rule => rulesThatFind(good).has(rule))).toEqual([])
    })
  }
})
