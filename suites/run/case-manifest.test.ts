import { expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { manifestFor, manifestOf, readManifest } from './case-manifest.ts'
import { deriveCases } from './derive.ts'

const spec = loadSpec()
const cases = deriveCases(spec)

test('the frozen list of cases is that of the pages', () => {
  const frozen = readManifest(spec.edition)
  expect(
    frozen,
    'cases came or went: run `npm run cases`, which writes the list anew with the next version, and say in CHANGELOG.md which they are',
  ).toEqual(manifestOf(spec.edition, frozen?.version ?? 0, cases))
})

test('only a run of these very cases is said to be of the list', () => {
  expect(manifestFor(spec.edition, cases)?.must).toBe(cases.filter(one => one.clause.level === 'must').length)
  expect(manifestFor(spec.edition, cases.slice(1))).toBeUndefined()
  expect(manifestFor('1999-01', cases)).toBeUndefined()
})
