/**
 * Every row of a table of constraints is shown broken on its page, and those that rest on documentation alone only
 * warn.
 */
import { describe, expect, it } from 'vitest'
import { loadKnowledge } from '../data/pages.ts'
import { runRules } from '../engine/run.ts'
import { applicationOf } from '../fixtures/project.ts'
import { rules } from '../rules/index.ts'
import { constraintsOf } from './constraint-findings.ts'

const { quota, rules: pages } = loadKnowledge()

for (const [id, page] of Object.entries(pages)) {
  const rows = constraintsOf(id)
  if (!rows.length) continue
  describe(id, () => {
    const cases = new Map<string, { [file: string]: string }>()
    for (const example of page.examples.filter(one => one.verdict === 'bad'))
      cases.set(example.case, { ...cases.get(example.case), [example.file]: example.body })
    const findings = [...cases.values()].flatMap(
      files =>
        runRules(
          applicationOf(files),
          rules.filter(rule => rule.id === id),
          { severity: () => 'error', quota },
        ).findings,
    )
    const rowsOf = (help: string | undefined): readonly string[] =>
      /^Rows? (.+) of the page/.exec(help ?? '')?.[1]?.split(', ') ?? []

    it('shows every row broken', () => {
      const shown = new Set(findings.flatMap(finding => rowsOf(finding.help)))
      expect(rows.map(row => row.id).filter(row => !shown.has(row))).toEqual([])
    })

    it('has each id once', () => {
      expect(rows.map(row => row.id)).toEqual([...new Set(rows.map(row => row.id))])
    })

    it('is an error only where more than documentation proves it', () => {
      const proofs = new Map(rows.map(row => [row.id, row.proof]))
      const sure = findings.filter(finding => finding.severity === 'error')
      expect(sure.filter(finding => rowsOf(finding.help).some(row => proofs.get(row) === 'documentation'))).toEqual([])
    })
  })
}
