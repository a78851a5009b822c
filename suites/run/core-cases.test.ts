import { expect, test } from 'vitest'
import { certificateName } from '../../reports/capability-names.ts'
import { CORE_CLAUSES } from '../../reports/core-cases.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { deriveCases } from '../run/derive.ts'

const must = deriveCases(loadSpec()).filter(one => one.clause.level === 'must')

test('every profile names its core cases, and each is a MUST case of it', () => {
  const profiles = new Set(must.map(one => one.clause.profile))
  expect(Object.keys(CORE_CLAUSES).sort()).toEqual([...profiles].sort())
  for (const [profile, clauses] of Object.entries(CORE_CLAUSES))
    for (const id of clauses) expect(must.find(one => one.clause.id === id)?.clause.profile, id).toBe(profile)
})

test('what calls of Invoke answer is asked of endpoints that run nothing, too', () => {
  const needs = (id: string): readonly string[] | undefined => must.find(one => one.id === id)?.needs
  for (const id of [
    'Invoke.answer#valid',
    'InvokeAsync.answer#valid',
    'Invoke.error.ResourceNotFoundException.unknown-function#error',
    'async.accepted#property',
    'invoke.dry-run.validates#property',
    'invoke.sync.qualifier#property',
    'invoke.sync.executed-version#property',
  ])
    expect(needs(id), id).toEqual([])
  expect(needs('invoke.sync.round-trip#property')).toEqual(['invoke'])
})

test('a certificate is called by what it leaves out', () => {
  expect(certificateName({ profile: 'invoke' })).toBe('invoke')
  expect(certificateName({ profile: 'invoke', without: ['logs'] })).toBe('invoke without logs')
  expect(certificateName({ profile: 'async', without: ['invoke', 'logs', 'sqs'] })).toBe(
    'async without running functions, logs and SQS',
  )
})
