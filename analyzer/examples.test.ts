/**
 * The examples of the rule pages are templates that CloudFormation and SAM take, but for the very thing that an example
 * shows.
 */
import { describe, expect, it } from 'vitest'
import { loadKnowledge } from './data/pages.ts'
import { runRules } from './engine/run.ts'
import { applicationOf } from './fixtures/project.ts'
import { rules } from './rules/index.ts'

/** What a deployment surely refuses. */
const REFUSED = [
  'resource-constraint',
  'env-name-reserved',
  'provisioned-concurrency-invalid',
  'scaling-config-invalid',
  'resource-property-unknown',
  'resource-property-missing',
  'resource-property-value',
  'sam-transform-missing',
  'template-duplicate-key',
]
const readers = rules.filter(rule => REFUSED.includes(rule.id))

/** Bad examples that are refused for what their rule is about. */
const ABOUT_A_REFUSAL = new Set([
  ...REFUSED,
  'template-unreadable',
  'batch-out-of-range',
  'efs-vpc-missing',
  'memory-out-of-range',
  'timeout-out-of-range',
  'broker-source-access',
  'tracing-not-active',
])

const { quota, rules: pages } = loadKnowledge()

describe('examples are deployable', () => {
  for (const [id, page] of Object.entries(pages)) {
    const templates = page.examples.filter(example => /\.(ya?ml|json|template)$/.test(example.file))
    if (!templates.length) continue
    it(id, () => {
      const refused = templates.flatMap(example => {
        if (example.verdict === 'bad' && ABOUT_A_REFUSAL.has(id)) return []
        const { findings } = runRules(applicationOf({ [example.file]: example.body }), readers, {
          severity: () => 'error',
          quota,
        })
        return findings
          .filter(finding => finding.severity === 'error' && REFUSED.includes(finding.rule))
          .map(finding => `${example.source.file}:${example.source.line + finding.location.line} ${finding.message}`)
      })
      expect(refused).toEqual([])
    })
  }
})
