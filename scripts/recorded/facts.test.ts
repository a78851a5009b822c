import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { isEvidence, readRecorded } from './answers.ts'
import { countEvidence, evidenceOf, readEvidence, recordedFacts, constraintsNotFound } from './facts.ts'

const spec = loadSpec()
const evidence = readEvidence()
const facts = recordedFacts(spec)
/** Recordings of the real service; they are not part of the project. */
const recordings =
  process.env['LAMBDACHECK_RECORDINGS'] ?? path.resolve(import.meta.dirname, '../../../shared/recordings')
const files = ['sequences.jsonl', 'exchanges.jsonl'].map(name => path.join(recordings, name))

test('every fact that is called recorded says on what it rests', () => {
  expect(facts.length).toBeGreaterThan(60)
  expect(facts.filter(fact => evidenceOf(evidence, fact) === undefined).map(fact => fact.key)).toEqual([])
})

test('no evidence is of a fact that is not there', () => {
  const used = new Set(facts.map(fact => evidenceOf(evidence, fact)))
  expect(Object.keys(evidence).filter(key => !used.has(evidence[key]))).toEqual([])
})

test.skipIf(!files.every(file => existsSync(file)))('and recorded answers say so', () => {
  const answers = files.flatMap(file => readRecorded(readFileSync(file, 'utf8')))
  const without = facts.filter(fact => {
    const own = evidenceOf(evidence, fact)
    return own === undefined || countEvidence(own, answers) === 0
  })
  expect(without.map(fact => fact.key)).toEqual([])
  expect(constraintsNotFound(spec, answers)).toEqual([])
})

test('evidence is one call of a sequence, with what came before it', () => {
  const line = JSON.stringify({
    test: 't',
    calls: [
      { operation: 'RemovePermission', request: { FunctionName: 'f', StatementId: 's' } },
      {
        operation: 'GetPolicy',
        request: { FunctionName: 'f' },
        recorded: { status: 404, errorType: 'ResourceNotFoundException', body: { Message: 'no' } },
      },
    ],
  })
  const [answer] = readRecorded(line)
  if (answer === undefined) throw new Error('the sequence has an answer')
  const wanted = {
    operation: 'GetPolicy',
    error: 'ResourceNotFoundException',
    after: { operation: 'RemovePermission' },
  }
  expect(isEvidence(wanted, answer)).toBe(true)
  expect(isEvidence({ ...wanted, text: '^yes' }, answer)).toBe(false)
  expect(isEvidence({ operation: 'GetPolicy' }, answer)).toBe(false)
  expect(isEvidence({ ...wanted, after: { operation: 'AddPermission' } }, answer)).toBe(false)
})
