import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import draft04 from 'ajv-draft-04'
import formats from 'ajv-formats'
import fc from 'fast-check'
import type { Log, Result } from 'sarif'
import { describe, expect, it } from 'vitest'
import type { Evidence } from '../evidence.ts'
import { anyEvidence } from '../fixtures/evidence.ts'
import { expectHarmless } from '../fixtures/expect-harmless.ts'
import { sampleEvidence } from '../fixtures/sample.ts'
import { renderSarif } from './sarif.ts'

/** The official schema of SARIF 2.1.0. */
const schema = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
    'utf8',
  ),
)
const ajv = new draft04.default({ strict: false, allErrors: true, unicodeRegExp: false })
formats.default(ajv)
const validate = ajv.compile(schema)

function logOf(evidence: Evidence): Log {
  const text = renderSarif(evidence)
  const log = JSON.parse(text) as Log
  expect(validate(log), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true)
  return log
}

const resultsOf = (evidence: Evidence): Result[] => logOf(evidence).runs[0]!.results!

describe('renderSarif', () => {
  it('is valid SARIF 2.1.0 for any evidence, with a rule for every result', () => {
    fc.assert(
      fc.property(anyEvidence(), evidence => {
        const [run] = logOf(evidence).runs
        expect(run!.results).toHaveLength(
          evidence.findings.length + evidence.results.filter(result => result.verdict === 'fail').length,
        )
        const rules = run!.tool.driver.rules!
        expect(new Set(rules.map(rule => rule.id)).size).toBe(rules.length)
        for (const result of run!.results!) {
          expect(rules[result.ruleIndex!]!.id).toBe(result.ruleId)
          expect(result.message.text).not.toBe('')
          for (const location of result.locations!)
            expect(() => new URL(location.physicalLocation!.artifactLocation!.uri!, 'file:///base/')).not.toThrow()
          expectHarmless(JSON.stringify({ ...result, fixes: undefined }))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('shows a finding with its place, the other end, its fix and its fingerprint', () => {
    const finding = resultsOf(sampleEvidence()).find(result => result.ruleId === 'sqs-visibility-below-timeout')!
    expect(finding).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'template.yaml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 27, startColumn: 26, endLine: 27, endColumn: 28 },
          },
        },
      ],
      relatedLocations: [
        { id: 1, message: { text: 'the function may run for 60 s' }, physicalLocation: { region: { startLine: 18 } } },
      ],
      fixes: [
        {
          description: { text: 'Set VisibilityTimeout to 360' },
          artifactChanges: [
            { replacements: [{ deletedRegion: { charOffset: 612, charLength: 2 }, insertedContent: { text: '360' } }] },
          ],
        },
      ],
      partialFingerprints: { 'lambdacheckFinding/v1': 'f1' },
    })
  })

  it('shows a failure with the sentence of its page', () => {
    const evidence = sampleEvidence()
    const failure = resultsOf(evidence).find(result => result.ruleId === 'CreateFunction.request.Role.range')!
    expect(failure).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'spec/api/CreateFunction.md', uriBaseId: 'LAMBDACHECK' },
            region: { startLine: 18 },
          },
        },
      ],
      partialFingerprints: { 'lambdacheckCase/v1': 'CreateFunction.request.Role.range' },
    })
    const rule = logOf(evidence).runs[0]!.tool.driver.rules![failure.ruleIndex!]!
    expect(rule.shortDescription?.text).toBe('Role of CreateFunction is from 128 to 10240.')
    expect(rule.help?.text).toContain('spec/api/CreateFunction.md:18')
  })

  it('marks expected failures and suppressed findings as suppressed', () => {
    const results = resultsOf(sampleEvidence())
    expect(results.filter(result => result.suppressions?.[0]?.kind === 'external')).toHaveLength(5)
    expect(results.filter(result => result.suppressions?.[0]?.kind === 'inSource')).toMatchObject([
      { ruleId: 'sqs-queue-without-redrive', suppressions: [{ justification: 'the queue of a demonstration' }] },
    ])
  })

  it('keeps fingerprints and rule ids when lines move', () => {
    const evidence = sampleEvidence()
    const moved = {
      ...evidence,
      findings: evidence.findings.map(finding => ({
        ...finding,
        location: { ...finding.location, line: finding.location.line + 10 },
      })),
    }
    const keys = (one: Evidence): unknown[] =>
      resultsOf(one).map(({ ruleId, partialFingerprints }) => ({ ruleId, partialFingerprints }))
    expect(keys(moved)).toEqual(expect.arrayContaining(keys(evidence)))
  })
})
