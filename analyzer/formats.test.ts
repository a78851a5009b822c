/** The same small application in every format and in both languages: the same faults are found in each. */
import { describe, expect, it } from 'vitest'
import { loadKnowledge } from './data/pages.ts'
import { runRules } from './engine/run.ts'
import { FORMATS, LANGUAGES, PLANTED, projectIn } from './fixtures/formats.ts'
import { applicationOf } from './fixtures/project.ts'
import { rules } from './rules/index.ts'

const { quota } = loadKnowledge()

describe.each(FORMATS)('the application in %s', format => {
  it.each(LANGUAGES)('shows every planted fault with %s', language => {
    const { findings, crashes } = runRules(applicationOf(projectIn(format, language)), rules, {
      severity: () => 'warning',
      quota,
    })
    expect(crashes).toEqual([])
    const found = new Set(findings.map(finding => finding.rule))
    expect(Object.keys(PLANTED).filter(rule => !found.has(rule))).toEqual([])
  })
})
