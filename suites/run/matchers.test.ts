import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { evidenceOf, resultOf } from '../../reports/fixtures/evidence.ts'
import { renderJson } from '../../reports/json.ts'
import { lambdaMatchers } from './matchers.ts'

expect.extend(lambdaMatchers)
const folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-matchers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const sound = evidenceOf([resultOf({ id: 'a' })])
const broken = evidenceOf([
  resultOf({ id: 'a' }),
  resultOf({
    id: 'b',
    verdict: 'fail',
    expected: '200',
    actual: '500',
    reproduce: { replay: 'lambdacheck certify --clause b' },
  }),
  resultOf({ id: 'c', clause: { profile: 'aliases' } }),
])

test('a certified run is one, and a broken one says what to mend', () => {
  expect(sound).toBeCertified()
  expect(sound).toBeCertifiedFor('functions')
  expect(() => expect(broken).toBeCertified()).toThrow(
    /1 of 2 profiles certified\.\n1\. .+ \(1 case; functions \(all 1\)\)\nReplay the first: lambdacheck certify --clause b/,
  )
})

test('single profiles are asked for, and one that did not run is not certified', () => {
  expect(broken).toBeCertifiedFor('aliases')
  expect(() => expect(broken).toBeCertifiedFor('aliases', 'functions', 'layers')).toThrow(
    /functions is not certified: 1 of 2 MUST cases fails\..*layers is not certified: no case of it ran\./,
  )
  expect(() => expect(broken).toBeCertifiedFor()).toThrow()
})

test('a run is held against an earlier one, in memory or on disk', () => {
  const file = path.join(folder, 'evidence.json')
  writeFileSync(file, renderJson(broken))
  expect(broken).toBeNoWorseThan(broken)
  expect(broken).toBeNoWorseThan(file)
  expect(broken).not.toBeNoWorseThan(sound)
  expect(() => expect(broken).toBeNoWorseThan(sound)).toThrow(/^Worse than before: 1 new case fails\.\n1\. /)
})
