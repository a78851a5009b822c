/** The same small application in every format and in both languages: the same faults are found in each. */
import { describe, expect, it } from 'vitest'
import { loadKnowledge } from './data/pages.ts'
import { runRules } from './engine/run.ts'
import { FORMATS, LANGUAGES, PLACES, PLANTED, projectIn } from './fixtures/formats.ts'
import { applicationOf } from './fixtures/project.ts'
import { rules } from './rules/index.ts'

const { quota } = loadKnowledge()

describe.each(FORMATS)('the application in %s', format => {
  it.each(LANGUAGES)('shows every planted fault at its place with %s', language => {
    const files: Readonly<Record<string, string>> = projectIn(format, language)
    const { findings, crashes } = runRules(applicationOf(files), rules, {
      severity: () => 'warning',
      quota,
    })
    expect(crashes).toEqual([])
    const found = new Set(findings.map(finding => finding.rule))
    expect(Object.keys(PLANTED).filter(rule => !found.has(rule))).toEqual([])
    const elsewhere = findings.flatMap(({ rule, location }) => {
      const line = files[location.file]?.split('\n')[location.line - 1] ?? ''
      return PLACES[rule]?.test(line) === false ? [`${rule} at ${location.file}:${location.line}: ${line}`] : []
    })
    expect(elsewhere).toEqual([])
    expect(Object.keys(PLACES)).toEqual(Object.keys(PLANTED))
  })
})
