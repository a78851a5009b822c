import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyEvidence } from '../fixtures/evidence.ts'
import { sampleEvidence } from '../fixtures/sample.ts'
import { renderGitlab } from './gitlab.ts'

/** What GitLab documents of its code quality reports. */
const schema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string' },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string', minLength: 1, pattern: '^(?!\\./)' },
          lines: { type: 'object', required: ['begin'], properties: { begin: { type: 'integer', minimum: 1 } } },
        },
      },
    },
  },
}

describe('the code quality report', () => {
  const validate = new Ajv().compile(schema)

  it('is what GitLab reads, whatever the findings say', () => {
    fc.assert(
      fc.property(anyEvidence(), evidence => {
        const issues = JSON.parse(renderGitlab(evidence))
        expect(validate(issues), JSON.stringify(validate.errors)).toBe(true)
        expect(issues).toHaveLength(evidence.findings.filter(finding => !finding.suppressed).length)
      }),
      { numRuns: 50 },
    )
  })

  it('names rule, place and severity', () => {
    const [first] = JSON.parse(renderGitlab(sampleEvidence()))
    expect(first).toMatchObject({ type: 'issue', severity: 'major' })
    expect(first.location.lines.begin).toBeGreaterThan(0)
  })
})
