import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Control, Framework } from '../../spec/model.ts'
import type { Evidence, RuleVerdicts } from '../evidence.ts'
import { sampleEvidence } from '../fixtures/sample.ts'
import { assessControls } from './assess.ts'

const source = { file: 'x.yaml', line: 1, column: 1 }
const controlOf = (more: Partial<Control>): Framework => ({
  id: 'x',
  title: 'X',
  version: '1',
  origin: 'x',
  licence: 'x',
  source,
  controls: [{ id: 'C', title: 'C', methods: ['static'], rules: ['a', 'b'], clauses: [], source, ...more }],
})

type Lists = Partial<Pick<RuleVerdicts, 'pass' | 'fail' | 'unknown' | 'notApplicable' | 'accepted'>>
const rule = (id: string, lists: Lists): RuleVerdicts => ({
  rule: id,
  title: id,
  severity: 'error',
  category: 'c',
  page: 'p',
  pass: [],
  fail: [],
  unknown: [],
  notApplicable: [],
  accepted: [],
  ...lists,
})
const fail = [{ resource: 0, findings: [] }]
const unknown = [{ resource: 0, why: 'a parameter has no default' }]
const accepted = [{ resource: 0, findings: [], reason: 'a trial' }]

function statusOf(rules: readonly RuleVerdicts[], more: Partial<Control> = {}, unread: readonly string[] = []) {
  const evidence: Evidence = {
    ...sampleEvidence(),
    partial: false,
    results: [],
    lint: { resources: [{ id: 'F', type: 't', file: 'f', line: 1 }], rules, files: [], digest: '', unread },
  }
  return assessControls(controlOf(more), evidence).controls[0]?.status
}

it('is left open by what a rule finds that asks for more than it does', () => {
  const stricter = { stricter: ['b'] }
  expect(statusOf([rule('a', { pass: [0] }), rule('b', { fail })], stricter)).toBe('in-part')
  expect(statusOf([rule('a', { pass: [0] }), rule('b', { pass: [0] })], stricter)).toBe('satisfied')
  expect(statusOf([rule('a', { fail }), rule('b', { fail })], stricter)).toBe('not-satisfied')
})

describe('a control', () => {
  it.each([
    ['satisfied', [rule('a', { pass: [0] }), rule('b', { pass: [0] })]],
    ['satisfied', [rule('a', { pass: [0] }), rule('b', { notApplicable: [0] })]],
    ['not-satisfied', [rule('a', { pass: [0] }), rule('b', { fail })]],
    ['not-satisfied', [rule('a', { fail })]],
    ['in-part', [rule('a', { pass: [0] }), rule('b', { unknown })]],
    ['in-part', [rule('a', { pass: [0] }), rule('b', { accepted })]],
    ['in-part', [rule('a', { accepted }), rule('b', { accepted })]],
    ['in-part', [rule('a', { pass: [0] })]],
    ['not-assessed', []],
    ['not-assessed', [rule('a', { unknown }), rule('b', {})]],
    ['not-assessed', [rule('a', { notApplicable: [0] })]],
    ['not-applicable', [rule('a', { notApplicable: [0] }), rule('b', {})]],
  ] as const)('is %s', (status, rules) => {
    expect(statusOf(rules)).toBe(status)
  })

  it('is in part when something of the project could not be read', () => {
    expect(statusOf([rule('a', { pass: [0] }), rule('b', {})], {}, ['template.yaml: not YAML'])).toBe('in-part')
  })

  it('is for a person where it says so', () => {
    expect(statusOf([rule('a', { pass: [0] })], { methods: ['manual'], rules: [], limits: 'Look' })).toBe('manual')
  })

  it('is never more satisfied for one pass less', () => {
    const lists = fc.record({
      pass: fc.constantFrom([], [0]),
      fail: fc.constantFrom([], fail),
      unknown: fc.constantFrom([], unknown),
      accepted: fc.constantFrom([], accepted),
    })
    fc.assert(
      fc.property(fc.array(lists, { minLength: 1, maxLength: 2 }), all => {
        const rules = all.map((one, at) => rule('ab'[at] ?? 'a', one))
        const worse = rules.map(rule => ({
          ...rule,
          pass: [],
          unknown: [...rule.unknown, ...(rule.pass.length ? unknown : [])],
        }))
        if (statusOf(worse) === 'satisfied') expect(statusOf(rules)).toBe('satisfied')
        if (rules.some(rule => rule.fail.length)) expect(statusOf(worse)).toBe('not-satisfied')
      }),
    )
  })
})
