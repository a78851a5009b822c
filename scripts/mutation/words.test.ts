import { expect, test } from 'vitest'
import type { Case } from '../../suites/case.ts'
import { resultOf } from '../../reports/fixtures/evidence.ts'
import { bySharedWords } from './words.ts'

const caseOf = (id: string, text: string): Case => ({
  ...resultOf({ id }),
  family: 'law',
  clause: { ...resultOf().clause, id, text, covers: [], needs: [] },
  needs: [],
  actions: [],
  run: () => Promise.reject(new Error('is not run')),
})

test('a case whose page has a rare word of the text comes first, and none is lost', () => {
  const cases = [
    caseOf('a', 'MemorySize is kept'),
    caseOf('b', 'MemorySize and EphemeralStorage are kept'),
    caseOf('c', 'nothing'),
  ]
  const order = bySharedWords({ properties: [] })
  const idsOf = (text: string): readonly string[] => order(cases, text).map(one => one.id)
  expect(idsOf('EphemeralStorage: { Size: settings.ephemeralStorage }')).toEqual(['b', 'a', 'c'])
  expect(idsOf('MemorySize: settings.memorySize')).toEqual(['a', 'b', 'c'])
  expect(idsOf('return undefined')).toEqual(['a', 'b', 'c'])
})

test('a name of the code is found as pages write it', () => {
  const cases = [caseOf('a', 'nothing'), caseOf('b', 'POST /2018-06-01/runtime/init/error'), caseOf('c', 'exit')]
  const order = bySharedWords({ properties: [] })
  expect(order(cases, 'onInitError: payload => fail(life, { kind: "initError" })').map(one => one.id)).toEqual([
    'b',
    'a',
    'c',
  ])
})

test('a member of an object is a word, and who is called by it comes before who only uses it', () => {
  const cases = [
    caseOf('a', 'fn: {function: {Timeout: 20}}'),
    caseOf('b', 'nothing'),
    caseOf('UpdateFunctionConfiguration.request.Timeout.range', 'Timeout must be between 1 and 900'),
  ]
  const order = bySharedWords({ properties: [] })
  expect(order(cases, 'input.Timeout ?? before.timeout').map(one => one.id)).toEqual([
    'UpdateFunctionConfiguration.request.Timeout.range',
    'a',
    'b',
  ])
})
