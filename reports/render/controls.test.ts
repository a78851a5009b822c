import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { parse as parseHtml } from 'parse5'
import { describe, expect, it } from 'vitest'
import type { Control, Framework } from '../../spec/model.ts'
import { assessControls } from '../controls/assess.ts'
import type { Evidence, LintRecord } from '../evidence.ts'
import { anyEvidence, hostileText } from '../fixtures/evidence.ts'
import { sampleEvidence } from '../fixtures/sample.ts'
import { CONTROL_FORMATS } from './controls/formats.ts'
import { oscalId } from './controls/oscal.ts'
import { renderControls } from './controls.ts'

const read = (file: string): object => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'))

/** NIST's, of OSCAL 1.2.3: the part that assessment results use. */
const oscal = (() => {
  const ajv = new Ajv({ strict: false, unicodeRegExp: true })
  addFormats.default(ajv)
  return ajv.compile(read('../fixtures/oscal-assessment-results.schema.json'))
})()

/**
 * The statement of in-toto 1.0 and its predicate test-result 0.1, as their specifications have them: neither publishes
 * a schema.
 */
const inToto = new Ajv({ strict: false }).compile({
  type: 'object',
  required: ['_type', 'subject', 'predicateType', 'predicate'],
  additionalProperties: false,
  properties: {
    _type: { const: 'https://in-toto.io/Statement/v1' },
    predicateType: { const: 'https://in-toto.io/attestation/test-result/v0.1' },
    subject: { type: 'array', minItems: 1, items: { $ref: '#/$defs/digested' } },
    predicate: {
      type: 'object',
      required: ['result', 'configuration'],
      additionalProperties: false,
      properties: {
        result: { enum: ['PASSED', 'WARNED', 'FAILED'] },
        configuration: { type: 'array', items: { $ref: '#/$defs/descriptor' } },
        url: { type: 'string' },
        passedTests: { $ref: '#/$defs/names' },
        warnedTests: { $ref: '#/$defs/names' },
        failedTests: { $ref: '#/$defs/names' },
      },
    },
  },
  $defs: {
    names: { type: 'array', items: { type: 'string' } },
    digests: { type: 'object', minProperties: 1, additionalProperties: { type: 'string' } },
    descriptor: {
      type: 'object',
      anyOf: [{ required: ['name'] }, { required: ['uri'] }, { required: ['digest'] }],
      properties: { name: { type: 'string' }, uri: { type: 'string' }, digest: { $ref: '#/$defs/digests' } },
    },
    digested: { allOf: [{ $ref: '#/$defs/descriptor' }, { required: ['name', 'digest'] }] },
  },
})

function anyLint(text: fc.Arbitrary<string>): fc.Arbitrary<LintRecord> {
  const resource = fc.nat(2)
  return fc.record({
    resources: fc.array(fc.record({ id: text, type: text, file: text, line: fc.integer({ min: 1, max: 99 }) }), {
      minLength: 3,
      maxLength: 3,
    }),
    rules: fc.uniqueArray(
      fc.record({
        rule: fc.constantFrom('a', 'b', 'c'),
        title: text,
        severity: fc.constantFrom('error', 'warning', 'info'),
        category: text,
        page: text,
        pass: fc.array(resource, { maxLength: 2 }),
        fail: fc.array(fc.record({ resource, findings: fc.array(text, { maxLength: 1 }) }), { maxLength: 2 }),
        unknown: fc.array(fc.record({ resource, why: text }), { maxLength: 2 }),
        notApplicable: fc.array(resource, { maxLength: 2 }),
        accepted: fc.array(
          fc.record(
            {
              resource,
              findings: fc.array(text, { maxLength: 1 }),
              reason: text,
              by: text,
              until: fc.oneof(fc.constant('2027-01-31'), text),
            },
            { requiredKeys: ['resource', 'findings', 'reason'] },
          ),
          { maxLength: 2 },
        ),
      }),
      { selector: one => one.rule },
    ),
    files: fc.array(fc.record({ file: text, sha256: fc.constant('0'.repeat(64)) }), { minLength: 1, maxLength: 3 }),
    digest: fc.constant('1'.repeat(64)),
    unread: fc.array(text, { maxLength: 2 }),
    commit: fc.constant('2'.repeat(40)),
  })
}

