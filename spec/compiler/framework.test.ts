import { describe, expect, it } from 'vitest'
import { loadSpec } from './compile.ts'
import { readFramework } from './framework.ts'
import { findFramework, loadCorrectness, loadFrameworks } from './load-frameworks.ts'

const spec = loadSpec()
const HEAD = 'framework: house\ntitle: House\nversion: "1"\nsource: here\nlicence: ours\ncontrols:\n'
const errorsOf = (text: string): readonly string[] =>
  readFramework('x.yaml', text, spec, []).errors.map(error => `${error.line}: ${error.message}`)

describe('the frameworks of the package', () => {
  const { frameworks, errors } = loadFrameworks(spec)

  it('are right, and name what there is', () => {
    expect(errors).toEqual([])
    expect(frameworks.map(framework => framework.id)).toEqual(
      expect.arrayContaining(['fsbp', 'nist-800-53', 'pci-dss', 'iso-27001', 'cis-aws']),
    )
  })

  it('name every rule, or it is listed as one about correctness, and never both', () => {
    const { rules: correctness } = loadCorrectness(spec)
    const mapped = new Set(
      frameworks.flatMap(framework =>
        framework.controls.flatMap(({ rules }) => rules.filter(rule => !correctness.includes(rule))),
      ),
    )
    const rules = Object.keys(spec.rules).sort()
    expect([...mapped, ...correctness].sort()).toEqual(rules)
  })

  it('give rules about correctness to controls of tests and configuration alone', () => {
    const { rules: correctness } = loadCorrectness(spec)
    const holders = frameworks.flatMap(framework =>
      framework.controls.filter(({ rules }) => rules.some(rule => correctness.includes(rule))).map(({ id }) => id),
    )
    expect(holders.sort()).toEqual(['A.8.9', 'CM-6', 'SA-11'])
  })
})

describe('a framework of a user', () => {
  it('is read with its severities, methods and limits', () => {
    const { framework } = readFramework(
      'x.yaml',
      `${HEAD}  - {id: H-1, title: Tags, severity: high, method: 'static, dynamic', rules: [tag-missing], clauses: ['*.error.*'], limits: Much}\n`,
      spec,
      [],
    )
    expect(framework?.controls[0]).toMatchObject({
      id: 'H-1',
      severity: 'high',
      methods: ['static', 'dynamic'],
      limits: 'Much',
    })
  })

  it.each([
    [
      '  - {id: a, title: A, method: static, rules: [tag-missin]}',
      /^7: there is no rule `tag-missin`; did you mean tag-missing\?/,
    ],
    ['  - {id: a, title: A, method: statik, rules: [tag-missing]}', /^7: unknown method/],
    ['  - {id: a, title: A, method: static}', /^7: a static control names its `rules`/],
    ['  - {id: a, title: A, method: dynamic, clauses: [Nothing.*]}', /^7: no clause fits/],
    ['  - {id: a, title: A, method: manual}', /limits/],
    [
      '  - {id: a, title: A, method: static, rules: [tag-missing], stricter: [vpc-missing]}',
      /none of the control's rules/,
    ],
    ['  - {id: 1.16, title: A, method: static, rules: [tag-missing]}', /`id` is text: put it in quotes/],
    ['  - {id: a, titel: A, method: static, rules: [tag-missing]}', /unknown key `titel`.*did you mean title\?/],
    ['  - {id: a, title: A, severity: bad, method: static, rules: [tag-missing]}', /unknown severity/],
  ])('is told what is wrong: %s', (line, message) => {
    expect(errorsOf(`${HEAD}${line}\n`).join('\n')).toMatch(message)
  })

  it('has no control twice, and is a framework', () => {
    const line = '  - {id: a, title: A, method: static, rules: [tag-missing]}\n'
    expect(errorsOf(`${HEAD}${line}${line}`).join()).toMatch(/there twice/)
    expect(errorsOf('- a').join()).toMatch(/YAML mapping/)
    expect(() => findFramework('fspb', spec)).toThrow(/did you mean fsbp\?/)
    expect(() => findFramework('./nowhere.yaml', spec)).toThrow(/cannot read/)
  })
})
