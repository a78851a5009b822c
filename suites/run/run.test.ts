import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Exchange } from '../../reports/evidence.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { deriveCases } from '../derive.ts'
import { UsageError } from '../endpoint/usage-error.ts'
import { createBreaker } from './breaker.ts'
import { matchesGlob } from './glob.ts'
import { groupBySuite } from './plan.ts'
import { selectCases } from './select.ts'
import { writeBundles } from './suite-files.ts'

const cases = deriveCases(loadSpec())

describe('globs', () => {
  test('a text without stars matches itself and nothing else', () => {
    fc.assert(
      fc.property(
        fc.string().filter(text => !/[*?\n\r\u2028\u2029]/.test(text)),
        fc.string(),
        (text, other) => {
          expect(matchesGlob(text, text)).toBe(true)
          if (other !== text) expect(matchesGlob(text, other)).toBe(false)
        },
      ),
    )
  })

  test('a star stands for anything', () => {
    const id = 'CreateFunction.request.Tags.{key}.length'
    for (const glob of ['*', 'CreateFunction.*', '*.length', 'Create*.{key}.*', id])
      expect(matchesGlob(glob, id)).toBe(true)
    for (const glob of ['Create', '*.range', 'CreateFunction?']) expect(matchesGlob(glob, id)).toBe(false)
  })

  test('stars may be put in place of any part', () => {
    const part = fc.stringMatching(/^[a-c]{0,4}$/)
    fc.assert(
      fc.property(fc.array(fc.record({ text: part, star: fc.boolean() })), parts => {
        const glob = parts.map(one => (one.star ? '*' : one.text)).join('')
        expect(matchesGlob(glob, parts.map(one => one.text).join(''))).toBe(true)
      }),
    )
  })

  test('many stars cost no time', () => {
    const start = performance.now()
    expect(matchesGlob(`${'*a'.repeat(40)}b`, 'a'.repeat(2000))).toBe(false)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

describe('the selection', () => {
  test('without wishes is everything', () => {
    expect(selectCases(cases, {})).toEqual(cases)
  })

  test('keeps to profile, action, clause and level together', () => {
    const chosen = selectCases(cases, {
      profiles: ['functions', 'tags'],
      actions: ['CreateFunction', 'TagResource'],
      clauses: ['*.length'],
      level: 'must',
    })
    expect(chosen.length).toBeGreaterThan(0)
    for (const one of chosen) {
      expect(['functions', 'tags']).toContain(one.clause.profile)
      expect(['CreateFunction', 'TagResource']).toContain(one.action)
      expect(one.clause.id.endsWith('.length')).toBe(true)
      expect(one.clause.level).toBe('must')
    }
  })

  test('a look at everything sees every profile that has a MUST, and an answer of every action', () => {
    const look = selectCases(cases, { smoke: true })
    const profiles = (some: typeof cases) =>
      new Set(some.filter(one => one.clause.level === 'must').map(one => one.clause.profile))
    expect(profiles(look)).toEqual(profiles(cases))
    expect(look.filter(one => one.family === 'valid').length).toBe(
      cases.filter(one => one.family === 'valid' && one.clause.level === 'must').length,
    )
    expect(look.length).toBeLessThan(cases.length / 3)
  })

  test('of nothing is a mistake', () => {
    expect(() => selectCases(cases, { profiles: ['layer'] })).toThrow(/did you mean layers\?/)
    expect(() => selectCases(cases, { actions: ['Nonsense'] })).toThrow(UsageError)
    expect(() => selectCases(cases, { profiles: ['tags'], clauses: ['Invoke.*'] })).toThrow(/no case fits/)
  })
})

describe('suites', () => {
  test('hold every case once, under names that are file names', () => {
    const suites = groupBySuite(cases)
    expect([...suites.values()].flat().length).toBe(cases.length)
    for (const name of suites.keys()) expect(name).toMatch(/^[A-Za-z][\w-]*$/)
  })

  test('are spread over bundles, each in one, none empty', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-bundles-'))
    try {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 12 }), (suites, count) => {
          const names = Array.from({ length: suites }, (_, index) => `suite-${index}`)
          rmSync(folder, { recursive: true, force: true })
          const bundles = writeBundles(folder, names, count)
          expect([...bundles.values()].flat().sort()).toEqual([...names].sort())
          expect([...bundles.values()].every(own => own.length > 0)).toBe(true)
          expect(readdirSync(folder).length).toBe(bundles.size)
        }),
        { numRuns: 40 },
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('the breaker', () => {
  const exchange = (failure?: Exchange['failure']): Exchange => ({
    request: { method: 'GET', url: '', headers: {}, body: '', bodyBytes: 0 },
    startedAt: '',
    durationMs: 0,
    ...(failure === undefined ? {} : { failure }),
  })
  const broken = exchange({ kind: 'refused', message: 'connect ECONNREFUSED' })

  test('opens after ten requests in a row without an answer, and closes with the first answer', () => {
    const breaker = createBreaker()
    for (let n = 0; n < 9; n++) breaker.observe(broken)
    breaker.observe(exchange())
    for (let n = 0; n < 9; n++) breaker.observe(broken)
    expect(breaker.blocked(0)).toBeUndefined()
    breaker.observe(broken)
    expect(breaker.blocked(10_000)).toBeUndefined()
    expect(breaker.blocked(10_001)).toContain('ECONNREFUSED')
    expect(breaker.blocked(13_000)).toBeUndefined()
    expect(breaker.blocked(13_001)).toContain('has stopped answering')
    breaker.observe(exchange())
    expect(breaker.blocked(13_002)).toBeUndefined()
  })

  test('an answer that is too large is an answer', () => {
    const breaker = createBreaker()
    for (let n = 0; n < 50; n++) breaker.observe(exchange({ kind: 'too-large', message: '' }))
    expect(breaker.blocked(0)).toBeUndefined()
    expect(breaker.blocked(1)).toBeUndefined()
  })
})
