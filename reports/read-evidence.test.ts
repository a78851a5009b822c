import fc from 'fast-check'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { readAsset } from './assets.ts'
import { anyEvidence, evidenceOf, resultOf } from './fixtures/evidence.ts'
import { sampleEvidence } from './fixtures/sample.ts'
import { renderJson } from './json.ts'
import { readEvidence } from './read-evidence.ts'
import { sealed } from './seal.ts'
import { renderTerminal } from './render/terminal.ts'

interface Schema {
  readonly type?: string
  readonly properties?: { readonly [name: string]: Schema }
  readonly additionalProperties?: unknown
}

const schema = JSON.parse(readAsset('evidence.schema.json'))

/** The schema with every object closed: members that it does not name are errors. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const one = value as Schema
  const inner = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, closed(member)]))
  // The parts of `allOf` see each other's members only when they are left open.
  return one.properties !== undefined && !('allOf' in value) ? { ...inner, unevaluatedProperties: false } : inner
}

describe('evidence.schema.json', () => {
  it('is a valid schema of 2020-12 that takes what the model allows', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
    formats.default(ajv)
    const validate = ajv.compile(schema)
    expect(validate(sampleEvidence()), JSON.stringify(validate.errors)).toBe(true)
    fc.assert(fc.property(anyEvidence(), evidence => validate(evidence)))
  })

  it('names every member of the model', () => {
    const open = structuredClone(schema)
    // A related location is a location with a message, said with allOf.
    open.$defs.Finding.properties.related.items = {
      type: 'object',
      properties: { ...open.$defs.Location.properties, message: { type: 'string' } },
    }
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(closed(open) as object)
    fc.assert(
      fc.property(anyEvidence(fc.string({ maxLength: 3 })), evidence => {
        const known = validate(evidence)
        expect(known, JSON.stringify(validate.errors)).toBe(true)
      }),
    )
  })
})

describe('readEvidence', () => {
  it('gives back what was written, whatever the strings', () => {
    fc.assert(
      fc.property(anyEvidence(), evidence => {
        const text = renderJson(evidence)
        expect(readEvidence(text)).toEqual(JSON.parse(text))
      }),
      { numRuns: 50 },
    )
  })

  it('takes members that it does not know, and a byte order mark', () => {
    expect(readEvidence(`\ufeff${JSON.stringify(sealed({ ...evidenceOf([]), later: 1 }))}`)).toMatchObject({ later: 1 })
  })

  const broken = (change: (evidence: any) => void): string => {
    const evidence = structuredClone(evidenceOf([resultOf()]))
    change(evidence)
    return JSON.stringify(evidence)
  }

  it.each<[string, string, string | RegExp]>([
    ['nothing', '', 'e.json: the file is empty'],
    ['no JSON', '{"a"', /^e\.json: not JSON: /],
    ['something else', '{"a": 1}', 'e.json: this is not evidence of lambdacheck: it has no schemaVersion'],
    ['an array', '[]', 'e.json: this is not evidence of lambdacheck: it has no schemaVersion'],
    ['null', 'null', 'e.json: this is not evidence of lambdacheck: it has no schemaVersion'],
    [
      'a newer version',
      broken(one => (one.schemaVersion = 2)),
      'e.json: written by a newer lambdacheck (schema version 2; this one reads up to 1). Update lambdacheck to read it',
    ],
    [
      'a version that is no number',
      broken(one => (one.schemaVersion = '1')),
      'e.json: schemaVersion: must be equal to constant: 1',
    ],
    [
      'a wrong level',
      broken(one => (one.results[0].clause.level = 'shall')),
      'e.json: results[0].clause.level: must be equal to one of the allowed values: must, should, may',
    ],
    [
      'a missing member',
      broken(one => delete one.results[0].seed),
      "e.json: results[0]: must have required property 'seed'",
    ],
    ['a wrong type', broken(one => (one.findings = {})), 'e.json: findings: must be array'],
    [
      'a hostile key',
      broken(one => (one.endpoint.capabilities = { '\u001b[31m/x': 1 })),
      'e.json: endpoint.capabilities./x: must be boolean',
    ],
  ])('says what is wrong with %s', (_, text, message) => {
    expect(() => readEvidence(text, 'e.json')).toThrow(
      message instanceof RegExp ? message : new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`),
    )
  })

  it('never fails in any other way, whatever is broken', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          anyEvidence().map(one => JSON.stringify(one).slice(0, -20)),
        ),
        text => {
          try {
            readEvidence(text)
          } catch (error) {
            expect((error as Error).name).toBe('EvidenceError')
            expect((error as Error).message).not.toContain('\n')
          }
        },
      ),
    )
  })

  it('refuses nesting that no reader should have to follow', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const whole = evidenceOf([resultOf({ verdict: 'fail', counterexample: JSON.parse(deep) })])
    const text = JSON.stringify(evidenceOf([resultOf({ counterexample: 'DEEP' })])).replace('"DEEP"', deep)
    expect(() => readEvidence(text, 'e.json')).toThrow(/^e\.json: nested 20003 levels deep/)
    expect(() => renderJson(whole)).toThrow(
      'the evidence cannot be written as JSON: it is too long, or a value in it is nested too deeply',
    )
    expect(renderTerminal(whole, { width: 80, color: false })).toContain('(a value that JSON cannot show)')
  })

  describe('holds evidence against its digest', () => {
    const written = renderJson(evidenceOf([resultOf({ id: 'a' }), resultOf({ id: 'b', verdict: 'fail' })]))
    const edited = (change: (evidence: any) => void): string => {
      const evidence = JSON.parse(written)
      change(evidence)
      return JSON.stringify(evidence)
    }

    it.each<[string, (evidence: any) => void]>([
      ['a result taken out', one => one.results.pop()],
      ['a verdict turned', one => (one.results[1].verdict = 'pass')],
      ['a profile certified by hand', one => (one.profiles[0].certified = true)],
      ['another endpoint', one => (one.endpoint.name = 'mine')],
      ['a shorter case list', one => (one.caseList.profiles.functions.must = 1)],
      ['a member more', one => (one.later = 1)],
    ])('and refuses %s', (_, change) => {
      expect(() => readEvidence(edited(change), 'e.json')).toThrow(
        'e.json: it is not what the run wrote: its digest does not fit its contents. Use the file as the run left it',
      )
    })

    it('also where the digest was taken away, unless nothing tells that there was one', () => {
      expect(() => readEvidence(edited(one => delete one.digest))).toThrow('its own digest is missing')
      const old = edited(one => {
        delete one.digest
        delete one.caseList
        one.results.pop()
        one.profiles[0].certified = true
      })
      const evidence = readEvidence(old)
      expect(evidence.profiles).toMatchObject([
        { certified: false, reason: expect.stringMatching(/no list of its cases/) },
      ])
      expect(evidence.notes.at(-1)).toMatch(/earlier version of lambdacheck wrote it/)
    })

    it('whatever the layout and the order of members', () => {
      const turned = (value: unknown): unknown =>
        typeof value !== 'object' || value === null || Array.isArray(value)
          ? value
          : Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, one]) => [key, turned(one)]),
            )
      expect(readEvidence(JSON.stringify(turned(JSON.parse(written)), null, 4))).toEqual(JSON.parse(written))
    })
  })
})
