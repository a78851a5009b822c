import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { CaseOutline } from '../case.ts'
import type { Exchange } from '../../reports/evidence.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { deriveCases } from './derive.ts'
import { UsageError } from '../../base/usage-error.ts'
import { createBreaker } from './breaker.ts'
import { matchesGlob } from '../../base/glob.ts'
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

  test('of an action has the properties that stand on its page', () => {
    const ids = selectCases(cases, { actions: ['GetAccountSettings'] }).map(one => one.id)
    expect(ids).toEqual(
      expect.arrayContaining(['GetAccountSettings.answer#valid', 'get-account-settings.sizes#property']),
    )
  })

  test('a look at everything sees every profile that has a MUST, and an answer of every action', () => {
    const look = selectCases(cases, { smoke: true })
    const profiles = (some: readonly CaseOutline[]) =>
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

  const going = new AbortController().signal
  const never = async (): Promise<never> => {
    throw new Error('nobody should ask')
  }
  const said = (status: number): Exchange => ({
    ...exchange(),
    response: { status, headers: {}, body: '', bodyBytes: 0 },
  })

  test('waits out an outage: everybody for the same probe, until there is an answer', async () => {
    const breaker = createBreaker({ probeEveryMs: 1 })
    for (let n = 0; n < 2; n++) breaker.observe(broken)
    expect(await breaker.whenUp(never, going)).toBeUndefined()
    breaker.observe(broken)
    expect(breaker.silent).toContain('has stopped answering: connect ECONNREFUSED')
    let probes = 0
    const probe = async (): Promise<void> => breaker.observe(++probes < 5 ? broken : said(200))
    expect(await Promise.all([breaker.whenUp(probe, going), breaker.whenUp(probe, going)])).toEqual([
      undefined,
      undefined,
    ])
    expect(probes).toBe(5)
    expect(breaker.silent).toBeUndefined()
  })

  test('gives up in the end, tries now and then, and takes up again', async () => {
    const breaker = createBreaker({ patienceMs: 20, probeEveryMs: 5, retryMs: 60 })
    for (let n = 0; n < 3; n++) breaker.observe(broken)
    const silent = async (): Promise<void> => breaker.observe(broken)
    const { givenUp } = breaker
    expect(givenUp.aborted).toBe(false)
    expect(await breaker.whenUp(silent, going)).toContain('ECONNREFUSED')
    // What is under way ends as well.
    expect(givenUp.aborted).toBe(true)
    expect(await breaker.whenUp(never, going)).toContain('ECONNREFUSED')
    await new Promise(resolve => setTimeout(resolve, 80))
    expect(await breaker.whenUp(async () => breaker.observe(said(200)), going)).toBeUndefined()
    expect(breaker.givenUp.aborted).toBe(false)
    expect(await breaker.whenUp(never, going)).toBeUndefined()
  })

  test('an endpoint that says "too many" to everything is out as well; one that refuses some of it is not', async () => {
    const breaker = createBreaker({ patienceMs: 5, probeEveryMs: 1 })
    for (let n = 0; n < 100; n++) for (const status of [429, 429, 200]) breaker.observe(said(status))
    expect(breaker.silent).toBeUndefined()
    expect(breaker.trouble).toBe(0)
    for (let n = 0; n < 20; n++) breaker.observe(said(429))
    expect(breaker.trouble).toBe(1)
    expect(await breaker.whenUp(async () => breaker.observe(said(429)), going)).toContain('it answers 429')
  })

  test('an abort ends the waiting', async () => {
    const breaker = createBreaker()
    for (let n = 0; n < 3; n++) breaker.observe(broken)
    const end = new AbortController()
    const waiting = breaker.whenUp(async () => breaker.observe(broken), end.signal)
    end.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    breaker.observe(said(200))
  })

  test('an answer that is too large is an answer', () => {
    const breaker = createBreaker()
    for (let n = 0; n < 50; n++) breaker.observe(exchange({ kind: 'too-large', message: '' }))
    expect(breaker.silent).toBeUndefined()
    expect(breaker.trouble).toBe(0)
  })
})
