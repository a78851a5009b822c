import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadApplication } from '../load-application.ts'
import { ruleNames } from './rule-names.ts'
import { defineRule } from './rule.ts'
import { runRules } from './run.ts'

const root = mkdtempSync(path.join(tmpdir(), 'lambdacheck-run-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('a rule with a new id gives the fingerprints that it gave under its first', () => {
  writeFileSync(path.join(root, 'index.ts'), 'export const handler = async () => { log(1); log(1) }\n')
  const calls = (id: string) =>
    defineRule({
      id,
      visit: { CallExpression: (node, code) => code.report({ at: node, message: 'a call' }) },
    })
  const run = (id: string, aliases: readonly string[]) =>
    runRules(loadApplication(root), [calls(id)], {
      severity: () => 'error',
      quota: () => 0,
      names: ruleNames({ [id]: { id, aliases } }),
    }).findings
  const before = run('calls', [])
  const after = run('call-made', ['calls', 'made-call'])
  expect(before).toHaveLength(2)
  expect(after.map(finding => finding.rule)).toEqual(['call-made', 'call-made'])
  expect(after.map(finding => finding.fingerprint)).toEqual(before.map(finding => finding.fingerprint))
  expect(run('call-made', [])[0]?.fingerprint).not.toBe(before[0]?.fingerprint)
})

test('an error is certain: what a rule or one report of it calls likely is a warning', () => {
  writeFileSync(path.join(root, 'index.ts'), 'export const handler = async () => { log(1) }\n')
  const found = (severity: 'warning' | undefined, confidence: 'certain' | 'likely' | undefined) =>
    runRules(
      loadApplication(root),
      [
        defineRule({
          id: 'calls',
          visit: {
            CallExpression: (node, code) =>
              code.report({
                at: node,
                message: 'a call',
                ...(severity && { severity }),
                ...(confidence && { confidence }),
              }),
          },
        }),
      ],
      { severity: () => 'error', quota: () => 0, names: ruleNames({ calls: { id: 'calls', aliases: [] } }) },
    ).findings.map(finding => [finding.severity, finding.confidence])
  expect(found(undefined, undefined)).toEqual([['error', 'certain']])
  expect(found(undefined, 'likely')).toEqual([['warning', 'likely']])
  expect(found('warning', undefined)).toEqual([['warning', 'likely']])
  expect(found('warning', 'certain')).toEqual([['warning', 'certain']])
})