const source = { file: 'controls/x.yaml', line: 1, column: 1 }
const control = (id: string, more: Partial<Control>): Control => ({
  id,
  title: `Title of ${id}`,
  methods: ['static'],
  rules: [],
  clauses: [],
  source,
  ...more,
})
const framework: Framework = {
  id: 'nist-800-53',
  title: 'A framework',
  version: 'r5',
  origin: 'https://example.com/',
  licence: 'ours',
  source,
  controls: [
    control('AC-3', { rules: ['a'], severity: 'high', limits: 'Something.' }),
    control('IA-5(7)', { rules: ['b', 'c'] }),
    control('SI-10', { methods: ['static', 'dynamic'], rules: ['a'], clauses: ['*'] }),
    control('SA-9', { methods: ['manual'], limits: 'Look.' }),
  ],
}
const other: Framework = {
  ...framework,
  id: '1-house',
  controls: [control('6.2.4', { rules: ['a'] }), control('OPS 1', { rules: ['z'] })],
}

const anyCase = fc
  .tuple(anyEvidence(), anyLint(hostileText))
  .map(([evidence, lint]): Evidence => ({ ...evidence, lint }))

describe('a control report', () => {
  it('is what each format asks for, whatever the evidence says', () => {
    fc.assert(
      fc.property(anyCase, evidence => {
        const reports = [framework, other].map(one => assessControls(one, evidence))
        const results = JSON.parse(renderControls(reports, 'oscal', { color: false }))
        expect(oscal(results), JSON.stringify(oscal.errors?.slice(0, 3))).toBe(true)
        const statement = JSON.parse(renderControls(reports, 'in-toto', { color: false }))
        expect(inToto(statement), JSON.stringify(inToto.errors?.slice(0, 3))).toBe(true)
        JSON.parse(renderControls(reports, 'json', { color: false }))
        const [header, ...rows] = renderControls(reports, 'csv', { color: false }).split('\r\n')
        expect(header).toMatch(/^framework,control,/)
        for (const row of rows.filter(Boolean)) expect(row).toMatch(/^(nist-800-53|1-house),/)
        const html = renderControls(reports, 'html', { color: false })
        expect(scriptsOf(html)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('is the same text for the same evidence', () => {
    const reports = [assessControls(framework, sampleEvidence())]
    for (const format of CONTROL_FORMATS)
      expect(renderControls(reports, format, { color: false })).toBe(renderControls(reports, format, { color: false }))
  })

  it('names controls as OSCAL does', () => {
    expect(oscalId('nist-800-53', 'IA-5(7)')).toBe('ia-5.7')
    expect(oscalId('pci-dss', '6.2.4')).toBe('pci-dss-6.2.4')
    expect(oscalId('well-architected-serverless', 'OPS 1')).toBe('well-architected-serverless-ops-1')
  })

  it('does not let a spreadsheet run anything', () => {
    const evidence = {
      ...sampleEvidence(),
      lint: { ...lintOf(), resources: [{ id: '=cmd|calc', type: 't', file: '@f', line: 1 }] },
    }
    const csv = renderControls([assessControls(framework, evidence)], 'csv', { color: false })
    expect(csv).toContain(",'=cmd|calc,'@f,")
  })
})

const lintOf = (): LintRecord => ({
  resources: [],
  rules: [
    {
      rule: 'a',
      title: 'A',
      severity: 'error',
      category: 'c',
      page: 'p',
      pass: [0],
      fail: [],
      unknown: [],
      notApplicable: [],
      accepted: [],
    },
  ],
  files: [],
  digest: '1'.repeat(64),
  unread: [],
})

function scriptsOf(html: string): string[] {
  const found: string[] = []
  const walk = (node: { nodeName?: string; childNodes?: object[] }): void => {
    if (node.nodeName === 'script' || node.nodeName === 'img') found.push(node.nodeName)
    for (const child of node.childNodes ?? []) walk(child)
  }
  walk(parseHtml(html) as never)
  return found
}
